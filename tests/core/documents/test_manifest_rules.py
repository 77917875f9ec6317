"""Rules between the parts of a manifest, each with the place and the name that was meant."""

import pytest

from tests.core.document_samples import FULL, SMALLEST, manifest, manifest_problems


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "client: web",
            "client: wbe",
            "7:18: links.chat.client: no service `wbe`; did you mean `web`?",
            id="dangling client",
        ),
        pytest.param(
            "server: api",
            "server: backend",
            "7:31: links.chat.server: no service `backend`",
            id="dangling server",
        ),
        pytest.param(
            "  chat:",
            "  api:",
            "7:3: links.api: a service is called `api` too; findings could not tell them apart",
            id="one name for two things",
        ),
        pytest.param(
            "project: acme, region: us-east1",
            "region: us-east1",
            "4:57: services.web.cloud_run.project: missing, here and in defaults.cloud_run",
            id="no project",
        ),
        pytest.param(
            "project: acme, region: us-east1",
            "project: acme",
            "4:57: services.web.cloud_run.region: missing, here and in defaults.cloud_run",
            id="no region",
        ),
        pytest.param(
            "ref: main,",
            "ref: main, edge: {cloud_cdn: {project: a}},",
            "4:38: services.web.edge.cloud_cdn.url_map: missing, here and in defaults.cloud_cdn",
            id="no URL map",
        ),
    ],
)
def test_parts_that_do_not_fit_are_told_with_their_place(old: str, new: str, told: str) -> None:
    assert manifest_problems(SMALLEST.replace(old, new, 1)) == [f"m.yaml:{told}"]


@pytest.mark.parametrize(
    ("override", "told"),
    [
        (
            "finding: stale-egde, subject: web",
            "8:23: overrides.0.finding: no such finding code; did you mean `stale-edge`?"
            " (got 'stale-egde')",
        ),
        (
            "finding: stale-edge, subject: wbe",
            "8:44: overrides.0.subject: no service, link or environment of this name;"
            " did you mean `web`? (got 'wbe')",
        ),
        (
            "finding: stale-edge, subject: zebra",
            "8:44: overrides.0.subject: no service, link or environment of this name (got 'zebra')",
        ),
    ],
)
def test_an_override_of_nothing_is_refused(override: str, told: str) -> None:
    written = f"overrides: [{{{override}, until: 2026-12-01, reason: it is known}}]\n"
    assert manifest_problems(SMALLEST + written) == [f"m.yaml:{told}"]


@pytest.mark.parametrize("subject", ["web", "chat", "staging"])
def test_services_links_and_the_environment_may_be_overridden(subject: str) -> None:
    written = f"{{finding: stale-edge, subject: {subject}, until: 2026-12-01, reason: known}}"
    assert manifest(SMALLEST + f"overrides: [{written}]\n").overrides[0].subject == subject


def test_an_override_ends_on_a_day_and_has_a_reason() -> None:
    written = 'overrides: [{finding: stale-edge, subject: web, until: later, reason: ""}]\n'
    assert manifest_problems(SMALLEST + written) == [
        "m.yaml:8:56: overrides.0.until: not a date such as 2026-12-31 (got 'later')",
        "m.yaml:8:71: overrides.0.reason: empty",
    ]


def test_a_static_service_has_no_control_plane_and_no_image() -> None:
    written = FULL.replace("static: {}", "static: {}\n    witnesses: [edge, control-plane]")
    written = written.replace("{cloud_build_trigger: deploy-shop}", '{image: "a:{build}"}')
    assert manifest_problems(written) == [
        "m.yaml:32:23: services.shop.witnesses.1: a static service has no control plane to witness",
        "m.yaml:33:21: services.shop.deploy.image: an image needs `cloud_run`; a static service is"
        " deployed by its trigger",
    ]


def test_only_the_first_slips_are_compared_with_every_name() -> None:
    links = "".join(
        f"  l{number}: {{client: wbe, server: api, contract: c.yaml}}\n" for number in range(20)
    )
    told = manifest_problems(SMALLEST.partition("links:")[0] + "links:\n" + links)
    assert [problem.endswith("did you mean `web`?") for problem in told] == [True] * 10 + [
        False
    ] * 10
