"""Is this machine fit to run skewcheck?"""

from typing import Any

from skewcheck.core.checkup.check import Check, Name, State
from skewcheck.core.checkup.facts import SlackSeen, Trouble
from skewcheck.core.checkup.machine import SCOPES, check_machine
from skewcheck.core.findings import Code
from tests.builders import unreadable
from tests.core.checkup.worlds import machine, only, states

APP = SlackSeen(team="acme", bot="skewcheck", scopes=SCOPES | {"channels:read"})


def checks_of(*, redeploys: bool = False, serves: bool = False, **changed: Any) -> list[Check]:
    return list(check_machine(machine(**changed), redeploys=redeploys, serves=serves))


def test_a_laptop_with_credentials_is_well() -> None:
    assert states(checks_of(redeploys=True)) == {
        ("credentials", "this machine"): State.OK,
        ("state", "this machine"): State.OK,
        ("slack", "this machine"): State.NOT_NEEDED,
    }


def test_whose_credentials_they_are_is_told() -> None:
    assert only(checks_of(), Name.CREDENTIALS).told == "user:ada@acme.example"
    assert only(checks_of(identity=""), Name.CREDENTIALS).told.startswith("of somebody")


def test_a_stand_in_gets_none() -> None:
    check = only(checks_of(stand_in="http://127.0.0.1:8080", identity=""), Name.CREDENTIALS)
    assert (check.state, "none are sent" in check.told) == (State.OK, True)


def test_where_nothing_is_on_google_none_are_needed() -> None:
    assert only(checks_of(identity=None), Name.CREDENTIALS).state is State.NOT_NEEDED


def test_credentials_that_are_expired_are_told_with_the_login() -> None:
    expired = unreadable(Code.UNAUTHORIZED, detail="expired", fix="log in")
    check = only(checks_of(identity=expired), Name.CREDENTIALS)
    assert (check.state, check.told, check.fix) == (State.BAD, "expired", "log in")


def test_a_state_that_cannot_be_written_is_bad() -> None:
    check = only(checks_of(state=Trouble("refused", "pg_isready")), Name.STATE)
    assert (check.state, check.told, check.fix) == (State.BAD, "refused", "pg_isready")


def test_a_disk_that_goes_away_is_bad_for_rollouts_only() -> None:
    reads = only(checks_of(goes_with="the build step"), Name.STATE)
    assert (reads.state, "goes away with the build step" in reads.told) == (State.OK, True)
    check = only(checks_of(goes_with="the build step", redeploys=True), Name.STATE)
    assert (check.state, check.fix) == (State.BAD, "export SKEWCHECK_STATE_URL=postgresql://…")


def test_a_database_stays() -> None:
    shared = checks_of(goes_with="the build step", is_shared=True, redeploys=True)
    assert only(shared, Name.STATE).state is State.OK


def test_who_serves_needs_slack() -> None:
    check = only(checks_of(serves=True), Name.SLACK)
    assert (check.state, check.fix) == (State.BAD, "export SKEWCHECK_SLACK_BOT_TOKEN=xoxb-…")


def test_a_token_that_slack_refuses_is_bad() -> None:
    checks = checks_of(slack=Trouble("invalid_auth", "set another"))
    assert only(checks, Name.SLACK).state is State.BAD
    assert (Name.SLACK_CHANNEL, "this machine") not in states(checks)


def test_the_app_is_told_by_name() -> None:
    assert only(checks_of(slack=APP), Name.SLACK).told == "skewcheck of acme"
    unsaid = SlackSeen(team="acme", bot="skewcheck", scopes=None)
    assert only(checks_of(slack=unsaid), Name.SLACK).state is State.OK


def test_scopes_that_it_lacks_are_named() -> None:
    poor = SlackSeen(team="acme", bot="skewcheck", scopes=frozenset({"commands"}))
    check = only(checks_of(slack=poor), Name.SLACK)
    assert check.state is State.BAD
    assert check.told == "skewcheck of acme lacks chat:write, usergroups:read"


def test_messages_that_are_nobodys_need_a_channel() -> None:
    check = only(checks_of(slack=APP), Name.SLACK_CHANNEL)
    assert (check.state, check.fix) == (State.BAD, "export SKEWCHECK_SLACK_CHANNEL=C…")
    assert only(checks_of(slack=APP, channel="C1"), Name.SLACK_CHANNEL).state is State.OK
