"""Whether the state can be kept where the settings say: writes something and takes it back."""

from skewcheck.core.checkup.facts import Trouble
from skewcheck.core.errors import SkewcheckError
from skewcheck.database import Database
from skewcheck.database.layout import Layout

_LAYOUT = Layout(
    what="the state",
    both=("CREATE TABLE IF NOT EXISTS checkups (mark BIGINT NOT NULL)",),
)
_WRITE = "INSERT INTO checkups (mark) VALUES (:mark)"
_TAKE_BACK = "DELETE FROM checkups WHERE mark = :mark"


class TriedState:
    """A `ports.adoption.StateStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def trouble(self) -> Trouble | None:
        mark = {"mark": 1}
        try:
            self._database.tables(_LAYOUT).write((_WRITE, mark), (_TAKE_BACK, mark))
        except SkewcheckError as error:
            return Trouble(str(error), error.hint)
        return None
