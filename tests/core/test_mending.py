"""A redeploy by itself: only for skew that blocks, and only where the policy or the caller says."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.findings import SKEW, Code, Finding, Severity
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.mending import redeploy_is_wanted
from skewcheck.core.report import Report, permissions_for
from tests.builders import NOW, finding, manifest, report, survey

STALE = finding()
TODAY = NOW.date()


def told(*findings: Finding, on_skew: str = "redeploy", **changed: Any) -> Report:
    rules = manifest(policy={"on_skew": on_skew} | changed.pop("policy", {}))
    judged = Judgement(findings=findings, matrix=())
    return report(survey(manifest=rules), judged, **changed)


@pytest.mark.parametrize("code", sorted(SKEW))
def test_skew_that_blocks_is_to_be_mended_where_the_policy_says_so(code: Code) -> None:
    assert redeploy_is_wanted(told(finding(code)))
    assert not redeploy_is_wanted(told(finding(code), on_skew="block"))


def test_the_caller_decides_before_the_policy() -> None:
    assert redeploy_is_wanted(told(STALE, on_skew="block"), "redeploy")
    assert not redeploy_is_wanted(told(STALE), "block")


@pytest.mark.parametrize(
    "findings",
    [
        pytest.param((), id="nothing"),
        pytest.param((finding(Code.HANDSHAKE_REJECTED, subject="chat"),), id="no skew"),
        pytest.param((finding(severity=Severity.NOTICE),), id="skew that only is a notice"),
        pytest.param(
            (finding(Code.LINGERING_CLIENT_SKEW, severity=Severity.NOTICE),
             finding(Code.ASSETS_GONE)), id="something else blocks"),
    ],
)  # fmt: skip
def test_what_a_redeploy_does_not_mend_starts_none(findings: tuple[Finding, ...]) -> None:
    assert not redeploy_is_wanted(told(*findings))


def test_what_somebody_lets_past_is_left_alone() -> None:
    override = Override(finding=STALE.code, subject=STALE.subject, until=TODAY, reason="known")
    allowed = permissions_for({override: "Ada"}, (STALE,), today=TODAY)
    observing = {"enforce": {"mode": "observe", "until": str(TODAY + timedelta(days=1))}}
    assert not redeploy_is_wanted(told(STALE, permissions=allowed))
    assert not redeploy_is_wanted(told(STALE, policy=observing))
