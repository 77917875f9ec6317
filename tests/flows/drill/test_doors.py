"""The doors of a drill lead into its world and nowhere else."""

from skewcheck.core.answer import Answer
from skewcheck.core.drill.healthy import HEALTHY, NEW
from skewcheck.core.drill.peer import TOKEN
from skewcheck.core.drill.texts import APP, NOW
from skewcheck.core.logs.query import LogQuery
from skewcheck.core.manifest import Token
from skewcheck.flows.drill.doors import doors_to
from skewcheck.ports import CloudRunService

DOORS = doors_to(HEALTHY)


def test_a_known_url_answers_with_its_page_whatever_the_query() -> None:
    read = DOORS.http.read(f"{APP}/version.json?skewcheck=1", as_browser=False)
    assert isinstance(read, Answer)
    assert read.status == 200
    assert NEW.value in read.body.decode()


def test_an_unknown_url_is_not_there() -> None:
    read = DOORS.http.read("https://elsewhere.example/", as_browser=True)
    assert isinstance(read, Answer)
    assert (read.status, read.body) == (404, b"")


def test_the_platform_knows_the_services_of_the_world() -> None:
    address = CloudRunService("acme", "us-central1", "acme-api")
    assert DOORS.platform.observe([address]) == {address: HEALTHY.planes["acme-api"]}


def test_nothing_was_seen_before_and_nothing_is_kept() -> None:
    DOORS.sightings.record("drill", {"frontend": frozenset({NEW})}, NOW)
    assert DOORS.sightings.since("drill", NOW) == ()


def test_time_stands_still() -> None:
    DOORS.clock.wait(60)
    assert DOORS.clock.now() == NOW


def test_the_token_is_the_drills_own_and_no_log_is_read() -> None:
    assert DOORS.tokens.token(Token(env="SKEWCHECK_CHAT_TOKEN")) == TOKEN
    wanted = LogQuery(probe_ids=(), since=NOW, services=(), projects=())
    assert DOORS.logs.lines(wanted) == ()
