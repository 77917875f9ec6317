"""The tutorial can be followed, word by word, and its transcript is one of it."""

from pathlib import Path

from tests.tutorial.blocks import read_blocks
from tests.tutorial.transcript import follow

DOCS = Path(__file__).parents[2] / "docs"


def tutorial() -> str:
    return (DOCS / "tutorial.md").read_text(encoding="utf-8")


def test_the_tutorial_goes_as_it_says(tmp_path: Path) -> None:
    followed = follow(tutorial(), tmp_path)
    last = followed[-1]

    assert last.is_as_told, f"line {last.block.line}: {last.missing}\n{last.ran.output}"
    assert len(followed) == len(read_blocks(tutorial()))


def test_the_transcript_is_of_this_tutorial() -> None:
    transcript = (DOCS / "tutorial-transcript.md").read_text(encoding="utf-8")
    shown = [block.text for block in read_blocks(transcript)]

    assert shown == [block.text for block in read_blocks(tutorial())], "run make tutorial"
