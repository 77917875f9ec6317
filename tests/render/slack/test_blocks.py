"""The building blocks: within Slack's limits, and nothing that others wrote is ever obeyed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from skewcheck.core.slack.message import Message
from skewcheck.render.slack.blocks import (
    bullets,
    button,
    clip,
    commands,
    escaped,
    header,
    link,
    message,
    note,
    paragraph,
    people,
    someone,
    words,
)
from tests.slack_blocks import wrong_with
from tests.slack_fakes import read, texts_of

HOSTILE = (
    "<!channel> <@U012AB> <https://evil.example|staging> @here *bold* `code` ~x~ \u202e\x1b[2J\n>q"
)


def sent(made: Message) -> dict[str, Any]:
    return {"text": made.text, "blocks": list(made.blocks)}


def test_what_others_wrote_is_one_line_without_codes() -> None:
    assert clip("a\nb\x1b[2J\u202ec", 50) == r"a\nb\x1b[2J\u202ec"
    assert clip("abcdef", 4) == "abc…"


def test_the_text_for_notifications_can_begin_no_mention_and_no_link() -> None:
    told = escaped(HOSTILE)
    assert "<" not in told
    assert ">" not in told
    assert escaped("a & b") == "a &amp; b"


def test_no_block_is_of_the_kind_in_which_slack_looks_for_markup() -> None:
    made = message(
        HOSTILE,
        [
            header(HOSTILE),
            note(HOSTILE),
            paragraph(words(HOSTILE), words(HOSTILE, bold=True, code=True), someone(HOSTILE)),
            bullets(HOSTILE, [HOSTILE]),
            commands(HOSTILE, [HOSTILE]),
        ],
        [button(HOSTILE, action="approve", value=HOSTILE)],
    )
    assert wrong_with(sent(made)) == ""
    assert "mrkdwn" not in str(made.blocks)
    assert not {"user", "usergroup", "broadcast", "link"} & set(_kinds(list(made.blocks)))
    assert "emoji': True" not in str(made.blocks)


def _kinds(value: Any) -> list[str]:
    if isinstance(value, list):
        return [kind for each in value for kind in _kinds(each)]
    if isinstance(value, dict):
        return [str(value.get("type")), *_kinds(list(value.values()))]
    return []


@pytest.mark.parametrize("who", ["U012AB", "slack:U012AB"])
def test_a_user_is_mentioned_by_their_id(who: str) -> None:
    assert someone(who) == {"type": "user", "user_id": "U012AB"}


def test_a_group_is_mentioned_by_its_id() -> None:
    assert someone("S012AB") == {"type": "usergroup", "usergroup_id": "S012AB"}


@pytest.mark.parametrize("who", ["ada@acme.example", "slack:<!channel>", "U012AB> <!here", ""])
def test_nobody_else_is_mentioned(who: str) -> None:
    assert someone(who)["type"] == "text"


def test_people_are_listed() -> None:
    assert read(message("x", [paragraph(*people(["U012AB", "ada"]))])) == "<@U012AB>, ada"
    assert read(message("x", [paragraph(*people([]))])) == "nobody"


def test_what_is_too_much_for_a_list_is_counted() -> None:
    made = message("x", [bullets("Steps", list("abcde"), most=3)])
    assert texts_of(made) == ["Steps", "a", "b", "c", "… and 2 more"]
    assert texts_of(message("x", [bullets("Steps", [])])) == ["Steps"]


def test_a_command_stands_there_whole_or_not_at_all() -> None:
    long = ["x" * 2000, "y" * 2000, "z"]
    made = message("x", [commands("By hand", long, rest="skewcheck rollouts show")])
    assert texts_of(made)[1].splitlines() == ["x" * 2000, "# the rest: skewcheck rollouts show"]


def test_what_is_too_long_for_slack_is_cut_and_keeps_its_buttons() -> None:
    approve = button("Approve", action="approve", value="r1", style="primary")
    for block in (note("x"), bullets("x", ["y" * 600] * 15)):
        made = message("x", [block] * 200, [approve])
        assert wrong_with(sent(made)) == ""
        assert "cut here" in read(made)
        assert made.blocks[-1]["type"] == "actions"
        assert len(str(made.blocks)) < 20_000


def test_a_link_leads_to_our_own_page() -> None:
    assert link("https://skewcheck.acme.example", "the page") == snapshot(
        {"type": "link", "url": "https://skewcheck.acme.example", "text": "the page"}
    )


@given(st.text(), st.text())
def test_whatever_is_told_slack_takes_it(one: str, other: str) -> None:
    made = message(
        one or "x",
        [
            header(one),
            note(other),
            paragraph(words(one), someone(other)),
            bullets(one, [other]),
            commands(other, [one]),
        ],
        [button(one, action="undo", value=other)],
    )
    assert wrong_with(sent(made)) == ""
