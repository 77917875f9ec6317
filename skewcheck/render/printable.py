"""Text from outside, made fit to print: services that we ask write part of our output.

Rule of this package: whatever did not come from this program's own source goes through here.
"""


def printable(text: str) -> str:
    """Escape codes, line ends and invisible or bidirectional marks are shown, not obeyed."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
