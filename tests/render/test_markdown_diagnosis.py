# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from skewcheck.core.diagnosis.values import Diagnosis
from skewcheck.core.findings import Code, Severity
from skewcheck.core.report import Report
from skewcheck.render.markdown_diagnosis import render_diagnosis_markdown
from tests.builders import finding, report
from tests.render import probe_worlds as worlds
from tests.render import worlds as other_worlds
from tests.render.probe_worlds import diagnosed, diagnosis, failing, holding, link, talking


def told(*diagnoses: Diagnosis, report: Report | None = None) -> str:
    return render_diagnosis_markdown(report or diagnosed(link(failing())), diagnoses)


def test_the_incident_is_told_with_all_its_evidence() -> None:
    assert told(worlds.incident_diagnosis(logs=("22:09:51 closing *now*",))) == snapshot("""\
## BLOCK: staging, chat: frontend → backend

(exit 10), 2026-11-23 22:10 UTC

- **Symptom**: the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome (8 of 8 handshakes at the edge, in the format of 01d01d0, served by the page)
- **Why**: backend 9e39e39 does not read what frontend 01d01d0 sends: both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39
  - the contract changed in 9e39e39 'Send the token base64url-encoded' by Grace
  - stale hop: the edge
- **Why**: users still get 01d01d0, though something newer runs behind the edge
- **Cause**: **stale-edge: the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39** (owner web (C012AB))
- **It is not**:
  - name, connection, HTTP answer, upgrade, subprotocol: passed
  - the server as a whole: the format of 9e39e39 is welcomed at the edge, 5 of 5 times
- **Hidden**:
  - events
- **Log**:
  - 22:09:51 closing \\*now\\*

What to do next:

```sh
gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
```


| chat | 0 of 8 handshakes hold | where | in | as | what was seen |
| --- | --- | --- | --- | --- | --- |
| fails | 0 of 8 | the edge | the format of 01d01d0 | a browser | the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome |

<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_several_causes_are_told_as_what_remains() -> None:
    text = told(worlds.open_diagnosis())
    assert "- **Cannot tell; what remains**:\n  - the token: expired," in text
    assert "**Cause**" not in text


def test_what_is_unknown_stands_in_place_of_a_cause() -> None:
    assert "what remains**:\n  - not-probed: no token\n" in told(worlds.unknown_diagnosis())


def test_where_nothing_is_wrong_it_says_what_was_asked_for() -> None:
    noticed = finding(Code.SPLIT_TRAFFIC, severity=Severity.NOTICE, sentence="two revisions")
    seen = diagnosed(link(holding(), talking()))
    assert told(diagnosis(findings=(noticed,)), report=seen) == snapshot("""\
## PASS: staging, chat: frontend → backend

(exit 0), 2026-11-23 22:10 UTC

- **Holds**: every handshake (5 of 5), every conversation (1 of 1) and every witness that was asked for
- **Notice** `split-traffic` frontend: two revisions


| chat | 5 of 5 handshakes hold | where | in | as | what was seen |
| --- | --- | --- | --- | --- | --- |
| holds | 5 of 5 | the edge | the format of 9e39e39 | a browser | welcomed after 50 ms |
| holds | 1 of 1 | the edge | the format of 9e39e39 | exercise | welcomed after 50 ms, all 2 events came |

<sub>promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
<sub>skewcheck 0.1.0</sub><br>
""")


def test_what_is_unknown_is_never_told_as_holding() -> None:
    unknown = finding(Code.UNREACHABLE, severity=Severity.UNKNOWN, sentence="no answer")
    assert "Holds" not in told(diagnosis(findings=(unknown,)))


def test_a_cause_without_owner_names_none() -> None:
    assert "owner" not in told(worlds.incident_diagnosis(causes=(worlds.SERVER,)))


def test_a_broken_glass_is_said_for_each_link() -> None:
    text = told(diagnosis(), diagnosis(link="notify"), report=other_worlds.broken_glass())
    assert text.count("> **BREAK-GLASS until 2026-11-24 by ada@<!-- -->acme.example") == 2


def test_without_probes_there_is_no_table() -> None:
    assert "|" not in told(diagnosis(), report=report())
