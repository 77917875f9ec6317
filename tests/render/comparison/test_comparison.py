# ruff: noqa: E501 - goldens are as wide as what they pin
"""Two environments side by side, for terminals, for a change's text and for programs."""

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from skewcheck.core.comparing.comparison import Commits, Comparison, LinkComparison, NotLearnt
from skewcheck.core.question import Exit
from skewcheck.render.comparison import (
    render_comparison,
    render_comparison_json,
    render_comparison_markdown,
)
from tests.builders import NEW, OLD, ahead, behind, commit, contract, sources
from tests.render.comparison.worlds import (
    DIVERGED,
    between,
    comparison,
    contract_change,
    everything,
    service,
    standing,
)

HOSTILE = "\x1b[2J\u202e<b>@ada|"


def shown(told: Comparison, code: Exit = Exit.PASS, width: int = 80) -> str:
    return render_comparison(told, code, width=width, colour=False)


def test_a_terminal_shows_each_service_each_link_and_what_is_not_known() -> None:
    assert shown(everything(), Exit.INCONCLUSIVE) == snapshot("""\
DIFFERENT  staging → production  4 of 5 services and 2 of 3 links differ, 2
    things could not be learnt  (exit 11)  2026-11-23 22:10 UTC

frontend  (owner web)
  promised  staging 9e39e39, production 01d01d0: staging is ahead by 2 commits
            - 9e39e39 'Send the token as a subprotocol' by Ada, 2026-11-22
            - and 1 more
  live      as promised in both

backend  (owner web)
  promised  staging 9e39e39, production 01d01d0: diverged: 2 commits only in
            staging, 1 in production
            - staging: 9e39e39 'Send the token as a subprotocol' by Ada,
              2026-11-22
            - staging: and 1 more
            - production: 01d01d0 'Hotfix' by Ada, 2026-11-22
  live      staging 9e39e39 90% and a3c7a3c 10%, production 01d01d0 (edge)

worker
  promised  staging ?, production 01d01d0
  live      staging ?, production 01d01d0

canary  (owner web)
  only in   staging: promised 9e39e39, live 9e39e39

late  (owner web)
  promised  9e39e39 in both
  live      staging 9e39e39, production 01d01d0: how they relate is not known:
            01d01d0 is in no branch

link chat  (owner web, api)
  client    version 2.1 → 2.0; format sha256:9e399e39 → sha256:01d001d0 (9e39e39
            → 01d01d0)
            - changed in 9e39e39 'Send the token as a subprotocol' by Ada,
              2026-11-22
  server    only one has (a3c7a3c → 01d01d0), of what is live
            - changed in 9e39e39 'Send the token as a subprotocol' by Ada,
              2026-11-22

link same
            no contract differs

link extra
  only in   production

what could not be learnt
  ?         worker in staging, worker in production: ref main: a shallow clone
            - fix: git fetch --unshallow

manifests/staging.yaml at HEAD (c0ffeec) and manifests/production.yaml at HEAD
    (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
""")


