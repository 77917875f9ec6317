"""The web application: routes of every part behind one guard. Work is done in threads."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from skewcheck.ports.service import Logins, Shared
from skewcheck.service.answers import told
from skewcheck.service.api import Api
from skewcheck.service.board import Board
from skewcheck.service.dockerflow import About, Dockerflow
from skewcheck.service.gate import Gate, Judge
from skewcheck.service.live import Live
from skewcheck.service.metrics import Metrics
from skewcheck.service.pages import Face, Pages
from skewcheck.service.security import Guard, crashed


def build_app(
    board: Board,
    *,
    judge: Judge,
    logins: Logins | None,
    shared: Shared,
    slack_routes: Sequence[BaseRoute] = (),
    face: Face | None = None,
) -> Starlette:
    """`logins` is None where nobody vouches for visitors: then it has to listen on loopback only.
    `face` is that of the house unless another is given."""
    face = face or face_of_the_house()
    routes = [
        *Pages(board, shared.clock, face).routes(),
        *Live(board).routes(),
        *Api(board).routes(),
        *Gate(board, judge).routes(),
        *Metrics(board, shared.clock).routes(),
        *Dockerflow(board, shared, face.about).routes(),
        *slack_routes,
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, logins=logins)],
        exception_handlers={HTTPException: told, Exception: crashed},
    )


def face_of_the_house(*notes: str, about: About | None = None) -> Face:
    """`notes` are said on every page."""
    from skewcheck.render.page import csp_of_page, render_page

    return Face(render=render_page, csp=csp_of_page(), notes=notes, about=about or About())
