"""Which tests a required name means, and which one was probably meant where it means none."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.evidence.case import Case
from skewcheck.core.remote_text import shorten

_MOST_COMPARED = 5000  # comparing names is slow, and the advice is only advice


def means(required: str, case: Case) -> bool:
    """`name`, `classname.name` or `classname::name`; `name` means `name[…]` as well.

    `*` and `?` stand for any characters; `[` only for itself, or `test[a]` would mean `testa`.
    """
    if not required.strip():
        return False
    pattern = required.replace("[", "[[]")
    return any(fnmatchcase(form, pattern) for form in _forms(case))


def near_miss(required: str, cases: Iterable[Case]) -> str:
    """`; did you mean `…`?`, in the form in which the name was asked for; or nothing."""
    qualified = "." in required or "::" in required
    known = (label(case) if qualified else shorten(case.name) for case in cases)
    return did_you_mean(required, islice(known, _MOST_COMPARED))


def label(case: Case) -> str:
    """How a test is called in our sentences; `--require` takes it too."""
    return shorten(f"{case.classname}::{case.name}" if case.classname else case.name)


def _forms(case: Case) -> Iterator[str]:
    names = [case.name]
    if case.name.endswith("]"):
        names.append(case.name.partition("[")[0])
    for name in names:
        yield name
        if case.classname:
            yield f"{case.classname}.{name}"
            yield f"{case.classname}::{name}"
