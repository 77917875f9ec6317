"""`python -m tests.tutorial`: follows docs/tutorial.md and writes docs/tutorial-transcript.md."""

import sys
import tempfile
from pathlib import Path

from skewcheck.adapters.clock import SystemClock
from tests.tutorial.transcript import follow, render

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Ends with 1 where a block did not end as the tutorial says, and shows it."""
    document = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        followed = follow(document, Path(folder), within_s=600)
    transcript = render(followed, at=SystemClock().now())
    if not followed[-1].is_as_told:
        last = followed[-1]
        told = f"exit codes {last.ran.failures}, not printed: {last.missing}"
        sys.exit(f"{transcript}\nline {last.block.line}: {told}")
    (DOCS / "tutorial-transcript.md").write_text(transcript, encoding="utf-8")


if __name__ == "__main__":
    main()
