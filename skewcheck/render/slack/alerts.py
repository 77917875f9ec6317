"""What an owner's channel is told without asking."""

from skewcheck.core.alerts import Alert, AlertKind
from skewcheck.core.slack.message import Message
from skewcheck.render.slack.blocks import commands, header, message, note, paragraph, words
from skewcheck.render.words import moment

_KINDS = {
    AlertKind.FOUND: "Found",
    AlertKind.CLEARED: "Cleared",
    AlertKind.UNKNOWN_TOO_LONG: "Unknown for too long",
}


def render_alert(alert: Alert) -> Message:
    told = f"{_KINDS[alert.kind]}: {alert.code} {alert.subject} ({alert.environment})"
    fix = [commands("What to do next", [alert.fix])] if alert.fix else []
    since = note(f"since {moment(alert.since)}")
    return message(told, [header(told), paragraph(words(alert.sentence)), *fix, since])
