"""From the symptom to its cause, where something proves one."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.diagnosis import Diagnosis
from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.history import NotInHistory
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import Variant
from skewcheck.core.wire.transcript import Echoed, NotResolved, Unsendable
from tests.builders import (
    API,
    NEW,
    NOW,
    OLD,
    OLD_FORMAT,
    behind,
    contract,
    document,
    finding,
    frontend,
    page,
    survey,
    unreadable,
)
from tests.core.diagnosis.cases import (
    CLEANUP,
    CONTROL,
    NEW_SPOKEN,
    OLD_SCRIPT,
    OLD_SPOKEN,
    SECOND,
    diagnosed,
    kinds,
    of_wire,
    words,
)
from tests.core.minimal_worlds import runs, speaks, split
from tests.transcripts import (
    DIRECT,
    closed,
    format_of,
    probed,
    rejected,
    silent,
    transcript,
    welcomed,
)

SKEWED = speaks("client", OLD, contract(fingerprint=OLD_FORMAT))
REFUSED = closed(spoken=OLD_SCRIPT)
UPGRADE_LOST = Variant(without=("upgrade",))
AS_OLD_CLIENTS = (
    probed(REFUSED, spoken=OLD_SPOKEN),
    probed(REFUSED, spoken=OLD_SPOKEN, target=DIRECT),
    probed(spoken=NEW_SPOKEN),
)


def incident() -> Diagnosis:
    """The page is old, what runs is new, and the server reads only the new format."""
    seen = survey(frontend(page=page(OLD)), contracts=SKEWED)
    return diagnosed(seen, *AS_OLD_CLIENTS)


def test_where_all_holds_there_is_no_symptom_and_no_cause() -> None:
    found = of_wire(probed(), probed(target=DIRECT), probed(rejected(400), variant=CONTROL))
    assert (found.symptom, found.whys, found.causes) == (None, (), ())
    assert (found.verdict, found.masked, found.excluded) == (Verdict.PASS, (), ())


def test_the_incident_leads_to_the_stale_edge() -> None:
    found = incident()
    assert found.symptom is not None
    assert found.symptom.code is Code.CLOSED_BEFORE_WELCOME
    assert [each.code for each in found.causes] == [Code.STALE_EDGE]
    assert [why.code for why in found.whys] == [Code.FORMAT_SKEW, None]
    assert found.whys[0].told.startswith("backend 9e39e39 does not read what frontend 01d01d0")
    assert "stale hop: only the edge of frontend still holds 01d01d0" in found.whys[0].evidence
    assert "users still get 01d01d0" in found.whys[1].told
    assert found.next[0].startswith("gcloud compute url-maps invalidate-cdn-cache")


def test_skew_without_a_stale_edge_is_a_drift_of_places() -> None:
    behind_two = {("frontend", OLD): behind(2)}
    served = frontend(edge=document(OLD), page=page(OLD))
    seen = survey(served, contracts=SKEWED, relations=behind_two)
    found = diagnosed(seen, probed(REFUSED, spoken=OLD_SPOKEN))
    assert kinds(found) == ["a place"]
    assert found.causes[0].code in {Code.NOT_DEPLOYED, Code.BEHIND_MANIFEST}
    assert found.whys[1].told.startswith("both are live: ")


def test_a_server_that_is_out_of_step_is_the_place() -> None:
    """The client is as promised; the server is not deployed."""
    too_old = speaks("server", OLD, contract(fingerprint=OLD_FORMAT))
    seen = survey(runs(OLD), contracts=too_old, relations={("backend", OLD): behind(1)})
    found = diagnosed(seen, probed(CLEANUP, spoken=NEW_SPOKEN))
    assert [each.code for each in found.causes] == [Code.NOT_DEPLOYED]


def test_skew_of_what_git_promises_itself_is_the_skew() -> None:
    seen = survey(contracts=speaks("client", NEW, contract(fingerprint=OLD_FORMAT)))
    found = diagnosed(seen, probed(CLEANUP, spoken=NEW_SPOKEN))
    assert kinds(found) == ["skew"]
    [cause] = found.causes
    assert cause.told == "frontend 9e39e39 and backend 9e39e39 were deployed out of step"
    assert (cause.code, cause.owner) == (Code.FORMAT_SKEW, "web (C012AB), api")
    assert cause.fix in found.next
    assert found.whys[0].evidence == ()


def test_skew_is_told_also_where_no_probe_could_be_made() -> None:
    seen = survey(frontend(page=page(OLD)), contracts=SKEWED)
    found = diagnosed(seen)
    assert [each.code for each in found.causes] == [Code.STALE_EDGE]


def test_a_stale_edge_that_has_nothing_to_do_with_the_skew_is_not_its_cause() -> None:
    """The old page fits; it is the build that runs which the server cannot read."""
    seen = survey(
        frontend(page=page(OLD)),
        contracts=speaks("client", NEW, contract(fingerprint=OLD_FORMAT)),
    )
    found = diagnosed(seen, probed(CLEANUP, spoken=NEW_SPOKEN))
    assert kinds(found) == ["skew"]


def test_of_several_skews_the_one_that_fails_is_told_with_its_own_evidence() -> None:
    both = SKEWED | speaks("client", NEW, contract(fingerprint=OLD_FORMAT))
    seen = survey(frontend(page=page(OLD)), contracts=both)
    found = diagnosed(seen, probed(CLEANUP, spoken=NEW_SPOKEN))
    assert "frontend 9e39e39 sends" in found.whys[0].told
    assert not any("stale hop" in each for each in found.whys[0].evidence)


def test_only_the_pairs_of_clients_that_fail_explain_the_failure() -> None:
    """The old client's skew is real, and the new one, which fits by git, fails as well."""
    seen = survey(frontend(page=page(OLD)), contracts=SKEWED)
    found = diagnosed(seen, probed(silent(), spoken=NEW_SPOKEN))
    assert found.whys[0].told.startswith("contract broken, not skew")


