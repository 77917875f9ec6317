"""Ways past the edge, and who may be sent the token."""

from typing import Any

import pytest

from skewcheck.core.manifest import Link, Manifest
from skewcheck.core.probe.ways import (
    Ways,
    only_trusted,
    origin_of,
    page_origin,
    trusted_origins,
    ways_past_the_edge,
)
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import Target
from tests.builders import (
    API,
    BACKEND,
    CHAT,
    FRONTEND,
    NEW,
    OLD,
    backend,
    manifest,
    plane,
    revision,
    survey,
    target,
    unreadable,
)
from tests.transcripts import DIRECT

RUN = "https://acme-api-x.a.run.app"
TAGGED = "https://t1---acme-api-x.a.run.app"
TWO = (revision(), revision("acme-api-00001", OLD))
IDLE = plane(targets=[target(percent=0)])


def chat(seen: Survey) -> Link:
    return seen.manifest.links["chat"]


def ways(**changed: Any) -> Ways:
    seen = survey(backend(**changed))
    return ways_past_the_edge(seen, chat(seen))


def split(*tags: str, **changed: Any) -> Ways:
    """Two revisions at half each; a tag URL for each name given, from the newest."""
    named = (*tags, "", "")[:2]
    targets = [
        target(each.name, 50, tag="t" if tag else "", url=f"https://{tag}.run.app/" if tag else "")
        for each, tag in zip(TWO, named, strict=True)
    ]
    return ways(planes=(plane(*TWO, targets=targets, **changed),))


def test_a_sole_revision_is_reached_by_the_services_own_url() -> None:
    sole = Target(place="direct", url=f"{RUN}/ws", revision="acme-api-00002", build=NEW.value)
    assert ways() == Ways(directs=(sole,))


def test_of_a_split_each_revision_is_reached_by_its_tag() -> None:
    found = split("t2", "t1").directs
    assert [(each.revision, each.url, each.build) for each in found] == [
        ("acme-api-00002", "https://t2.run.app/ws", NEW.value),
        ("acme-api-00001", "https://t1.run.app/ws", OLD.value),
    ]


def test_of_a_split_those_without_a_tag_cannot_be_addressed() -> None:
    assert [each.revision for each in split("t2").directs] == ["acme-api-00002"]


def test_a_split_without_tags_is_reached_somewhere() -> None:
    assert split().directs == (Target(place="direct", url=f"{RUN}/ws"),)


def test_a_tag_without_traffic_is_no_way_to_what_serves() -> None:
    idle = target("acme-api-00001", 0, tag="next", url=TAGGED)
    [only] = ways(planes=(plane(*TWO, targets=[target(), idle]),)).directs
    assert (only.url, only.revision) == (f"{RUN}/ws", "acme-api-00002")


def test_a_sole_revision_of_a_service_without_a_url_is_reached_by_its_tag() -> None:
    tagged = target(tag="t1", url=TAGGED)
    [only] = ways(planes=(plane(targets=[tagged], url=""),)).directs
    assert (only.url, only.revision) == (f"{TAGGED}/ws", "acme-api-00002")


def test_the_first_of_two_tags_is_taken() -> None:
    targets = [
        target(percent=p, tag=t, url=f"https://{t}.run.app") for p, t in ((100, "a"), (0, "b"))
    ]
    [only] = ways(planes=(plane(targets=targets, url=""),)).directs
    assert only.url == "https://a.run.app/ws"


def test_a_revision_of_unknown_build_is_a_way_like_any_other() -> None:
    [only] = ways(planes=(plane(revision(build=None)),)).directs
    assert (only.revision, only.build) == ("acme-api-00002", "")


def test_each_region_is_a_way() -> None:
    second = plane(url="https://acme-api-y.a.run.app")
    assert len(ways(planes=(plane(), second)).directs) == 2


def test_regions_whose_ingress_is_internal_are_none() -> None:
    inner = plane(url="https://acme-api-y.a.run.app", internal=True)
    assert [each.url for each in ways(planes=(inner, plane())).directs] == [f"{RUN}/ws"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param({"planes": ()}, "Cloud Run did not say", id="nothing known"),
        pytest.param({"planes": (unreadable(),)}, "Cloud Run did not say", id="unreadable"),
        pytest.param({"planes": (plane(internal=True),)}, "is internal", id="internal"),
        pytest.param({"planes": (IDLE,)}, "no revision of backend", id="no traffic"),
        pytest.param({"planes": (plane(url=""),)}, "a URL of its own", id="URL switched off"),
    ],
)
def test_what_is_out_of_reach_says_why(changed: dict[str, Any], told: str) -> None:
    found = ways(**changed)
    assert told in found.no_way
    assert (found.directs, found.no_origin) == ((), "")


