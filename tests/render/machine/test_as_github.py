# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from skewcheck.core.report import Report
from skewcheck.render.machine import render_github
from skewcheck.render.machine.as_github import command
from tests.builders import report
from tests.render import worlds


def shown(*reports: Report) -> list[str]:
    return render_github(reports).splitlines()


def levels(*reports: Report) -> list[str]:
    return [line.split(" ")[0] for line in shown(*reports)[:-1]]


def test_a_world_that_holds_is_its_verdict_alone() -> None:
    assert shown(report()) == snapshot(
        ["PASS  staging  all fits together  (exit 0)  2026-11-23 22:10 UTC"]
    )


def test_each_finding_is_an_annotation_and_the_verdict_is_last() -> None:
    assert shown(worlds.incident()) == snapshot(
        [
            "::error title=format-skew on chat (staging)::frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend 9e39e39 (100%25 of traffic): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39%0Astale hop: only the edge of frontend still holds 01d01d0%0Asince 2026-11-22 22:10 UTC, 24 h ago%0Aowner web (C012AB), api%0Afix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/",
            "::error title=stale-edge on frontend (staging)::the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a cache-busting read, a hint)%0Astale hop: the edge at https://app.staging.acme.example/ (Age 86400 s)%0Aa cache-busting query brings 9e39e39 (a hint only)%0A01d01d0 is 2 commits behind the promise%0A9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)%0A9e39e39 Read the token from the store (Ada, 2026-11-22)%0Aowner web (C012AB)%0Afix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/",
            "::notice title=behind-manifest on frontend (staging)::runs 01d01d0, 2 commits behind the promise 9e39e39%0A9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)%0A9e39e39 Read the token from the store (Ada, 2026-11-22)%0Asince 2026-11-22 22:10 UTC, 24 h ago%0Aowner web (C012AB)%0Afix: gcloud builds triggers run deploy-web",
            "BLOCK  staging  2 findings block, 1 notice  (exit 10)  2026-11-23 22:10 UTC",
        ]
    )


def test_what_is_unknown_is_an_error() -> None:
    assert set(levels(worlds.unknown())) == {"::error"}


def test_what_was_broken_before_is_a_notice() -> None:
    assert set(levels(worlds.gate_mends())) == {"::notice"}


def test_what_somebody_lets_past_is_a_warning_and_so_is_saying_so() -> None:
    assert levels(worlds.observing()) == ["::warning", "::warning", "::notice", "::warning"]
    assert levels(worlds.broken_glass()) == ["::warning", "::warning", "::notice", "::warning"]
    assert levels(worlds.overridden()) == [
        *("::warning", "::error", "::notice"),
        *("::warning", "::warning", "::warning"),
    ]


def test_several_environments_each_end_with_their_verdict() -> None:
    lines = shown(worlds.incident(), worlds.production())
    assert [line.split(" ")[0] for line in lines if not line.startswith("::")] == ["BLOCK", "PASS"]


def test_what_the_runner_would_obey_is_escaped() -> None:
    line = command("error", "a:b,c%", ["100%: x, y", "::error::z\n"])
    assert line == "::error title=a%3Ab%2Cc%25::100%25: x, y%0A::error::z\\n"


def test_no_command_of_the_older_kind_hides_in_the_last_line() -> None:
    last = shown(report(environment="##[error]x"))[-1]
    assert "##[" not in last
