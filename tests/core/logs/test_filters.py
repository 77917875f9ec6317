"""Filters name what was asked for, quoted, and stay short enough to be taken."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from skewcheck.core.logs.filters import (
    MOST_AT_ONCE,
    printed_filters,
    projects_of,
    request_filters,
)
from skewcheck.core.logs.query import LogQuery

SINCE = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONGEST_TAKEN = 20_000


def query(**more: Any) -> LogQuery:
    usual: dict[str, Any] = {"probe_ids": ("p-1",), "since": SINCE}
    return LogQuery(**usual | more)


def test_a_service_is_looked_for_by_its_whole_address_and_a_load_balancer_by_its_kind() -> None:
    wanted = query(
        probe_ids=("p-1", "p-2"), services=(("acme", "r", "api"),), projects=("edge-project",)
    )
    (found,) = request_filters(wanted)
    assert found == (
        'timestamp>="2026-03-02T12:00:00.000000Z"'
        ' AND (httpRequest.userAgent:"p-1" OR httpRequest.userAgent:"p-2")'
        ' AND ((resource.type="cloud_run_revision" AND log_id("run.googleapis.com/requests")'
        ' AND ((resource.labels.project_id="acme" AND resource.labels.location="r"'
        ' AND resource.labels.service_name="api")))'
        ' OR resource.type="http_load_balancer")'
    )
    assert projects_of(wanted) == ("acme", "edge-project")


@pytest.mark.parametrize(
    ("wanted", "absent"),
    [
        (query(services=(("acme", "r", "api"),)), "http_load_balancer"),
        (query(projects=("acme",)), "cloud_run_revision"),
    ],
    ids=["no load balancer", "no service"],
)
def test_what_nobody_asked_for_is_not_looked_for(wanted: LogQuery, absent: str) -> None:
    (found,) = request_filters(wanted)
    assert absent not in found


@pytest.mark.parametrize(
    "wanted", [query(), query(probe_ids=(), projects=("acme",))], ids=["no place", "no probe"]
)
def test_where_nothing_can_be_found_there_is_nothing_to_ask(wanted: LogQuery) -> None:
    assert request_filters(wanted) == ()


def test_a_moment_is_written_in_utc() -> None:
    berlin = SINCE.astimezone(timezone(timedelta(hours=1)))
    assert request_filters(query(since=berlin, projects=("a",))) == request_filters(
        query(projects=("a",))
    )


def test_a_value_cannot_leave_its_quotes() -> None:
    (found,) = request_filters(query(probe_ids=('a" OR severity>="DEFAULT\\',), projects=("p",)))
    assert r'httpRequest.userAgent:"a\" OR severity>=\"DEFAULT\\")' in found


def test_each_id_is_asked_for_once_and_many_are_split_over_several_filters() -> None:
    ids = tuple(f"{number:032x}" for number in range(2 * MOST_AT_ONCE + 1))
    found = request_filters(query(probe_ids=(*ids, ids[0]), projects=("p",)))
    assert [each.count("userAgent") for each in found] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]
    assert all(len(each) <= LONGEST_TAKEN for each in found)


def test_what_programs_printed_is_found_by_the_traces_of_their_requests() -> None:
    (found,) = printed_filters(SINCE, ["projects/acme/traces/1", "projects/acme/traces/2"])
    assert found == (
        'timestamp>="2026-03-02T12:00:00.000000Z"'
        ' AND trace=("projects/acme/traces/1" OR "projects/acme/traces/2")'
        ' AND (log_id("run.googleapis.com/stdout") OR log_id("run.googleapis.com/stderr")'
        ' OR log_id("run.googleapis.com/varlog/system"))'
    )


def test_without_traces_there_is_nothing_more_to_ask_and_with_many_several_questions() -> None:
    traces = [f"projects/a-project-of-thirty-letters-x/traces/{n:032x}" for n in range(101)]
    assert printed_filters(SINCE, ()) == ()
    found = printed_filters(SINCE, traces)
    assert len(found) == 2
    assert all(len(each) <= LONGEST_TAKEN for each in found)
