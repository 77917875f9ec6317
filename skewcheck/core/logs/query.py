"""What the platform logged about our probes: asked for by the ids that their requests carried."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """`services` are the Cloud Run services (project, region, name) whose own lines are wanted;
    `projects` those whose load balancers may have logged the request."""

    probe_ids: tuple[str, ...]
    since: datetime
    services: tuple[tuple[str, str, str], ...] = ()
    projects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`by` is `acme-api/acme-api-00002` or `load balancer`; `text` is masked and shortened."""

    at: datetime
    by: str
    severity: str
    text: str
    probe_id: str = ""
