"""What a diagnosis rests on: the failing probe nearest to users, its pairs, the findings."""

from dataclasses import replace

from skewcheck.core.compatibility import Fit
from skewcheck.core.diagnosis.facts import Facts, gather
from skewcheck.core.findings import Code
from skewcheck.core.gate import judge_gate
from skewcheck.core.probed.probes import Probed
from skewcheck.core.survey import Survey
from tests.builders import (
    BACKEND,
    CHAT,
    FRONTEND,
    NEW,
    OLD,
    OLD_FORMAT,
    contract,
    frontend,
    lingering,
    manifest,
    page,
    survey,
)
from tests.core.diagnosis.cases import CLEANUP, NEW_SPOKEN, OLD_SPOKEN, SECOND
from tests.core.minimal_worlds import ABSENT, speaks
from tests.links import link_probe, probes
from tests.transcripts import CANDIDATE, DIRECT, probed, rejected, silent, welcomed

SKEWED = speaks("client", OLD, contract(fingerprint=OLD_FORMAT))


def facts(seen: Survey, *probed_of: Probed) -> Facts:
    whole = replace(seen, probes=probes(link_probe(*probed_of)))
    return gather(whole, judge_gate(whole), "chat")


def test_without_probes_there_is_nothing_broken() -> None:
    seen = survey()
    found = gather(seen, judge_gate(seen), "chat")
    assert (found.broken, found.failed, found.probe.probed) == (None, None, ())
    other = replace(seen, probes=probes(link_probe(probed(CLEANUP), link="jobs")))
    assert gather(other, judge_gate(other), "chat").broken is None


def test_the_edge_comes_first_then_the_candidate_then_the_ways_past_it() -> None:
    edge, there, past = (
        probed(CLEANUP), probed(silent(), target=CANDIDATE), probed(silent(), target=SECOND)
    )  # fmt: skip
    assert facts(survey(), past, there, edge).broken is edge
    assert facts(survey(), past, there).broken is there
    assert facts(survey(), past).broken is past


def test_at_one_place_the_format_of_the_page_comes_first() -> None:
    other, paged = probed(silent(), spoken=NEW_SPOKEN), probed(CLEANUP, spoken=OLD_SPOKEN)
    assert facts(survey(), other, paged).broken is paged


def test_what_holds_at_times_is_broken_and_what_is_closed_to_us_is_not() -> None:
    flaky = probed(CLEANUP, welcomed())
    assert facts(survey(), flaky).broken is flaky
    assert facts(survey(), probed(), probed(rejected(404), target=DIRECT)).broken is None


def test_the_pairs_are_those_of_the_clients_that_fail() -> None:
    seen = survey(frontend(page=page(OLD)), contracts=SKEWED)
    mine = facts(seen, probed(CLEANUP, spoken=OLD_SPOKEN))
    assert ([c.client.build for c in mine.skewed], mine.fitting) == ([OLD], ())
    others = facts(seen, probed(CLEANUP, spoken=NEW_SPOKEN))
    assert ([c.client.build for c in others.fitting], others.skewed) == ([NEW], ())


def test_where_nothing_fails_the_pairs_are_all_of_the_link() -> None:
    seen = survey(frontend(page=page(OLD)), contracts=SKEWED)
    found = facts(seen)
    assert {c.fit for c in (*found.skewed, *found.fitting)} == {Fit.YES, Fit.NO}


def test_builds_that_only_the_edge_holds_are_known() -> None:
    assert facts(survey(frontend(page=page(OLD)))).stale == {OLD}
    assert facts(survey()).stale == frozenset()


def test_other_links_and_services_are_none_of_its_business() -> None:
    jobs = replace(frontend(page=page(None)), name="jobs")
    services = {"frontend": FRONTEND, "backend": BACKEND, "jobs": FRONTEND}
    links = {"chat": CHAT, "more": {**CHAT, "client": "jobs"}}
    found = facts(survey(jobs, manifest=manifest(services=services, links=links)))
    assert {cell.client.build for cell in (*found.fitting, *found.unsure)} == {NEW}
    assert "jobs" not in {each.subject for each in found.findings}


def test_clients_that_only_may_linger_explain_no_failure() -> None:
    found = facts(survey(frontend(lingering=(lingering(),)), contracts=SKEWED))
    assert found.skewed == ()


def test_pairs_that_git_cannot_compare_are_unsure() -> None:
    found = facts(survey(contracts=speaks("server", NEW, ABSENT)), probed(CLEANUP))
    assert [cell.fit for cell in found.unsure] == [Fit.UNKNOWN]


def test_findings_are_looked_up_by_code_and_subject() -> None:
    found = facts(survey(frontend(page=page(OLD)), contracts=SKEWED))
    stale = found.finding(Code.STALE_EDGE)
    assert stale is not None
    assert found.finding(Code.STALE_EDGE, subject="frontend") is stale
    assert found.finding(Code.STALE_EDGE, subject="backend") is None
    assert found.finding(Code.TOKEN_ECHOED) is None
