"""News that nobody asked for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from skewcheck.core.alerts import Alert, AlertKind
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.slack.telling import post_alert, post_not_started
from tests.builders import NOW
from tests.flows.slack.world import Workspace
from tests.slack_server import CHANNEL

ALERT = Alert(
    environment="staging", kind=AlertKind.FOUND, code="stale-edge", subject="web",
    sentence="the edge serves 01d01d0", since=NOW, channel=CHANNEL,
)  # fmt: skip


@pytest.mark.parametrize(
    "tell",
    [
        pytest.param(lambda shared: post_alert(shared, ALERT), id="an alert"),
        pytest.param(
            lambda shared: post_not_started(shared, "staging", (Refusal(why="held", fix="x"),)),
            id="why nothing starts",
        ),
    ],
)
def test_news_are_told_or_raised(tell: Callable[[object], None]) -> None:
    space = Workspace()
    shared = replace(space.shared, channel=CHANNEL)
    tell(shared)
    assert len(space.slack.messages) == 1
    space.slack.refuses = "internal_error"
    with pytest.raises(ActionFailedError):
        tell(shared)
