"""The version document: which build this is and which protocols it speaks, read once at start-up.

Rule of this file: a commit that is missing or a placeholder is `null` and warned about, because a
value that merely looks like a build is worse than none.
"""

import json
import logging
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from skewcheck_expose.answers import Answer, of_text
from skewcheck_expose.contracts import Contract

PATHS = ("/__version__", "/version.json")
# In the order in which skewcheck itself believes a revision's environment.
COMMIT_VARIABLES = (
    "BUILD_SHA", "COMMIT_SHA", "GIT_SHA", "GIT_COMMIT", "GIT_COMMIT_SHA", "SOURCE_COMMIT",
    "SOURCE_VERSION", "GITHUB_SHA", "CI_COMMIT_SHA", "REVISION_SHA", "VCS_REF",
)  # fmt: skip
_OTHERS = {"source": "SOURCE_URL", "version": "VERSION", "build": "BUILD_URL"}
# Digits alone are a time stamp or a counter as soon as they are fewer than forty.
_COMMIT = re.compile(
    r"(?!0+\b)([0-9a-f]{40}|(?=[0-9]*[a-f])[0-9a-f]{7,39})([-+.](dirty|modified))?"
)
_CURE = "run `skewcheck stamp` in the build, or set COMMIT_SHA"
_log = logging.getLogger("skewcheck_expose")

Document = dict[str, Any]


class VersionDocument:
    """`file` is what `skewcheck stamp` wrote; where there is none, the process environment tells.

    `contracts` are added to the protocols that the file names already. Warns once, here, where the
    commit is not known.
    """

    def __init__(
        self,
        *,
        file: str | os.PathLike[str] = "version.json",
        contracts: Contract | Iterable[Contract] = (),
        environment: str | None = None,
        paths: Iterable[str] = PATHS,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        given = os.environ if variables is None else variables  # noqa: TID251 - the one reader
        self.paths = frozenset(paths)
        self.content = _read(Path(file), given)
        if environment or not self.content.get("environment"):
            self.content["environment"] = environment or given.get("ENVIRONMENT")
        served = (contracts,) if isinstance(contracts, Contract) else contracts
        _add_claims(self.content, served)
        text = json.dumps(self.content, indent=2) + "\n"
        self._answer = of_text(200, text, kind="application/json")

    def answer(self, method: str, path: str) -> Answer | None:
        """None where the path is somebody else's. To HEAD, the body is left to the caller."""
        if path not in self.paths:
            return None
        if method in {"GET", "HEAD"}:
            return self._answer
        return of_text(405, "read it with GET\n", ("Allow", "GET, HEAD"))


def _read(file: Path, variables: Mapping[str, str]) -> Document:
    try:
        found, where = _from_file(file), str(file)
    except FileNotFoundError:
        found, where = _from_variables(variables), f"the environment ({file} is not there)"
    except (OSError, ValueError, RecursionError) as error:
        found, where = {}, f"{file} ({error})"
    said = found.get("commit")
    commit = _commit(said)
    if commit is None:
        told = "no commit" if said in (None, "") else f"the commit {ascii(said)[:60]}"
        _log.warning("unknown build: %s names %s; %s", where, told, _CURE)
    return {**dict.fromkeys(_OTHERS), **found, "commit": commit}


def _from_file(file: Path) -> Document:
    content = json.loads(file.read_bytes().decode("utf-8-sig"))
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    return content


def _from_variables(variables: Mapping[str, str]) -> Document:
    """The first variable that names a commit wins, else the first that is set is told."""
    named = [value for name in COMMIT_VARIABLES if (value := variables.get(name, "").strip())]
    commit = next((value for value in named if _commit(value)), named[0] if named else None)
    said: Document = {key: variables[name] for key, name in _OTHERS.items() if name in variables}
    return {**said, "commit": commit}


def _commit(value: object) -> str | None:
    """Full or abbreviated, with the mark of a dirty tree that some builds add to it."""
    lowered = value.strip().lower() if isinstance(value, str) else ""
    return lowered if _COMMIT.fullmatch(lowered) else None


def _add_claims(content: Document, contracts: Iterable[Contract]) -> None:
    """As server; the first contract of a protocol speaks for it, because readers allow but one."""
    said = content.get("protocols")
    claims = said if isinstance(said, list) else []
    have = {
        each.get("name")
        for each in claims
        if isinstance(each, dict) and each.get("role") in ("server", "", None)
    }
    for contract in contracts:
        if contract.protocol not in have:
            have.add(contract.protocol)
            claims.append(contract.claim("server"))
    content["protocols"] = claims
