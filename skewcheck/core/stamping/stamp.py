"""The stamp of one build: its commit, its contracts, and what else it says of itself."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from skewcheck.core.build import BuildSha
from skewcheck.core.contract import Contract

Role: TypeAlias = Literal["client", "server"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """`dirty`: built from files that the commit does not have. Texts are empty where nobody
    said."""

    commit: BuildSha
    role: Role
    contracts: tuple[Contract, ...] = ()
    dirty: bool = False
    version: str = ""
    environment: str = ""
    source: str = ""
    build: str = ""

    @property
    def name(self) -> str:
        """How a page names the build; `read_build_name` reads it."""
        return f"{self.commit}-dirty" if self.dirty else str(self.commit)
