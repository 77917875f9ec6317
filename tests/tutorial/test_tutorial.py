"""The transcript is one of the tutorial as it stands; conformance/ follows it from the wheels."""

from pathlib import Path

from tests.tutorial.blocks import read_blocks

DOCS = Path(__file__).parents[2] / "docs"


def test_the_transcript_is_of_this_tutorial() -> None:
    tutorial, transcript = (
        (DOCS / name).read_text(encoding="utf-8")
        for name in ("tutorial.md", "tutorial-transcript.md")
    )
    shown = [block.text for block in read_blocks(transcript)]
    assert shown == [block.text for block in read_blocks(tutorial)], "run make tutorial"