def test_where_a_revision_is_addressed_its_own_pair_explains_the_failure() -> None:
    shares = split((NEW, 50), (OLD, 50))
    too_old = speaks("server", OLD, contract(fingerprint=OLD_FORMAT))
    seen = survey(shares, contracts=too_old)
    named = shares.planes[0].targets[0].revision  # type: ignore[union-attr]
    there = replace(SECOND, revision=named)
    found = diagnosed(seen, probed(), probed(CLEANUP, target=there))
    assert found.whys[0].told.startswith("contract broken, not skew")
    other = replace(SECOND, revision=shares.planes[0].targets[1].revision)  # type: ignore[union-attr]
    found = diagnosed(seen, probed(), probed(CLEANUP, target=other))
    assert found.whys[0].code is Code.FORMAT_SKEW


def test_an_edge_that_drops_a_header_is_named_with_it() -> None:
    lost = rejected(400, "no upgrade")
    found = of_wire(
        probed(lost), probed(target=DIRECT), probed(lost, target=DIRECT, variant=UPGRADE_LOST)
    )
    [cause] = found.causes
    assert (cause.kind, cause.code) == ("the edge", Code.HEADER_LOST_AT_EDGE)
    assert cause.told == "the edge drops Upgrade from the request"
    assert found.whys[0].told == "past the edge the same handshake holds"
    assert found.whys[0].evidence == (
        "without Upgrade it fails directly in the same way",
        "revision acme-api-00002 directly: holds, 1 times",
    )


def test_an_edge_that_breaks_it_otherwise_is_the_cause_all_the_same() -> None:
    found = of_wire(probed(rejected(502)), probed(target=DIRECT))
    [cause] = found.causes
    assert (cause.kind, cause.code) == ("the edge", Code.HANDSHAKE_REJECTED)
    assert "directly it holds" in cause.told


def test_the_edge_is_not_blamed_where_another_finding_names_the_reason() -> None:
    found = of_wire(
        probed(rejected(403)), probed(target=DIRECT), probed(variant=Variant(without=("origin",)))
    )
    assert [(each.kind, each.code) for each in found.causes] == [
        ("the server", Code.ORIGIN_REJECTED)
    ]


def test_a_revision_that_fails_while_another_holds_is_the_cause() -> None:
    found = of_wire(
        probed(CLEANUP, welcomed()),
        probed(target=DIRECT),
        probed(CLEANUP, target=SECOND),
    )
    [cause] = found.causes
    assert cause.kind == "a revision"
    assert cause.told.startswith("revision acme-api-00001 directly is broken: the server closed")
    assert cause.fix.startswith("gcloud logging read")
    assert found.whys[0].told == (
        "revision acme-api-00001 directly fails in the same way,"
        " and revision acme-api-00002 directly holds"
    )


def test_a_revision_that_fails_otherwise_is_not_the_cause() -> None:
    found = of_wire(probed(CLEANUP, welcomed()), probed(silent(), target=SECOND))
    assert "a revision" not in kinds(found)


def test_a_server_that_cannot_be_reached_is_a_matter_of_the_network() -> None:
    gone = transcript(NotResolved(at_s=0.1, detail="no such name"))
    found = of_wire(probed(gone), probed(gone, target=DIRECT))
    [cause] = found.causes
    assert (cause.kind, cause.code) == ("network", Code.UNREACHABLE)
    assert cause.told.startswith("backend cannot be reached at the edge: name not resolved")
    assert found.next[0] == f"curl -v {API}/ws"


def test_a_dependency_that_was_down_explains_the_failure() -> None:
    down = Health(
        url=f"{API}/health",
        status=503,
        states=(Dependency("supervisor", "unavailable", "starting"),),
        read_at=NOW,
    )
    found = of_wire(probed(silent()), health=down)
    assert [(each.kind, each.code) for each in found.causes] == [
        ("a dependency", Code.DEPENDENCY_UNAVAILABLE)
    ]
    assert found.next == ("start supervisor",)


