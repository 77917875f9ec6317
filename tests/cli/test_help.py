"""Every command's --help is a page to work from: what it does, how it is called, every option, and
for those that decide, what the exit codes mean; in 80 columns."""

from collections.abc import Iterator

import click
import pytest

from skewcheck.cli import cli

WIDTH = 80
DECIDE = (
    *("status", "gate", "verify", "plan", "next", "redeploy", "rollback", "probe", "diagnose"),
    *("rollouts show", "rollouts resume", "history", "report", "drill", "invalidate", "unpin"),
    *("doctor",),
)


def pages(command: click.Command, path: str = "skewcheck") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from pages(inner, f"{path} {name}")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """As in a terminal of 80 columns."""
    return {
        path: command.get_help(click.Context(command, info_name=path, terminal_width=WIDTH))
        for path, command in pages(cli)
    }


def test_every_page_fits(texts: dict[str, str]) -> None:
    wide = {
        path: line
        for path, text in texts.items()
        for line in text.splitlines()
        if len(line) > WIDTH
    }
    assert wide == {}


def test_every_command_shows_how_it_is_called(texts: dict[str, str]) -> None:
    groups = {path for path, command in pages(cli) if isinstance(command, click.Group)}
    lacking = [
        path
        for path, text in texts.items()
        if path not in groups and f" {path}" not in text.split("\n", 1)[1]
    ]
    assert lacking == []


def test_every_option_is_explained() -> None:
    silent = [
        f"{path} {param.opts[0]}"
        for path, command in pages(cli)
        for param in command.params
        if isinstance(param, click.Option) and not param.help
        if param.name != "form"  # whose choices say it
    ]
    assert silent == []


@pytest.mark.parametrize("command", DECIDE)
def test_commands_that_decide_tell_their_exit_codes(command: str, texts: dict[str, str]) -> None:
    told = " ".join(texts[f"skewcheck {command}"].split()).lower()

    assert "exit" in told
