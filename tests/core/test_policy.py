"""Policies that mean nothing, or something that nobody meant."""

import pytest

from tests.core.document_samples import SMALLEST, manifest_problems


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        pytest.param(
            "enforce: {mode: observe}",
            "8:19: policy.enforce: observe needs `until`: a date on which it ends by itself",
            id="observing for ever",
        ),
        pytest.param(
            "enforce: {mode: observe, until: soon}",
            "8:42: policy.enforce.until: not a date such as 2026-12-31 (got 'soon')",
            id="observing until some day",
        ),
        pytest.param(
            "approvals: {count: -1}",
            "8:29: policy.approvals.count: not a whole number, 0 or more (got '-1')",
            id="fewer than no approvals",
        ),
        pytest.param(
            'freeze: [{from: "Fri 25:00", to: "Mon 08:00", zone: UTC}]',
            "8:26: policy.freeze.0.from: not a moment of the week such as Fri 16:00"
            " (got 'Fri 25:00')",
            id="an hour that no day has",
        ),
        pytest.param(
            'freeze: [{from: "Fri 16:00", to: "Fri 16:00", zone: UTC}]',
            "8:19: policy.freeze.0: `from` and `to` are the same moment",
            id="a freeze of no length",
        ),
        pytest.param(
            'freeze: [{from: "Fri 16:00", to: "Mon 08:00", zone: ../etc}]',
            "8:62: policy.freeze.0.zone: not the name of a time zone such as Europe/Berlin"
            " (got '../etc')",
            id="a path for a zone",
        ),
    ],
)
def test_a_policy_that_means_nothing_is_refused(policy: str, told: str) -> None:
    assert manifest_problems(SMALLEST + f"policy: {{{policy}}}\n") == [f"m.yaml:{told}"]
