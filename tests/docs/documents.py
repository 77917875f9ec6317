"""Which documents have their commands run, and where; each block in exactly one place."""

from pathlib import Path

from tests.docs.blocks import Block, read_blocks

ROOT = Path(__file__).parents[2]
# Followed from its first line to its last, with a clock, by conformance/.
TUTORIAL = ("docs/tutorial.md", "docs/tutorial-transcript.md")


def documents() -> list[str]:
    """All that people read."""
    found = [
        ROOT / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / "examples").rglob("*.md")),
        *sorted((ROOT / "expose").rglob("*.md")),
    ]
    return [str(path.relative_to(ROOT)) for path in found]


def blocks_of(document: str) -> tuple[Block, ...]:
    return read_blocks(document, (ROOT / document).read_text(encoding="utf-8"))


def commands_of(*names: str) -> list[Block]:
    """The blocks of commands in these documents that are run; the tutorial's are run elsewhere."""
    return [
        block
        for name in names
        for block in blocks_of(name)
        if name not in TUTORIAL and block.fence == "sh" and not block.not_run
    ]
