"""How a finding is made: severity from the one table unless the policy says, and the owner."""

import pytest

from skewcheck.core.findings import Code, Severity
from skewcheck.core.judge.found import found, severity_of, unread
from skewcheck.core.policy import Policy
from tests.builders import NOW, survey, unreadable


@pytest.mark.parametrize(
    ("code", "policy", "severity"),
    [
        pytest.param(Code.STALE_EDGE, {}, Severity.BLOCK, id="by the table"),
        pytest.param(Code.BEHIND_MANIFEST, {}, Severity.NOTICE, id="drift by default"),
        pytest.param(Code.BEHIND_MANIFEST, {"drift": "block"}, Severity.BLOCK, id="drift"),
        pytest.param(Code.LINGERING_CLIENT_SKEW, {}, Severity.BLOCK, id="lingering by default"),
        pytest.param(
            Code.LINGERING_CLIENT_SKEW, {"lingering_skew": "notice"}, Severity.NOTICE, id="tabs"
        ),
        pytest.param(
            Code.PROTOCOL_SKEW, {"lingering_skew": "notice"}, Severity.BLOCK, id="another key"
        ),
    ],
)
def test_only_the_named_policy_key_changes_a_severity(
    code: Code, policy: dict[str, str], severity: Severity
) -> None:
    assert severity_of(code, Policy.model_validate(policy)) is severity


@pytest.mark.parametrize(
    ("subject", "owner"),
    [
        pytest.param("frontend", "web (C012AB)", id="a service"),
        pytest.param("chat", "web (C012AB), api", id="a link has both"),
        pytest.param("staging", "", id="an environment has none"),
    ],
)
def test_a_finding_names_who_owns_its_subject(subject: str, owner: str) -> None:
    told = found(survey(), Code.UNREACHABLE, subject, "no answer", since=NOW, fix="look")
    assert (told.owner, told.since, told.fix, told.evidence) == (owner, NOW, "look", ())


def test_an_unread_witness_becomes_a_finding_of_its_cause() -> None:
    told = unread(survey(), "backend", "edge", unreadable(Code.NOT_JSON, url="https://api/v"))
    assert (told.code, told.sentence) == (Code.NOT_JSON, "edge: connection refused")
    assert told.evidence == ("edge read at https://api/v",)
