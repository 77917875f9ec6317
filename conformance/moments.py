"""Acting at a chosen moment of a rollout: while a request is on its way, and nobody waits by time.

What acts runs in the sandbox's own thread that answers the request, so the rollout stands still
meanwhile; every hook first tells the one before it.
"""

import json
import re
import threading
from collections.abc import Callable
from typing import Any, Literal

import yaml

from conformance.rolling import SERVICES, Rolling, is_change
from skewcheck.adapters.clock import SystemClock
from skewcheck.core.rollout.lease import ANNOTATION
from skewcheck.sandbox.api.http import Moment
from skewcheck.sandbox.repository import Repository
from skewcheck.sandbox.yaml_text import yaml_text
from tests.programs import Ended

Matches = Callable[[Moment], bool]
_ROLLOUT = re.compile(r"\d{8}-\d{4}-[0-9a-f]{6}")
_HELD_AT_MOST_S = 100


class Once:
    """Acts at the n-th of those moments that match, just before or just after it takes effect."""

    def __init__(
        self,
        scene: Rolling,
        act: Callable[[], object],
        *,
        number: int = 0,
        matches: Matches = is_change,
        when: Literal["before", "after"] = "before",
    ) -> None:
        self.happened = threading.Event()
        self._act = act
        self._wanted = (number, when)
        self._matches = matches
        self._seen = 0
        self._lock = threading.Lock()
        plane = scene.world.cloud.control_plane
        self._before = plane.on_call
        plane.on_call = self

    def __call__(self, moment: Moment) -> None:
        self._before(moment)
        number, when = self._wanted
        if moment.when != when or not self._matches(moment):
            return
        with self._lock:
            due = self._seen == number
            self._seen += 1
        if due:
            try:
                self._act()
            finally:
                self.happened.set()


class Held:
    """The n-th of the matching requests does not go on before it is let go."""

    def __init__(self, scene: Rolling, *, number: int = 0, matches: Matches = is_change) -> None:
        self._reached, self._released = threading.Event(), threading.Event()
        Once(scene, self._hold, number=number, matches=matches)

    def wait_until_reached(self) -> None:
        assert self._reached.wait(_HELD_AT_MOST_S), "nobody came this way"

    def let_go(self) -> None:
        self._released.set()

    def _hold(self) -> None:
        self._reached.set()
        self._released.wait(_HELD_AT_MOST_S)


def is_shift(moment: Moment) -> bool:
    """An update that moves traffic and makes no revision."""
    mask = moment.query.get("updateMask", "")
    return moment.method == "PATCH" and "traffic" in mask and "template" not in mask


def is_shift_of(service: str) -> Matches:
    return lambda moment: is_shift(moment) and moment.path.endswith(f"/{SERVICES[service]}")


def is_read(moment: Moment) -> bool:
    return moment.method == "GET"


def rollouts_in(text: str) -> set[str]:
    """The names of all rollouts that a text speaks of."""
    return set(_ROLLOUT.findall(text))


def told(end: Ended) -> str:
    """All that a command said, on one line."""
    return " ".join((end.out + end.err).split())


def let_leases_expire(scene: Rolling) -> None:
    """As if their time had passed; all else that stands in them stays."""
    store = scene.world.cloud.cloud_run.store
    for service in SERVICES.values():
        name = scene.world.cloud.name_of(service)
        document = store.service(name)
        lease = json.loads(document["annotations"][ANNOTATION])
        lease["until"] = lease["taken"]
        annotations = document["annotations"] | {ANNOTATION: json.dumps(lease)}
        store.services[name] = document | {"annotations": annotations}


def promise(scene: Rolling, **policy: Any) -> None:
    """Commits the manifest with these keys of its policy changed."""
    manifest = scene.world.manifest
    read = yaml.load(manifest.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - text only
    text = yaml_text(read | {"policy": read["policy"] | policy})
    repository = Repository(scene.world.repository, scene.world.cloud.inherit)
    repository.commit(
        {"manifests/staging.yaml": text}, "Change the policy", author="Ada", at=SystemClock().now()
    )


def etags(scene: Rolling) -> dict[str, str]:
    """They change with whatever is changed."""
    return {name: scene.world.cloud.service(service)["etag"] for name, service in SERVICES.items()}
