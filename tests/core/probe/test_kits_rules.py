"""How much is probed, with whose token, and what stands in the way: by the policy ref's word."""

from skewcheck.core.manifest import Manifest
from skewcheck.core.probe.kits import ProbePlan
from skewcheck.core.survey import ContractAbsent
from tests.builders import BACKEND, CHAT, FRONTEND, NEW, NEXT, backend, manifest
from tests.core.probe.kit_worlds import TAG_URL, TAGGED, WITH_TOKEN, deploying, plan, plans, world
from tests.links import known


def test_how_much_is_asked_comes_from_the_policy_ref_unless_the_asker_says() -> None:
    rule = {"handshakes": "9", "exercise_in_gate": "true", "cold_start": "7s"}
    rules = manifest(links={"chat": {**CHAT, "probe": rule}})
    ruled = plan(world(), rules)
    assert (ruled.kit.handshakes, ruled.kit.exercise) == (9, True)
    assert (ruled.kit.thorough, ruled.kit.hold_s) == (False, 0)
    assert ruled.rule.cold_start.total_seconds() == 7
    asked = plan(world(), rules, handshakes=2, exercise=False, thorough=True, hold_s=3.0)
    assert (asked.kit.handshakes, asked.kit.exercise) == (2, False)
    assert (asked.kit.thorough, asked.kit.hold_s) == (True, 3.0)


def test_a_change_under_review_cannot_make_its_own_probes_fewer() -> None:
    softened = manifest(links={"chat": {**CHAT, "probe": {"in_gate": "false", "handshakes": "1"}}})
    planned = plan(world(manifest=softened), manifest())
    assert (planned.kit.handshakes, planned.doubts) == (5, ())


def test_a_change_under_review_cannot_talk_its_link_out_of_being_opened() -> None:
    softened = manifest(links={"chat": {**CHAT, "transport": "http"}})
    assert plan(world(manifest=softened), manifest()).kit.pairs
    assert plans(world(manifest=softened), softened) == ()
    assert plans(world(manifest=softened), manifest(links={})) == ()


def test_a_new_link_is_probed_by_the_defaults() -> None:
    softened = manifest(links={"chat": {**CHAT, "probe": {"in_gate": "false", "handshakes": "1"}}})
    planned = plan(world(manifest=softened), manifest(links={}))
    assert (planned.kit.handshakes, planned.doubts) == (5, ())


def test_the_token_comes_from_the_policy_ref() -> None:
    rules = manifest(links={"chat": WITH_TOKEN})
    other = manifest(links={"chat": {**CHAT, "token": {"env": "OTHER_SECRET"}}})
    planned = plan(world(speaks=known(), manifest=other), rules)
    assert planned.token is not None
    assert (planned.token.env, planned.doubts) == ("SKEWCHECK_CHAT_TOKEN", ())


def whys(planned: ProbePlan) -> str:
    assert {doubt.what for doubt in planned.doubts} == {"not-probed"}
    assert all(doubt.fix for doubt in planned.doubts)
    return "; ".join(doubt.why for doubt in planned.doubts)


def test_a_new_links_token_is_nobodys_before_it_is_merged() -> None:
    planned = plan(
        world(speaks=known(), manifest=manifest(links={"chat": WITH_TOKEN})), manifest(links={})
    )
    assert planned.token is None
    assert "names none at the policy ref" in whys(planned)


def test_a_contract_with_a_token_and_a_manifest_without_one_is_not_probed() -> None:
    [doubt] = plan(world(speaks=known())).doubts
    assert doubt.why == "the contract carries a token, and links.chat names none at the policy ref"
    assert doubt.fix == "links.chat.token: {env: SKEWCHECK_CHAT_TOKEN}"


def test_the_variable_that_is_proposed_is_one() -> None:
    links = {"live-chat.v2": CHAT}
    contracts = {("live-chat.v2", "client", NEW): known()}
    [doubt] = plan(world(manifest=manifest(links=links), contracts=contracts)).doubts
    assert "SKEWCHECK_LIVE_CHAT_V2_TOKEN" in doubt.fix


def rules_with_token() -> Manifest:
    return manifest(links={"chat": WITH_TOKEN})


def test_a_candidate_of_a_foreign_host_is_sent_no_token() -> None:
    seen = world(
        backend(planes=(TAGGED,)),
        speaks=known(),
        manifest=rules_with_token(),
        **deploying("backend", url="https://evil.example"),
    )
    assert "https://evil.example:443 was sent no token" in whys(plan(seen))


def test_a_candidate_that_cloud_run_names_may_be_sent_the_token() -> None:
    seen = world(
        backend(planes=(TAGGED,)),
        speaks=known(),
        manifest=rules_with_token(),
        **deploying("backend", url=TAG_URL),
    )
    assert plan(seen).doubts == ()


def test_a_candidate_of_any_host_is_probed_where_no_token_travels() -> None:
    seen = world(**deploying("backend", url="https://elsewhere.example"))
    assert plan(seen).doubts == ()


def test_a_change_of_the_servers_url_under_review_gets_no_token() -> None:
    services = {"frontend": FRONTEND, "backend": {**BACKEND, "url": "https://evil.example"}}
    changed = manifest(services=services, links={"chat": WITH_TOKEN})
    planned = plan(world(speaks=known(), manifest=changed), rules_with_token())
    assert "https://evil.example:443 was sent no token" in whys(planned)


def test_ways_past_the_edge_that_may_get_no_token_are_left_out() -> None:
    services = {"frontend": FRONTEND, "backend": {**BACKEND, "cloud_run": {"service": "other"}}}
    changed = manifest(services=services, links={"chat": WITH_TOKEN})
    planned = plan(world(speaks=known(), manifest=changed), rules_with_token())
    assert (planned.doubts, planned.kit.directs) == ((), ())
    assert "may be sent no token" in planned.no_way
    assert plan(world(manifest=changed), rules_with_token()).kit.directs


def test_what_was_skipped_says_how_it_was_asked_for() -> None:
    assert "--no-probe" in whys(plan(world(), skip="--no-probe"))


def test_a_link_that_is_not_probed_in_gates_says_so_and_is_probed_where_asked() -> None:
    rules = manifest(links={"chat": {**CHAT, "probe": {"in_gate": "false"}}})
    assert "in_gate is false" in whys(plan(world(), rules))
    assert plan(world(), rules, thorough=True).doubts == ()


def test_where_no_contract_is_known_nothing_can_be_said() -> None:
    absent = ContractAbsent(why="no file", fix="commit it")
    seen = world(contracts={("chat", "client", NEW): absent})
    assert "no contract of a client that decides is known" in whys(plan(seen))


def test_a_client_candidate_without_a_contract_is_not_replaced_by_todays() -> None:
    absent = ContractAbsent(why="no file", fix="commit it")
    seen = world(contracts={("chat", "client", NEXT): absent}, **deploying())
    assert "no contract of a client that decides" in whys(plan(seen))


def test_whoever_asks_for_probes_is_told_that_a_candidate_has_no_url_to_be_met_at() -> None:
    seen = world(**deploying("backend"))
    assert plans(seen) == ()
    [doubt] = plan(seen, thorough=True).doubts
    assert doubt.what == "not-probed"
    assert "candidate backend has no URL" in doubt.why
    assert doubt.fix.startswith("--candidate backend=")
    assert plan(seen, thorough=True).kit.pairs == ()
