"""The draft as a file: readable by skewcheck where nothing needed is missing, loud where it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from skewcheck.core.documents import DocumentError, parse_manifest
from skewcheck.core.drafting.draft import Draft, Field, Gap, Section
from skewcheck.core.drafting.facts import Facts, ServiceFacts
from skewcheck.core.drafting.make import make_draft
from skewcheck.core.findings import Code
from skewcheck.core.manifest import Manifest
from skewcheck.render.drafting import render_draft, render_summary
from tests.core.drafting import found


def read(draft: Draft) -> Manifest:
    return parse_manifest(render_draft(draft).text.encode(), file="manifests/staging.yaml")


def section(*items: Field | Gap, name: str = "web", lead: tuple[str, ...] = ()) -> Draft:
    return Draft(
        environment="staging",
        project="acme",
        defaults=(),
        services=(Section(name=name, items=items, lead=lead),),
        links=(),
    )


def missing(key: str = "url", **changed: Any) -> Gap:
    return Gap(**({"key": key, "what": "where it is", "example": "https://x"} | changed))


def test_a_first_manifest() -> None:
    older = found.live(without=frozenset({"contracts/chat.yaml"}))
    draft = found.draft(
        found.web(live=(older,)),
        found.api(routes=(found.route("app.acme.example", "/ws"),)),
        said=found.answers(links={}),
    )
    assert render_draft(draft).text == snapshot("""\
# yaml-language-server: $schema=https://skewcheck.dev/schema/manifest-1.json
#
# What staging should run: a first draft, of what was found in project
# acme-staging. "guess" marks what only seems so: check it, then delete the
# remark. "UNKNOWN" marks what you must fill in.
schema: 1
environment: staging

defaults:
  cloud_run: {project: acme-staging, region: us-central1}
  cloud_cdn: {project: acme-staging, url_map: acme-web}

services:
  web:
    # serves 9e39e39 (r-1, 100 % of traffic; told by label commit-sha)
    ref: main  # guess: the remote's default branch; or build: SHA
    # guess: URL map acme-web sends app.acme.example here
    url: https://app.acme.example
    version_path: /__version__
    cloud_run: {service: web}
    # guess: a tag seen on it is a commit
    deploy: {image: "registry/acme/web:{build}"}
    # guess: Cloud CDN is on in acme-web; what a deploy must make it forget
    edge: {cloud_cdn: {invalidate: [/, /index.html, /__version__]}}
  api:
    # serves 9e39e39 (r-1, 100 % of traffic; told by label commit-sha)
    ref: main  # guess: the remote's default branch; or build: SHA
    # guess: URL map acme-web sends app.acme.example/ws here
    url: https://app.acme.example
    version_path: /__version__
    cloud_run: {service: api}
    # guess: a tag seen on it is a commit
    deploy: {image: "registry/acme/api:{build}"}
    # documents at that host are another service's
    witnesses: [control-plane, origin]

links:
  chat:
    client: web  # guess: the only service whose / is a page
    server: api  # guess: the only service that is no page
    contract: contracts/chat.yaml
    # UNKNOWN: what 9e39e39, which serves, speaks: it is older than that file
    # (the same file if they speak what it says; else describe it in a file of
    # its own)
    # assume: contracts/chat.yaml
    path: /ws  # guess: URL map acme-web sends app.acme.example/ws there
""")


def test_the_first_manifest_reads_as_it_was_meant() -> None:
    manifest = read(found.draft())
    assert manifest.cloud_run_of("web") == (("acme-staging", "us-central1", "web"),)
    cdn = manifest.cloud_cdn_of("web")
    assert cdn is not None
    assert (cdn.url_map, cdn.host) == ("acme-web", "app.acme.example")
    assert manifest.links["chat"].path == "/ws"


def test_remarks_stand_beside_short_lines_and_above_long_ones() -> None:
    text = render_draft(section(Field(key="ref", value="main", guess="so"))).text
    assert "    ref: main  # guess: so\n" in text
    text = render_draft(section(Field(key="ref", value="main", remark="so " * 30))).text
    assert "so so\n    # so" in text
    assert text.endswith("    ref: main\n\nlinks:\n")


def test_a_gap_leaves_only_comments() -> None:
    text = render_draft(section(missing(how="ask"))).text
    assert "    # UNKNOWN: where it is (ask)\n    # url: https://x\n" in text


def test_a_gap_whose_absence_would_pass_is_refused_by_its_place() -> None:
    draft = found.draft(said=found.answers(links={}))
    with pytest.raises(DocumentError, match=r"links\.chat\.path: not a path such as /ws") as told:
        read(draft)
    (problem,) = told.value.problems
    assert [problem.line] == [each.line for each in render_draft(draft).missing]


def test_gaps_are_placed_by_line() -> None:
    rendered = render_draft(section(Field(key="ref", value="main"), missing(optional=True)))
    (gap,) = rendered.missing
    assert rendered.text.splitlines()[gap.line - 1] == "    # url: https://x"
    assert (gap.path, gap.optional) == ("services.web.url", True)


def test_what_others_wrote_stays_within_its_comment() -> None:
    hostile = "x\n  evil: {\x1b[2J"
    draft = section(
        Field(key="ref", value="main", guess=hostile),
        missing(what=hostile, how=hostile, example=hostile),
        lead=(hostile,),
    )
    text = render_draft(draft).text
    assert all(
        line.lstrip().startswith(("#", "ref: main  #"))
        for line in text.splitlines()
        if "evil" in line
    )
    assert "\x1b" not in text


def test_what_could_not_be_read_is_said_before_anything_else() -> None:
    blind = found.unreadable("https://compute", Code.UNAUTHORIZED, fix="gcloud x")
    head, _, _ = render_draft(found.draft(blind=blind)).text.partition("schema: 1")
    assert "#\n# Load balancers could not be read" in head
    assert "gcloud x" in head


def test_the_summary_counts_and_lists() -> None:
    draft = found.draft(said=found.answers(links={}))
    told = render_summary(
        draft, render_draft(draft), file="manifests/staging.yaml", commands=["skewcheck doctor"]
    )
    assert told == snapshot("""\
