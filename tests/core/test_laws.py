"""Laws of judge and gate over random small worlds: unknowns never vanish, order never counts."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skewcheck.core.build import BuildSha
from skewcheck.core.compatibility import Fit
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement, judge
from skewcheck.core.live import Live, Presence, live_clients, live_servers
from skewcheck.core.manifest import Manifest
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import ServiceSurvey, Survey
from tests.builders import (
    candidate,
    contract,
    lingering,
    plane,
    revision,
)
from tests.core.small_worlds import BUILDS, Deploy, deploys, gaps, surveys

LAW = settings(max_examples=40)  # worlds are large to draw; the cases that matter have tests
ALIEN = BuildSha("a11e" * 10)
WORST = [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.BLOCK]
SKEW = {Code.PROTOCOL_SKEW, Code.FORMAT_SKEW, Code.LINGERING_CLIENT_SKEW}


def fits(judgement: Judgement) -> list[Fit]:
    return [cell.fit for link in judgement.matrix for cell in link.cells]


def facts(judgement: Judgement) -> set[tuple[Code, str, Severity]]:
    return {(each.code, each.subject, each.severity) for each in judgement.findings}


def deploying(world: Survey, deploy: Deploy) -> Survey:
    return replace(world, candidates={deploy.service: candidate(deploy.service, deploy.build)})


def with_service(world: Survey, service: ServiceSurvey) -> Survey:
    alien = {
        (link, side, ALIEN): contract("9.9", ">=9")
        for link in world.manifest.links
        for side in ("client", "server")
    }
    return replace(
        world,
        services={**world.services, service.name: service},
        builds={**world.builds, (service.name, ALIEN): ALIEN},
        contracts={**world.contracts, **alien},  # type: ignore[dict-item]
    )


@LAW
@given(surveys())
def test_what_was_not_read_or_not_compared_is_never_green(world: Survey) -> None:
    judgement = judge(world)
    if gaps(world) or Fit.UNKNOWN in fits(judgement) or not fits(judgement):
        assert judgement.verdict is not Verdict.PASS


@LAW
@given(surveys())
def test_only_a_world_whose_pairs_all_fit_is_green(world: Survey) -> None:
    judgement = judge(world)
    if judgement.verdict is Verdict.PASS:
        assert set(fits(judgement)) == {Fit.YES}


@LAW
@given(surveys())
def test_a_pair_that_does_not_fit_blocks(world: Survey) -> None:
    judgement = judge(world)
    assert (Fit.NO not in fits(judgement)) or judgement.verdict is Verdict.BLOCK


@LAW
@given(surveys(), st.booleans())
def test_adding_a_client_or_server_that_fits_nobody_never_improves_the_verdict(
    world: Survey,
    as_client: bool,  # noqa: FBT001 - hypothesis draws it
) -> None:
    assume(world.manifest.links)
    link = next(iter(world.manifest.links.values()))
    before = judge(world).verdict
    if as_client:
        old = world.services[link.client]
        service = replace(old, lingering=(*old.lingering, lingering(ALIEN)))
    else:
        old = world.services[link.server]
        service = replace(old, planes=(*old.planes, plane(revision("alien", ALIEN))))
    after = judge(with_service(world, service))
    assume(Fit.NO in fits(after))
    assert WORST.index(after.verdict) >= WORST.index(before)


def _backwards(service: ServiceSurvey) -> ServiceSurvey:
    return replace(
        service,
        planes=tuple(_turned(plane) for plane in service.planes[::-1]),
        origins=service.origins[::-1],
        lingering=service.lingering[::-1],
    )


def _turned(plane: ControlPlane | Unreadable) -> ControlPlane | Unreadable:
    if isinstance(plane, Unreadable):
        return plane
    return replace(plane, targets=plane.targets[::-1], revisions=plane.revisions[::-1])


def _upside_down(world: Survey) -> Survey:
    links = dict(list(world.manifest.links.items())[::-1])
    told: Manifest = world.manifest.model_copy(update={"links": links})
    services = {name: _backwards(each) for name, each in list(world.services.items())[::-1]}
    return replace(world, manifest=told, services=services)


@LAW
@given(surveys())
def test_the_order_of_what_was_read_does_not_count(world: Survey) -> None:
    assert facts(judge(_upside_down(world))) == facts(judge(world))


@LAW
@given(surveys(), st.data())
def test_the_order_of_what_was_read_does_not_count_for_a_deploy(
    world: Survey, data: st.DataObject
) -> None:
    seen = deploying(world, data.draw(deploys(world)))
    assert facts(judge_gate(_upside_down(seen))) == facts(judge_gate(seen))


def _is_all(lives: tuple[Live, ...], build: BuildSha) -> bool:
    return {each.build for each in lives if not each.only_may_linger} == {build}


@LAW
@given(surveys(), st.data())
def test_deploying_what_is_live_already_blocks_nothing(world: Survey, data: st.DataObject) -> None:
    live_already = [
        Deploy(name, build)
        for name in sorted(world.services)
        for build in BUILDS
        if _is_all(live_clients(world, name), build) and _is_all(live_servers(world, name), build)
    ]
    assume(live_already)
    deploy = data.draw(st.sampled_from(live_already))
    assert judge_gate(deploying(world, deploy)).verdict is not Verdict.BLOCK


@LAW
@given(surveys(), st.data())
def test_a_deploy_that_breaks_a_client_which_worked_or_is_new_never_passes(
    world: Survey, data: st.DataObject
) -> None:
    before = {
        (link.link, cell.client.build, cell.server.build): cell.fit
        for link in judge(world).matrix
        for cell in link.cells
    }
    judgement = judge_gate(deploying(world, data.draw(deploys(world))))
    for link in judgement.matrix:
        for cell in link.cells:
            key = (link.link, cell.client.build, cell.server.build)
            same = [fit for (name, build, _), fit in before.items() if (name, build) == key[:2]]
            worked = not same or any(fit is not Fit.NO for fit in same)
            if cell.fit is Fit.NO and key not in before and worked:
                assert judgement.verdict is Verdict.BLOCK


@LAW
@given(surveys(), st.data())
def test_what_a_deploy_leaves_unknown_on_its_links_never_passes(
    world: Survey, data: st.DataObject
) -> None:
    deploy = data.draw(deploys(world))
    judgement = judge_gate(deploying(world, deploy))
    own = [link for link in judgement.matrix if deploy.service in {link.client, link.server}]
    peers = {name for link in own for name in (link.client, link.server)} - {deploy.service}
    lost = any(gaps(replace(world, services={n: world.services[n]})) for n in peers)
    compared = [cell.fit for link in own for cell in link.cells]
    if lost or not compared or Fit.UNKNOWN in compared:
        assert judgement.verdict is not Verdict.PASS


@LAW
@given(surveys(), st.data())
def test_strict_is_never_milder(world: Survey, data: st.DataObject) -> None:
    seen = deploying(world, data.draw(deploys(world)))
    mild, strict = judge_gate(seen).verdict, judge_gate(seen, strict=True).verdict
    assert WORST.index(strict) >= WORST.index(mild)


@LAW
@given(surveys(), st.data())
def test_what_the_gate_calls_pre_existing_is_not_new(world: Survey, data: st.DataObject) -> None:
    judgement = judge_gate(deploying(world, data.draw(deploys(world))))
    for link in judgement.matrix:
        known = {each.build for each in live_clients(world, link.client)}
        for cell in link.cells:
            if cell.pre_existing:
                assert cell.fit is Fit.NO
                assert cell.client.build in known
            if cell.fit is Fit.NO and not cell.pre_existing:
                parties = {*cell.client.presences, *cell.server.presences}
                assert Presence.CANDIDATE in parties
