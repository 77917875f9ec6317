from skewcheck.render.machine.junit_case import Case, lone_case
from tests.builders import NOW, finding, report
from tests.render import worlds


def test_a_finding_is_a_case_with_all_that_it_carries() -> None:
    whole = finding(evidence=("seen",), since=NOW, owner="web", fix="mend it")
    assert lone_case(report(), whole) == Case(
        subject="frontend",
        name="stale-edge",
        severity=whole.severity,
        code="stale-edge",
        lines=(whole.sentence, "seen", "since 2026-11-23T22:10:00Z", "owner web", "fix: mend it"),
        finding=whole,
    )
    assert lone_case(report(), finding()).lines == (finding().sentence,)


def test_who_lets_a_finding_past_is_named() -> None:
    seen = worlds.all_overridden()
    assert lone_case(seen, seen.findings[0]).lines[-1] == "let past until 2026-12-01 by Ada"
