"""Can git say what was promised, and what each build speaks?"""

from typing import Any

from skewcheck.core.checkup.check import Check, Name, State
from skewcheck.core.checkup.repository import check_repository
from skewcheck.core.history import NotInHistory
from skewcheck.core.survey import ContractAbsent, ContractReading, PromiseUnreadable, Survey
from tests.builders import (
    NEW,
    OLD,
    backend,
    commit,
    contract,
    document,
    frontend,
    lingering,
    promise,
    sources,
    survey,
)
from tests.core.checkup.worlds import facts, only, states

SHALLOW = NotInHistory("a shallow clone: its history was cut off", "git fetch --unshallow origin")


def checked(name: Name, seen: Survey | None = None, subject: str = "", **changed: Any) -> Check:
    return only(check_repository(facts(seen, **changed)), name, subject)


def test_a_whole_history_is_well() -> None:
    checks = list(check_repository(facts()))
    assert set(states(checks).values()) == {State.OK}
    assert only(checks, Name.MANIFEST).told == "manifests/staging.yaml at HEAD (c0ffeec)"
    assert only(checks, Name.DEFAULT_BRANCH).told == "policy comes from origin/main"


def test_a_file_outside_of_git_brings_its_own_policy() -> None:
    here = sources(file="staging.yaml", ref="", commit=None, policy_ref="", policy_commit=None)
    assert checked(Name.MANIFEST, sources=here).told == "staging.yaml, not from git"
    assert checked(Name.DEFAULT_BRANCH, sources=here).state is State.NOT_NEEDED


def test_without_a_known_default_branch_a_pull_request_could_soften_its_gate() -> None:
    check = checked(Name.DEFAULT_BRANCH, default_branch=None, remote="upstream")
    assert check.state is State.BAD
    assert check.fix == "git remote set-head upstream --auto"


def test_who_names_the_policy_ref_needs_no_default_branch() -> None:
    check = checked(Name.DEFAULT_BRANCH, default_branch=None, policy_ref_given=True)
    assert check.state is State.OK


def test_without_a_remote_there_is_nobody_else() -> None:
    check = checked(Name.DEFAULT_BRANCH, default_branch=None, remote=None)
    assert check.state is State.NOT_NEEDED


def test_a_history_that_was_cut_off_is_told_with_what_brings_it_back() -> None:
    check = checked(Name.HISTORY, survey(doubts={"staging": (SHALLOW,)}))
    assert (check.state, check.told, check.fix) == (State.BAD, SHALLOW.why, SHALLOW.fix)


def test_a_promise_is_shown_with_what_was_committed() -> None:
    seen = survey(backend(promise=promise(commit=commit())))
    assert checked(Name.PROMISE, seen, "backend").told == (
        "9e39e39 Send the token as a subprotocol"
    )
    assert checked(Name.PROMISE, seen, "frontend").told == "9e39e39"


def test_a_promise_that_git_does_not_know_is_bad() -> None:
    lost = PromiseUnreadable(why="unknown", fix="git fetch")
    check = checked(Name.PROMISE, survey(backend(promise=lost)), "backend")
    assert (check.state, check.told, check.fix) == (State.BAD, "unknown", "git fetch")
    check = checked(Name.PROMISE, survey(backend(promise=None)), "backend")
    assert check.fix == "write services.backend.build or services.backend.ref"


def test_contracts_are_counted_by_build() -> None:
    assert checked(Name.CONTRACTS).told == "known at 1 build"
    assumed = contract(assumed="contracts/before.yaml")
    seen = survey(
        frontend(lingering=(lingering(OLD),)), contracts={("chat", "client", OLD): assumed}
    )
    assert checked(Name.CONTRACTS, seen).told == (
        "known at 2 builds; contracts/before.yaml stands in where there is none"
    )


def test_a_build_without_a_contract_is_named() -> None:
    absent: ContractReading = ContractAbsent(why="there is no chat.yaml", fix="commit it")
    check = checked(Name.CONTRACTS, survey(contracts={("chat", "server", NEW): absent}))
    assert (check.state, check.fix) == (State.BAD, "commit it")
    assert check.told == "server 9e39e39: there is no chat.yaml"


def test_a_build_that_git_does_not_know_has_no_contract() -> None:
    lost = NotInHistory("it is in no branch", "git push")
    seen = survey(
        backend(edge=document(OLD)), builds={("backend", OLD): lost, ("backend", NEW): NEW}
    )
    check = checked(Name.CONTRACTS, seen)
    assert (check.state, check.told) == (State.BAD, "backend names 01d01d0: it is in no branch")


def test_a_lost_build_of_another_service_says_nothing_of_the_link() -> None:
    lost = {("billing", OLD): NotInHistory("it is in no branch", "git push")}
    known = {(name, NEW): NEW for name in ("frontend", "backend")}
    assert checked(Name.CONTRACTS, survey(builds=lost | known)).state is State.OK


def test_where_no_build_is_known_no_contract_is_either() -> None:
    seen = survey(frontend(edge=None, page=None), backend(edge=None, planes=()))
    check = checked(Name.CONTRACTS, seen)
    assert (check.state, check.fix) == (State.UNKNOWN, "skewcheck status staging")
    assert check.told == "no build of the client is known, so no contract of it either"
