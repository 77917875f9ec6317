"""Metrics as Prometheus reads them: unknown is a series of its own, and never looks like health."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from skewcheck import __version__
from skewcheck.core.report import Report
from tests.builders import NEW, NOW, OLD, frontend, page, report, survey, unreadable
from tests.render.probe_worlds import all_holds, incident_probed, link, probe_report, refused
from tests.render.worlds import incident, split_survey, unknown
from tests.service.served import World, document, view


def scraped(world: World) -> dict[str, dict[tuple[str, ...], float]]:
    """By name; labels in the order of their names."""
    with world.served() as site:
        got = site.get("/metrics")
    assert got.headers["content-type"].startswith("text/plain; version=")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(got.text):
        for sample in family.samples:
            values = tuple(sample.labels[name] for name in sorted(sample.labels))
            series = found.setdefault(sample.name.removeprefix("skewcheck_"), {})
            assert values not in series, "a scrape with a series twice is refused as a whole"
            series[values] = sample.value
    return found


def of(shown: Report | None = None, **changed: Any) -> dict[str, dict[tuple[str, ...], float]]:
    world = World()
    world.board.put(view(of=shown, **changed))
    return scraped(world)


def stale_since(moment: datetime | None) -> Report:
    judgement = incident().judgement
    findings = tuple(replace(each, since=moment) for each in judgement.findings)
    return incident(judgement=replace(judgement, findings=findings))


def test_who_tells_this_is_told() -> None:
    assert scraped(World())["build_info"] == {(__version__,): 1}


def test_a_pair_that_does_not_fit_is_zero_and_one_that_fits_is_one() -> None:
    broken, fine = of(incident()), of()
    assert broken["pair_compatible"] == {("01d01d0", "staging", "chat", "9e39e39"): 0}
    assert fine["pair_compatible"] == {("9e39e39", "staging", "chat", "9e39e39"): 1}
    assert {*broken["pair_unknown"].values(), *fine["pair_unknown"].values()} == {0}


def test_a_pair_that_nobody_knows_is_unknown_and_nothing_else() -> None:
    told = of(unknown())
    assert "pair_compatible" not in told
    assert told["pair_unknown"] == {
        ("unknown", "staging", "chat", "unknown"): 1,
        ("9e39e39", "staging", "chat", "unknown"): 1,
    }


def test_a_late_survey_makes_every_pair_unknown_and_the_verdict_inconclusive() -> None:
    told = of(trouble="the newest survey is 5 min old")
    assert "pair_compatible" not in told
    assert set(told["pair_unknown"].values()) == {1}
    assert told["survey_trouble"] == {("staging",): 1}
    assert told["verdict"] == {
        ("staging", "pass"): 0,
        ("staging", "block"): 0,
        ("staging", "inconclusive"): 1,
    }
    assert "edge_stale_seconds" not in told
    assert "probe_success_ratio" not in told


def test_an_environment_without_a_survey_is_in_trouble_and_inconclusive() -> None:
    told = of(report=None)
    assert told["survey_trouble"] == {("staging",): 1}
    assert told["verdict"][("staging", "inconclusive")] == 1
    assert "last_survey_timestamp_seconds" not in told


def test_builds_that_share_a_short_name_are_one_series_with_the_worst_of_them() -> None:
    shown: Any = document(incident())
    (cell,) = shown["matrix"][0]["cells"]
    twin = {**cell, "client": {**cell["client"], "build": "01d01d0" + "f" * 33}}
    for fits, told in ((("no", "yes"), 0), (("yes", "no"), 0), (("yes", "yes"), 1)):
        shown["matrix"][0]["cells"] = [
            {**each, "fit": fit} for each, fit in zip((cell, twin), fits, strict=True)
        ]
        assert set(of(report=shown)["pair_compatible"].values()) == {told}


def test_the_verdict_and_the_moment_of_the_survey_are_told() -> None:
    told = of(incident())
    assert told["verdict"][("staging", "block")] == 1
    assert sum(told["verdict"].values()) == 1
    assert told["last_survey_timestamp_seconds"] == {("staging",): NOW.timestamp()}
    assert told["survey_trouble"] == {("staging",): 0}


def test_a_stale_edge_is_told_in_seconds_that_grow_until_it_is_fresh() -> None:
    world = World()
    world.board.put(view(of=stale_since(NOW - timedelta(hours=1))))
    assert scraped(world)["edge_stale_seconds"] == {
        ("staging", "frontend"): 3600,
        ("staging", "backend"): 0,
    }
    world.clock.wait(60)
    assert scraped(world)["edge_stale_seconds"]["staging", "frontend"] == 3660


def test_a_stale_edge_of_unknown_age_is_as_old_as_the_survey_and_never_zero() -> None:
    world = World()
    world.board.put(view(of=stale_since(None)))
    assert scraped(world)["edge_stale_seconds"]["staging", "frontend"] == 1
    world.clock.wait(90)
    assert scraped(world)["edge_stale_seconds"]["staging", "frontend"] == 90


def test_an_edge_that_cannot_be_read_is_not_called_fresh() -> None:
    told = of(report(survey(frontend(edge=unreadable(), page=page()))))
    assert told["edge_stale_seconds"] == {("staging", "backend"): 0}


def test_probes_are_told_as_the_share_that_held_as_a_browser_makes_them() -> None:
    told = of(all_holds())["probe_success_ratio"]
    assert told == {
        ("staging", "chat", "direct", "2.1"): 1,
        ("staging", "chat", "edge", "2.1"): 1,
    }
    assert min(of(incident_probed())["probe_success_ratio"].values()) < 1


def test_experiments_and_formats_that_nobody_sends_do_not_count() -> None:
    assert "probe_success_ratio" not in of(probe_report(link(refused())))
    shown: Any = document(all_holds())
    for probed in shown["probes"]["links"][0]["probed"]:
        probed["format"]["live"] = False
    assert "probe_success_ratio" not in of(report=shown)


def test_without_probes_no_share_is_told() -> None:
    assert "probe_success_ratio" not in of()


def test_blocks_of_the_gate_are_counted() -> None:
    world = World()
    world.board.blocked = {"staging": 3, "production": 0}
    assert scraped(world)["blocked_total"] == {("staging",): 3, ("production",): 0}


def test_no_more_series_than_environments_links_and_live_builds() -> None:
    """Nothing that moves by itself, and nothing that a stranger writes, becomes a label."""
    labels = {
        label for series in of(report(split_survey())).values() for key in series for label in key
    }
    known = {"staging", "chat", "frontend", "backend", "pass", "block", "inconclusive", __version__}
    assert labels == known | {NEW.short, OLD.short}


def test_every_metric_is_documented_and_alerts_are_on_metrics_that_there_are() -> None:
    world = World()
    world.board.put(view("staging", incident()))
    world.board.put(view("production", incident_probed()))
    world.board.blocked = {"staging": 1}
    told = {f"skewcheck_{name}" for name in scraped(world)}
    text = (Path(__file__).parents[2] / "docs/metrics.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == told
    (written,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    rules = yaml.safe_load(written)["spec"]["groups"][0]["rules"]
    alerted = {name for rule in rules for name in re.findall(r"skewcheck_\w+", rule["expr"])}
    assert alerted <= told
    assert "10 min" in next(r for r in rules if r["alert"] == "NoSurvey")["annotations"]["summary"]
