"""Cloud Run: takes updates at once, and makes them true a little later in a thread of its own.

Rules of this file: documents in the store are replaced, never changed in place, so what was
handed out stays as it was; `settle` alone moves traffic, and only to revisions that are ready.
"""

import random
import threading
from dataclasses import dataclass

from skewcheck.sandbox.clock import Now, stamp
from skewcheck.sandbox.documents import Json, last, parent
from skewcheck.sandbox.errors import already_exists, conflict, invalid
from skewcheck.sandbox.run import desired, revisions, schema, settling, traffic
from skewcheck.sandbox.run.mishaps import Mishaps
from skewcheck.sandbox.run.operations import Operations
from skewcheck.sandbox.run.ports import Addresses, Runtime
from skewcheck.sandbox.run.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """What a write asks for, as the query string says it."""

    mask: str = ""
    validate_only: bool = False
    allow_missing: bool = False


class CloudRun:
    """Services and revisions of every project, as the Admin API v2 keeps them."""

    def __init__(
        self, runtime: Runtime, addresses: Addresses, *, now: Now, takes: float, seed: int = 1
    ) -> None:
        self.operations = Operations()
        self.mishaps = Mishaps()
        self.store = Store()
        self.takes = takes
        self._runtime = runtime
        self._addresses = addresses
        self._now = now
        self._chance = random.Random(seed)  # noqa: S311  names, not secrets
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._workers: dict[str, threading.Thread] = {}

    def create(self, location: str, service_id: str, body: Json, change: Change) -> Json:
        """A new service; the operation that makes it real."""
        if last(location) == "-":
            raise invalid("Location '-' is not allowed here.")
        name = f"{location}/services/{service_id}"
        with self._lock:
            if name in self.store.services:
                raise already_exists(f"Resource '{service_id}' already exists.")
            blank = settling.blank(name, self._addresses.service_uri(name), self._stamp())
            return self._apply(blank, desired.merged(blank, schema.service(body), ()), change)

    def update(self, name: str, body: Json, change: Change) -> Json:
        """Lay the body over the service; the operation that makes it real."""
        body = schema.service(body)
        with self._lock:
            if change.allow_missing and name not in self.store.services:
                return self.create(parent(name), last(name), body, change)
            current = self.store.service(name)
            _check_etag(body.get("etag"), current)
            wanted = desired.merged(current, body, schema.mask_paths(change.mask))
            return self._apply(current, wanted, change)

    def delete(self, name: str, *, etag: str = "") -> Json:
        """Remove the service and end its processes."""
        with self._lock:
            service = self.store.service(name)
            _check_etag(etag, service)
            gone = self.store.forget(name)
        return self._ended(gone, service)

    def delete_revision(self, name: str) -> Json:
        """Remove a revision that nothing refers to any more, and end its process."""
        with self._lock:
            revision = self.store.revision(name)
            settling.check_unused(self.store.service(revision["service"]), revision)
            del self.store.revisions[name], self.store.configurations[name]
        return self._ended([name], revision)

    def list_services(self, location: str) -> list[Json]:
        """The services of one region: v2 has no wildcard here."""
        if last(location) == "-":
            raise invalid("Location '-' is not allowed when listing services.")
        prefix = f"{location}/services/"
        return [s for name, s in list(self.store.services.items()) if name.startswith(prefix)]

    def close(self) -> None:
        """End every wait, and wait for what is under way."""
        self._closing.set()
        self.mishaps.resume()
        for worker in list(self._workers.values()):
            worker.join()

    def _ended(self, gone: list[str], document: Json) -> Json:
        for revision in gone:
            self._runtime.stop(revision)
        location = "/".join(document["name"].split("/")[:4])
        operation = self.operations.start(location, document)
        self.operations.succeed(operation, document)
        return self.operations.get(operation)

    def _apply(self, current: Json, wanted: Json, change: Change) -> Json:
        name = current["name"]
        generation = int(current.get("generation", 0)) + 1
        named = self._new_revision_name(current, wanted, generation)
        known = self.store.short_names(name) | ({named} if named else set())
        traffic.check(last(name), wanted["traffic"], known)
        wanted = settling.begun(wanted, generation, revision=named, at=self._stamp())
        if change.validate_only:
            return self.operations.validated(schema.service(wanted))
        self.store.services[name] = schema.service(wanted)
        if named:
            self._add_revision(wanted, named)
        operation = self.operations.start(parent(name), self.store.services[name])
        self._in_background(operation, name, generation, named)
        return self.operations.get(operation)

    def _new_revision_name(self, current: Json, wanted: Json, generation: int) -> str:
        asked = wanted["template"].get("revision", "")
        configuration = revisions.configuration(wanted["template"])
        existing = self.store.configurations
        if asked and asked in self.store.short_names(wanted["name"]):
            if existing[f"{wanted['name']}/revisions/{asked}"] != configuration:
                raise revisions.name_taken(asked)
            return ""
        if not asked and existing.get(current.get("latestCreatedRevision", "")) == configuration:
            return ""
        service_id = last(wanted["name"])
        name = asked or revisions.generated_name(service_id, generation, self._chance)
        revisions.check_name(service_id, name)
        return name

    def _add_revision(self, service: Json, name: str) -> None:
        image = self._runtime.pin(service["template"]["containers"][0].get("image", ""))
        revision = revisions.new(service, name, created=self._stamp(), image=image)
        self.store.add_revision(service, revision)

    def _in_background(self, operation: str, name: str, generation: int, named: str) -> None:
        before = self._workers.get(name)

        def work() -> None:
            if before:
                before.join()
            self._reconcile(operation, name, generation, named)

        self._workers[name] = threading.Thread(target=work, daemon=True)
        self._workers[name].start()

    def _reconcile(self, operation: str, name: str, generation: int, named: str) -> None:
        failure, forced = None, self.mishaps.take_failure()
        self.mishaps.wait()
        if named and (revision := self.store.revisions.get(f"{name}/revisions/{named}")):
            failure = self._runtime.start(revision)
        self._closing.wait(self.takes)
        with self._lock:
            if name in self.store.services:
                failure = self._settle(name, generation, named, failure, forced)
            service = self.store.services.get(name)
        if self.mishaps.loses_operations:
            return
        if failure or service is None:
            self.operations.fail(operation, failure or "The service was deleted.")
        else:
            self.operations.succeed(operation, service)

    def _settle(
        self, name: str, generation: int, named: str, failure: str | None, forced: str
    ) -> str | None:
        at = self._stamp()
        if named:
            revision = self.store.revision(f"{name}/revisions/{named}")
            self.store.revisions[revision["name"]] = revisions.settled(revision, failure, at=at)
        service = self.store.services[name]
        if int(service["generation"]) != generation:
            return failure  # a later update speaks for the service
        own = {last(r["name"]): r for r in self.store.revisions_of(name)}
        settled, failure = settling.ended(
            service,
            own,
            named,
            at=at,
            tag_uri=lambda tag: self._addresses.tag_uri(name, tag),
            forced=forced,
        )
        self.store.services[name] = schema.service(settled)
        return failure

    def _stamp(self) -> str:
        return stamp(self._now())


def _check_etag(given: str | None, current: Json) -> None:
    if given and given != current["etag"]:
        raise conflict(
            f"Conflict for resource '{last(current['name'])}': version '{given}' was specified "
            f"but current version is '{current['etag']}'."
        )
