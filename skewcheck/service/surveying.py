"""What one round does in one environment: look, tell, and mend where the policy says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.errors import SkewcheckError
from skewcheck.core.report import Report
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.mend import Mending, is_due, mend, not_seen
from skewcheck.flows.mend_memory import remember_trouble
from skewcheck.flows.rooms import OpenRoom
from skewcheck.flows.watch import Watching, look, look_failed
from skewcheck.service.loop import Tell, told

# Opens an environment by name, at the newest manifest, to look at it.
OpenDoors: TypeAlias = Callable[[str], AbstractContextManager[tuple[Doors, Loaded]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyor:
    """`mending` is None where nothing may roll out; it is asked for when there is need."""

    watching: Watching
    open_doors: OpenDoors
    open_room: OpenRoom
    mending: Callable[[], Mending] | None
    tell: Tell

    def survey(self, environment: str) -> None:
        """A bug is recorded like any other failure, and raised. The same failure is told once."""
        try:
            with self.open_doors(environment) as (doors, loaded):
                report = look(doors, loaded, self.watching)
        except Exception as error:
            not_seen(self.watching.shared, environment)
            is_news = look_failed(self.watching, environment, told(error))
            if not isinstance(error, SkewcheckError):
                raise
            if is_news:
                self.tell(f"survey of {environment}: {told(error)}")
        else:
            self._mend(report)

    def _mend(self, report: Report) -> None:
        shared, environment = self.watching.shared, report.environment
        trouble = ""
        if self.mending is not None and is_due(shared, report):
            trouble = self._mended(environment, self.mending())
        if remember_trouble(shared, environment, trouble) and trouble:
            self.tell(f"{environment}: {trouble}")

    def _mended(self, environment: str, mending: Mending) -> str:
        """Why it did not start though it should; empty where all is as it should be."""
        try:
            with self.open_room(environment) as room:
                return mend(mending, room)
        except SkewcheckError as error:
            return f"a redeploy by itself did not start: {told(error)}"
