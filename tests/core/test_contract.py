"""Contracts: which values have types, and what must fit together."""

import pytest

from tests.core.document_samples import BARE_CONTRACT, CONTRACT, contract, contract_problems


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("9007199254740992", "beyond ±(2^53-1), where JSON readers disagree; quote it"),
        (".nan", "JSON has no .nan; quote it if it is text"),
        ("-.inf", "JSON has no -.inf; quote it if it is text"),
        ("1e999", "too large for a JSON number; quote it if it is text"),
        ("", 'empty value; write null or ""'),
    ],
)
def test_a_value_that_json_cannot_hold_is_told_with_its_place(value: str, told: str) -> None:
    assert contract_problems(
        BARE_CONTRACT + f"messages: {{welcome: {{a: [{{b: {value}}}]}}}}\n"
    ) == [f"c.yaml:5:30: messages.welcome.a.0.b: {told}"]


def test_json_types_apply_in_messages_and_nowhere_else() -> None:
    read = contract(
        BARE_CONTRACT.replace("protocol: chat", "protocol: true")
        + "handshake: {subprotocols: [1.10, null], selected: 1.10}\n"
        + "messages: {opens_with: [{n: 0x1F, s: '0x1F', y: yes}]}\n"
        + "probe: {ignore: [{ok: true}], exercise: {send: {n: 1}, expects: [null, 1]}}\n"
    )
    assert read.protocol == "true"
    assert read.handshake.subprotocols == ("1.10", "null")
    assert read.messages.opens_with == ({"n": 31, "s": "0x1F", "y": "yes"},)
    assert read.probe.ignore == ({"ok": True},)
    assert read.probe.exercise is not None
    assert (read.probe.exercise.send, read.probe.exercise.expects) == ({"n": 1}, ("null", "1"))


def test_versions_are_texts_even_without_quotes() -> None:
    assert str(contract(BARE_CONTRACT.replace('"2.1"', "2.10")).version) == "2.10"


def test_a_server_that_selects_nothing_may_say_so() -> None:
    assert contract(BARE_CONTRACT + "handshake: {selected: none}\n").handshake.selected is None


def test_formats_of_other_versions_are_known_by_their_normal_names() -> None:
    formats = f"formats: {{v2.0: 'sha256:{'0' * 64}'}}\n"
    assert contract(BARE_CONTRACT + formats).formats == {"2.0": f"sha256:{'0' * 64}"}


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        pytest.param(
            "formats: {two: 'sha256:0'}",
            [
                "5:11: formats.two: not a PEP 440 version such as 2.1 (got 'two')",
                "5:16: formats.two: not sha256: and 64 hex digits (got 'sha256:0')",
            ],
            id="formats",
        ),
        pytest.param(
            "handshake: {subprotocols: [a b, 'j.{tok}']}",
            [
                "5:28: handshake.subprotocols.0: not a subprotocol; only {token} and"
                " {token:base64url} may stand in braces (got 'a b')",
                "5:33: handshake.subprotocols.1: not a subprotocol; only {token} and"
                " {token:base64url} may stand in braces (got 'j.{tok}')",
            ],
            id="subprotocols",
        ),
        pytest.param(
            "handshake: {subprotocols: [a, a]}",
            ["5:12: handshake: a subprotocol is offered twice; browsers refuse that"],
            id="offered twice",
        ),
        pytest.param(
            "handshake: {subprotocols: [a], selected: b}",
            ["5:12: handshake: selected `b` is not among the offered subprotocols"],
            id="selected but not offered",
        ),
        pytest.param(
            "handshake: {token_in: subprotocol}",
            ["5:12: handshake: `token_in: subprotocol` and {token} in a subprotocol go together"],
            id="a token without its place",
        ),
        pytest.param(
            "handshake: {token_in: cookie}",
            [
                "5:23: handshake.token_in: not subprotocol, authorization, cookie:NAME,"
                " query:NAME, first-message or none (got 'cookie')"
            ],
            id="a cookie without a name",
        ),
        pytest.param(
            "messages: {opens_with: [hello], welcom: {}}",
            [
                "5:25: messages.opens_with.0: wants keys and values below it (got 'hello')",
                "5:33: messages.welcom: unknown key `welcom`; did you mean `welcome`?",
            ],
            id="messages",
        ),
        pytest.param(
            "probe: {exercise: {send: {a: b}, expects: []}}",
            ["5:43: probe.exercise.expects: empty; write at least one"],
            id="an exercise that expects nothing",
        ),
        pytest.param(
            "messages:",
            ["5:10: messages: empty value; write one, or remove the key"],
            id="empty messages",
        ),
    ],
)
def test_a_contract_that_nobody_could_keep_is_refused(extra: str, told: list[str]) -> None:
    assert contract_problems(BARE_CONTRACT + extra + "\n") == [f"c.yaml:{each}" for each in told]


def test_a_contract_accepts_the_version_that_it_speaks() -> None:
    assert contract_problems(BARE_CONTRACT.replace('"2.1"', '"3.0"')) == [
        "c.yaml:1:1: accepts <3,>=2.0 does not contain version 3.0"
    ]


def test_a_live_pre_release_is_within_its_own_range() -> None:
    assert contract_problems(BARE_CONTRACT.replace('"2.1"', '"2.1rc1"')) == []


def test_a_contract_that_misstates_its_own_format_is_refused() -> None:
    (told,) = contract_problems(CONTRACT + f"formats: {{'2.1': 'sha256:{'0' * 64}'}}\n")
    assert told.startswith(f"c.yaml:1:1: formats[2.1] is sha256:{'0' * 64}, but the format")
    assert told.endswith(contract(CONTRACT).fingerprint)
