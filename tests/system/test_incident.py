"""The incident on real processes: what would have stopped it, act by act, and its relatives."""

from collections.abc import Iterator

import pytest

from skewcheck.sandbox import story
from skewcheck.sandbox.api.faults import HTML, Fault, denied, internal, too_many, unauthenticated
from tests.programs import environment, run_here
from tests.system.stage import Stage, staged


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One cloud for all scenes: starting it is what takes long."""
    with staged(tmp_path_factory.mktemp("incident")) as stage:
        yield stage


@pytest.fixture
def stage(shared: Stage) -> Stage:
    shared.healthy()
    return shared


def test_the_incident_is_stale_at_the_edge_and_skewed_in_its_format(stage: Stage) -> None:
    stage.stale_edge()
    seen = stage.look()
    assert (seen.code, seen.verdict) == (10, "block")
    assert {"stale-edge", "format-skew"} <= seen.codes("block")
    assert "invalidate-cdn-cache" in seen.finding("stale-edge")["fix"]
    skew = seen.finding("format-skew")
    assert "jwt-auth" in skew["sentence"]
    assert any("Grace" in line for line in skew["evidence"])


def test_the_backend_that_would_break_the_old_page_is_blocked(stage: Stage) -> None:
    stage.world.deploy_backend(stage.world.history.old)
    stage.stale_edge()
    seen = stage.gate("backend", stage.world.history.new_backend)
    assert seen.code == 10
    assert "format-skew" in seen.codes("block")


def test_the_deploy_that_mends_it_passes_its_gate_and_strict_says_block(stage: Stage) -> None:
    stage.stale_edge()
    mend = stage.world.history.new_frontend
    seen = stage.gate("frontend", mend)
    assert (seen.code, seen.verdict) == (0, "pass")
    assert "pre-existing" in seen.codes("notice")
    assert stage.gate("frontend", mend, "--strict").code == 10


def test_a_backend_of_the_next_protocol_is_blocked(stage: Stage) -> None:
    seen = stage.gate("backend", stage.world.history.next_protocol)
    assert seen.code == 10
    assert "protocol-skew" in seen.codes("block")


def test_the_healed_world_passes(stage: Stage) -> None:
    seen = stage.look()
    assert (seen.code, seen.codes("block", "unknown")) == (0, set())
    assert stage.gate("backend", stage.world.history.new_backend).code == 0
    assert stage.look("verify", "--until", "0s").code == 0


def test_a_deploy_without_traffic_is_told_and_breaks_nobody(stage: Stage) -> None:
    cloud, build = stage.world.cloud, stage.world.history.next_protocol
    labels = {"managed-by": "gcp-cloud-build-deploy-cloud-run", "commit-sha": build}
    image = f"{story.API_IMAGE}:{build}"
    cloud.deploy(story.API, image, labels=labels, traffic="none", tag="next")
    seen = stage.look()
    assert seen.code == 0
    assert "deployed-without-traffic" in seen.codes("notice")
    url = cloud.url(story.API, "next")
    probed = stage.gate("backend", f"{build}@{url}")
    assert probed.code == 10
    assert "candidate-not-probed" not in probed.codes()


def test_a_split_in_which_only_the_older_revision_breaks_somebody_blocks(stage: Stage) -> None:
    """New clients everywhere, and a tenth of them meets a backend from before."""
    world = stage.world
    old = world.deploy_backend(world.history.old)
    new = world.deploy_backend(world.history.new_backend)
    world.cloud.set_traffic(story.API, {new: 90, old: 10})
    seen = stage.look()
    assert seen.code == 10
    assert "format-skew" in seen.codes("block")
    assert "split-traffic" in seen.codes()
    (broken,) = (
        each
        for each in seen.report["matrix"][0]["cells"]
        if each["client"]["build"] == world.history.new_frontend and each["fit"] == "no"
    )
    assert broken["server"]["build"] == world.history.old
    assert broken["server"]["percent"] == 10


def test_a_pin_that_a_rollback_left_is_told(stage: Stage) -> None:
    cloud = stage.world.cloud
    (serving,) = cloud.serving(story.API)
    cloud.set_traffic(story.API, {serving: 100})
    seen = stage.look()
    assert "traffic-pinned" in seen.about("backend")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(unauthenticated(), "unauthorized", id="401"),
        pytest.param(denied("run.services.get", "acme-staging"), "unauthorized", id="403"),
        pytest.param(internal(), "unreachable", id="500"),
        # Three seconds: the adapter waits before it asks again.
        pytest.param(too_many(), "unreachable", id="429"),
        pytest.param(HTML, "not-json", id="HTML"),
        pytest.param(Fault(200, b"[" * 10_000), "not-json", id="10,000 deep"),
        pytest.param(Fault(200, b'{"a": "' + b"a" * 10_000_000), "not-json", id="10 MB"),
    ],
)
def test_a_control_plane_that_fails_is_an_unknown_of_its_own(
    stage: Stage, fault: Fault, code: str
) -> None:
    stage.world.cloud.faults.always(fault)
    seen = stage.look()
    assert seen.code == 11
    about = [
        each for each in seen.report["findings"] if each["sentence"].startswith("control plane")
    ]
    assert {each["code"] for each in about} == {code}
    assert all(each["fix"] for each in about)


def test_a_service_that_was_never_deployed_blocks(stage: Stage) -> None:
    draft = stage.home / "staging.yaml"
    draft.write_text(stage.world.manifest.read_text().replace("acme-api", "acme-gone"))
    seen = stage.look("status", "--manifest", str(draft))
    assert seen.code == 10
    assert "not-deployed" in seen.about("backend")


def test_an_edge_that_falls_back_to_its_front_page_is_told_as_such(stage: Stage) -> None:
    manifest = stage.world.manifest.read_text().replace("/version.json", "/no-such.json", 1)
    draft = stage.home / "staging.yaml"
    draft.write_text(manifest)
    stage.world.frontend_edge.faults.spa_fallback = True
    seen = stage.look("status", "--manifest", str(draft))
    assert seen.code == 11
    assert "html-instead-of-json" in seen.about("frontend")


def test_an_edge_that_hangs_up_hides_the_rest(stage: Stage) -> None:
    stage.world.frontend_edge.faults.hang_up = True
    seen = stage.look()
    assert seen.code == 11
    assert {"unreachable", "masked"} <= seen.about("frontend")


def test_an_edge_without_an_origin_answers_502_and_is_unreachable(stage: Stage) -> None:
    stage.world.backend_edge.faults.bad_gateway = True
    seen = stage.look()
    assert seen.code == 11
    assert "502" in seen.finding("unreachable")["sentence"]


def test_two_urls_are_compared_without_manifest_or_cloud(stage: Stage) -> None:
    urls = (
        *("--url", f"web={stage.world.frontend_edge.url}"),
        *("--url", f"api={stage.world.backend_edge.url}"),
    )

    def look() -> int:
        return run_here("status", *urls, env=environment(stage.home)).code

    assert look() == 0
    stage.stale_edge()
    assert look() == 10


def test_the_token_of_the_chat_is_never_printed(stage: Stage) -> None:
    secret = "s3cr3t-t0ken-of-the-chat"
    for form in ("table", "json", "markdown", "junit", "github"):
        ended = stage.run("status", "--format", form, SKEWCHECK_CHAT_TOKEN=secret)
        assert ended.code == 0
        assert secret not in ended.out + ended.err
