"""Completion, by the protocol that the shells speak: `_SKEWCHECK_COMPLETE` and what is typed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from skewcheck.cli import cli
from tests.programs import environment, run_installed

COMMANDS = cli.list_commands(click.Context(cli))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acme")
    for name in ("staging", "production"):
        (folder / "manifests").mkdir(exist_ok=True)
        (folder / "manifests" / f"{name}.yaml").touch()
    return folder


def offered(typed: str, at: Path) -> list[str]:
    """What bash would offer for the last word; a space at the end begins another one."""
    before = len(typed.split()) - (0 if typed.endswith(" ") else 1)
    ended = run_installed(
        at=at,
        env=environment(
            at, _SKEWCHECK_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(before)
        ),
    )
    assert (ended.code, ended.err) == (0, "")
    return [line.removeprefix("plain,") for line in ended.out.splitlines()]


def test_commands_are_offered(folder: Path) -> None:
    assert offered("skewcheck ", folder) == COMMANDS
    assert offered("skewcheck rollo", folder) == ["rollouts"]


def test_environments_are_those_with_a_manifest(folder: Path) -> None:
    assert offered("skewcheck gate ", folder) == ["production", "staging"]
    assert offered("skewcheck gate s", folder) == ["staging"]
    assert offered("skewcheck rollouts show p", folder) == ["production"]


def test_values_of_options_are_offered(folder: Path) -> None:
    assert offered("skewcheck gate staging --format j", folder) == ["json", "junit"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str, folder: Path) -> None:
    ended = run_installed(at=folder, env=environment(folder, _SKEWCHECK_COMPLETE=f"{shell}_source"))

    assert (ended.code, ended.err) == (0, "")
    assert f"_SKEWCHECK_COMPLETE={shell}_complete" in ended.out


def test_bash_completes_with_its_script(folder: Path) -> None:
    script = """
        eval "$(_SKEWCHECK_COMPLETE=bash_source skewcheck)"
        COMP_WORDS=(skewcheck verify st) COMP_CWORD=2
        _skewcheck_completion skewcheck
        echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment(folder), capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("staging\n", "")


def leaves(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from leaves(inner, f"{path} {name}")


def test_every_command_that_takes_an_environment_completes_it() -> None:
    here = sorted(file.stem for file in Path("manifests").glob("*.yaml"))
    assert here

    taking = {
        path: param
        for path, command in leaves(cli, "skewcheck")
        for param in command.params
        if isinstance(param, click.Argument) and param.name in {"environment", "environments"}
        if path != "skewcheck init"  # which writes one that is not there yet
    }
    assert len(taking) > 10
    for path, param in taking.items():
        found = [each.value for each in param.shell_complete(click.Context(cli), "")]
        assert found == here, path
