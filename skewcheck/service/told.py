"""What the service says when it starts: where it listens, on what, for whom, and where it keeps
what it knows.
"""

from collections.abc import Iterator, Sequence

from skewcheck.service.asked import Asked
from skewcheck.service.slack import SlackService


def opening_lines(
    asked: Asked, names: Sequence[str], slack: SlackService | None, url: str
) -> Iterator[str]:
    settings = asked.settings
    yield f"listening on {url}"
    every = f"{asked.interval.total_seconds():g} s"
    probes = ", without probes" if asked.probing.skip else ""
    yield f"environments: {', '.join(names)} (surveyed every {every}{probes})"
    if settings.login:
        yield f"visitors are vouched for by {settings.login.partition(':')[0]}"
    else:
        yield "nobody logs in, so only this machine may look (SKEWCHECK_LOGIN lets others in)"
    yield f"Slack: {_slack(asked, slack)}"
    state = "the database of SKEWCHECK_STATE_URL" if settings.state_url else str(settings.state)
    yield f"state: {state}"
    if asked.read_only:
        yield "read-only: nothing rolls out from here, and nobody is answered in Slack"


def _slack(asked: Asked, slack: SlackService | None) -> str:
    if slack is not None:
        return slack.mode
    return "alerts only" if asked.settings.slack.bot_token else "off"
