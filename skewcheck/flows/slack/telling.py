"""What people are told in Slack without asking, besides rollouts that start by themselves."""

from skewcheck.core.alerts import Alert
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.slack.desk import post_to
from skewcheck.ports.service import Shared
from skewcheck.render.slack.alerts import render_alert
from skewcheck.render.slack.answers import render_refusals


def post_alert(shared: Shared, alert: Alert) -> None:
    """In the owner's channel. ActionFailedError where Slack refuses."""
    post_to(shared, alert.channel, render_alert(alert))


def post_not_started(shared: Shared, environment: str, against: tuple[Refusal, ...]) -> None:
    """Why skew does not mend itself. ActionFailedError where Slack refuses."""
    told = f"Skew in {environment} is not mended by itself"
    post_to(shared, "", render_refusals(told, against))
