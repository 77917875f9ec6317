"""`skewcheck sandbox`: the local Google Cloud, kept running."""

import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from skewcheck.cli.local_cloud import ended_cleanly, local_chat, local_world
from skewcheck.cli.staying import in_background, stay
from skewcheck.core.errors import SkewcheckError, UsageError

if TYPE_CHECKING:
    from skewcheck.sandbox.world import World

_TERMS: dict[str, dict[str, Any]] = {
    "clean-close": {"backend_generation": "cleanup-1000"},
    "stripped-header": {"token_in_header": True},
}
_SHOWN = ("SKEWCHECK_", "CLOUDSDK_", "NO_PROXY", "no_proxy")
_SHOWN_OF_CHAT = (*_SHOWN, "CLOUD_BUILD_API", "GOOGLE_CLOUD_PROJECT", "CHAT_", "WEB_URL", "API_URL")


@click.command("sandbox")
@click.option(
    "--world",
    "state",
    type=click.Choice(["incident", "healthy", "clean-close", "stripped-header", "chat"]),
    default="incident",
    show_default=True,
    help="How things stand in it at the start.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --world chat: where its repository is made; a folder that is new or empty.",
)
@click.option(
    "--exports",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what to export into this file, for `. ./FILE`. It goes when the sandbox goes.",
)
@click.option(
    "--detach", is_flag=True, help="Return once it is ready; `kill $SANDBOX_PID` ends it."
)
def command(state: str, into: Path | None, exports: Path | None, *, detach: bool) -> None:
    """Keep that local Google Cloud running, to try skewcheck and gcloud on.

    Beside the incident there are a backend that closes cleanly before its welcome though nothing
    differs (clean-close), an edge that drops Authorization (stripped-header), and two services
    whose team has never heard of skewcheck (chat), for the tutorial.

    Says what to export, then runs until it is interrupted; nothing stays behind.

    \b
    Examples:
      skewcheck sandbox
      skewcheck sandbox --world chat --into acme-chat --exports cloud.sh --detach
    """
    if shutil.which("git") is None:
        raise SkewcheckError("git is not installed", hint="install git, and run this again")
    into = _checked(state, into)
    _check_exports(exports, detach=detach)
    with (
        in_background() if detach else nullcontext(_keep) as let_go,
        ended_cleanly(),
        tempfile.TemporaryDirectory(prefix="skewcheck-sandbox-") as folder,
        _running(state, Path(folder), into) as (lines, hints),
    ):
        if exports is None:
            click.echo(lines)
        click.echo(hints, err=True)
        stay(exports, lines, let_go)


def _keep() -> None:
    """A command in the foreground keeps its terminal."""


def _check_exports(exports: Path | None, *, detach: bool) -> None:
    if exports is None and detach:
        raise UsageError("--detach needs --exports FILE", hint="add --exports cloud.sh")
    if exports is not None and not exports.absolute().parent.is_dir():
        folder = exports.absolute().parent
        raise UsageError(f"there is no folder {folder}", hint="name a file in one that exists")


def _checked(state: str, into: Path | None) -> Path | None:
    """Where the chat's repository is to be; it takes the place of nothing."""
    if state != "chat":
        if into is not None:
            raise UsageError("--into goes with --world chat only", hint="add --world chat")
        return None
    if into is None:
        raise UsageError("--world chat needs a folder", hint="add --into acme-chat")
    if into.exists() and any(into.iterdir()):
        raise UsageError(f"{into} is not empty", hint="name a folder that is new or empty")
    return into.absolute()


@contextmanager
def _running(state: str, folder: Path, into: Path | None) -> Iterator[tuple[str, str]]:
    """The lines that a shell reads, and what to try."""
    if into is not None:
        with local_chat(folder, into) as (chat, variables):
            yield _exported(variables, _SHOWN_OF_CHAT), _CHAT_HINTS.format(chat=chat, into=into)
        return
    with local_world(folder, **_TERMS.get(state, {})) as (world, variables):
        _set_up(world, state)
        there = f"cd {shlex.quote(str(world.repository))}\n"
        yield there + _exported(variables, _SHOWN), _hints(world)


def _exported(variables: Mapping[str, str], shown: tuple[str, ...]) -> str:
    return "\n".join(
        f"export {name}={shlex.quote(variables[name])}"
        for name in sorted(variables)
        if name.startswith(shown)
    )


def _set_up(world: "World", state: str) -> None:
    world.deploy_old_everything()
    world.prime_edge()
    world.deploy_new_frontend()
    world.deploy_new_backend()
    if state != "incident":
        world.heal()
    if state == "stripped-header":
        world.backend_edge.faults.strip_request_headers.add("Authorization")


def _hints(world: "World") -> str:
    return "\n".join(
        (
            "Paste the lines above into another shell, then for example:",
            "  skewcheck status staging",
            "  skewcheck diagnose staging chat",
            f"  skewcheck gate staging --candidate backend={world.history.next_protocol}",
            "  gcloud run services list",
            "Ctrl-C ends it.",
        )
    )


_CHAT_HINTS = """\
{into}
is the repository of the team. Users open {chat.web_edge.url}
and their pages the socket of {chat.api_edge.url}.
Go on with docs/tutorial.md."""
