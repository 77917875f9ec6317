"""Which lines of URL maps lead to a service."""

import pytest

from skewcheck.core.drafting.routes import buckets, routes_to
from skewcheck.core.load_balancing import Backend, HostRoute, UrlMap


def maps(*routes: tuple[str, str, Backend]) -> tuple[UrlMap, ...]:
    made = tuple(HostRoute(host=h, path=p, backend=b) for h, p, b in routes)
    return (UrlMap(project="acme", name="acme-web", routes=made),)


def behind(*pairs: tuple[str, str]) -> Backend:
    return Backend(name="b", cloud_run=pairs)


def hosts(service: str, found: tuple[UrlMap, ...]) -> list[str]:
    return [each.to.host for each in routes_to(service, ("r-1", "r-2"), found)]


def test_a_backend_of_any_of_its_regions_leads_there() -> None:
    found = maps(("a", "/*", behind(("r-2", "web"))), ("b", "/*", behind(("r-1", "api"))))
    assert hosts("web", found) == ["a"]


def test_a_service_of_that_name_in_another_region_is_another() -> None:
    assert hosts("web", maps(("a", "/*", behind(("r-3", "web"))))) == []


def test_a_line_that_is_there_twice_is_one() -> None:
    line = ("a", "/*", behind(("r-1", "web"), ("r-2", "web")))
    assert hosts("web", maps(line, line)) == ["a"]


@pytest.mark.parametrize(
    ("mask", "host", "leads"),
    [
        ("<service>.acme.example", "web.acme.example", True),
        ("<service>.acme.example", "api.acme.example", False),
        ("<tag>.<service>.acme.example", "v1.web.acme.example", True),
        ("acme.example/<service>", "acme.example", False),
        ("<service>.acme.example", "*.acme.example", False),
        ("<service>.acme.example", "web.acme-example", False),
    ],
)
def test_a_url_mask_leads_where_the_host_says_it(mask: str, host: str, leads: bool) -> None:  # noqa: FBT001
    found = maps((host, "/*", Backend(name="all", url_mask=mask)))
    assert bool(hosts("web", found)) is leads


def test_buckets_with_a_host_of_their_own_are_clients_to_be() -> None:
    files = Backend(name="Web_Files", bucket="files")
    found = maps(
        ("a", "/*", files), ("b", "/*", files), ("a", "/img/*", Backend(name="i", bucket="i"))
    )
    assert {name: [each.to.host for each in routes] for name, routes in buckets(found).items()} == {
        "web_files": ["a", "b"]
    }
