"""A proposal comes back from the shelf as it was put there."""

from dataclasses import replace

from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.message import Message
from skewcheck.core.slack.post import Post
from skewcheck.core.slack.proposal import ProposalState, Proposed
from skewcheck.render.slack.blocks import header
from tests.builders import NOW
from tests.core.slack.test_deciding import PROPOSED


def test_with_its_order_and_what_it_showed() -> None:
    shown = ({**header("A plan")},)
    proposed = replace(
        PROPOSED, order={"rollout": "r1", "at": [1, None]}, shown=shown, state=ProposalState.CHANGED
    )
    assert from_json(Proposed, to_json(proposed)) == proposed


def test_so_does_a_post() -> None:
    post = Post(environment="staging", channel="C1", ts="1.1", told=3, retry_at=NOW)
    assert from_json(Post, to_json(post)) == post


def test_a_message_without_blocks_is_one() -> None:
    assert Message(text="hello").blocks == ()
