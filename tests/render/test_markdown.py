# ruff: noqa: E501 - goldens are as wide as what they pin

import pytest
from inline_snapshot import snapshot

from skewcheck.core.findings import Code
from skewcheck.core.judge import Judgement
from skewcheck.core.report import Report
from skewcheck.render.markdown import escape, fenced, render_markdown
from tests.builders import finding, report, survey
from tests.render import probe_worlds, worlds
from tests.render.probe_worlds import link, probes, rated


def shown(*reports: Report) -> str:
    return render_markdown(reports)


def test_a_world_that_holds_is_short() -> None:
    assert shown(report()) == snapshot("""\
## PASS: staging

**all fits together** (exit 0), 2026-11-23 22:10 UTC

| service | promise | control plane | edge | page |
| --- | --- | --- | --- | --- |
| **frontend** | 9e39e39 |  | 9e39e39 = | 9e39e39 = |
| **backend** | 9e39e39 | 100% 9e39e39 =  acme-api-00002 | 9e39e39 = |  |

= as promised

| chat | frontend | backend | why |
| --- | --- | --- | --- |
| fits | 9e39e39 (edge, page) | 9e39e39 (100%) | 2.1 in the same format |

<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_the_incident_tells_what_to_do_before_why() -> None:
    assert shown(worlds.incident()) == snapshot("""\
## BLOCK: staging

**2 findings block, 1 notice** (exit 10), 2026-11-23 22:10 UTC

**block** `format-skew` **chat** frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend 9e39e39 (100% of traffic): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39 (since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB), api)

Safe: never by itself.

What to do next:

```sh
gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
```

| service | promise | control plane | edge | page |
| --- | --- | --- | --- | --- |
| **frontend** | 9e39e39 |  | 01d01d0 2 behind | 01d01d0 2 behind |
| **backend** | 9e39e39 | 100% 9e39e39 =  acme-api-00002 | 9e39e39 = |  |

= as promised

| chat | frontend | backend | why |
| --- | --- | --- | --- |
| DOES NOT FIT | 01d01d0 (edge, page) | 9e39e39 (100%) | both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39 |

### Findings

- **block** `format-skew` **chat** frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend 9e39e39 (100% of traffic): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39 (since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB), api)
  - stale hop: only the edge of frontend still holds 01d01d0

  ```sh
  gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
  ```

- **block** `stale-edge` **frontend** the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a cache-busting read, a hint) (owner web (C012AB))
  - stale hop: the edge at https://app.staging.acme.example/ (Age 86400 s)
  - a cache-busting query brings 9e39e39 (a hint only)
  - 01d01d0 is 2 commits behind the promise
  - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
  - 9e39e39 Read the token from the store (Ada, 2026-11-22)

  ```sh
  gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
  ```


### Notices

- **notice** `behind-manifest` **frontend** runs 01d01d0, 2 commits behind the promise 9e39e39 (since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB))
  - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
  - 9e39e39 Read the token from the store (Ada, 2026-11-22)

  ```sh
  gcloud builds triggers run deploy-web
  ```


