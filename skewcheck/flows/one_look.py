"""One look at the world for several judgements: what was read once is not asked for again, so that
only what differs in git can make them differ."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from skewcheck.core.answer import HttpRead
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.reading import Unreadable
from skewcheck.flows.doors import Doors
from skewcheck.ports import CloudRunService, HttpReader, Platform


def with_one_look(doors: Doors) -> Doors:
    return replace(doors, http=_ReadOnce(doors.http), platform=_ObservedOnce(doors.platform))


class _ReadOnce:
    """Two threads that ask for the same at once may both read: no harm is done."""

    def __init__(self, http: HttpReader) -> None:
        self._http = http
        self._known: dict[tuple[str, bool, str], HttpRead] = {}

    def read(self, url: str, *, as_browser: bool, accept: str = "*/*") -> HttpRead:
        key = (url, as_browser, accept)
        if key not in self._known:
            self._known[key] = self._http.read(url, as_browser=as_browser, accept=accept)
        return self._known[key]


class _ObservedOnce:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._known: dict[CloudRunService, ControlPlane | Unreadable] = {}

    def observe(
        self, wanted: Sequence[CloudRunService]
    ) -> Mapping[CloudRunService, ControlPlane | Unreadable]:
        missing = [each for each in wanted if each not in self._known]
        if missing:
            self._known.update(self._platform.observe(missing))
        return {each: self._known[each] for each in wanted}
