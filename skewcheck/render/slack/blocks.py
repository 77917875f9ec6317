"""The building blocks of a message, within Block Kit's limits, and safe by their structure.

Rule of this package: text from outside goes into rich text or plain text elements, where Slack
looks for no mentions, links or formatting; mrkdwn is never used. A mention is an element of its
own, and only an id of Slack's own shape becomes one.
"""

from collections.abc import Iterable, Sequence

from skewcheck.core.slack.ids import is_group, is_user, user_of
from skewcheck.core.slack.message import JsonObject, Message
from skewcheck.core.strict_json import Json
from skewcheck.render.printable import printable

_HEADER, _LINE, _CODE, _TEXT, _VALUE = 150, 600, 2900, 3000, 2000
_LINES = 15
_BLOCKS = 50
# Slack refuses long messages as a whole (msg_blocks_too_long), at a size that it does not document.
_ALL = 11_000


def clip(text: str, limit: int) -> str:
    """One line of at most `limit` characters."""
    shown = printable(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def escaped(text: str, limit: int = _TEXT) -> str:
    """For the one text that Slack reads as its own markup: what would begin a mention, a link or
    an entity stands for itself."""
    whole = clip(text, limit)
    return whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(text: str) -> JsonObject:
    return {"type": "header", "text": _plain(text, _HEADER)}


def note(text: str) -> JsonObject:
    """Small print."""
    return {"type": "context", "elements": [_plain(text, _LINE)]}


def words(text: str, *, bold: bool = False, code: bool = False) -> JsonObject:
    shown = clip(text, _LINE) or " "
    style: Json = {name: True for name, on in (("bold", bold), ("code", code)) if on}
    return {"type": "text", "text": shown, **({"style": style} if style else {})}


def someone(who: str) -> JsonObject:
    """A mention where `who` is a user or a user group of Slack, else just a name."""
    if is_group(who):
        return {"type": "usergroup", "usergroup_id": who}
    user = user_of(who) or (who if is_user(who) else "")
    return {"type": "user", "user_id": user} if user else words(who or "nobody")


def people(names: Iterable[str]) -> tuple[JsonObject, ...]:
    """`@ada, @kim`."""
    found: list[JsonObject] = []
    for number, name in enumerate(names):
        found += [words(", ")] if number else []
        found.append(someone(name))
    return tuple(found) or (words("nobody"),)


def link(url: str, text: str) -> JsonObject:
    """Only ever to our own page."""
    return {"type": "link", "url": url, "text": text}


def paragraph(*inline: JsonObject) -> JsonObject:
    return {"type": "rich_text", "elements": [_section(inline)]}


def bullets(title: str, lines: Sequence[str], *, most: int = _LINES) -> JsonObject:
    """A title and, where there is any, a list below it; what is too much is counted."""
    shown = list(lines[:most])
    if more := len(lines) - len(shown):
        shown.append(f"… and {more} more")
    items: list[Json] = [_section([words(line)]) for line in shown]
    listed: Json = {"type": "rich_text_list", "style": "bullet", "elements": items}
    titled = _section([words(title, bold=True)])
    return {"type": "rich_text", "elements": [titled, listed] if items else [titled]}


def commands(title: str, lines: Sequence[str], *, rest: str = "") -> JsonObject:
    """To be copied: a command stands there whole, or not at all and `rest` says where it is."""
    fitting: list[str] = []
    for line in map(printable, lines):
        if sum(map(len, fitting)) + len(line) > _CODE:
            fitting.append(f"# the rest: {rest}")
            break
        fitting.append(line)
    code: Json = {"type": "text", "text": "\n".join(fitting) or " "}
    pre: Json = {"type": "rich_text_preformatted", "elements": [code]}
    return {"type": "rich_text", "elements": [_section([words(title, bold=True)]), pre]}


def button(text: str, *, action: str, value: str, style: str = "") -> JsonObject:
    """`value` is a name that we made."""
    made: JsonObject = {"type": "button", "text": _plain(text, 75), "action_id": action}
    return {**made, "value": clip(value, _VALUE), **({"style": style} if style else {})}


def message(text: str, blocks: Iterable[JsonObject], buttons: Sequence[JsonObject] = ()) -> Message:
    """As many blocks as fit; the buttons always do."""
    fitting, room = list[JsonObject](), _ALL
    for block in blocks:
        room -= _size(block)
        if room < 0 or len(fitting) == _BLOCKS - 2:
            fitting.append(note("… cut here: it is too long for Slack"))
            break
        fitting.append(block)
    if buttons:
        fitting.append({"type": "actions", "elements": list(buttons)})
    return Message(text=escaped(text), blocks=tuple(fitting))


def _section(inline: Iterable[JsonObject]) -> Json:
    return {"type": "rich_text_section", "elements": list(inline)}


def _plain(text: str, limit: int) -> Json:
    return {"type": "plain_text", "text": clip(text, limit) or " ", "emoji": False}


def _size(value: Json) -> int:
    """Characters of all texts within."""
    if isinstance(value, dict):
        return sum(_size(each) for key, each in value.items() if key != "type")
    if isinstance(value, list):
        return sum(map(_size, value))
    return len(value) if isinstance(value, str) else 0