<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_a_gate_says_when_waiting_is_enough() -> None:
    assert shown(worlds.gate_blocks_for_a_while()) == snapshot("""\
## BLOCK: staging

**1 finding blocks, 1 notice** (exit 10), 2026-11-23 22:10 UTC

**block** `lingering-client-skew` **chat** frontend 01d01d0 (seen live 2 h ago) cannot talk to backend a3c7a3c (the candidate): client speaks 1.0, server accepts \\>=2.0,\\<3 (owner web (C012AB), api)

Safe: by itself after 2026-11-24 08:10 UTC, when the last such client is gone.

What to do next:

```sh
wait until 2026-11-24 08:10 UTC, or widen what the server accepts
```

| service | promise | control plane | edge | page | candidate |
| --- | --- | --- | --- | --- | --- |
| **frontend** | 9e39e39 |  | 9e39e39 = | 9e39e39 = |  |
| **backend** | 9e39e39 | 100% 9e39e39 =  acme-api-00002 | 9e39e39 = |  | a3c7a3c 1 ahead |

= as promised

| chat | frontend | backend | why |
| --- | --- | --- | --- |
| DOES NOT FIT | 01d01d0 (may linger until 2026-11-24 08:10 UTC) | a3c7a3c (candidate) | client speaks 1.0, server accepts \\>=2.0,\\<3 |
| fits | 9e39e39 (edge, page) | a3c7a3c (candidate) | 2.1 in the same format |

### Findings

- **block** `lingering-client-skew` **chat** frontend 01d01d0 (seen live 2 h ago) cannot talk to backend a3c7a3c (the candidate): client speaks 1.0, server accepts \\>=2.0,\\<3 (owner web (C012AB), api)
  - such a client may live until 2026-11-24 08:10 UTC

  ```sh
  wait until 2026-11-24 08:10 UTC, or widen what the server accepts
  ```


### Notices

- **notice** `ahead-of-manifest` **backend** the candidate a3c7a3c is 1 commit ahead of the promise 9e39e39 (owner api)

  ```sh
  promise it in manifests/staging.yaml with the same change
  ```


<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_a_gate_that_passes_tells_apart_what_was_broken_before() -> None:
    assert shown(worlds.gate_mends()) == snapshot("""\
## PASS: staging

**backend a3c7a3c may be deployed; 2 findings from before, no worse, 2 notices** (exit 0), 2026-11-23 22:10 UTC

| service | promise | control plane | edge | page | candidate |
| --- | --- | --- | --- | --- | --- |
| **frontend** | 9e39e39 |  | 01d01d0 2 behind | 01d01d0 2 behind |  |
| **backend** | 9e39e39 | 100% 9e39e39 =  acme-api-00002 | 9e39e39 = |  | a3c7a3c 1 ahead |

= as promised

| chat | frontend | backend | why |
| --- | --- | --- | --- |
| DOES NOT FIT | 01d01d0 (edge, page) | a3c7a3c (candidate) | both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39 (so before this deploy) |

### Notices

- **notice** `ahead-of-manifest` **backend** the candidate a3c7a3c is 1 commit ahead of the promise 9e39e39 (owner api)

  ```sh
  promise it in manifests/staging.yaml with the same change
  ```

- **notice** `behind-manifest` **frontend** runs 01d01d0, 2 commits behind the promise 9e39e39 (since 2026-11-22 22:10 UTC, 24 h ago; owner web (C012AB))
  - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
  - 9e39e39 Read the token from the store (Ada, 2026-11-22)

  ```sh
  gcloud builds triggers run deploy-web
  ```


### Broken before this deploy, no worse after it

- **notice** `pre-existing` **chat** format-skew, no worse than before this deploy: frontend 01d01d0 (the edge serves it; the edge serves its page) cannot talk to backend a3c7a3c (the candidate): both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39 (owner web (C012AB), api)
  - stale hop: only the edge of frontend still holds 01d01d0

  ```sh
  gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
  ```

- **notice** `pre-existing` **frontend** stale-edge, no worse than before this deploy: the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39 (a cache-busting read, a hint) (owner web (C012AB))
  - stale hop: the edge at https://app.staging.acme.example/ (Age 86400 s)
  - a cache-busting query brings 9e39e39 (a hint only)
  - 01d01d0 is 2 commits behind the promise
  - 9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)
  - 9e39e39 Read the token from the store (Ada, 2026-11-22)

  ```sh
  gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
  ```


<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_overrides_stand_with_the_findings_that_they_let_past() -> None:
    assert "let past until 2026-12-01 by Ada" in shown(worlds.overridden())


def test_urls_have_no_promise_and_no_signs_to_explain() -> None:
    assert "as promised" not in shown(worlds.urls())


