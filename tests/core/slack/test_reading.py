"""From what people type to what is asked: every form, every near miss."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.slack.asks import (
    Ask,
    DiagnoseAsk,
    HelpAsk,
    HoldAsk,
    Misread,
    PlanAsk,
    RedeployAsk,
    ReleaseAsk,
    RollbackAsk,
    StatusAsk,
)
from skewcheck.core.slack.reading import SHAPES, read_ask

KNOWN = ("production", "staging")
EIGHT = datetime(2026, 12, 1, 8, tzinfo=UTC)
S = "staging"


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("", HelpAsk()),
        ("help", HelpAsk()),
        ("help me please", HelpAsk()),
        ("status", StatusAsk()),
        ("STATUS staging", StatusAsk(environment=S)),
        ("diagnose staging", DiagnoseAsk(environment=S)),
        ("  diagnose   staging\tchat ", DiagnoseAsk(environment=S, link="chat")),
        ("plan staging", PlanAsk(environment=S)),
        ("plan staging origin/main", PlanAsk(environment=S, ref="origin/main")),
        ("plan staging -", PlanAsk(environment=S)),
        ("redeploy staging", RedeployAsk(environment=S)),
        ("redeploy staging main", RedeployAsk(environment=S, ref="main")),
        ("redeploy staging - it is 2 a.m.", RedeployAsk(environment=S, why="it is 2 a.m.")),
        ("redeploy staging v2 now", RedeployAsk(environment=S, ref="v2", why="now")),
        ("rollback staging", RollbackAsk(environment=S)),
        ("rollback staging 20261123-2210-7f3a1b", RollbackAsk(
            environment=S, rollout="20261123-2210-7f3a1b")),
        ("hold staging a demo", HoldAsk(environment=S, why="a demo")),
        ("hold staging until we know more", HoldAsk(environment=S, why="until we know more")),
        ("hold staging demo until 2026-12-01T08:00", HoldAsk(
            environment=S, why="demo", until=EIGHT)),
        ("hold staging demo UNTIL 2026-12-01T09:00+01:00", HoldAsk(
            environment=S, why="demo", until=EIGHT)),
        ("release staging", ReleaseAsk(environment=S)),
    ],
)  # fmt: skip
def test_what_is_written_well_is_read(text: str, ask: Ask) -> None:
    assert read_ask(text, KNOWN) == ask


@pytest.mark.parametrize(
    ("text", "why", "fix"),
    [
        ("stauts", "there is no command 'stauts'; did you mean `status`?", "help"),
        ("xyz", "there is no command 'xyz'", "help"),
        ("status staging now", "too many words for `status`", "status [ENVIRONMENT]"),
        ("diagnose", "not enough words for `diagnose`", "diagnose ENVIRONMENT [LINK]"),
        ("plan a b c", "too many words for `plan`", "plan ENVIRONMENT [REF]"),
        (
            "status stging",
            "there is no environment 'stging'; did you mean `staging`?; there are production,"
            " staging",
            "status [ENVIRONMENT]",
        ),
        (
            "hold ../../etc now",
            "there is no environment '../../etc'; there are production, staging",
            "hold ENVIRONMENT WHY… [until MOMENT]",
        ),
        ("plan staging HEAD@{0}", "'HEAD@{0}' is no ref of git", "plan ENVIRONMENT [REF]"),
        ("plan staging --output=x", "'--output=x' is no ref of git", "plan ENVIRONMENT [REF]"),
        (
            "redeploy staging a..b",
            "'a..b' is no ref of git",
            "redeploy ENVIRONMENT [REF] [WHY…]",
        ),
        ("hold staging", "not enough words for `hold`", "hold ENVIRONMENT WHY… [until MOMENT]"),
        (
            "hold staging demo until",
            "`until` goes with a moment",
            "hold ENVIRONMENT WHY… [until MOMENT]",
        ),
        (
            "hold staging demo until tomorrow",
            "'tomorrow' is no moment in ISO 8601, such as 2026-12-01T08:00 (UTC)",
            "hold ENVIRONMENT WHY… [until MOMENT]",
        ),
        (
            "hold staging demo until 0001-01-01T00:00+05:00",
            "'0001-01-01T00:00+05:00' is no moment in ISO 8601, such as 2026-12-01T08:00 (UTC)",
            "hold ENVIRONMENT WHY… [until MOMENT]",
        ),
        (
            "hold staging until 2026-12-01",
            "a hold needs a reason",
            "hold ENVIRONMENT WHY… [until MOMENT]",
        ),
    ],
)
def test_what_is_not_is_told_with_what_to_write(text: str, why: str, fix: str) -> None:
    assert read_ask(text, KNOWN) == Misread(why=why, fix=f"/skewcheck {fix}")


def test_where_nobody_knows_the_environments_only_their_shape_counts() -> None:
    assert read_ask("status preview-7") == StatusAsk(environment="preview-7")
    assert read_ask("status ../x") == Misread(
        why="there is no environment '../x'", fix="/skewcheck status [ENVIRONMENT]"
    )


@given(st.text())
def test_whatever_is_typed_is_read_or_told(text: str) -> None:
    assert isinstance(read_ask(text, KNOWN), Ask | Misread)


@given(st.sampled_from(sorted(SHAPES)), st.lists(st.text(min_size=1), max_size=6))
def test_nothing_but_a_known_environment_is_ever_asked_about(verb: str, words: list[str]) -> None:
    ask = read_ask(" ".join([verb, *words]), KNOWN)
    assert getattr(ask, "environment", "") in {"", *KNOWN}
