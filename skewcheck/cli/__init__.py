"""The command line. Commands are imported when they are run: help must not load the world."""

from importlib import import_module

import click

from skewcheck import __version__

_COMMANDS = {
    "status": "What is live, where, and does it fit together?",
    "gate": "May this build be deployed? For build steps: the exit code answers.",
    "verify": "After a deploy: does everything hold? Asks again until it does.",
    "plan": "In which order may what move, and what has to be waited for?",
    "next": "What may move right now?",
    "redeploy": "Mend it: bring everything to what the manifest promises, safely.",
    "rollback": "Go back to what served before a rollout, with the same care.",
    "rollouts": "What was rolled out: list, show, resume, cancel, approve.",
    "hold": "Let nothing roll out for a while.",
    "history": "What was live when?",
    "report": "What does it add up to? Skew, blocks, overrides, times to mend.",
    "audit": "Who did what, where, when and why? As JSON lines.",
    "serve": "The status page, Slack and metrics, as one small web service.",
    "invalidate": "Make an edge forget, and see that it has.",
    "unpin": "Let traffic follow LATEST again, where that is safe.",
    "probe": "Does the WebSocket work when it is really used? Opens it as a browser would.",
    "diagnose": "Why does it not work? From the symptom down to the cause.",
    "explain": "Judge saved probes again, offline.",
    "drill": "Can the gate still block? Known-bad worlds, through the real decision.",
    "schema": "Print the JSON Schema of a manifest or a contract.",
    "demo": "Retell the incident on a local Google Cloud, in under a minute.",
    "sandbox": "Keep that local Google Cloud running, to try things on.",
}


class LazyGroup(click.Group):
    """Knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"skewcheck.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A near miss is answered with the command that was meant."""
        if args[0] not in _COMMANDS and (near := _near_miss(args[0])):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _near_miss(word: str) -> str:
    from difflib import get_close_matches

    # Not by next(): here that is the command of this name, once it has been imported.
    return (get_close_matches(word, _COMMANDS, n=1) or [""])[0]


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="skewcheck")
def cli() -> None:
    """Do the frontend and the backend that are live right now still fit together?

    Unknown is never green. Exit codes: 0 pass, 1 error of ours, 2 usage or configuration,
    10 block, 11 inconclusive, 12 an action failed.

    First steps: skewcheck demo, or with two URLs of your own:

    \b
      skewcheck status --url frontend=https://app.example --url backend=https://api.example
    """
