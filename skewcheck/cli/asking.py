"""Asks on a terminal what could not be found; elsewhere nobody answers, so nobody is asked."""

import sys
from collections.abc import Callable

import click

from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.draft import Draft, Gap
from skewcheck.core.drafting.facts import Facts
from skewcheck.core.drafting.fits import is_socket_path, is_web_address
from skewcheck.core.drafting.make import make_draft
from skewcheck.render.printable import printable

_FITS: dict[str, tuple[Callable[[str], bool], str]] = {
    "url": (is_web_address, "not an http(s) URL with a host"),
    "path": (is_socket_path, "not a path such as /ws"),
}


def is_someone_there() -> bool:
    """Whether there is a terminal to ask on; stdout may go to a file all the same."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_for_urls(answers: Answers, homeless: tuple[tuple[str, Gap], ...]) -> Answers:
    """Of each service that nobody knows the address of."""
    for service, gap in homeless:
        if said := _prompt(service, gap):
            answers = answers.with_url(service, said)
    return answers


def ask_about_links(facts: Facts, answers: Answers) -> Answers:
    """One question after the other, because an answer may settle the next."""
    passed: set[tuple[str, str]] = set()
    while (question := _next(make_draft(facts, answers), passed)) is not None:
        link, gap = question
        passed.add((link, gap.key))
        if said := _prompt(link, gap):
            answers = answers.with_link(link, gap.key, said)
    return answers


def _next(draft: Draft, passed: set[tuple[str, str]]) -> tuple[str, Gap] | None:
    gaps = ((link.name, gap) for link in draft.links for gap in link.gaps() if gap.ask)
    return next((each for each in gaps if (each[0], each[1].key) not in passed), None)


def _prompt(subject: str, gap: Gap) -> str:
    """Empty where the answer is left for later."""
    click.echo(printable(f"{subject}: {gap.what}"), err=True)
    click.echo(printable(f"  {gap.how}"), err=True)
    said: str = click.prompt(
        f"  {gap.key} (empty: later)",
        default="",
        show_default=False,
        value_proc=lambda text: _checked(text.strip(), gap),
        err=True,
    )
    return said


def _checked(text: str, gap: Gap) -> str:
    if text and gap.choices and text not in gap.choices:
        raise click.BadParameter(printable(f"one of {', '.join(gap.choices)}, please"))
    fits, problem = _FITS.get(gap.key, (bool, ""))
    if text and not fits(text):
        raise click.BadParameter(problem)
    return text