@pytest.mark.parametrize(
    ("seen", "kind", "code"),
    [
        pytest.param(
            [probed(rejected(403)), probed(variant=Variant(without=("origin",)))],
            "the server",
            Code.ORIGIN_REJECTED,
            id="origin",
        ),
        pytest.param(
            [probed(silent()), probed(variant=Variant(speaks="at-once"))],
            "the server",
            Code.HANDSHAKE_RACE,
            id="race",
        ),
        pytest.param(
            [probed(transcript(Unsendable(at_s=0, detail="has the character ' '")))],
            "the client",
            Code.SUBPROTOCOL_INVALID,
            id="a format that no browser sends",
        ),
    ],
)
def test_a_failure_that_is_its_own_cause_is_told_as_it(
    seen: list[Any], kind: str, code: Code
) -> None:
    found = of_wire(*seen)
    assert [(each.kind, each.code) for each in found.causes] == [(kind, code)]


ECHOED = transcript(*welcomed().events, Echoed(at_s=0.06, where="answer"))


def test_a_token_that_comes_back_does_not_explain_a_failure() -> None:
    found = of_wire(probed(CLEANUP), probed(ECHOED, spoken=format_of(fingerprint=OLD_FORMAT)))
    assert Code.TOKEN_ECHOED not in [each.code for each in found.causes]


def test_where_no_probe_fails_the_gravest_finding_is_the_cause() -> None:
    found = of_wire(probed(ECHOED))
    assert [(each.kind, each.code) for each in found.causes] == [("the world", Code.TOKEN_ECHOED)]
    assert found.symptom is not None
    assert found.symptom.code is Code.TOKEN_ECHOED


def test_what_is_not_known_is_a_symptom_without_a_cause() -> None:
    found = of_wire(probed(), probed(welcomed(), variant=CONTROL))
    assert found.symptom is not None
    assert found.symptom.code is Code.ACCEPTS_ANYTHING
    assert (found.causes, found.verdict) == ((), Verdict.INCONCLUSIVE)
    assert found.next == ("refuse what the contract does not say (HTTP 400, or close 4406)",)


def test_a_way_past_the_edge_that_is_closed_to_us_is_no_symptom() -> None:
    found = of_wire(probed(), probed(rejected(404), target=DIRECT))
    assert (found.symptom, found.causes, found.verdict) == (None, (), Verdict.PASS)


def test_a_sure_cause_needs_no_other_steps() -> None:
    found = of_wire(probed(rejected(502)), probed(target=DIRECT), page=(finding(fix="x"),))
    assert len(found.causes) == 1
    unknown = diagnosed(
        survey(frontend(page=page(None))), probed(rejected(502)), probed(target=DIRECT)
    )
    assert not any("meta name" in each for each in unknown.next)


def test_where_nobody_is_sure_what_is_not_known_comes_next() -> None:
    found = diagnosed(survey(frontend(page=page(None))), probed(rejected(403)))
    assert len(found.causes) > 1
    assert any("meta name" in each for each in found.next)
    assert "mend what hides the build" not in found.next


def test_a_reader_is_given_a_handful_of_steps_at_most() -> None:
    page_unread = frontend(page=unreadable(fix="b"), edge=unreadable(Code.NOT_JSON, fix="c"))
    seen = survey(page_unread, doubts={"staging": (NotInHistory("old", "d"),)})
    assert len(diagnosed(seen, probed(rejected(403))).next) == 4


def test_a_race_has_no_step_but_its_diagnosis() -> None:
    assert of_wire(probed(silent()), probed(variant=Variant(speaks="at-once"))).next == ()


def test_a_diagnosis_never_sends_its_reader_back_to_itself() -> None:
    found = of_wire(probed(CLEANUP))
    assert found.next
    assert not any(each.startswith("skewcheck diagnose staging") for each in found.next)


def test_equal_versions_are_never_called_skew() -> None:
    found = of_wire(probed(CLEANUP), probed(CLEANUP, target=DIRECT))
    assert found.whys[0].told.startswith("contract broken, not skew")
    assert "skew" not in kinds(found)
    assert "skew" not in words(found).replace("contract broken, not skew", "")


def seen_by_users() -> Survey:
    return survey(frontend(page=page(OLD)), contracts=SKEWED)


def test_what_users_get_is_the_symptom_before_anything_else() -> None:
    found = diagnosed(
        seen_by_users(),
        probed(silent(), spoken=NEW_SPOKEN),
        probed(silent(), spoken=NEW_SPOKEN, target=SECOND),
        probed(REFUSED, spoken=OLD_SPOKEN),
    )
    assert found.symptom is not None
    assert found.symptom.code is Code.CLOSED_BEFORE_WELCOME
    assert "which the page that users get sends" in found.symptom.told


def test_the_edge_comes_before_the_ways_past_it() -> None:
    found = of_wire(probed(silent(), target=SECOND), probed(CLEANUP))
    assert found.symptom is not None
    assert found.symptom.told.endswith("(1 of 1 handshakes at the edge, in the format of 9e39e39,"
                                       " which the page that users get sends)")  # fmt: skip


def test_a_diagnosis_tells_of_its_link_and_services_only() -> None:
    found = incident()
    assert (found.link, found.client, found.server) == ("chat", "frontend", "backend")
    assert {each.subject for each in found.findings} <= {"chat", "frontend", "backend", "staging"}
