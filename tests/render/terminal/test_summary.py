# ruff: noqa: E501 - goldens are as wide as what they pin

import re

from inline_snapshot import snapshot

from skewcheck.render.terminal import render_terminal
from tests.builders import report
from tests.render import worlds
from tests.render.shown import shown


def test_several_environments_stand_side_by_side_first() -> None:
    assert shown(worlds.incident(), worlds.production()) == snapshot("""\
service    staging            production
frontend   01d01d0 2 behind   9e39e39 =
backend    9e39e39 =          9e39e39 =
verdict    BLOCK              PASS

BLOCK  staging  2 findings block, 1 notice  (exit 10)  2026-11-23 22:10 UTC

chat  frontend → backend  0 of 1 pairs fit
  DOES NOT FIT  01d01d0 (edge, page) → 9e39e39 (100%): both say 2.1, but the
      format differs: client sha256:01d001d0, server sha256:9e399e39

block    format-skew  chat  frontend 01d01d0 (the edge serves it; the edge
    serves its page) cannot talk to backend 9e39e39 (100% of traffic): both say
    2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39
    since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB), api
    - stale hop: only the edge of frontend still holds 01d01d0
    fix:
    gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

block    stale-edge  frontend  the edge serves 01d01d0 (version document and
    page), but behind it runs 9e39e39 (a cache-busting read, a hint)
    owner web (C012AB)
    - stale hop: the edge at https://app.staging.acme.example/ (Age 86400 s)
    - a cache-busting query brings 9e39e39 (a hint only)
    - 01d01d0 is 2 commits behind the promise
    - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
    - 9e39e39 Read the token from the store (Ada, 2026-11-22)
    fix:
    gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

notice   behind-manifest  frontend  runs 01d01d0, 2 commits behind the promise
    9e39e39  (since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB))
    - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
    - 9e39e39 Read the token from the store (Ada, 2026-11-22)
    fix: gcloud builds triggers run deploy-web

what to do next:
  gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

PASS  production  all fits together  (exit 0)  2026-11-23 22:10 UTC

chat  frontend → backend  1 of 1 pairs fit

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_more_environments_than_there_is_room_for_are_stacked() -> None:
    many = [report(worlds.split_survey(), environment=f"staging-{n}") for n in range(4)]
    assert shown(*many).startswith(
        "staging-0  PASS\n  frontend  9e39e39 =\n  backend  90% 9e39e39 =, 10% 01d01d0 1 behind\n"
    )


def test_a_service_that_an_environment_lacks_is_a_dash() -> None:
    empty = worlds.empty()
    assert re.search(r"frontend +9e39e39 = +-\n", shown(report(), empty))


def test_colour_changes_nothing_but_the_colours() -> None:
    for each in (worlds.incident(), worlds.gate_mends(), worlds.unknown()):
        coloured = render_terminal([each], width=80, colour=True)
        assert "\x1b[" in coloured
        bare = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]
        assert bare == shown(each).splitlines()


def test_no_sha_is_ever_cut() -> None:
    for width in range(40, 140, 7):
        assert shown(worlds.incident(), width=width).count("01d01d0") >= 4
