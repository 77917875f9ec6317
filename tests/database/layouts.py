"""A small store for the tests of the database layer, as two versions of it would lay it out."""

from skewcheck.database.layout import Change, Column, Layout

FORMER = Layout(
    what="the words",
    both=("CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL PRIMARY KEY, at BIGINT)",),
)
LATER = Layout(
    what="the words",
    both=(
        "CREATE TABLE IF NOT EXISTS words"
        " (word TEXT NOT NULL PRIMARY KEY, at BIGINT, who TEXT NOT NULL DEFAULT '')",
        "CREATE TABLE IF NOT EXISTS kinds (kind TEXT NOT NULL PRIMARY KEY)",
    ),
    added=(Column(table="words", name="who", type="TEXT NOT NULL DEFAULT ''"),),
    damaged="forget the words: rm {file}",
)
_ADD = "INSERT INTO words (word, at) VALUES (:word, :at) ON CONFLICT (word) DO NOTHING"
_ADD_SAID = "INSERT INTO words (word, at, who) VALUES (:word, :at, :who)"
WORDS = "SELECT word, at FROM words ORDER BY at"
SAID = "SELECT word, at, who FROM words ORDER BY at"


def added(word: str, at: int | None) -> Change:
    return _ADD, {"word": word, "at": at}


def said(word: str, at: int, who: str) -> Change:
    return _ADD_SAID, {"word": word, "at": at, "who": who}
