"""The application as it is put together: the real page is served, and follows its own stream."""

import re

from skewcheck.render.page import csp_of_page
from skewcheck.service.app import build_app, face_of_the_house
from skewcheck.service.dockerflow import About
from tests.render.rollout.worlds import waiting
from tests.render.worlds import incident
from tests.service.served import World, running, view


def test_the_page_of_the_house_is_served_live_under_its_own_policy() -> None:
    world = World()
    world.board.put(view(of=incident(), rollouts=(waiting(),)))
    app = build_app(world.board, judge=world.judge, logins=None, shared=world.shared)
    with running(app) as site:
        for path, version in (
            ("/", world.board.version),
            ("/environments/staging/", world.board.version_of("staging")),
        ):
            got = site.get(path)
            assert got.status == 200
            assert got.headers["content-security-policy"] == csp_of_page()
            assert f'data-version="{version}"' in got.text
            # Relative to the folder that the page stands in, where live.py serves it.
            assert re.search(r'EventSource\("events"\)', got.text)


def test_notes_stand_on_every_page() -> None:
    world = World()
    world.board.put(view())
    face = face_of_the_house("nobody logs in here", about=About(build="17"))
    app = build_app(world.board, judge=world.judge, logins=None, shared=world.shared, face=face)
    with running(app) as site:
        assert "nobody logs in here" in site.get("/").text
        assert site.get("/__version__").json["build"] == "17"
