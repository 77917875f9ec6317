"""`POST /gate`: only a pass is 200, and whoever is halted is told what and what mends it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import pytest

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.question import CandidateWanted
from skewcheck.core.report import Report
from tests.builders import NEW, NEXT, report
from tests.render.worlds import gate_blocks, gate_inconclusive, observing
from tests.service.served import Got, Site, World, view

PAYLOAD = {
    "name": "backend",
    "namespace": "staging",
    "phase": "Progressing",
    "checksum": "85d557f47b",
    "buildId": "a key of a newer Flagger",
    "metadata": {"candidates": f"backend={NEXT}, frontend={NEW.short.upper()}"},
}


def world(answer: Any = report) -> World:
    made = World()
    made.judge.answer = answer
    made.board.put(view())
    return made


def ask(site: Site, payload: object = PAYLOAD, **headers: str) -> Got:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    sent = {"Content-Type": "application/json", **headers}
    return site.ask("POST", "/gate", body=body, headers=sent)


def test_a_pass_lets_pass_and_the_candidates_were_judged() -> None:
    made = world()
    with made.served() as site:
        got = ask(site)
    assert got.status == 200
    assert got.text.startswith("PASS: staging: ")
    wanted = (
        CandidateWanted(service="backend", named=str(NEXT)),
        CandidateWanted(service="frontend", named=NEW.short),
    )
    assert made.judge.asked == [("staging", wanted)]


@pytest.mark.parametrize(
    ("answer", "status", "word"),
    [
        pytest.param(gate_blocks, 409, "BLOCK", id="block"),
        pytest.param(gate_inconclusive, 503, "INCONCLUSIVE", id="inconclusive"),
        pytest.param(observing, 200, "WOULD BLOCK", id="observed only"),
    ],
)
def test_the_status_follows_the_exit_and_the_body_tells_why(
    answer: Any, status: int, word: str
) -> None:
    with world(answer).served() as site:
        got = ask(site)
    assert (got.status, got.text.partition(":")[0]) == (status, word)
    assert got.headers["content-type"].startswith("text/plain")
    assert "\nnext: " in got.text


def test_the_body_names_the_finding_its_subject_and_the_fix() -> None:
    with world(gate_blocks).served() as site:
        told = ask(site).text
    finding = next(each for each in gate_blocks().findings if each.severity == "block")
    assert f"block {finding.code} {finding.subject}: {finding.sentence}" in told
    assert f"next: {finding.fix}" in told


def test_programs_get_the_whole_report() -> None:
    with world(gate_blocks).served() as site:
        got = ask(site, Accept="application/json")
    assert got.status == 409
    assert (got.json["verdict"], got.json["question"]) == ("block", "gate")


def test_metadata_outranks_the_namespace_and_neither_candidates_nor_metadata_are_needed() -> None:
    made = world()
    made.board.put(view("production"))
    with made.served() as site:
        ask(site, {"namespace": "acme", "metadata": {"environment": "production"}})
        ask(site, {"namespace": "staging", "metadata": None})
    assert made.judge.asked == [("production", ()), ("staging", ())]


def test_a_payload_that_is_wrong_is_told_so_and_not_judged() -> None:
    made = world()
    with made.served() as site:
        got = ask(site, {"namespace": 7})
    assert got.status == 400
    assert got.text.startswith("namespace is a number, not text\nnext: send {")
    assert made.judge.asked == []


def test_an_environment_that_is_not_watched_halts_and_is_not_judged() -> None:
    made = world()
    with made.served() as site:
        got = ask(site, {"namespace": "../staging"})
    assert got.status == 404
    assert "there are: staging" in got.text
    assert made.judge.asked == []


@pytest.mark.parametrize(
    ("error", "status"), [(UsageError, 400), (SkewcheckError, 503)], ids=["asked", "unknown"]
)
def test_a_judgement_that_does_not_come_about_halts_with_its_cause(
    error: type[SkewcheckError], status: int
) -> None:
    def fail() -> Report:
        raise error("no \x1b[31m such commit", hint="git fetch")

    with world(fail).served() as site:
        got = ask(site)
    assert got.status == status
    assert got.text == "no \\x1b[31m such commit\nnext: git fetch\n"


def test_only_json_is_taken_so_that_no_website_sends_it() -> None:
    with world().served() as site:
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            assert ask(site, **{"Content-Type": kind}).status == 415
        assert ask(site, **{"Content-Type": "application/json; charset=utf-8"}).status == 200


def test_a_get_is_not_taken() -> None:
    with world().served() as site:
        assert site.get("/gate").status == 405


def test_four_are_judged_at_once_others_wait_and_a_flood_is_refused() -> None:
    entered, go = threading.Semaphore(0), threading.Event()
    inside: list[int] = []
    most: list[int] = []

    def slowly() -> Report:
        inside.append(1)
        most.append(len(inside))
        entered.release()
        assert go.wait(20)
        inside.pop()
        return report()

    with world(slowly).served() as site, ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(ask, site) for _ in range(40)]
        for _ in range(4):
            assert entered.acquire(timeout=20)
        answered = as_completed(asked, timeout=20)
        refused = [next(answered).result() for _ in range(8)]
        go.set()
        passed = [each.result() for each in answered]
    assert max(most) == 4
    assert {each.status for each in refused} == {429}
    assert {each.headers["retry-after"] for each in refused} == {"30"}
    assert [each.status for each in passed] == [200] * 32
