"""Manifests: safe defaults, rules within one part, and answers with the defaults applied."""

from datetime import date, timedelta

import pytest

from tests.core.document_samples import FULL, SMALLEST, manifest, manifest_problems


def test_the_smallest_useful_manifest_has_safe_defaults() -> None:
    read = manifest(SMALLEST)
    policy, link = read.policy, read.links["chat"]
    assert (policy.enforce.mode, policy.on_skew, policy.lingering_skew) == ("block",) * 3
    assert (policy.drift, policy.success_target) == ("notice", 0.9)
    assert (policy.approvals.count, policy.approvals.not_requester) == (0, True)
    assert (policy.lingers, policy.settle) == (timedelta(hours=12), timedelta(minutes=20))
    assert read.overrides == ()
    assert (link.transport, link.probe.in_gate, link.probe.exercise_in_gate) == (
        "websocket",
        True,
        False,
    )
    assert read.services["web"].repository == "."


def test_every_key_of_the_full_manifest_is_read() -> None:
    read = manifest(FULL)
    assert read.policy.enforce.until == date(2027, 1, 31)
    assert read.policy.freeze[0].from_ == "Fri 16:00"
    assert read.overrides[0].subject == "shop"
    assert read.services["shop"].paths == ("shop/**",)
    assert read.services["talk"].health is not None
    assert read.services["talk"].witnesses == ("control-plane", "edge")
    assert read.links["chat"].contract_path("server") == "contracts/chat.yaml"
    assert read.clients() == {"shop"}


def test_each_side_may_have_a_contract_of_its_own() -> None:
    written = SMALLEST.replace("contract: chat.yaml", "contract: a.yaml, server_contract: b.yaml")
    link = manifest(written).links["chat"]
    assert (link.contract_path("client"), link.contract_path("server")) == ("a.yaml", "b.yaml")


def test_cloud_run_is_found_by_the_service_name_unless_it_says_another() -> None:
    assert manifest(SMALLEST).cloud_run_of("api") == (("acme", "us-east1", "api"),)
    assert manifest(FULL).cloud_run_of("talk") == (
        ("parrot-rehearsal", "europe-west1", "parrot-talk"),
    )


def test_a_static_service_is_nowhere_on_cloud_run() -> None:
    assert manifest(FULL).cloud_run_of("shop") == ()


@pytest.mark.parametrize("own", ["service: x", "region: b1, service: x"])
def test_a_service_stands_in_each_of_its_regions(own: str) -> None:
    written = SMALLEST.replace("{project: acme, region: us-east1}", f"{{{own}}}", 1)
    written += "defaults: {cloud_run: {project: p, regions: [a1, b1]}}\n"
    regions = ["b1"] if "region" in own else ["a1", "b1"]
    assert manifest(written).cloud_run_of("web") == tuple(("p", each, "x") for each in regions)


def test_a_region_is_named_once() -> None:
    written = SMALLEST.replace("region: us-east1", "region: a1, regions: [b1]", 1)
    assert manifest_problems(written) == [
        "m.yaml:4:57: services.web.cloud_run: has both `region` and `regions`"
    ]


def test_an_edge_takes_its_host_from_the_url_unless_it_says_another() -> None:
    assert manifest(FULL).cloud_cdn_of("talk") is None
    edge = manifest(FULL).cloud_cdn_of("shop")
    assert edge is not None
    assert (edge.host, edge.url_map, edge.invalidate[0]) == (
        "cdn.parrot.example",
        "parrot-web",
        "/",
    )
    plain = manifest(FULL.replace("host: cdn.parrot.example, ", "")).cloud_cdn_of("shop")
    assert plain is not None
    assert plain.host == "shop.rehearsal.parrot.example"


def test_a_client_may_linger_for_a_time_of_its_own() -> None:
    read = manifest(FULL)
    assert read.lingers_of("shop") == timedelta(minutes=90)
    assert read.lingers_of("talk") == timedelta(hours=12)


def test_not_lingering_at_all_is_not_the_default() -> None:
    assert manifest(FULL.replace("lingers: 90m", "lingers: 0s")).lingers_of("shop") == timedelta(0)


