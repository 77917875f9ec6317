"""What a webhook asks is read strictly: what is not surely meant is an error that names the key."""

import json

import pytest

from skewcheck.core.question import CandidateWanted
from skewcheck.service.gate_payload import Asked, PayloadError, read_payload
from tests.builders import NEW, NEXT


def read(payload: object) -> Asked:
    return read_payload(payload if isinstance(payload, bytes) else json.dumps(payload).encode())


def test_metadata_outranks_the_namespace_and_neither_candidates_nor_metadata_are_needed() -> None:
    assert read({"namespace": "staging"}) == Asked(environment="staging")
    assert read({"namespace": "staging", "metadata": None}) == Asked(environment="staging")
    given = {"namespace": "acme", "metadata": {"environment": " production "}}
    assert read(given) == Asked(environment="production")


def test_candidates_are_services_with_commits_in_any_case_with_any_blanks() -> None:
    written = f" backend={NEXT} , frontend = {NEW.short.upper()}"
    assert read({"namespace": "a", "metadata": {"candidates": written}}).candidates == (
        CandidateWanted(service="backend", named=str(NEXT)),
        CandidateWanted(service="frontend", named=NEW.short),
    )


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        pytest.param(b"", "the body is empty", id="empty"),
        pytest.param(b"{", "not JSON", id="cut"),
        pytest.param(b"\xff", "not UTF-8", id="bytes"),
        pytest.param(b'{"namespace": "a", "namespace": "b"}', "given twice", id="twice"),
        pytest.param([], "a list, not an object", id="list"),
        pytest.param({}, "names an environment", id="nothing"),
        pytest.param({"namespace": " "}, "names an environment", id="blank"),
        pytest.param({"namespace": 7}, "namespace is a number", id="number"),
        pytest.param({"namespace": "a", "metadata": "x"}, "metadata is text", id="metadata"),
        pytest.param({"metadata": {"environment": ["a"]}}, "is a list", id="environment"),
        pytest.param({"metadata": {"candidates": 1}, "namespace": "a"}, "a number", id="candidate"),
    ],
)
def test_a_payload_that_is_wrong_names_what_is_wrong(payload: object, told: str) -> None:
    with pytest.raises(PayloadError, match=told):
        read(payload)


@pytest.mark.parametrize(
    "candidates",
    ["backend", "=abcdef0", "backend=", "backend=main", "backend=abcdef", "backend=--upload-pack",
     f"backend={NEXT}@https://evil.example", f"backend={NEXT},", f"backend={NEXT},backend={NEW}",
     f"backend={NEXT}0", "backend=abcdef0=abcdef0"],
)  # fmt: skip
def test_candidates_that_are_not_services_with_commits_are_refused(candidates: str) -> None:
    with pytest.raises(PayloadError, match=r"metadata\.candidates"):
        read({"namespace": "staging", "metadata": {"candidates": candidates}})
