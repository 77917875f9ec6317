"""The command line. Commands are imported when they are run: help must not load the world."""

from importlib import import_module

import click

from skewcheck import __version__

GROUPS = {
    "Start": {
        "init": "Write a first manifest from what runs, every guess marked.",
        "doctor": "Is everything set up? One line each, with the command that mends it.",
        "stamp": "Write into a built frontend which commit it is and what it speaks.",
        "drill": "Can the gate still block? Known-bad worlds, through the real decision.",
        "demo": "Retell the incident on a local Google Cloud, in under a minute.",
        "sandbox": "Keep that local Google Cloud running, to try things on.",
        "schema": "Print the JSON Schema of a manifest or a contract.",
    },
    "Ask": {
        "status": "What is live, where, and does it fit together?",
        "gate": "May this build be deployed? For build steps: the exit code answers.",
        "verify": "After a deploy: does everything hold? Asks again until it does.",
        "plan": "In which order may what move, and what has to be waited for?",
        "next": "What may move right now?",
        "diff": "What differs between two environments?",
        "probe": "Does the WebSocket work when it is really used? Opens it as a browser would.",
        "diagnose": "Why does it not work? From the symptom down to the cause.",
        "explain": "Judge saved probes again, offline.",
    },
    "Act": {
        "pin": "Promise other builds, on a branch, and see what that would do.",
        "redeploy": "Mend it: bring everything to what the manifest promises, safely.",
        "rollback": "Go back to what served before a rollout, with the same care.",
        "rollouts": "What was rolled out: list, show, resume, cancel, approve.",
        "hold": "Let nothing roll out for a while.",
        "invalidate": "Make an edge forget, and see that it has.",
        "unpin": "Let traffic follow LATEST again, where that is safe.",
    },
    "Watch and look back": {
        "serve": "The status page, Slack and metrics, as one small web service.",
        "history": "What was live when?",
        "report": "What does it add up to? Skew, blocks, overrides, times to mend.",
        "audit": "Who did what, where, when and why? As JSON lines.",
    },
}
_COMMANDS = {name: told for group in GROUPS.values() for name, told in group.items()}


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
        width = max(map(len, _COMMANDS))
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name.ljust(width), told) for name, told in commands.items()])


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
      skewcheck status \\
        --url frontend=https://app.example --url backend=https://api.example
    """
