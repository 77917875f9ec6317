"""One look for several judgements: nothing is asked for twice."""

from skewcheck.flows.one_look import with_one_look
from skewcheck.ports import CloudRunService
from tests.builders import plane
from tests.fakes import FakeWorld, Reply

URL = "https://app.acme.example/version.json"


def test_a_url_is_read_once_in_each_way() -> None:
    world = FakeWorld()
    world.http.replies[URL] = [Reply(body=b"one"), Reply(body=b"two"), Reply(body=b"three")]
    http = with_one_look(world.doors()).http
    browser, again = (http.read(URL, as_browser=True) for _ in range(2))
    plain = http.read(URL, as_browser=False)
    html = http.read(URL, as_browser=False, accept="text/html")
    assert browser is again
    assert len({id(each) for each in (browser, plain, html)}) == 3


def test_only_services_that_are_not_known_yet_are_observed() -> None:
    world = FakeWorld()
    web, api = (CloudRunService("acme", "us-central1", name) for name in ("web", "api"))
    world.platform.planes |= {"web": plane(), "api": plane()}
    platform = with_one_look(world.doors()).platform
    platform.observe([web])
    assert set(platform.observe([web, api])) == {web, api}
    assert set(platform.observe([api])) == {api}
    assert world.platform.asked == [web, api]
