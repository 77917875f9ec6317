"""Tests as a report tells of them: what became of each, and of which commit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from skewcheck.core.build import BuildName

State: TypeAlias = Literal["ran", "failed", "skipped", "disabled"]
_WORST_FIRST: tuple[State, ...] = ("failed", "disabled", "skipped", "ran")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test; `ran` means that it passed, `why` is what the report says of any other state.

    `assertions` is None where the report does not count them. `flaky` passed only when it was
    tried again. `commits` are those that its suite, or one around it, names.
    """

    name: str
    classname: str = ""
    suite: str = ""
    state: State = "ran"
    why: str = ""
    assertions: int | None = None
    flaky: bool = False
    commits: tuple[BuildName, ...] = ()

    @property
    def id(self) -> tuple[str, str]:
        """Suites come and go with how the tests are run; these two stay."""
        return self.classname, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One report. `commits` are all that it names anywhere; `unnamed` what stood where a commit
    should and names none."""

    file: str
    cases: tuple[Case, ...]
    commits: tuple[BuildName, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceUnreadable:
    file: str
    why: str


Report: TypeAlias = Evidence | EvidenceUnreadable


def worst_of_each(cases: Iterable[Case]) -> tuple[Case, ...]:
    """One case for each id: of a test that is told of twice, the worst counts."""
    kept: dict[tuple[str, str], Case] = {}
    for case in cases:
        before = kept.get(case.id)
        kept[case.id] = case if before is None else _worse(before, case)
    return tuple(kept.values())


def _worse(one: Case, other: Case) -> Case:
    """The commit of both is known only where that of each is."""
    worst = min(one, other, key=_goodness)
    known = one.commits and other.commits
    commits = tuple(dict.fromkeys(one.commits + other.commits)) if known else ()
    return replace(worst, flaky=one.flaky or other.flaky, commits=commits)


def _goodness(case: Case) -> tuple[int, bool]:
    return _WORST_FIRST.index(case.state), case.assertions != 0
