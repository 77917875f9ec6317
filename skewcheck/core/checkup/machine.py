"""Whether this machine is fit to run skewcheck: who it is for Google, what it remembers, Slack."""

from collections.abc import Iterator

from skewcheck.core.checkup.check import Check, Name, bad, not_needed, ok, unread
from skewcheck.core.checkup.facts import MachineFacts, Trouble

HERE = "this machine"
SCOPES = frozenset({"chat:write", "usergroups:read", "commands"})
_LASTING = "export SKEWCHECK_STATE_URL=postgresql://…"


def check_machine(facts: MachineFacts, *, redeploys: bool, serves: bool) -> Iterator[Check]:
    """`redeploys` and `serves` say what this machine is meant for."""
    yield _credentials(facts)
    yield _state(facts, redeploys=redeploys)
    yield from _slack(facts, serves=serves)


def _credentials(facts: MachineFacts) -> Check:
    name = Name.CREDENTIALS
    if facts.stand_in:
        return ok(name, HERE, f"none are sent: {facts.stand_in} stands for Google Cloud")
    if facts.identity is None:
        return not_needed(name, HERE, "nothing here is on Google Cloud")
    if not isinstance(facts.identity, str):
        return unread(name, HERE, facts.identity)
    return ok(name, HERE, facts.identity or "of somebody whom Google does not name")


def _state(facts: MachineFacts, *, redeploys: bool) -> Check:
    name = Name.STATE
    if facts.state is not None:
        return bad(name, HERE, facts.state.why, facts.state.fix)
    if facts.goes_with and not facts.is_shared:
        told = f"{facts.place} goes away with {facts.goes_with}"
        if redeploys:
            return bad(name, HERE, f"{told}, and a rollout could not be resumed", _LASTING)
        return ok(name, HERE, f"{told}: enough for those who only read")
    return ok(name, HERE, f"{facts.place} can be written to")


def _slack(facts: MachineFacts, *, serves: bool) -> Iterator[Check]:
    name, seen = Name.SLACK, facts.slack
    if seen is None:
        told = "SKEWCHECK_SLACK_BOT_TOKEN is not set"
        if serves:
            yield bad(name, HERE, told, "export SKEWCHECK_SLACK_BOT_TOKEN=xoxb-…")
        else:
            yield not_needed(name, HERE, f"{told}: for skewcheck serve only")
        return
    if isinstance(seen, Trouble):
        yield bad(name, HERE, seen.why, seen.fix)
        return
    lacking = sorted(SCOPES - seen.scopes) if seen.scopes is not None else []
    if lacking:
        fix = "give the app these scopes (docs/slack-manifest.yaml), and install it anew"
        yield bad(name, HERE, f"{seen.bot} of {seen.team} lacks {', '.join(lacking)}", fix)
    else:
        yield ok(name, HERE, f"{seen.bot} of {seen.team}")
    yield _channel(facts)


def _channel(facts: MachineFacts) -> Check:
    """That it may write there only a message could show, and none is sent."""
    name = Name.SLACK_CHANNEL
    if facts.channel:
        return ok(name, HERE, f"what has no owner's channel is told in {facts.channel}")
    told = "none: what has no owner's channel is told to nobody"
    return bad(name, HERE, told, "export SKEWCHECK_SLACK_CHANNEL=C…")
