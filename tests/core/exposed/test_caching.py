"""What headers let a CDN do with an answer."""

import pytest

from skewcheck.core.exposed.caching import NO_HEADER, age_s, allows_storing, fresh_for_s

NOON = "Sun, 01 Mar 2026 12:00:00 GMT"
TEN_PAST = "Sun, 01 Mar 2026 12:10:00 GMT"


@pytest.mark.parametrize(
    "value",
    [
        "no-store", "No-Store, max-age=600", "max-age=600, no-store", "private, max-age=600",
        "no-cache", "no-cache, public", "max-age=0", "max-age=0, must-revalidate",
        "max-age=600, s-maxage=0", 's-maxage="0"', "public,max-age=0", "",
    ],
)  # fmt: skip
def test_these_keep_an_answer_out_of_the_edges_memory(value: str) -> None:
    assert allows_storing({"cache-control": value, "last-modified": NOON}) == ""


@pytest.mark.parametrize(
    "value",
    [
        "max-age=600", "public", "public, immutable", "s-maxage=60, max-age=0", "MAX-AGE=1",
        "s-maxage=31536000, stale-while-revalidate", "max-age=0, stale-while-revalidate=60",
        "must-revalidate", 'no-cache="set-cookie", max-age=60', 'private="x-user, y", max-age=60',
        "max-age=soon",
    ],
)  # fmt: skip
def test_these_let_the_edge_answer_from_memory(value: str) -> None:
    assert allows_storing({"cache-control": value}) == value


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, "", id="nothing said"),
        pytest.param({"last-modified": NOON}, NO_HEADER, id="a date to guess from"),
        pytest.param({"date": NOON, "expires": TEN_PAST}, NO_HEADER, id="expires later"),
        pytest.param({"expires": TEN_PAST}, NO_HEADER, id="expires, nobody knows when"),
        pytest.param({"date": NOON, "expires": NOON}, "", id="expired already"),
        pytest.param({"date": NOON, "expires": "0"}, "", id="an invalid date is a past one"),
        pytest.param({"pragma": "no-cache", "last-modified": NOON}, "", id="in HTTP/1.0's words"),
    ],
)
def test_without_cache_control_a_cache_may_guess(headers: dict[str, str], expected: str) -> None:
    assert allows_storing(headers) == expected


def test_a_permission_for_cdns_alone_is_enough() -> None:
    headers = {"cache-control": "no-store", "cdn-cache-control": "max-age=60"}
    assert allows_storing(headers) == "max-age=60"
    assert allows_storing(headers | {"cdn-cache-control": "no-store"}) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [("3", 3), (" 0 ", 0), ("3, 9", 3), ("-1", None), ("soon", None), ("", None), ("³", None)],
)
def test_age_is_read_or_unknown(value: str, expected: int | None) -> None:
    assert age_s({"age": value}) == expected


def test_no_age_is_not_age_zero() -> None:
    assert age_s({}) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"cache-control": "max-age=600"}, 600, id="as long as max-age"),
        pytest.param({"cache-control": "max-age=600", "age": "100"}, 500, id="minus the age"),
        pytest.param({"cache-control": "max-age=60", "age": "100"}, 0, id="stale, not negative"),
        pytest.param({"cache-control": "max-age=1, s-maxage=9"}, 9, id="shared caches first"),
        pytest.param({"cache-control": "max-age=5, max-age=9"}, 5, id="the first one counts"),
        pytest.param({"cache-control": "no-store"}, 0, id="never kept"),
        pytest.param({"cache-control": "no-cache, max-age=9"}, 0, id="always asked anew"),
        pytest.param({"cache-control": "private, max-age=9"}, 0, id="not in a shared cache"),
        pytest.param({"cache-control": "public"}, None, id="a guess cannot be known"),
        pytest.param({"cache-control": "max-age=x"}, None, id="no number"),
        pytest.param({"date": NOON, "expires": TEN_PAST, "age": "60"}, 540, id="until it expires"),
        pytest.param({"expires": TEN_PAST}, None, id="expires, and nobody knows from when on"),
        pytest.param({"date": "x -0000", "expires": "Sun, 01 Mar 2026 12:00:00"}, 0, id="no zone"),
        pytest.param({}, None, id="nothing said"),
    ],
)
def test_freshness_that_is_left(headers: dict[str, str], expected: int | None) -> None:
    assert fresh_for_s(headers) == expected
