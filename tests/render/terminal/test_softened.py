# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from tests.render import worlds
from tests.render.shown import shown


def test_observe_mode_would_block() -> None:
    assert shown(worlds.observing(), width=80) == snapshot("""\
WOULD BLOCK  staging  2 findings block, 1 notice  (exit 0: observing until
    2026-12-31)  2026-11-23 22:10 UTC
OBSERVING until 2026-12-31: the verdict is not enforced

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


def test_observe_mode_ends_by_itself() -> None:
    assert shown(worlds.no_longer_observing(), width=140) == snapshot("""\
BLOCK  staging  2 findings block, 1 notice  (exit 10)  2026-11-23 22:10 UTC
OBSERVING ENDED on 2026-11-01: the verdict is enforced

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


def test_overrides_are_loud_and_the_expired_say_so() -> None:
    assert shown(worlds.overridden(), width=80) == snapshot("""\
BLOCK  staging  2 findings block, 1 notice  (exit 10)  2026-11-23 22:10 UTC
OVERRIDE format-skew on chat until 2026-12-01 by Ada: demo for the board
OVERRIDE EXPIRED stale-edge on frontend until 2026-11-01 by Bob: demo for the
    board (it lets nothing past; remove it)
OVERRIDE unreachable on chat until 2026-12-01 by Cleo: demo for the board (meets
    no finding now)

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
    since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB), api; let past
        until 2026-12-01 by Ada
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


def test_a_broken_glass_is_loud() -> None:
    assert shown(worlds.broken_glass(), width=80) == snapshot("""\
BLOCK  staging  2 findings block, 1 notice  (exit 0: the glass is broken)
    2026-11-23 22:10 UTC
BREAK-GLASS until 2026-11-24 by ada@acme.example: chat is down for all
    (everything is let past; the verdict stays BLOCK)

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
