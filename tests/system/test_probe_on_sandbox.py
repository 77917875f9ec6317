"""Probe, diagnose, explain and the probing gate on the demo's world, with its faults one by one."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.websocket_prober import WebSocketProber
from skewcheck.core.ladder.climb import climb
from skewcheck.core.wire.script import AS_A_BROWSER, ProbeRequest, Target
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Requested, Transcript
from skewcheck.sandbox import story
from tests.system.stage import Seen, Stage, staged
from tests.transcripts import PLAIN

AT_ONCE = 200


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("probe")) as stage:
        yield stage


@pytest.fixture
def stage(shared: Stage) -> Stage:
    shared.healthy()
    shared.world.cloud.tell(story.API, {"dependencies": {"supervisor": "ok", "threads": "ok"}})
    return shared


def diagnose(stage: Stage, *words: str) -> tuple[int, dict[str, Any]]:
    ended = stage.run("diagnose", "chat", *words, "--format", "json")
    assert ended.err == ""
    (told,) = json.loads(ended.out)["diagnoses"]
    return ended.code, told


def causes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["causes"]]


def test_the_incident_is_diagnosed_as_a_stale_edge_in_one_screen(stage: Stage) -> None:
    stage.stale_edge()
    ended = stage.run("diagnose", "chat", COLUMNS="100")
    assert ended.code == 10
    lines = ended.out.rstrip("\n").split("\n")
    assert len(lines) <= 24
    assert 'symptom  the server closed with 1000 "main cleanup"' in ended.out
    assert "\ncause    stale-edge: " in ended.out
    assert "Grace" in ended.out
    assert "gcloud compute url-maps invalidate-cdn-cache acme-web" in ended.out
    assert any("closing 1000 main cleanup" in line for line in lines if "log" in ended.out)


def test_a_healthy_link_has_no_symptom(stage: Stage) -> None:
    code, told = diagnose(stage)
    assert code == 0
    assert (told["symptom"], told["causes"]) == (None, [])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        pytest.param("drop_subprotocol_request", "from the request", id="on the request"),
        pytest.param("drop_subprotocol_response", "from the answer", id="on the answer"),
    ],
)
def test_an_edge_that_drops_the_subprotocol_is_named(stage: Stage, fault: str, says: str) -> None:
    setattr(stage.world.backend_edge.faults, fault, True)
    code, told = diagnose(stage)
    assert (code, causes(told)) == (10, ["subprotocol-lost-at-edge"])
    assert says in told["causes"][0]["told"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param("bad_gateway", "handshake-rejected", id="502"),
        pytest.param("hang_up", "upgrade-cut", id="hangs up"),
    ],
)
def test_an_edge_that_fails_where_the_service_holds_is_the_cause(
    stage: Stage, fault: str, code: str
) -> None:
    setattr(stage.world.backend_edge.faults, fault, True)
    exit_code, told = diagnose(stage)
    assert (exit_code, causes(told)) == (10, [code])
    assert (told["causes"][0]["kind"], told["masked"][-1]) == ("the edge", "events")


def test_an_edge_that_strips_the_header_is_named_with_the_header(tmp_path: Path) -> None:
    with staged(tmp_path, token_in_header=True) as stage:
        stage.healthy()
        assert diagnose(stage)[0] == 0
        stage.world.backend_edge.faults.strip_request_headers.add("Authorization")
        code, told = diagnose(stage)
    assert (code, causes(told)) == (10, ["header-lost-at-edge"])
    assert told["causes"][0]["kind"] == "the edge"
    assert "Authorization" in told["causes"][0]["told"]


def test_the_old_server_bug_is_a_broken_contract_and_not_skew(tmp_path: Path) -> None:
    with staged(tmp_path, backend_generation="cleanup-1000") as stage:
        stage.healthy()
        code, told = diagnose(stage)
    assert code == 10
    assert told["symptom"]["code"] == "closed-before-welcome"
    assert "contract broken, not skew" in told["whys"][0]["told"]
    assert not [each for each in told["causes"] if "skew" in each["kind"]]
    assert not [f for f in told["findings"] if f["severity"] == "block" and "skew" in f["code"]]


def test_a_dependency_that_is_down_is_the_cause(stage: Stage) -> None:
    down = {"dependencies": {"supervisor": "ok", "threads": "starting"}}
    stage.world.cloud.tell(story.API, down)
    code, told = diagnose(stage)
    assert (code, causes(told)) == (10, ["dependency-unavailable"])
    assert "threads" in told["causes"][0]["told"]


def test_the_gate_opens_the_socket_and_says_so_when_it_does_not(stage: Stage) -> None:
    with_probes = stage.look("gate")
    assert (with_probes.code, with_probes.codes("block", "unknown")) == (0, set())
    assert with_probes.report["probes"]["links"][0]["probed"][0]["held"] == 5
    without = stage.look("gate", "--no-probe")
    assert (without.code, without.codes("block", "unknown")) == (11, {"not-probed"})


def test_a_gate_without_its_token_is_inconclusive(stage: Stage) -> None:
    seen = stage.look("gate", SKEWCHECK_CHAT_TOKEN="")
    assert (seen.code, seen.codes("block", "unknown")) == (11, {"not-probed"})
    assert "SKEWCHECK_CHAT_TOKEN" in seen.finding("not-probed")["sentence"]


@pytest.mark.parametrize(
    "command", [["gate"], ["verify", "--until", "0s"], ["probe"], ["diagnose"]]
)
def test_a_token_command_runs_only_where_that_is_allowed(stage: Stage, command: list[str]) -> None:
    printer = stage.home / "token"
    printer.write_text(f"#!/bin/sh\necho {stage.world.token}\n")
    printer.chmod(0o700)
    draft = stage.home / "staging.yaml"
    said, runs = "env: SKEWCHECK_CHAT_TOKEN", f"command: [{printer}]"
    written = stage.world.manifest.read_text()
    assert said in written
    draft.write_text(written.replace(said, runs))
    words = [*command, "--manifest", str(draft)]
    assert stage.run(*words).code == 11
    assert stage.run(*words, "--allow-commands").code == 0


def test_a_candidate_is_probed_at_its_own_url(stage: Stage) -> None:
    cloud, build = stage.world.cloud, stage.world.history.new_backend
    labels = {"managed-by": "gcp-cloud-build-deploy-cloud-run", "commit-sha": build}
    image = f"{story.API_IMAGE}:{build}"
    cloud.deploy(story.API, image, labels=labels, traffic="none", tag="cand")
    seen = stage.gate("backend", f"{build}@{cloud.url(story.API, 'cand')}")
    assert (seen.code, seen.codes("block", "unknown")) == (0, set())
    (link,) = seen.report["probes"]["links"]
    assert {each["target"]["place"] for each in link["probed"]} == {"candidate"}


def test_a_candidate_elsewhere_gets_no_token(stage: Stage) -> None:
    elsewhere = stage.world.cloud.url(story.WEB)
    seen = stage.gate("backend", f"{stage.world.history.new_backend}@{elsewhere}")
    assert "not-probed" in seen.codes("unknown")
    assert "no token" in seen.finding("not-probed")["sentence"]


@pytest.mark.parametrize(
    ("limit", "code", "severity"),
    [
        pytest.param("idle_cut_s", "idle-cut", "notice", id="idle"),
        pytest.param("lifetime_cut_s", "lifetime-cut", "block", id="lifetime"),
    ],
)
def test_a_box_that_cuts_is_told_by_its_limit(
    stage: Stage, limit: str, code: str, severity: str
) -> None:
    """Three seconds: the connection is watched for that long."""
    setattr(stage.world.backend_edge.faults, limit, 1.5)
    seen = stage.look("probe", "chat", "--hold", "2.6s")
    assert code in seen.codes(severity)


def test_the_rate_is_decided_at_the_first_look_where_all_is_well(stage: Stage) -> None:
    seen = stage.look("probe", "chat", "--rate", "--per-second", "200")
    assert seen.code == 0
    (rate,) = seen.report["probes"]["links"][0]["rates"]
    assert "35 of 35 handshakes held" in rate["sentence"]


def test_saved_probes_are_judged_again_without_the_world(stage: Stage, tmp_path: Path) -> None:
    stage.stale_edge()
    file = tmp_path / "transcript.json"
    live = stage.look("probe", "chat", "--save", str(file))
    assert file.stat().st_mode & 0o077 == 0
    again = _explained(stage, file)
    assert (again.code, again.verdict) == (live.code, live.verdict) == (10, "block")
    assert again.report["findings"] == live.report["findings"]


def _explained(stage: Stage, file: Path) -> Seen:
    ended = stage.run_bare("explain", str(file), "--format", "json")
    return Seen(ended.code, json.loads(ended.out))


def test_no_output_shows_the_token(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "transcript.json"
    token = stage.world.token
    shapes = Secret(token).shapes()
    said = [
        stage.run("probe", "chat", "--save", str(file), "--format", form).out
        for form in ("table", "json", "markdown", "junit", "github")
    ]
    said += [stage.run("diagnose", "chat").out, file.read_text()]
    said.append(stage.run_bare("explain", str(file), "--events").out)
    assert not [shape for shape in shapes for text in said if shape in text]


def test_two_hundred_probes_at_once_are_neither_lost_nor_mixed_up(stage: Stage) -> None:
    prober, start = WebSocketProber(clock=SystemClock()), Barrier(AT_ONCE)
    target = Target(place="edge", url=f"{stage.world.backend_edge.url}/ws")

    def probe(number: int) -> Transcript:
        request = ProbeRequest(
            id=f"many{number:03}", target=target, origin=stage.world.frontend_edge.url,
            script=PLAIN,
        )  # fmt: skip
        start.wait()
        return prober.probe(request, Secret(stage.world.token))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        transcripts = list(pool.map(probe, range(AT_ONCE)))
    assert [each.id for each in transcripts] == [f"many{number:03}" for number in range(AT_ONCE)]
    assert all(_says_its_id(each) for each in transcripts)
    assert Counter(climb(each, PLAIN, AS_A_BROWSER).holds for each in transcripts) == {
        True: AT_ONCE
    }


def _says_its_id(transcript: Transcript) -> bool:
    requested = transcript.first(Requested)
    assert requested is not None
    return f"(probe {transcript.id})" in dict(requested.headers)["User-Agent"]
