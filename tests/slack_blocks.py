"""What Slack would refuse of a message: Block Kit's documented limits, for the parts in use."""

from typing import Any


def wrong_with(message: dict[str, Any]) -> str:
    """What Block Kit would refuse; empty where nothing."""
    if not message.get("text") or len(message["text"]) > 40_000:
        return "text"
    blocks = message.get("blocks", [])
    if len(blocks) > 50:
        return "more than 50 blocks"
    return next((wrong for block in blocks if (wrong := _wrong_block(block))), "")


def _wrong_block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return _wrong_text(block["text"], "plain_text", 150)
        case "context":
            texts = block["elements"]
            return _first(_wrong_text(each, "plain_text", 2000) for each in texts[:10]) or (
                "context" if not 1 <= len(texts) <= 10 else ""
            )
        case "actions":
            return _first(map(_wrong_button, block["elements"]))
        case "rich_text":
            return _first(map(_wrong_rich, block["elements"])) or ("" if block["elements"] else "x")
        case other:
            return f"block {other}"


def _first(problems: Any) -> str:
    return next(filter(None, problems), "")


def _wrong_text(text: dict[str, Any], kind: str, limit: int) -> str:
    fits = text["type"] == kind and 1 <= len(text["text"]) <= limit
    return "" if fits else f"text {text['text'][:40]!r}"


def _wrong_button(button: dict[str, Any]) -> str:
    fits = button["type"] == "button" and len(button["action_id"]) <= 255
    fits = fits and len(button["value"]) <= 2000
    fits = fits and button.get("style", "primary") in {"primary", "danger"}
    return _wrong_text(button["text"], "plain_text", 75) or ("" if fits else "button")


def _wrong_rich(part: dict[str, Any]) -> str:
    match part["type"]:
        case "rich_text_section" | "rich_text_preformatted":
            inline = part["elements"]
            return _first(map(_wrong_inline, inline)) or ("" if inline else "an empty section")
        case "rich_text_list":
            items = part["elements"]
            return _first(map(_wrong_rich, items)) or ("" if items else "an empty list")
        case other:
            return f"rich text {other}"


_INLINE = {"text": "text", "user": "user_id", "usergroup": "usergroup_id", "link": "url"}


def _wrong_inline(inline: dict[str, Any]) -> str:
    name = _INLINE.get(inline["type"], "")
    return "" if name and 1 <= len(inline[name]) <= 3000 else f"inline {inline}"
