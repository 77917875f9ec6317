"""A message in Slack, as a value."""

from dataclasses import dataclass

from skewcheck.core.strict_json import Json

JsonObject = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`text` is for notifications and screen readers, `blocks` for everybody else."""

    text: str
    blocks: tuple[JsonObject, ...] = ()
