# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from tests.render import worlds
from tests.render.shown import shown


def test_an_inconclusive_world_names_each_cause() -> None:
    assert shown(worlds.unknown(), width=80) == snapshot("""\
INCONCLUSIVE  staging  5 unknown: nobody can say that it is safe  (exit 11)
    2026-11-23 22:10 UTC

service    promise   control plane    edge            page
frontend   9e39e39                    9e39e39 =       ? page-unproven
backend    9e39e39   ? unauthorized   ? unreachable
= as promised   ? not known

chat  frontend → backend  0 of 2 pairs fit
  ? not known  9e39e39 (edge) → unknown build (traffic): the server has no known
      build (connection refused)
  ? not known  unknown build (page) → unknown build (traffic): the client has no
      known build (the page names no build)

unknown  page-unproven  frontend  the page at https://app.staging.acme.example/
    names no build: it may be older than its version document
    owner web (C012AB)
    fix:
    skewcheck stamp adds <meta name="build-sha" content="…">, or services.frontend.page.must_contain; if it has one by now: skewcheck invalidate staging frontend

unknown  unauthorized  backend  control plane: connection refused
    owner api
    - control plane read at https://app.staging.acme.example/version.json
    fix: curl -v https://app.staging.acme.example/version.json

unknown  unreachable  backend  edge: connection refused
    owner api
    - edge read at https://api.staging.acme.example/__version__
    fix: curl -v https://app.staging.acme.example/version.json

unknown  masked  chat  not compared: the server has no known build (connection
    refused)
    owner web (C012AB), api
    fix: mend what hides the build

unknown  masked  chat  not compared: the client has no known build (the page
    names no build)
    owner web (C012AB), api
    fix: mend what hides the build

what to do next:
  skewcheck stamp adds <meta name="build-sha" content="…">, or services.frontend.page.must_contain; if it has one by now: skewcheck invalidate staging frontend
  curl -v https://app.staging.acme.example/version.json

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_an_inconclusive_world_names_each_cause_with_more_room() -> None:
    assert shown(worlds.unknown(), width=140) == snapshot("""\
INCONCLUSIVE  staging  5 unknown: nobody can say that it is safe  (exit 11)  2026-11-23 22:10 UTC

service    promise   control plane    edge            page
frontend   9e39e39                    9e39e39 =       ? page-unproven
backend    9e39e39   ? unauthorized   ? unreachable
= as promised   ? not known

chat  frontend → backend  0 of 2 pairs fit
  ? not known  9e39e39 (edge) → unknown build (traffic): the server has no known build (connection refused)
  ? not known  unknown build (page) → unknown build (traffic): the client has no known build (the page names no build)

unknown  page-unproven  frontend  the page at https://app.staging.acme.example/ names no build: it may be older than its version document
    owner web (C012AB)
    fix:
    skewcheck stamp adds <meta name="build-sha" content="…">, or services.frontend.page.must_contain; if it has one by now: skewcheck invalidate staging frontend

unknown  unauthorized  backend  control plane: connection refused
    owner api
    - control plane read at https://app.staging.acme.example/version.json
    fix: curl -v https://app.staging.acme.example/version.json

unknown  unreachable  backend  edge: connection refused
    owner api
    - edge read at https://api.staging.acme.example/__version__
    fix: curl -v https://app.staging.acme.example/version.json

unknown  masked  chat  not compared: the server has no known build (connection refused)
    owner web (C012AB), api
    fix: mend what hides the build

unknown  masked  chat  not compared: the client has no known build (the page names no build)
    owner web (C012AB), api
    fix: mend what hides the build

what to do next:
  skewcheck stamp adds <meta name="build-sha" content="…">, or services.frontend.page.must_contain; if it has one by now: skewcheck invalidate staging frontend
  curl -v https://app.staging.acme.example/version.json

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_an_empty_world_is_not_a_pass() -> None:
    assert shown(worlds.empty(), width=80) == snapshot("""\
INCONCLUSIVE  staging  1 unknown: nobody can say that it is safe  (exit 11)
    2026-11-23 22:10 UTC

unknown  nothing-to-check  staging  the manifest promises no service
    fix:
    name services and links in manifests/staging.yaml: skewcheck schema manifest

what to do next:
  name services and links in manifests/staging.yaml: skewcheck schema manifest

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
skewcheck 0.1.0
""")
