"""The one family of errors that operators see as a line and a hint; the rest are bugs and crash.

SkewcheckError          something failed on the way: exit 1
├── UsageError          what the user wrote (flags, manifest, contract, ref) is wrong: exit 2
└── ActionFailedError   a change was refused or did not come about: exit 12
    └── LeaseHeldError  another rollout holds what would be changed
"""


class SkewcheckError(Exception):
    """Says what failed and where; `hint` is the next command to run."""

    def __init__(self, problem: str, *, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


class UsageError(SkewcheckError):
    """The user can mend this by editing what they wrote."""


class ActionFailedError(SkewcheckError):
    """A change was refused or did not come about; where nobody can tell, the message says so, and
    whoever goes on reads before acting."""


class LeaseHeldError(ActionFailedError):
    """Another rollout holds the service: its holder, since when and until when are told."""
