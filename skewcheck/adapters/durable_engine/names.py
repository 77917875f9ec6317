"""The names under which one scope stands in a database that it may share with others.

DBOS hands a run to whoever has its application, queue, executor and version; all four are derived
from the scope, so nobody else ever touches it. They are constant: a process that dies is resumed
by the next one of the same name.
"""

import hashlib
from dataclasses import dataclass

# Ours, not DBOS's own, which changes with its release and with every line of a workflow, after
# which a run is not resumed any more. It is counted up when orders or records cannot be read as
# they were.
_VERSION = "rollout-1"
WORKFLOW = "skewcheck-rollout"
SCHEMA = "skewcheck_dbos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """`name` serves DBOS as application, queue, executor and deduplication id ([a-z0-9_-], 3 to
    256 characters); `lock` is a key for `pg_advisory_lock`, a signed 64-bit number."""

    name: str
    lock: int

    @property
    def version(self) -> str:
        """DBOS wants versions to be unique over all applications of a database."""
        return f"{self.name}-{_VERSION}"

    def workflow(self, rollout: str) -> str:
        """DBOS's ids are unique over all scopes of a database."""
        return f"{self.name}/{rollout}"

    def rollout(self, workflow: str) -> str:
        return workflow.removeprefix(self.workflow(""))


def names_of(scope: str) -> Names:
    digest = hashlib.sha256(f"skewcheck rollouts of {scope}".encode()).digest()
    return Names(
        name=f"skewcheck-{digest.hex()[:24]}",
        lock=int.from_bytes(digest[-8:], "big", signed=True),
    )
