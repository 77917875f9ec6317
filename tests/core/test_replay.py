"""A saved file judged again: the same findings, the same verdict, and nothing else needed."""

import pytest
from hypothesis import given, settings

from skewcheck.core.errors import UsageError
from skewcheck.core.findings import Verdict
from skewcheck.core.judge import gravest_first
from skewcheck.core.judge.probes import judge_probes
from skewcheck.core.probed.probes import Doubt, LinkProbe, Probed, Probes
from skewcheck.core.probed.saved import write_probes
from skewcheck.core.question import Question
from skewcheck.core.replay import replay
from skewcheck.core.report import Report
from skewcheck.core.wire.script import Variant
from skewcheck.core.wire.transcript import Transcript
from tests.builders import NOW
from tests.strategies import transcripts, variants
from tests.transcripts import EDGE, closed, format_of, probed, silent, welcomed

VERSIONS = {"skewcheck": "0.1.0"}
CONTROL = probed(closed(4406, "no such format"), variant=Variant(control=True))


def probes(*made: Probed, **changed: object) -> Probes:
    link = LinkProbe(link="chat", client="frontend", server="backend", probed=made)
    said: dict[str, object] = {"links": (link,), "environment": "staging"} | changed
    return Probes(at=NOW, success_target=0.9, **said)  # type: ignore[arg-type]


def again(original: Probes) -> Report:
    content = write_probes(original, VERSIONS)
    return replay(content, file="t.json", question=Question.PROBE)


DOUBT = Doubt(what="not-probed", why="no token", fix="export TOKEN=…")
SKIPPED = LinkProbe(link="chat", client="frontend", server="backend", doubts=(DOUBT,))


@pytest.mark.parametrize(
    ("original", "verdict"),
    [
        pytest.param(probes(probed(), CONTROL), Verdict.PASS, id="all is well"),
        pytest.param(probes(probed(closed()), CONTROL), Verdict.BLOCK, id="the incident"),
        pytest.param(probes(probed(silent(), welcomed())), Verdict.BLOCK, id="flaky"),
        pytest.param(probes(), Verdict.INCONCLUSIVE, id="nothing was probed"),
        pytest.param(probes(links=(SKIPPED,)), Verdict.INCONCLUSIVE, id="not probed"),
        pytest.param(
            probes(links=(SKIPPED,), unprobed="notice"), Verdict.PASS, id="not probed, as allowed"
        ),
    ],
)
def test_the_verdict_is_that_of_the_probes(original: Probes, verdict: Verdict) -> None:
    report = again(original)
    assert report.verdict is verdict
    assert report.findings == gravest_first(judge_probes(original))


@settings(max_examples=50)
@given(transcripts(), variants)
def test_whatever_was_seen_is_found_again(seen: Transcript, variant: Variant) -> None:
    one = Probed(format=format_of(), target=EDGE, variant=variant, transcripts=(seen, welcomed()))
    original = probes(probed(seen), one)
    assert again(original).findings == gravest_first(judge_probes(original))


def test_the_report_says_what_it_rests_on_and_when_that_was() -> None:
    original = probes(probed())
    report = again(original)
    assert (report.question, report.environment, report.at) == (Question.PROBE, "staging", NOW)
    assert report.versions == VERSIONS
    assert report.survey.probes == original
    assert report.sources is None
    assert report.permissions == ()


@pytest.mark.parametrize("name", ["", "Staging", "staging; rm -rf ~", "\x1b[2J"])
def test_an_environment_that_no_manifest_may_name_is_refused(name: str) -> None:
    """It would stand in the commands that the report tells people to run."""
    with pytest.raises(UsageError, match=r"^t\.json: probes\.environment: Value error, not a name"):
        again(probes(probed(), environment=name))


def test_what_is_no_file_of_ours_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^t\.json: "):
        replay(b"{}", file="t.json", question=Question.PROBE)
