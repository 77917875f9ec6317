"""Which contracts a build speaks, of those that lie beside it; which role it plays."""

from collections.abc import Sequence
from dataclasses import dataclass

from skewcheck.core.contract import Contract
from skewcheck.core.errors import UsageError
from skewcheck.core.stamping.stamp import Role


@dataclass(frozen=True, slots=True)
class Found:
    """A contract and its file, relative to the top of the repository."""

    file: str
    contract: Contract


def choose_contracts(found: Sequence[Found]) -> tuple[Found, ...]:
    """One a protocol: `contracts/chat.yaml` outranks others of `chat`, which stand for builds from
    before it. UsageError where no name decides."""
    chosen = {each.contract.protocol: _one(each.contract.protocol, found) for each in found}
    return tuple(chosen.values())


def require_one_each(found: Sequence[Found]) -> tuple[Found, ...]:
    """For contracts that were named one by one."""
    for protocol in dict.fromkeys(each.contract.protocol for each in found):
        _refuse_two(protocol, [each for each in found if each.contract.protocol == protocol])
    return tuple(found)


def role_of(files: Sequence[str]) -> Role:
    """Whoever brings HTML is a client."""
    return "client" if any(map(is_page, files)) else "server"


def is_page(file: str) -> bool:
    return file.lower().endswith((".html", ".htm"))


def _one(protocol: str, found: Sequence[Found]) -> Found:
    same = [each for each in found if each.contract.protocol == protocol]
    named = [each for each in same if _stem(each.file) == protocol]
    _refuse_two(protocol, named or same)
    return (named or same)[0]


def _refuse_two(protocol: str, same: Sequence[Found]) -> None:
    if len(same) > 1:
        files = " and ".join(each.file for each in same)
        raise UsageError(
            f"{files} are both contracts of {protocol!r}, and a build speaks one",
            hint=f"skewcheck stamp … --contract {same[0].file}",
        )


def _stem(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]