def test_all_hosts_that_a_manifest_names_are_known() -> None:
    assert manifest(FULL.replace("talk.rehearsal", "Talk.Rehearsal")).hosts() == {
        "shop.rehearsal.parrot.example",
        "talk.rehearsal.parrot.example",
        "cdn.parrot.example",
        "shop.parrot.example",
    }


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        ("{team: api, slack: C034CD}", "web (C012AB), api (C034CD)"),
        ("{team: api}", "web (C012AB), api"),
        ("{slack: C034CD}", "web (C012AB), C034CD"),
        ("{team: web, slack: C012AB}", "web (C012AB)"),
        ("{}", "web (C012AB)"),
    ],
)
def test_a_link_is_owned_by_both_its_sides(owner: str, told: str) -> None:
    written = FULL.replace("    witnesses:", f"    owner: {owner}\n    witnesses:")
    assert manifest(written).owner_of("chat") == told


def test_an_environment_has_no_owner() -> None:
    assert manifest(FULL).owner_of("rehearsal") == ""
    assert manifest(FULL).owner_of("shop") == "web (C012AB)"


SHA = "4b7e20c1f9a86d35e0b2c4d6f8a1937550e6d2c8"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "ref: main,",
            "",
            "4:8: services.web: needs exactly one of `build` and `ref`: what should run",
            id="neither build nor ref",
        ),
        pytest.param(
            "ref: main,",
            f"ref: main, build: {SHA},",
            "4:8: services.web: needs exactly one of `build` and `ref`: what should run",
            id="both build and ref",
        ),
        pytest.param(
            "ref: main,",
            f"build: {SHA}, paths: [web],",
            "4:8: services.web: `paths` narrows a `ref`; with `build` it has no meaning",
            id="paths of a build",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, static: {},",
            "4:8: services.web: needs exactly one of `cloud_run` and `static`: who runs it",
            id="static and on Cloud Run",
        ),
        pytest.param(
            "ref: main,",
            "ref: main..dev,",
            "4:14: services.web.ref: not a git branch, tag or commit (got 'main..dev')",
            id="a range for a ref",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, repository: --upload-pack=x,",
            "4:32: services.web.repository: not a path or a git URL of a repository"
            " (got '--upload-pack=x')",
            id="an option for a repository",
        ),
        pytest.param(
            "ref: main,",
            'ref: main, repository: "ext::sh",',
            "4:32: services.web.repository: not a path or a git URL of a repository"
            " (got 'ext::sh')",
            id="a remote helper for a repository",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, witnesses: [],",
            "4:31: services.web.witnesses: empty; write at least one",
            id="no witness",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, witnesses: [edge, orgin],",
            "4:38: services.web.witnesses.1: not one of `control-plane`, `origin`, `edge`, `page`;"
            " did you mean `origin`? (got 'orgin')",
            id="a witness misspelt",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, witnesses: edge,",
            "4:31: services.web.witnesses: wants a list, such as [a, b] (got 'edge')",
            id="a word for a list",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, deploy: {},",
            "4:28: services.web.deploy: needs exactly one of `image` and `cloud_build_trigger`",
            id="a deploy without a way",
        ),
        pytest.param(
            "ref: main,",
            'ref: main, deploy: {image: "a/b:{sha}"},',
            "4:36: services.web.deploy.image: must hold {build}, and nothing else in braces"
            " (got 'a/b:{sha}')",
            id="an image without the build",
        ),
        pytest.param(
            "server: api",
            "server: web",
            "7:9: links.chat: client and server are the same service",
            id="a link to itself",
        ),
        pytest.param(
            "contract: chat.yaml",
            "client_contract: chat.yaml",
            "7:9: links.chat: needs `contract`, or both `client_contract` and `server_contract`",
            id="half a contract",
        ),
        pytest.param(
            "path: /ws",
            "token: {env: A, command: [b]}",
            "7:64: links.chat.token: needs exactly one of `env`, `command` and `google_id_token`",
            id="two tokens",
        ),
        pytest.param(
            "path: /ws",
            "probe: {handshakes: 0}",
            "7:77: links.chat.probe.handshakes: not a whole number, 1 or more (got '0')",
            id="no handshakes",
        ),
    ],
)
def test_a_part_that_contradicts_itself_is_refused(old: str, new: str, told: str) -> None:
    assert manifest_problems(SMALLEST.replace(old, new, 1)) == [f"m.yaml:{told}"]
