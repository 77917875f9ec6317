"""The two questions about links alone: do they hold on the wire, and if not, why not?"""

from typing import Any

from skewcheck.core.findings import Code, Verdict
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.core.report import Report
from skewcheck.flows.check import Asking
from skewcheck.flows.diagnose import Diagnosed, check_probes, diagnose_links
from skewcheck.flows.rate import Pace
from tests.flows.talking import Talking, contract, link
from tests.flows.worlds import APP, Acme, codes, page
from tests.transcripts import closed

NEW_OFFERS = ("jwt-auth", "jwt.{token:base64url}")


def asking(*candidates: CandidateWanted, question: Question, **wanted: Any) -> Asking:
    probing = ProbeWanted(thorough=True, **wanted)
    return Asking(
        question=question, candidates=candidates, probing=probing, versions={"skewcheck": "1"}
    )


def probe(talking: Talking, *candidates: CandidateWanted, pace: Pace | None = None) -> Report:
    asked = asking(*candidates, question=Question.PROBE, alone=True)
    return check_probes(talking.world.doors(), talking.acme.loaded(), asked, pace=pace)


def diagnose(talking: Talking, *links: str) -> Diagnosed:
    asked = asking(question=Question.DIAGNOSE)
    doors, loaded = talking.world.doors(), talking.acme.loaded()
    return diagnose_links(doors, loaded, asked, links or ("chat",))


def incident() -> Talking:
    """The page is stale: its build speaks a format that the server no longer reads."""
    talking = Talking()
    talking.acme.answer(f"{APP}/", page(talking.acme.old))
    talking.world.prober.answers = lambda request: (
        closed(spoken=request.script)
        if request.script.offers != NEW_OFFERS and not request.variant.is_harmless
        else None
    )
    return talking


def test_on_a_wire_that_holds_probe_passes() -> None:
    report = probe(Talking())
    assert (report.verdict, report.findings) == (Verdict.PASS, ())
    assert (report.question, report.environment) == (Question.PROBE, "staging")
    assert report.judgement.matrix == ()
    assert report.survey.probes is not None
    assert report.versions == {"skewcheck": "1"}


def test_only_the_wire_decides_what_probe_says() -> None:
    """Drift and skew by git are status's to tell; the stale page comes along as evidence."""
    talking = Talking()
    talking.acme.answer(f"{APP}/", page(talking.acme.old))
    report = probe(talking)
    assert codes(report) == {Code.STALE_EDGE}
    assert report.judgement.matrix == ()


def test_a_wire_that_is_broken_blocks() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    report = probe(talking)
    assert report.verdict is Verdict.BLOCK
    assert Code.CLOSED_BEFORE_WELCOME in codes(report, "chat")


def test_a_wire_of_which_nothing_could_be_probed_is_never_green() -> None:
    """The candidate's URL was not given."""
    talking = Talking()
    following = talking.commit(contract())
    report = probe(talking, CandidateWanted(service="api", named=str(following)))
    assert report.verdict is Verdict.INCONCLUSIVE
    assert codes(report) == {Code.NOT_PROBED}


def test_the_success_rate_is_measured_where_a_pace_is_given() -> None:
    talking = Talking()
    report = probe(talking, pace=Pace())
    assert report.survey.probes is not None
    [chat] = report.survey.probes.links
    assert [each.rate.successes for each in chat.rated] == [35]
    assert report.verdict is Verdict.PASS
    talking.breaks("edge", "direct")
    assert Code.SUCCESS_RATE_BELOW_TARGET in codes(probe(talking, pace=Pace()))


def test_the_incident_is_diagnosed_as_the_stale_edge() -> None:
    found = diagnose(incident())
    [chat] = found.diagnoses
    assert chat.symptom is not None
    assert chat.symptom.code is Code.CLOSED_BEFORE_WELCOME
    assert [cause.code for cause in chat.causes] == [Code.STALE_EDGE]
    assert chat.whys[0].code is Code.FORMAT_SKEW
    assert found.report.verdict is Verdict.BLOCK


def test_the_stale_edge_is_found_once() -> None:
    report = diagnose(incident()).report
    assert [each.code for each in report.findings].count(Code.STALE_EDGE) == 1


def test_where_all_holds_there_is_nothing_to_diagnose() -> None:
    found = diagnose(Talking())
    [chat] = found.diagnoses
    assert (chat.symptom, chat.causes, chat.verdict) == (None, (), Verdict.PASS)
    assert found.report.question is Question.DIAGNOSE
    assert found.report.judgement.matrix


def test_each_link_that_was_asked_about_is_told_of() -> None:
    two = {"chat": link(), "jobs": link(path="/jobs")}
    talking = Talking(written={"links": two})
    talking.world.prober.answers = lambda request: (
        closed(spoken=request.script)
        if request.target.url.endswith("/jobs") and not request.variant.is_harmless
        else None
    )
    chat, jobs = diagnose(talking, "chat", "jobs").diagnoses
    assert (chat.link, chat.symptom) == ("chat", None)
    assert (jobs.link, jobs.symptom is None) == ("jobs", False)


def test_logs_corroborate_a_diagnosis() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    talking.world.logs.logged = lambda _: "missing 1 required positional argument: 'data'"
    [chat] = diagnose(talking).diagnoses
    assert any("required positional argument" in each for each in chat.logs)


def test_without_a_word_on_how_much_everything_is_looked_at() -> None:
    acme = Acme()
    asked = Asking(question=Question.DIAGNOSE)
    found = diagnose_links(acme.world.doors(), acme.loaded(), asked, ("chat",))
    probes = found.report.survey.probes
    assert probes is not None
    assert any(each.target.place == "direct" for each in probes.links[0].probed)