def test_what_is_left_out_on_purpose_says_so() -> None:
    found = ways(undeclared=("origin",))
    assert found == Ways(no_origin="services.backend.witnesses names no origin")


def test_a_static_server_has_no_origin_that_we_know() -> None:
    static = {**BACKEND, "static": {}}
    del static["cloud_run"]
    promised = manifest(services={"frontend": FRONTEND, "backend": static})
    seen = survey(backend(planes=()), manifest=promised)
    assert "static" in ways_past_the_edge(seen, chat(seen)).no_origin


def trusted(rules: Manifest | None = None, **changed: Any) -> frozenset[str]:
    seen = survey(**changed)
    return trusted_origins(seen, rules or seen.manifest, "chat", chat(seen))


def ruling(**server: Any) -> Manifest:
    return manifest(services={"frontend": FRONTEND, "backend": {**BACKEND, **server}})


def test_the_manifest_and_cloud_run_name_whom_to_trust() -> None:
    tagged = plane(targets=[target(), target(percent=0, tag="c-1", url=TAGGED)])
    seen = survey(backend(planes=(tagged, unreadable())))
    found = trusted_origins(seen, seen.manifest, "chat", chat(seen))
    assert found == {f"{API}:443", f"{RUN}:443", f"{TAGGED}:443"}


def test_a_change_of_the_url_under_review_is_not_trusted() -> None:
    assert trusted(ruling(url="https://api.acme.example")) == {f"{RUN}:443"}


def test_a_change_of_the_cloud_run_service_under_review_is_not_trusted() -> None:
    assert trusted(ruling(cloud_run={"service": "other"})) == {f"{API}:443"}


def test_a_service_without_a_url_of_its_own_adds_nobody() -> None:
    seen = survey(backend(planes=(plane(url=""),)))
    assert trusted_origins(seen, seen.manifest, "chat", chat(seen)) == {f"{API}:443"}


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(manifest(links={}), id="the link is new"),
        pytest.param(
            manifest(
                services={"frontend": FRONTEND, "backend": BACKEND, "other": BACKEND},
                links={"chat": {**CHAT, "server": "other"}},
            ),
            id="it led to another server",
        ),
        pytest.param(manifest(services={}, links={}), id="nothing was there"),
    ],
)
def test_what_the_policy_ref_does_not_know_is_trusted_with_nothing(rules: Manifest) -> None:
    assert trusted(rules) == frozenset()


def test_only_trusted_ways_are_kept() -> None:
    other = Target(place="direct", url="https://elsewhere.example/ws", revision="r")
    found = only_trusted(Ways(directs=(DIRECT, other)), frozenset({f"{RUN}:443"}))
    assert found == Ways(directs=(DIRECT,))


def test_where_no_way_is_trusted_that_is_why_there_is_none() -> None:
    found = only_trusted(Ways(directs=(DIRECT,)), frozenset())
    assert found.directs == ()
    assert f"{RUN}:443 may be sent no token" in found.no_way


@pytest.mark.parametrize("known", [Ways(no_way="internal"), Ways(no_origin="static")])
def test_why_there_is_no_way_stays(known: Ways) -> None:
    assert only_trusted(known, frozenset()) == known


@pytest.mark.parametrize(
    ("url", "origin", "page"),
    [
        ("https://Api.Acme.example/ws", "https://api.acme.example:443", "https://api.acme.example"),
        ("http://acme.example:80/x", "http://acme.example:80", "http://acme.example"),
        ("https://acme.example:443", "https://acme.example:443", "https://acme.example"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_origins_are_compared_with_their_ports_and_sent_as_browsers_do(
    url: str, origin: str, page: str
) -> None:
    assert (origin_of(url), page_origin(url)) == (origin, page)


def test_an_origin_of_another_scheme_has_no_usual_port() -> None:
    assert origin_of("ftp://acme.example/x") == "ftp://acme.example:0"
