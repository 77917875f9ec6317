"""The word that was probably meant, where somebody wrote one that we do not know."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean `protocol`?`, or nothing where no known word is near."""
    by_lower = {each.lower().replace("_", "-"): each for each in known}
    near = get_close_matches(word.lower().replace("_", "-")[:100], by_lower, n=1)
    return f"; did you mean `{by_lower[near[0]]}`?" if near else ""
