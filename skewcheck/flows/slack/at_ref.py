"""The same environment with the manifest of another ref.

Rule of this file: whatever ref somebody names, the rules stay those of the policy ref, and nothing
is asked of hosts that the manifest there does not name: anybody in a workspace may ask.
"""

from dataclasses import dataclass

from skewcheck.core.errors import UsageError
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded, load_manifest
from skewcheck.flows.rooms import Room
from skewcheck.ports.rollout import Builds, Engine, Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAt:
    """A `flows.rooms.Room` that differs in its manifest only."""

    room: Room
    loaded: Loaded

    @property
    def environment(self) -> str:
        return self.room.environment

    @property
    def scope(self) -> str:
        return self.room.scope

    @property
    def doors(self) -> Doors:
        return self.room.doors

    @property
    def engine(self) -> Engine:
        return self.room.engine

    @property
    def notes(self) -> Notes:
        return self.room.notes

    @property
    def builds(self) -> Builds:
        return self.room.builds

    def new_rollout(self) -> str:
        return self.room.new_rollout()


def at_ref(room: Room, ref: str) -> Room:
    """The room itself where no ref is named."""
    if not ref:
        return room
    sources = room.loaded.sources
    rules = sources.policy_commit or sources.commit
    if rules is None:
        told = f"{sources.file} is not in git, so it has no {ref!r}"
        raise UsageError(told, hint="serve a repository, without --manifest")
    history = room.doors.histories.open(".")
    loaded = load_manifest(history, room.environment, ref=ref, policy_ref=str(rules))
    if foreign := loaded.manifest.hosts() - room.loaded.rules.hosts():
        raise UsageError(
            f"{sources.file} at {ref} names hosts that the policy ref does not know: "
            f"{', '.join(sorted(foreign))}",
            hint=f"skewcheck redeploy {room.environment} --to {ref}, at a terminal",
        )
    return RoomAt(room=room, loaded=loaded)
