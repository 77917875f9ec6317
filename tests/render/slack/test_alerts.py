"""What owners are told without asking."""

from inline_snapshot import snapshot

from skewcheck.core.alerts import Alert, AlertKind
from skewcheck.render.slack.alerts import render_alert
from tests.builders import NOW
from tests.slack_fakes import read

ALERT = Alert(
    environment="staging",
    kind=AlertKind.FOUND,
    code="stale-edge",
    subject="frontend",
    sentence="the edge serves 01d01d0, but behind it runs 9e39e39",
    since=NOW,
    fix="skewcheck invalidate staging frontend",
)


def test_an_alert_says_what_since_when_and_what_to_do() -> None:
    made = render_alert(ALERT)
    assert made.blocks == snapshot(
        (
            {
                "type": "header",
                "text": {
                    "type": "plain_text",
                    "text": "Found: stale-edge frontend (staging)",
                    "emoji": False,
                },
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {
                                "type": "text",
                                "text": "the edge serves 01d01d0, but behind it runs 9e39e39",
                            }
                        ],
                    }
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "What to do next", "style": {"bold": True}}
                        ],
                    },
                    {
                        "type": "rich_text_preformatted",
                        "elements": [
                            {"type": "text", "text": "skewcheck invalidate staging frontend"}
                        ],
                    },
                ],
            },
            {
                "type": "context",
                "elements": [
                    {"type": "plain_text", "text": "since 2026-11-23 22:10 UTC", "emoji": False}
                ],
            },
        )
    )
    assert made.text == "Found: stale-edge frontend (staging)"


def test_without_a_fix_there_is_no_command() -> None:
    cleared = Alert(
        environment="staging", kind=AlertKind.CLEARED, code="stale-edge", subject="frontend",
        sentence="two surveys did not see it any more", since=NOW,
    )  # fmt: skip
    assert read(render_alert(cleared)) == snapshot("""\
Cleared: stale-edge frontend (staging)
two surveys did not see it any more
since 2026-11-23 22:10 UTC\
""")