def test_a_change_gets_the_same_as_markdown() -> None:
    assert render_comparison_markdown(everything(), Exit.INCONCLUSIVE) == snapshot("""\
## DIFFERENT: staging → production

**4 of 5 services and 2 of 3 links differ, 2 things could not be learnt** (exit 11), 2026-11-23 22:10 UTC

### frontend  (owner web)

- **promised** staging 9e39e39, production 01d01d0: staging is ahead by 2 commits
  - 9e39e39 'Send the token as a subprotocol' by Ada, 2026-11-22
  - and 1 more
- **live** as promised in both

### backend  (owner web)

- **promised** staging 9e39e39, production 01d01d0: diverged: 2 commits only in staging, 1 in production
  - staging: 9e39e39 'Send the token as a subprotocol' by Ada, 2026-11-22
  - staging: and 1 more
  - production: 01d01d0 'Hotfix' by Ada, 2026-11-22
- **live** staging 9e39e39 90% and a3c7a3c 10%, production 01d01d0 (edge)

### worker

- **promised** staging ?, production 01d01d0
- **live** staging ?, production 01d01d0

### canary  (owner web)

- **only in** staging: promised 9e39e39, live 9e39e39

### late  (owner web)

- **promised** 9e39e39 in both
- **live** staging 9e39e39, production 01d01d0: how they relate is not known: 01d01d0 is in no branch

### link chat  (owner web, api)

- **client** version 2.1 → 2.0; format sha256:9e399e39 → sha256:01d001d0 (9e39e39 → 01d01d0)
  - changed in 9e39e39 'Send the token as a subprotocol' by Ada, 2026-11-22
- **server** only one has (a3c7a3c → 01d01d0), of what is live
  - changed in 9e39e39 'Send the token as a subprotocol' by Ada, 2026-11-22

### link same

- no contract differs

### link extra

- **only in** production

### what could not be learnt

- **?** worker in staging, worker in production: ref main: a shallow clone
  - fix: git fetch --unshallow

<sub>manifests/staging.yaml at HEAD (c0ffeec) and manifests/production.yaml at HEAD (c0ffeec)</sub><br>
<sub>one vantage point: users elsewhere may meet another edge cache</sub><br>
""")


def test_equal_environments_are_told_in_few_lines() -> None:
    assert shown(comparison()) == snapshot("""\
THE SAME  staging → production  nothing that is known differs  (exit 0)
    2026-11-23 22:10 UTC

frontend  (owner web)
  promised  9e39e39 in both
  live      as promised in both

manifests/staging.yaml at HEAD (c0ffeec) and manifests/production.yaml at HEAD
    (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
""")


def test_promises_alone_say_that_nothing_live_was_looked_at() -> None:
    one, other = standing(NEW), standing(OLD)
    blind = service(
        replace(one, live=None), replace(other, live=None), between={"promised": between()}
    )
    alone = service(replace(one, live=None), None, name="canary")
    told = shown(comparison(blind, alone, looked=False))
    assert "live" not in told.partition("only promises were compared")[0]
    assert "nothing live was looked at" in told


@pytest.mark.parametrize(
    ("lies_between", "says"),
    [
        pytest.param(between(), "staging is ahead by 2 commits", id="ahead"),
        pytest.param(
            between(behind(1), only_first=Commits(), only_second=Commits(count=1)),
            "staging is behind by 1 commit",
            id="behind",
        ),
        pytest.param(
            between(DIVERGED, only_second=Commits(count=1)),
            "diverged: 2 commits only in staging, 1 in production",
            id="diverged",
        ),
        pytest.param(
            between(paths=("web/**",)), "2 commits that touch web/**", id="limited to paths"
        ),
        pytest.param(
            between(only_first=Commits(count=1), paths=("a", "b")),
            "1 commit that touches a, b",
            id="one commit",
        ),
        pytest.param(
            between(only_first=Commits(), paths=("web/**",)),
            "no commit that touches web/**",
            id="none of its own",
        ),
        pytest.param(
            between(ahead(2000), only_first=Commits(count=1000, more=True)),
            "at least 1000 commits",
            id="too many to count",
        ),
    ],
)
def test_how_they_relate_is_told_from_the_first(lies_between: object, says: str) -> None:
    told = comparison(service(standing(NEW), standing(OLD), between={"promised": lies_between}))
    assert says in shown(told, width=120)


def test_whose_commits_they_are_is_told_where_they_diverged() -> None:
    fork = between(DIVERGED, only_second=Commits(count=1, newest=(commit(OLD, "Hotfix"),)))
    told = shown(comparison(service(standing(NEW), standing(OLD), between={"promised": fork})))
    assert "- staging: 9e39e39 'Send" in told
    assert "- staging: and 1 more" in told
    assert "- production: 01d01d0 'Hotfix' by Ada" in told


