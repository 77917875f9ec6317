"""What a rollout must have opened before it may say that everything holds."""

from skewcheck.core.probe.fitting import links_left_out
from skewcheck.core.probed.probes import LinkProbe, Probes
from tests.builders import CHAT, NOW, manifest


def probes(*links: LinkProbe) -> Probes:
    return Probes(
        environment="staging", at=NOW, success_target=0.9, unprobed="unknown", links=links
    )


def test_a_websocket_that_nobody_was_to_open_is_a_gap() -> None:
    assert links_left_out(manifest(), probes()) == ("chat",)


def test_one_that_was_looked_at_is_none_whatever_came_of_it() -> None:
    seen = LinkProbe(link="chat", client="frontend", server="backend")
    assert links_left_out(manifest(), probes(seen)) == ()


def test_plain_http_is_compared_and_not_opened() -> None:
    links = {"chat": CHAT | {"transport": "http"}}
    assert links_left_out(manifest(links=links), probes()) == ()
