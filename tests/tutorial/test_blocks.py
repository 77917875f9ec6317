"""What a tutorial promises is read exactly, and a typing error is no promise."""

import pytest

from tests.tutorial.blocks import Block, read_blocks

TEXT = """\
# Title

```yaml
not: run
```

## First

```sh
ls
```

<!-- exit 10 -->
```sh
skewcheck gate \\
  staging
```
```text
BLOCK in 0a1b2c3 at 12:00
```

<!-- not run: needs Google -->
```sh
gcloud
```
"""


def test_blocks_come_with_their_place_and_their_promise() -> None:
    assert read_blocks(TEXT) == (
        Block("First", 9, "ls\n"),
        Block("First", 14, "skewcheck gate \\\n  staging\n", 10, "BLOCK in 0a1b2c3 at 12:00\n"),
    )


@pytest.mark.parametrize("mark", ["exit ten", "not run", "not run: ", "exits 10"])
def test_a_mark_that_is_none_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="line 3"):
        read_blocks(f"# T\n<!-- {mark} -->\n```sh\nls\n```\n")


@pytest.mark.parametrize(
    ("printed", "missing"),
    [
        pytest.param("first\nBLOCK in ffeeddc at 7:59  \n", False, id="other digits and commit"),
        pytest.param("BLOCK in the morning at 7:59\n", True, id="other words"),
        pytest.param("  BLOCK in ffeeddc at 7:59\n", True, id="another place"),
        pytest.param("", True, id="nothing"),
    ],
)
def test_an_excerpt_is_what_is_printed_but_for_digits(printed: str, *, missing: bool) -> None:
    block = read_blocks(TEXT)[1]
    assert bool(block.missing_in(printed)) is missing