manifests/staging.yaml: 2 services and 1 link, 9 guesses to check
to fill in:
  line 42 links.chat.path: the path of the WebSocket, such as /ws
next, once what is needed is there:
  skewcheck doctor
then commit it: from then on skewcheck reads it from git\
""")


def test_the_summary_of_a_whole_draft_has_nothing_to_fill_in() -> None:
    draft = found.draft()
    told = render_summary(draft, render_draft(draft), file="", commands=[])
    assert told.startswith("the manifest: 2 services and 1 link, ")
    assert "to fill in" not in told
    assert "\nnext:\n" in told


def test_what_is_not_needed_may_wait() -> None:
    draft = section(missing(), missing("deploy", optional=True))
    told = render_summary(draft, render_draft(draft), file="x", commands=[])
    assert "services.web.url: where it is\n" in told
    assert "services.web.deploy: where it is (may wait)\n" in told


def test_one_guess_is_one() -> None:
    draft = section(Field(key="ref", value="main", guess="so"))
    told = render_summary(draft, render_draft(draft), file="x", commands=[])
    assert told.startswith("x: 1 service and 0 links, 1 guess to check")


NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
ODD = st.text(max_size=20) | st.sampled_from(["no", "1.0", "a: b", "#", "*", "", "http://x", "/ws"])
HOSTS = st.sampled_from(["app.example", "api.example", "*", "*.example", "bad host"]) | ODD
LOOKS = st.none() | st.builds(
    found.answering,
    st.sampled_from(["https://a.example", "https://b.example"]),
    html=st.booleans(),
    sockets=st.lists(ODD, max_size=2).map(tuple),
)
LIVE = st.builds(
    found.live,
    build=st.sampled_from(["", "9e39" * 10]),
    stranger=st.just("") | ODD,
    is_tip=st.booleans(),
    folders=st.sampled_from([(), ("web",), ("a b", "c")]),
    without=st.sampled_from([frozenset[str](), frozenset({"contracts/chat.yaml"})]),
)
ROUTES = st.builds(
    found.route,
    HOSTS,
    st.sampled_from(["/*", "/ws", "/api/*"]) | ODD,
    url_map=NAMES,
    cdn=st.booleans(),
)


@st.composite
def services(draw: st.DrawFn, name: str) -> Any:
    regions = draw(st.sampled_from([(), ("r-1",), ("r-1", "r-2")]))
    plane = found.plane(
        name,
        internal=draw(st.booleans()),
        deployed_image=draw(ODD | st.just(f"a/b:{'9e39' * 10}")),
        url=draw(st.sampled_from(["https://x.a.run.app", "", "no url"])),
    )
    unread = found.unreadable("https://run", Code.UNAUTHORIZED, detail=draw(ODD))
    return ServiceFacts(
        name=name,
        regions=regions,
        planes=((plane if draw(st.booleans()) else unread),) if regions else (),
        backing="" if regions else draw(st.sampled_from(["", "the bucket x"])),
        routes=tuple(draw(st.lists(ROUTES, max_size=2))),
        live=tuple(draw(st.lists(LIVE, max_size=2))) if regions else (),
        look=draw(LOOKS),
        silent=draw(st.sampled_from([None, unread])),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    contracts = st.sampled_from(
        [
            (),
            (found.contract(),),
            (found.contract(protocol="Läuft: so #1"), found.contract("contracts/b-before.yaml")),
            (found.contract(handshake={"token_in": "cookie:a"}),),
        ]
    )
    return found.facts(
        *(draw(services(name)) for name in names),
        contracts=draw(contracts),
        ref=draw(st.sampled_from(["main", ""])),
    )


@given(worlds(), st.sampled_from([{}, {("", "path"): "/ws"}]))
def test_what_is_rendered_reads_or_names_what_is_missing(
    facts: Facts, said: dict[tuple[str, str], str]
) -> None:
    draft = make_draft(facts, found.answers(links=said))
    rendered = render_draft(draft)
    if draft.is_whole:
        read(draft)
        return
    with pytest.raises(DocumentError) as told:
        read(draft)
    needed = [each for each in rendered.missing if not each.optional]
    for problem in told.value.problems:
        near = (each.path.rpartition(".")[0] for each in needed)
        assert any(problem.path.startswith(place) for place in near), str(problem)
