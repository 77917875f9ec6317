# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from tests.builders import report
from tests.render import worlds
from tests.render.shown import shown


def test_a_world_that_holds_says_so_in_one_line() -> None:
    assert shown(report(), width=80) == snapshot("""\
PASS  staging  all fits together  (exit 0)  2026-11-23 22:10 UTC

service    promise   control plane                    edge        page
frontend   9e39e39                                    9e39e39 =   9e39e39 =
backend    9e39e39   100% 9e39e39 =  acme-api-00002   9e39e39 =
= as promised

chat  frontend → backend  1 of 1 pairs fit
  fits  9e39e39 (edge, page) → 9e39e39 (100%): 2.1 in the same format

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_the_incident_fits_on_a_narrow_terminal() -> None:
    assert shown(worlds.incident(), width=80) == snapshot("""\
BLOCK  staging  2 findings block, 1 notice  (exit 10)  2026-11-23 22:10 UTC

service    promise   control plane    edge               page
frontend   9e39e39                    01d01d0 2 behind   01d01d0 2 behind
backend    9e39e39   100% 9e39e39 =   9e39e39 =
= as promised

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

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_the_incident_fits_on_a_narrow_terminal_with_more_room() -> None:
    assert shown(worlds.incident(), width=140) == snapshot("""\
BLOCK  staging  2 findings block, 1 notice  (exit 10)  2026-11-23 22:10 UTC

service    promise   control plane                    edge               page
frontend   9e39e39                                    01d01d0 2 behind   01d01d0 2 behind
backend    9e39e39   100% 9e39e39 =  acme-api-00002   9e39e39 =
= as promised

chat  frontend → backend  0 of 1 pairs fit
  DOES NOT FIT  01d01d0 (edge, page) → 9e39e39 (100%): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39

block    format-skew  chat  frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend 9e39e39 (100% of
    traffic): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39
    since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB), api
    - stale hop: only the edge of frontend still holds 01d01d0
    fix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

block    stale-edge  frontend  the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a cache-busting read, a
    hint)
    owner web (C012AB)
    - stale hop: the edge at https://app.staging.acme.example/ (Age 86400 s)
    - a cache-busting query brings 9e39e39 (a hint only)
    - 01d01d0 is 2 commits behind the promise
    - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
    - 9e39e39 Read the token from the store (Ada, 2026-11-22)
    fix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

notice   behind-manifest  frontend  runs 01d01d0, 2 commits behind the promise 9e39e39  (since 2026-11-22 22:10 UTC, 24 h ago; owner web
    (C012AB))
    - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
    - 9e39e39 Read the token from the store (Ada, 2026-11-22)
    fix: gcloud builds triggers run deploy-web

what to do next:
  gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_split_and_lingering_clients_show_every_pair() -> None:
    assert shown(report(worlds.split_survey()), width=80) == snapshot("""\
PASS  staging  nothing that was looked at blocks, 3 notices  (exit 0)
    2026-11-23 22:10 UTC

service    promise   control plane          origin   edge        page
frontend   9e39e39                                   9e39e39 =   9e39e39 =
backend    9e39e39   90% 9e39e39 =          -        9e39e39 =
                     10% 01d01d0 1 behind
= as promised   - not looked at, by the manifest

chat  frontend → backend  4 of 4 pairs fit
  fits  9e39e39 (edge, page) → 9e39e39 (90%): 2.1 in the same format
  fits  9e39e39 (edge, page) → 01d01d0 (10%): 2.1 in the same format
  fits  01d01d0 (may linger until 2026-11-24 08:10 UTC) → 9e39e39 (90%): 2.1 in
      the same format
  fits  01d01d0 (may linger until 2026-11-24 08:10 UTC) → 01d01d0 (10%): 2.1 in
      the same format

notice   witness-not-declared  backend  not looked at, by
    services.backend.witnesses: origin  (owner api)
notice   split-traffic  backend  traffic is split: acme-api-00002 90%,
    acme-api-00001 10%  (owner api)
notice   behind-manifest  backend  runs 01d01d0, 1 commit behind the promise
    9e39e39  (since 2026-11-22 22:10 UTC, 24 h ago; owner api)
    fix: deploy the promised build of backend

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_split_and_lingering_clients_show_every_pair_with_more_room() -> None:
    assert shown(report(worlds.split_survey()), width=140) == snapshot("""\
PASS  staging  nothing that was looked at blocks, 3 notices  (exit 0)  2026-11-23 22:10 UTC

service    promise   control plane                          origin   edge        page
frontend   9e39e39                                                   9e39e39 =   9e39e39 =
backend    9e39e39   90% 9e39e39 =  acme-api-00002          -        9e39e39 =
                     10% 01d01d0 1 behind  acme-api-00001
= as promised   - not looked at, by the manifest

chat  frontend → backend  4 of 4 pairs fit
  fits  9e39e39 (edge, page) → 9e39e39 (90%): 2.1 in the same format
  fits  9e39e39 (edge, page) → 01d01d0 (10%): 2.1 in the same format
  fits  01d01d0 (may linger until 2026-11-24 08:10 UTC) → 9e39e39 (90%): 2.1 in the same format
  fits  01d01d0 (may linger until 2026-11-24 08:10 UTC) → 01d01d0 (10%): 2.1 in the same format

notice   witness-not-declared  backend  not looked at, by services.backend.witnesses: origin  (owner api)
notice   split-traffic  backend  traffic is split: acme-api-00002 90%, acme-api-00001 10%  (owner api)
notice   behind-manifest  backend  runs 01d01d0, 1 commit behind the promise 9e39e39  (since 2026-11-22 22:10 UTC, 24 h ago; owner api)
    fix: deploy the promised build of backend

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_urls_are_compared_without_a_manifest() -> None:
    assert shown(worlds.urls(), width=80) == snapshot("""\
BLOCK  urls  1 finding blocks  (exit 10)  2026-11-23 22:10 UTC

service   edge      page
web       9e39e39   9e39e39
api       9e39e39

chat: web to api  web → api  0 of 1 pairs fit
  DOES NOT FIT  9e39e39 (edge, page) → 9e39e39 (edge): both say 2.1, but the
      format differs: client sha256:01d001d0, server sha256:9e399e39

block    format-skew  chat: web to api  web 9e39e39 (the edge serves it; the
    edge serves its page) cannot talk to api 9e39e39 (the edge serves it): both
    say 2.1, but the format differs: client sha256:01d001d0, server
    sha256:9e399e39
    fix: deploy a build of api that accepts 2.1 as web 9e39e39 speaks it

what to do next:
  deploy a build of api that accepts 2.1 as web 9e39e39 speaks it

no manifest: only what these URLs say of themselves was compared
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")
