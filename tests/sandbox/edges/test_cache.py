"""What an edge remembers, for how long, and what an invalidation makes it forget."""

import pytest

from skewcheck.sandbox.edges.cache import Cache, Matcher, lifetime
from skewcheck.sandbox.edges.wire import Head


def response(cache_control: str = "max-age=60", status: str = "200 OK", **more: str) -> Head:
    fields = (
        ("Cache-Control", cache_control),
        *((k.replace("_", "-"), v) for k, v in more.items()),
    )
    return Head(f"HTTP/1.1 {status}", fields)


@pytest.mark.parametrize(
    ("cache_control", "expected"),
    [
        pytest.param("public, max-age=60", (60, 0), id="max-age"),
        pytest.param("max-age=60, s-maxage=5", (5, 0), id="a shared cache has its own"),
        pytest.param("s-maxage=5, stale-while-revalidate=9", (5, 9), id="stale while revalidate"),
        pytest.param("no-store", (0, 0), id="no-store"),
        pytest.param("private, max-age=60", (0, 0), id="private"),
        pytest.param("no-cache, max-age=60", (0, 0), id="no-cache"),
        pytest.param("", (0, 0), id="nothing said"),
    ],
)
def test_cache_control_decides_the_lifetime(
    cache_control: str, expected: tuple[float, float]
) -> None:
    assert lifetime(response(cache_control)) == expected


def test_only_successes_without_cookies_are_stored() -> None:
    cache = Cache()

    assert not cache.put("/", response(status="404 Not Found"), b"", 0)
    assert not cache.put("/", response(Set_Cookie="a=b"), b"", 0)
    assert cache.put("/", response(), b"", 0)


def test_the_query_string_is_no_part_of_the_key_unless_configured() -> None:
    ignoring, heeding = Cache(), Cache(include_query_string=True)
    for cache in (ignoring, heeding):
        cache.put("/?a=1", response(), b"", 0)

    assert ignoring.get("/?a=2", 0)
    assert not heeding.get("/?a=2", 0)


def test_an_entry_grows_old_and_may_be_served_stale() -> None:
    cache = Cache()
    cache.put("/", response("max-age=10, stale-while-revalidate=10"), b"", 100)
    entry = cache.get("/", 115)

    assert entry
    assert entry.age(115) == 15
    assert not entry.fresh(115)
    assert entry.usable(115)
    assert not entry.usable(120)


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        pytest.param("/*", {"/", "/a", "/a/b"}, id="everything"),
        pytest.param("/a", {"/a"}, id="one path"),
        pytest.param("/a/*", {"/a/b"}, id="a directory"),
        pytest.param("/nothing", set(), id="a wrong path"),
    ],
)
def test_an_invalidation_forgets_what_its_path_matches(path: str, gone: set[str]) -> None:
    cache = Cache()
    for target in ("/", "/a", "/a/b"):
        cache.put(target, response(), b"", 0)
    cache.invalidate(Matcher(path), 1)

    assert {target for target in ("/", "/a", "/a/b") if not cache.get(target, 2)} == gone


def test_tags_narrow_an_invalidation() -> None:
    cache = Cache()
    cache.put("/a", response(Cache_Tag="web, html"), b"", 0)
    cache.put("/b", response(Cache_Tag="api"), b"", 0)
    cache.invalidate(Matcher("/*", frozenset(["html"])), 1)

    assert not cache.get("/a", 2)
    assert cache.get("/b", 2)


def test_an_invalidation_counts_from_when_it_is_effective() -> None:
    cache = Cache()
    cache.put("/", response(), b"old", 0)
    cache.invalidate(Matcher(), 10)
    assert cache.get("/", 9)

    cache.put("/", response(), b"still old", 9)
    assert not cache.get("/", 10)

    cache.put("/", response(), b"new", 11)
    assert cache.get("/", 12)
