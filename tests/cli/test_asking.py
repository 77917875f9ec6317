"""Questions to a person: a wrong answer is asked for again, an empty one is for later."""

import click
from click.testing import CliRunner

from skewcheck.cli.asking import ask_about_links, ask_for_urls
from skewcheck.core.drafting.addresses import address_of
from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.draft import Gap
from skewcheck.core.drafting.facts import Facts
from tests.core.drafting import found


def answered(typed: str, facts: Facts, *, urls: bool = False) -> tuple[Answers, str]:
    """The answers, and what the person saw."""
    said: list[Answers] = []
    before = found.answers(links={})

    @click.command()
    def ask() -> None:
        if urls:
            homeless = [(e.name, address_of(e, "", facts)) for e in facts.services]
            gaps = tuple((name, gap) for name, gap in homeless if isinstance(gap, Gap))
            said.append(ask_for_urls(before, gaps))
        else:
            said.append(ask_about_links(facts, before))

    ended = CliRunner(catch_exceptions=False).invoke(ask, input=typed)
    assert (ended.exit_code, ended.stdout) == (0, "")
    return said[0], ended.stderr


def test_an_address_is_asked_for_until_it_is_one() -> None:
    closed = found.api(routes=(), planes=(found.plane("api", internal=True),))
    facts = found.facts(found.web(), closed)
    answers, seen = answered("api.example\nhttps://api.example\n", facts, urls=True)
    assert answers.urls == {"api": "https://api.example"}
    assert "not an http(s) URL with a host" in seen
    assert "api: the address by which users reach it" in seen


def test_one_answer_may_settle_the_next_question() -> None:
    two = found.facts(found.web(), found.api(look=found.web().look))
    answers, seen = answered("nobody\nweb\napi\n/ws\n", two)
    assert answers.links == {
        ("chat", "client"): "web",
        ("chat", "server"): "api",
        ("chat", "path"): "/ws",
    }
    assert "one of web, api, please" in seen


def test_an_empty_answer_is_not_asked_for_twice() -> None:
    answers, seen = answered("\n", found.facts())
    assert answers.links == {}
    assert seen.count("empty: later") == 1


def test_what_others_wrote_is_shown_and_not_obeyed() -> None:
    sockets = ("/a\x1b[2J", "/b")
    look = found.answering("https://a.example", html=True, sockets=sockets)
    _, seen = answered("\n", found.facts(found.web(look=look), found.api()))
    assert "\x1b" not in seen
    assert "seen: /a\\x1b[2J, /b" in seen
