"""The shell is one shell, and no command of a block may fail unnoticed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tutorial.blocks import Block
from tests.tutorial.shell import OutOfTimeError, Ran, Shell, shell
from tests.tutorial.transcript import Followed, follow


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "here").mkdir()
    with shell(tmp_path / "here", tmp_path, {"PATH": os.defpath}, 10) as opened:
        yield opened


def test_what_a_block_sets_is_there_in_the_next(opened: Shell) -> None:
    opened.run("mkdir inner && cd inner\nexport COLOUR=red\n")
    ran = opened.run('echo "$COLOUR in $(basename "$PWD")"; echo aloud >&2\n')
    assert (ran.output, ran.failures) == ("red in inner\naloud\n", ())


def test_every_failure_in_a_block_is_told(opened: Shell) -> None:
    ran = opened.run("false\ncat <<'END'\nit's text\nEND\nsh -c 'exit 10'\n")
    assert (ran.output, ran.failures) == ("it's text\n", (1, 10))
    assert opened.run("true\n").failures == ()


def test_a_block_that_leaves_the_shell_is_a_failure(opened: Shell) -> None:
    assert opened.run("exit 0\n").failures == (-1,)


def test_a_block_that_does_not_end_is_cut(tmp_path: Path) -> None:
    with (
        shell(tmp_path, tmp_path, {"PATH": os.defpath}, 0.3) as opened,
        pytest.raises(OutOfTimeError, match="begun"),
    ):
        opened.run("echo begun; tail -f /dev/null\n")


@pytest.mark.parametrize(
    ("promised", "failures", "is_as_told"),
    [
        pytest.param(0, (), True, id="all well"),
        pytest.param(10, (10,), True, id="as promised"),
        pytest.param(10, (), False, id="promised to block"),
        pytest.param(10, (1, 10), False, id="another command failed"),
        pytest.param(0, (11,), False, id="not promised"),
    ],
)
def test_a_block_must_end_as_promised(
    promised: int, failures: tuple[int, ...], *, is_as_told: bool
) -> None:
    assert Followed(Block("", 1, "", promised), Ran("", failures, 0)).is_as_told is is_as_told


def test_nothing_is_followed_after_a_block_that_did_not_end_as_told(tmp_path: Path) -> None:
    first, *others = follow("# T\n```sh\nfalse\n```\n```sh\necho on\n```\n", tmp_path)
    assert (first.ran.failures, others) == ((1,), [])
