"""One write: read, judge, update, wait until it shows; and again from the start after trouble."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from skewcheck.adapters.cloud_run_writes.client import Client
from skewcheck.adapters.cloud_run_writes.edit import Decision, Edit, Later
from skewcheck.adapters.cloud_run_writes.limits import WriteLimits
from skewcheck.adapters.cloud_run_writes.standing import Operation, Standing
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import Place
from skewcheck.google_api.patience import Patience
from skewcheck.google_api.refusal import Refusal, Trouble, one_line

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The service afterwards, and the names of the operations that made it so."""

    standing: Standing
    operations: tuple[str, ...]


class Writer:
    """Carries decisions about one service out; whenever it was read anew, they are made anew."""

    def __init__(self, place: Place, client: Client, limits: WriteLimits) -> None:
        self.place = place
        self._client = client
        self._limits = limits

    def write(
        self,
        patience: Patience,
        decide: Callable[[Standing], Decision],
        *,
        gives_way: bool = True,
    ) -> Written:
        """`gives_way` to an update that is under way, to its end; else only for a while."""
        operations: list[str] = []
        standing = self.settled(patience, gives_way=gives_way)
        while (decision := decide(standing)) is not None:
            if isinstance(decision, Later):
                self._wait_for(decision, patience)
            elif len(operations) > self._limits.tries:
                patience.give_up("updates are accepted, but do not show", hint=look(self.place))
            elif (started := self._sent(patience, standing, decision)) is not None:
                operations.append(started.name)
                ended = self._ended(patience, started)
                standing = self._after(patience, ended, decide)
                continue
            standing = self.settled(patience)
            patience.doubt = ""
        return Written(standing=standing, operations=tuple(operations))

    def read(self, patience: Patience, ask: Callable[[], T | Refusal]) -> T:
        """The answer, asked for until it comes or patience ends."""
        while isinstance(answer := ask(), Refusal):
            patience.bear(answer)
        return answer

    def settled(self, patience: Patience, *, gives_way: bool = True) -> Standing:
        """The service once no update is under way; as it is after a while, unless it gives way."""
        standing = self.standing(patience)
        while not standing.settled:
            if not gives_way and patience.waited(self._limits.give_way_s):
                return standing
            if patience.is_over:
                told = f"an update is still under way after {patience.limit}{_said(standing)}"
                patience.give_up(told, hint=look(self.place))
            patience.pause()
            standing = self.standing(patience)
        return standing

    def standing(self, patience: Patience) -> Standing:
        return self.read(patience, lambda: self._client.service(self.place))

    def finish(self, patience: Patience, operation: Operation) -> Operation:
        """The operation once it has ended, or as it is when patience ends."""
        name = operation.name
        while not operation.done and not patience.is_over:
            patience.pause()
            operation = self.read(patience, lambda: self._client.operation(self.place, name))
        return operation

    def _sent(self, patience: Patience, standing: Standing, edit: Edit) -> Operation | None:
        """None where it is not known to have been accepted: then the service is read again."""
        answer = self._client.update(self.place, standing, edit)
        if not isinstance(answer, Refusal):
            patience.doubt = f"; the update was accepted as {answer.name}"
            return answer
        if answer.trouble in {Trouble.PASSING, Trouble.INTERNAL}:
            patience.doubt = "; whether the update that was sent took effect is not known"
        patience.bear(answer, sent=True)
        return None

    def _ended(self, patience: Patience, started: Operation) -> Operation:
        ended = self.finish(patience, started)
        if ended.done:
            patience.doubt = ""
        return ended

    def _after(
        self, patience: Patience, ended: Operation, decide: Callable[[Standing], Decision]
    ) -> Standing:
        """The service decides, not the operation: one may fail for a reason that was there before,
        and one of which nobody hears any more may have come about."""
        if not ended.done:
            return self._after_silence(patience, ended, decide)
        standing = self.settled(patience)
        if ended.problem and (hint := self._still_wanted(standing, ended, decide)):
            patience.give_up(f"Cloud Run could not do it: {one_line(ended.problem)}", hint=hint)
        return standing

    def _still_wanted(
        self, standing: Standing, ended: Operation, decide: Callable[[Standing], Decision]
    ) -> str:
        """What to do about it; empty where the wish came true all the same."""
        try:
            return "" if decide(standing) is None else self._client.look(ended.name)
        except ActionFailedError as error:
            return error.hint

    def _after_silence(
        self, patience: Patience, silent: Operation, decide: Callable[[Standing], Decision]
    ) -> Standing:
        standing = self.standing(patience)
        if standing.settled and decide(standing) is None:
            return standing
        raise ActionFailedError(
            f"{self.place}: the operation {silent.name} has not ended after {patience.limit}"
            f"{_said(standing)}",
            hint=self._client.look(silent.name),
        )

    def _wait_for(self, later: Later, patience: Patience) -> None:
        if patience.is_over:
            told = f"{later.why} after {patience.limit}"
            patience.give_up(told, hint=look(self.place))
        patience.pause()


def look(place: Place) -> str:
    """The command by which a person sees the service."""
    return (
        f"gcloud run services describe {place.service} "
        f"--region={place.region} --project={place.project}"
    )


def _said(standing: Standing) -> str:
    return f": {one_line(standing.said)}" if standing.said else ""
