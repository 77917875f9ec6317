"""What a control plane says of one service in one region: revisions and their traffic."""

from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.build import BuildName
from skewcheck.core.rollout.lease import BrokenLease, Lease, Pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One immutable deployed snapshot; `named_by` says which evidence named its build, `rollout`
    which rollout made it, if one did.

    `timeout_s` is how long one request may take, and so one WebSocket; None where it does not say.
    `http2` says that its container is spoken to in HTTP/2 alone. `service_account` is the address
    it runs as, empty where it does not say.
    """

    name: str
    created: datetime
    build: BuildName | None
    named_by: str = ""
    image: str = ""
    ready: bool = True
    rollout: str = ""
    timeout_s: float | None = None
    http2: bool = False
    service_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One line of the traffic split; `revision` is resolved, also where traffic follows LATEST."""

    revision: str
    percent: int
    tag: str = ""
    url: str = ""
    follows_latest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPlane:
    """`revisions` are the newest first; `problem` is the platform's own word on a failed deploy.

    `settled` is false while the platform is still reconciling: targets are then transient.
    `lease` is a rollout's, under way or left behind; `pin` what a rollback left pinned.
    `deployed_image` is how the newest deploy named its image: by a tag, where revisions have a
    digest; of what serves it says nothing.
    """

    service: str
    region: str
    url: str
    targets: tuple[Target, ...]
    revisions: tuple[Revision, ...]
    latest_ready: str
    settled: bool
    problem: str = ""
    internal: bool = False
    session_affinity: bool = False
    lease: Lease | BrokenLease | None = None
    pin: Pin | None = None
    deployed_image: str = ""
    read_at: datetime

    def revision(self, name: str) -> Revision | None:
        """The revision of that short name, None where the platform no longer lists it."""
        return next((each for each in self.revisions if each.name == name), None)
