# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from skewcheck.core.findings import Code
from skewcheck.core.judge import Judgement
from skewcheck.core.question import Question
from tests.builders import finding, report
from tests.render import worlds
from tests.render.shown import shown


def test_a_gate_that_blocks_answers_in_its_first_lines() -> None:
    assert shown(worlds.gate_blocks(), width=80) == snapshot("""\
BLOCK  staging  1 finding blocks, 1 notice  (exit 10)  2026-11-23 22:10 UTC
breaks   frontend 9e39e39 (the edge serves it; the edge serves its page) cannot
    talk to backend a3c7a3c (the candidate): client speaks 2.1, server accepts
    >=3.0,<4
owner    web (C012AB), api
safe     never by itself
fix
deploy a build of backend that accepts 2.1 as frontend 9e39e39 speaks it

service    promise   control plane    edge        page        candidate
frontend   9e39e39                    9e39e39 =   9e39e39 =
backend    9e39e39   100% 9e39e39 =   9e39e39 =               a3c7a3c 1 ahead
= as promised

chat  frontend → backend  0 of 1 pairs fit
  DOES NOT FIT  9e39e39 (edge, page) → a3c7a3c (candidate): client speaks 2.1,
      server accepts >=3.0,<4

notice   ahead-of-manifest  backend  the candidate a3c7a3c is 1 commit ahead of
    the promise 9e39e39  (owner api)
    fix: promise it in manifests/staging.yaml with the same change

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_gate_that_blocks_answers_in_its_first_lines_with_more_room() -> None:
    assert shown(worlds.gate_blocks(), width=140) == snapshot("""\
BLOCK  staging  1 finding blocks, 1 notice  (exit 10)  2026-11-23 22:10 UTC
breaks   frontend 9e39e39 (the edge serves it; the edge serves its page) cannot talk to backend a3c7a3c (the candidate): client speaks 2.1,
    server accepts >=3.0,<4
owner    web (C012AB), api
safe     never by itself
fix      deploy a build of backend that accepts 2.1 as frontend 9e39e39 speaks it

service    promise   control plane                    edge        page        candidate
frontend   9e39e39                                    9e39e39 =   9e39e39 =
backend    9e39e39   100% 9e39e39 =  acme-api-00002   9e39e39 =               a3c7a3c 1 ahead
= as promised

chat  frontend → backend  0 of 1 pairs fit
  DOES NOT FIT  9e39e39 (edge, page) → a3c7a3c (candidate): client speaks 2.1, server accepts >=3.0,<4

notice   ahead-of-manifest  backend  the candidate a3c7a3c is 1 commit ahead of the promise 9e39e39  (owner api)
    fix: promise it in manifests/staging.yaml with the same change

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_gate_says_when_waiting_is_enough() -> None:
    assert shown(worlds.gate_blocks_for_a_while(), width=80) == snapshot("""\
BLOCK  staging  1 finding blocks, 1 notice  (exit 10)  2026-11-23 22:10 UTC
breaks   frontend 01d01d0 (seen live 2 h ago) cannot talk to backend a3c7a3c
    (the candidate): client speaks 1.0, server accepts >=2.0,<3
owner    web (C012AB), api
safe     by itself after 2026-11-24 08:10 UTC, when the last such client is gone
fix      wait until 2026-11-24 08:10 UTC, or widen what the server accepts
    - such a client may live until 2026-11-24 08:10 UTC

service    promise   control plane    edge        page        candidate
frontend   9e39e39                    9e39e39 =   9e39e39 =
backend    9e39e39   100% 9e39e39 =   9e39e39 =               a3c7a3c 1 ahead
= as promised

chat  frontend → backend  1 of 2 pairs fit
  DOES NOT FIT  01d01d0 (may linger until 2026-11-24 08:10 UTC) → a3c7a3c
      (candidate): client speaks 1.0, server accepts >=2.0,<3

notice   ahead-of-manifest  backend  the candidate a3c7a3c is 1 commit ahead of
    the promise 9e39e39  (owner api)
    fix: promise it in manifests/staging.yaml with the same change

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_gate_that_passes_collapses_what_was_broken_before() -> None:
    assert shown(worlds.gate_mends(), width=80) == snapshot("""\
PASS  staging  backend a3c7a3c may be deployed; 2 findings from before, no
    worse, 2 notices  (exit 0)  2026-11-23 22:10 UTC

frontend   promise         9e39e39
           edge            01d01d0 2 behind
           page            01d01d0 2 behind
backend    promise         9e39e39
           control plane   100% 9e39e39 =  acme-api-00002
           edge            9e39e39 =
           candidate       a3c7a3c 1 ahead
= as promised

chat  frontend → backend  0 of 1 pairs fit
  DOES NOT FIT  01d01d0 (edge, page) → a3c7a3c (candidate): both say 2.1, but
      the format differs: client sha256:01d001d0, server sha256:9e399e39 (so
      before this deploy)

notice   ahead-of-manifest  backend  the candidate a3c7a3c is 1 commit ahead of
    the promise 9e39e39  (owner api)
    fix: promise it in manifests/staging.yaml with the same change
notice   behind-manifest  frontend  runs 01d01d0, 2 commits behind the promise
    9e39e39  (since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB))
    - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
    - 9e39e39 Read the token from the store (Ada, 2026-11-22)
    fix: gcloud builds triggers run deploy-web

broken before this deploy, which neither adds to it nor worsens it:
  chat  format-skew, no worse than before this deploy: frontend 01d01d0 (the
      edge serves it; the edge serves its page) cannot talk to backend a3c7a3c
      (the candidate): both say 2.1, but the format differs: client
      sha256:01d001d0, server sha256:9e399e39
      fix:
      gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
  frontend  stale-edge, no worse than before this deploy: the edge serves
      01d01d0 (version document and page), but behind it runs 9e39e39 (a
      cache-busting read, a hint)
      fix:
      gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_gate_that_passes_collapses_what_was_broken_before_with_more_room() -> None:
    assert shown(worlds.gate_mends(), width=140) == snapshot("""\
PASS  staging  backend a3c7a3c may be deployed; 2 findings from before, no worse, 2 notices  (exit 0)  2026-11-23 22:10 UTC

service    promise   control plane                    edge               page               candidate
frontend   9e39e39                                    01d01d0 2 behind   01d01d0 2 behind
backend    9e39e39   100% 9e39e39 =  acme-api-00002   9e39e39 =                             a3c7a3c 1 ahead
= as promised

chat  frontend → backend  0 of 1 pairs fit
  DOES NOT FIT  01d01d0 (edge, page) → a3c7a3c (candidate): both say 2.1, but the format differs: client sha256:01d001d0, server
      sha256:9e399e39 (so before this deploy)

notice   ahead-of-manifest  backend  the candidate a3c7a3c is 1 commit ahead of the promise 9e39e39  (owner api)
    fix: promise it in manifests/staging.yaml with the same change
notice   behind-manifest  frontend  runs 01d01d0, 2 commits behind the promise 9e39e39  (since 2026-11-22 22:10 UTC, 24 h ago; owner web
    (C012AB))
    - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
    - 9e39e39 Read the token from the store (Ada, 2026-11-22)
    fix: gcloud builds triggers run deploy-web

broken before this deploy, which neither adds to it nor worsens it:
  chat  format-skew, no worse than before this deploy: frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to
      backend a3c7a3c (the candidate): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39
      fix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
  frontend  stale-edge, no worse than before this deploy: the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a
      cache-busting read, a hint)
      fix: gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_gate_that_does_not_know_says_what_is_unknown() -> None:
    assert shown(worlds.gate_inconclusive(), width=80) == snapshot("""\
INCONCLUSIVE  staging  3 unknown, 1 notice: nobody can say that it is safe
    (exit 11)  2026-11-23 22:10 UTC
unknown  edge: connection refused
owner    web (C012AB)
fix      curl -v https://app.staging.acme.example/version.json
    - edge read at https://app.staging.acme.example/version.json

frontend   promise         9e39e39
           edge            ? unreachable
           page            ? unauthorized
backend    promise         9e39e39
           control plane   100% 9e39e39 =  acme-api-00002
           edge            9e39e39 =
           candidate       a3c7a3c 1 ahead
= as promised   ? not known

chat  frontend → backend  0 of 2 pairs fit
  ? not known  unknown build (edge) → a3c7a3c (candidate): the client has no
      known build (connection refused)
  ? not known  unknown build (page) → a3c7a3c (candidate): the client has no
      known build (connection refused)

unknown  unauthorized  frontend  page: connection refused
    owner web (C012AB)
    - page read at https://app.staging.acme.example/version.json
    fix: curl -v https://app.staging.acme.example/version.json

unknown  masked  chat  not compared: the client has no known build (connection
    refused)
    owner web (C012AB), api
    fix: mend what hides the build

notice   ahead-of-manifest  backend  the candidate a3c7a3c is 1 commit ahead of
    the promise 9e39e39  (owner api)
    fix: promise it in manifests/staging.yaml with the same change

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides
    from origin/main (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_gate_that_knows_no_mend_has_no_line_for_it() -> None:
    judgement = Judgement(findings=(finding(Code.WRONG_ENVIRONMENT),), matrix=())
    text = shown(report(judgement=judgement, question=Question.GATE))
    assert "\nbreaks " in text
    assert "\nfix " not in text