def test_an_empty_world_has_no_tables() -> None:
    assert shown(worlds.empty()) == snapshot("""\
## INCONCLUSIVE: staging

**1 unknown: nobody can say that it is safe** (exit 11), 2026-11-23 22:10 UTC

**unknown** `nothing-to-check` **staging** the manifest promises no service

What to do next:

```sh
name services and links in manifests/staging.yaml: skewcheck schema manifest
```

### Findings

- **unknown** `nothing-to-check` **staging** the manifest promises no service

  ```sh
  name services and links in manifests/staging.yaml: skewcheck schema manifest
  ```


<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_several_environments_follow_each_other() -> None:
    text = shown(worlds.incident(), worlds.production())
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## BLOCK: staging",
        "## PASS: production",
    ]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("a|b", r"a\|b", id="a table's border"),
        pytest.param("`rm`", r"\`rm\`", id="code"),
        pytest.param("<img src=x>", r"\<img src=x\>", id="HTML"),
        pytest.param("&lt;", r"\&lt;", id="an entity"),
        pytest.param("[x](http://y)", r"\[x\](http://y)", id="a link"),
        pytest.param("@team and #12", "@<!-- -->team and #<!-- -->12", id="a mention"),
        pytest.param("a\nb", r"a\\nb", id="a line end"),
    ],
)
def test_what_markdown_would_obey_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_a_fence_is_longer_than_any_in_the_command() -> None:
    assert fenced(["echo ```` @team"]) == "`````sh\necho ```` @team\n`````"


def test_a_finding_without_a_fix_has_no_empty_fence() -> None:
    judgement = Judgement(findings=(finding(Code.WRONG_ENVIRONMENT),), matrix=())
    assert "```" not in shown(report(judgement=judgement))


def test_a_probe_is_a_table_without_services() -> None:
    assert shown(probe_worlds.incident_probed()) == snapshot("""\
## BLOCK: staging

**1 finding blocks** (exit 10), 2026-11-23 22:10 UTC

**block** `closed-before-welcome` **chat** the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome (at the edge, in the format of 01d01d0, 8 of 8 handshakes) (owner web (C012AB))

Safe: never by itself.

What to do next:

```sh
skewcheck diagnose staging chat
```

| chat | 5 of 15 handshakes hold | where | in | as | what was seen |
| --- | --- | --- | --- | --- | --- |
| fails | 0 of 8 | the edge | the format of 01d01d0 | a browser | the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome |
| holds | 5 of 5 | the edge | the format of 9e39e39 | a browser | welcomed after 50 ms |
| fails | 0 of 2 | revision acme-api-00002 directly | the format of 01d01d0 | a browser | the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome |
| refused | 1 of 1 | the edge | the format of 9e39e39 | wrong format, made-up token | refused with HTTP 400 |
| fails | 0 of 1 | the edge | the format of 01d01d0 | token in the header | selected jwt.\\[token\\], but the contract says none |
| holds | 1 of 1 | the edge | the format of 9e39e39 | exercise | welcomed after 50 ms, all 2 events came |

- rate: 35 of 35 handshakes held (100.0 %), surely more than 90 %: between 90.0 % and 100.0 % (at the edge, in the format of 9e39e39)
- doubt: not-comparable: no way past the edge for all of it
- health: supervisor: available (ok)
- health: threads: unavailable (down)
- health: queue: not mentioned
- log: 22:09:51 acme-api/acme-api-00002 WARNING: websocket: closing 1000 main cleanup
- log: no log lines: the load balancer's are not there yet

### Findings

- **block** `closed-before-welcome` **chat** the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome (at the edge, in the format of 01d01d0, 8 of 8 handshakes) (owner web (C012AB))
  - probe 0123456789ab

  ```sh
  skewcheck diagnose staging chat
  ```


<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_a_gate_shows_what_browsers_meet_after_the_pairs() -> None:
    text = shown(report(survey(probes=probes(probe_worlds.incident_link()))))
    assert text.index("| fits |") < text.index("5 of 15 handshakes hold")
    assert "token in the header" not in text
    assert "- rate:" not in text


def test_a_link_of_which_nothing_was_probed_says_so() -> None:
    text = shown(probe_worlds.probe_report(link(rated=(rated(),))))
    assert "**chat**: no handshake was made" in text
    assert "- rate: 35 of 35" in text
