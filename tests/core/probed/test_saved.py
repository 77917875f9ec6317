"""Probes as a file: nothing is lost on the way, and what is none of ours is refused."""

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skewcheck.core.errors import UsageError
from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code, Severity
from skewcheck.core.logs.query import LogLine
from skewcheck.core.probed.probes import Doubt, LinkProbe, Probed, Probes, Rated
from skewcheck.core.probed.rate import Answer, Rate
from skewcheck.core.probed.saved import SavedProbes, read_probes, write_probes
from skewcheck.core.wire.script import Variant
from skewcheck.core.wire.transcript import Event, Transcript
from tests.builders import NEW, NOW, OLD, finding, unreadable
from tests.strategies import EVENTS, transcripts, variants
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EDGE,
    EXERCISE,
    closed,
    format_of,
    probed,
    script,
    transcript,
    welcomed,
)

VERSIONS = {"skewcheck": "0.1.0", "python": "3.11.7"}
HEALTH = Health(
    url="https://api.staging.acme.example/__heartbeat__",
    status=503,
    states=(Dependency("supervisor", "unavailable", "down"), Dependency("threads", "unsaid")),
    read_at=NOW,
)
CHAT = LinkProbe(
    link="chat",
    client="frontend",
    server="backend",
    owner="api",
    probed=(
        probed(welcomed(), closed()),
        probed(target=DIRECT, variant=Variant(exercise=True, holds="silent", hold_s=1.5),
               spoken=format_of(script(exercise=EXERCISE), candidate=True, live=False)),
        probed(target=CANDIDATE, variant=Variant(without=("origin",))),
    ),
    rated=(
        Rated(format=format_of(), target=EDGE,
              rate=Rate(target=0.9, successes=33, tried=35, failures=(("auth-rejected", 2),))),
    ),
    doubts=(Doubt(what="not-comparable", why="no way past the edge", fix="give it a tag URL"),),
    no_origin="it is static",
    health=HEALTH,
    said_environment="production",
    logs=(LogLine(at=NOW, by="api/api-2", severity="ERROR", text="oops", probe_id="0123"),),
    no_logs="asked too early",
    page=(finding(Code.STALE_EDGE, severity=Severity.BLOCK, since=NOW, pair=(OLD, NEW)),),
)  # fmt: skip
UNREAD = LinkProbe(link="feed", client="web", server="api", health=unreadable())
PROBES = Probes(
    environment="staging", at=NOW, success_target=0.95, unprobed="notice", links=(CHAT, UNREAD)
)


def saved(probes: Probes = PROBES) -> bytes:
    return write_probes(probes, VERSIONS)


def written(**changed: Any) -> dict[str, Any]:
    """The file as JSON, with other values at its top."""
    return {**json.loads(saved()), **changed}


def bent(place: str, value: Any) -> bytes:
    """The file with one value replaced; `...` takes it out."""
    document = written()
    *path, last = (int(step) if step.isdigit() else step for step in place.split("."))
    inner: Any = document
    for step in path:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(document).encode()


def problem(content: bytes) -> str:
    with pytest.raises(UsageError) as caught:
        read_probes(content, file="t.json")
    assert caught.value.hint == "name a file that `skewcheck probe … --save FILE` wrote"
    return str(caught.value)


def with_transcript(seen: Transcript, variant: Variant = Variant()) -> Probes:  # noqa: B008 - frozen
    one = Probed(format=format_of(), target=EDGE, variant=variant, transcripts=(seen,))
    return replace(PROBES, links=(replace(CHAT, probed=(one,)),))


def test_nothing_of_a_full_value_is_lost() -> None:
    assert read_probes(saved(), file="t.json") == SavedProbes(
        schema=1, kind="skewcheck-probes", versions=VERSIONS, probes=PROBES
    )


def test_a_rate_is_concluded_again_rather_than_read() -> None:
    place = "probes.links.0.rated.0.rate.answer"
    read = read_probes(bent(place, "above"), file="t.json")
    assert read.probes.links[0].rated[0].rate.answer is Answer.GO_ON


@given(transcripts(), variants)
def test_every_transcript_comes_back_as_it_was(seen: Transcript, variant: Variant) -> None:
    probes = with_transcript(seen, variant)
    assert read_probes(saved(probes), file="t.json").probes == probes


@settings(max_examples=20)
@given(st.data())
@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_comes_back_as_it_was(kind: type[Event], data: st.DataObject) -> None:
    probes = with_transcript(transcript(data.draw(EVENTS[kind])))
    assert read_probes(saved(probes), file="t.json").probes == probes


def test_no_kind_of_event_is_left_out() -> None:
    assert set(EVENTS) == set(get_args(get_args(Event)[0]))


@given(transcripts())
def test_no_terminal_obeys_the_file(seen: Transcript) -> None:
    content = saved(with_transcript(seen)).decode("ascii")
    assert all(line.isprintable() for line in content.splitlines())
    assert content.endswith("}\n")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "t.json: the file: Invalid JSON: EOF", id="empty"),
        pytest.param(b"{", "t.json: the file: Invalid JSON: EOF", id="torn"),
        pytest.param(b"\xff\xfe", "t.json: the file: Invalid JSON: ", id="binary"),
        pytest.param(b"[]", "t.json: the file: Input should be an object", id="a list"),
        pytest.param(b"{}", "t.json: schema: Field required", id="an empty object"),
        pytest.param(bent("schema", 2), "t.json: schema: Input should be 1", id="a later schema"),
        pytest.param(bent("schema", ...), "t.json: schema: Field required", id="no schema"),
        pytest.param(
            bent("kind", "skewcheck-plan"),
            "t.json: kind: Input should be 'skewcheck-probes'",
            id="another kind",
        ),
        pytest.param(bent("kind", ...), "t.json: kind: Field required", id="no kind"),
        pytest.param(
            bent("probes.links.0.probed.0.transcripts.0.events.0.kind", "guessed"),
            "t.json: probes.links.0.probed.0.transcripts.0.events.0: Input tag 'guessed' found",
            id="an unknown kind of event",
        ),
        pytest.param(
            bent("probes.links.0.probed.0.transcripts.0.events.0.kind", ...),
            "t.json: probes.links.0.probed.0.transcripts.0.events.0: Unable to extract tag",
            id="an event without a kind",
        ),
        pytest.param(
            bent("probes.links.0.probed.0.transcripts.0.events.3.status", "many"),
            "t.json: probes.links.0.probed.0.transcripts.0.events.3.answered.status: Input should",
            id="a wrong value deep within",
        ),
        pytest.param(
            bent("probes.links.0.probed.0.transcripts", []),
            "t.json: probes.links.0.probed.0: Value error, no transcript",
            id="nothing was tried",
        ),
        pytest.param(
            bent("probes.links.0.rated.0.rate.tried", 36),
            "t.json: probes.links.0.rated.0.rate: Value error, no look after 36",
            id="a rate that nobody can have measured",
        ),
        pytest.param(
            bent("probes.links.1.health.cause", "settling"),
            "t.json: probes.links.1.health.",
            id="a notice as a cause",
        ),
        pytest.param(
            json.dumps(written(versions={"\x1b[2J": 1})).encode(),
            "t.json: versions.\\x1b[2J: Input should be a valid string",
            id="a name that would clear the screen",
        ),
    ],
)
def test_the_first_wrong_thing_is_told_with_its_place(content: bytes, told: str) -> None:
    found = problem(content)
    assert found.startswith(told)
    assert found.isprintable()


def test_what_a_later_version_adds_is_left_alone() -> None:
    assert read_probes(bent("probes.mood", "good"), file="t.json").probes == PROBES
