"""What tells one of Google's APIs from another, as far as asking and refusing go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """`name` is what people call it, `version` what its paths begin with, `role` lets one read it.

    `look` is the command by which a person asks much the same; `{project}` and `{region}` are
    filled in. `deed` is what one wants to do to it.
    """

    name: str
    host: str
    version: str
    role: str
    look: str
    deed: str = "read"

    @property
    def base(self) -> str:
        return f"https://{self.host}"