def test_nothing_known_to_differ_is_not_the_same_where_something_is_unknown() -> None:
    told = comparison(unknown=(NotLearnt("frontend", "no credentials", "log in"),))
    assert shown(told).startswith("NOT KNOWN  staging → production  nothing that is known differs")


@pytest.mark.parametrize("told", [everything(), comparison()])
def test_it_fits_into_80_columns(told: Comparison) -> None:
    assert max(map(len, shown(told).splitlines())) <= 80


def test_differences_are_no_failure_and_not_red() -> None:
    coloured = render_comparison(everything(), Exit.PASS, width=80, colour=True)
    assert coloured.startswith("\x1b[1;36mDIFFERENT")
    unknown = comparison(unknown=(NotLearnt("frontend", "no credentials", "log in"),))
    assert "\x1b[1;30;43mNOT KNOWN" in render_comparison(unknown, Exit.PASS, width=80, colour=True)


def test_hostile_texts_are_shown_and_not_obeyed() -> None:
    link = LinkComparison(name="chat", owner=HOSTILE, contracts=(contract_change(told=(HOSTILE,)),))
    evil = between(only_first=Commits(count=1, newest=(commit(NEW, HOSTILE),)))
    told = comparison(
        service(standing(NEW), standing(OLD), owner=HOSTILE, between={"promised": evil}),
        links=(link,),
        unknown=(NotLearnt(HOSTILE, HOSTILE, HOSTILE),),
    )
    for text in (
        shown(told),
        render_comparison_markdown(told, Exit.PASS),
        render_comparison_json(told, Exit.PASS),
    ):
        assert not {"\x1b", "\u202e"} & set(text)
    assert "<b>" not in render_comparison_markdown(told, Exit.PASS)


def test_programs_read_all_of_it() -> None:
    told = json.loads(render_comparison_json(everything(), Exit.INCONCLUSIVE))
    assert (told["schema"], told["question"], told["differs"], told["exit"]) == (
        1,
        "diff",
        True,
        11,
    )
    assert told["first"]["environment"] == "staging"
    web, api, worker, canary, late = told["services"]
    assert web["first"]["promised"] == str(NEW)
    assert web["between"]["promised"]["only_first"]["count"] == 2
    assert [each["percent"] for each in api["first"]["live"]] == [90, 10]
    assert (worker["first"]["promised"], worker["first"]["why"]) == (
        None,
        "ref main: a shallow clone",
    )
    assert canary["second"] is None
    assert late["between"]["live"]["relation"] == "unknown"
    chat, same, extra = told["links"]
    client, server = chat["contracts"]
    assert (client["side"], client["second"]["version"], len(client["commits"])) == (
        "client",
        "2.0",
        1,
    )
    assert (server["when"], server["second"]["why"]) == ("live", "there is no contract")
    assert (same["differs"], extra["only_in"]) == (False, "production")
    assert [each["fix"] for each in told["unknown"]] == ["git fetch --unshallow"] * 2


def test_programs_read_null_where_nobody_looked() -> None:
    one = replace(standing(NEW), live=None)
    told = json.loads(
        render_comparison_json(comparison(service(one, one), looked=False), Exit.PASS)
    )
    assert (told["looked"], told["services"][0]["first"]["live"]) == (False, None)


def test_a_contract_that_does_not_say_what_it_accepts_and_a_file_outside_of_git_are_null() -> None:
    change = contract_change(second=contract(accepts=None))
    told = comparison(
        links=(LinkComparison(name="chat", owner="", contracts=(change,)),),
        sources=(sources(commit=None), sources()),
    )
    read = json.loads(render_comparison_json(told, Exit.PASS))
    assert read["links"][0]["contracts"][0]["second"]["accepts"] is None
    assert read["first"]["commit"] is None
    assert "manifests/staging.yaml at HEAD and" in shown(told)
