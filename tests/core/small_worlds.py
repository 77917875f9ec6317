"""Random small worlds for laws: a few services and links, known builds, and gaps anywhere."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import ContractReading, ServiceSurvey, Survey
from tests.builders import (
    BACKEND,
    CHAT,
    LONG_AGO,
    NEW,
    NEW_FORMAT,
    NEXT,
    OLD,
    OLD_FORMAT,
    ahead,
    behind,
    contract,
    document,
    lingering,
    manifest,
    origin,
    page,
    plane,
    promise,
    revision,
    service_survey,
    survey,
    target,
    unreadable,
)
from tests.core.minimal_worlds import ABSENT, BROKEN, DIVERGED, NO_PROMISE, UNRELATED

BUILDS = (OLD, NEW, NEXT)
SHAPES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("web", "api"),),
    (("web", "api"), ("web", "jobs")),
    (("web", "api"), ("jobs", "api")),
    (("web", "api"), ("api", "jobs")),
    (("web", "api"), ("api", "web")),
)
FITS = contract("2.1", ">=2,<3")
CONTRACTS: st.SearchStrategy[ContractReading] = st.sampled_from(
    [
        *[FITS] * 20,
        contract("2.1", ">=2,<3", OLD_FORMAT),
        contract("2.0", ">=1", NEW_FORMAT),
        contract("3.0", ">=3"),
        ABSENT,
        BROKEN,
    ]
)
RELATIONS = st.sampled_from([*[behind(1), ahead(1), DIVERGED] * 3, UNRELATED])
SPLITS = st.sampled_from([(100, 0, 0), (100, 0, 0), (90, 10, 0), (0, 0, 100), (50, 25, 25)])
RARELY = st.sampled_from([*[False] * 11, True])


def _near(home: BuildSha) -> st.SearchStrategy[BuildSha]:
    return st.sampled_from([*[home] * 6, *BUILDS])


@st.composite
def planes(draw: Any, home: BuildSha) -> ControlPlane | Unreadable:
    """One to three revisions, traffic anywhere, or a control plane that does not answer."""
    if draw(RARELY):
        return unreadable()
    builds = draw(st.lists(_near(home), min_size=1, max_size=3))
    revisions = tuple(
        revision(
            f"r{number}",
            None if draw(RARELY) else build,
            created=LONG_AGO + timedelta(days=number),
        )
        for number, build in enumerate(builds)
    )
    shares = draw(SPLITS)
    targets = [target(each.name, share) for each, share in zip(revisions, shares, strict=False)]
    return plane(
        *revisions[::-1],
        targets=targets,
        settled=not draw(RARELY),
        session_affinity=draw(RARELY),
    )


@st.composite
def services(draw: Any, name: str) -> ServiceSurvey:
    home = draw(st.sampled_from(BUILDS))
    near = _near(home)
    said: dict[str, Any] = {
        "edge": unreadable() if draw(RARELY) else document(draw(near)),
        "witnesses": frozenset({"edge"}),
        "promise": NO_PROMISE if draw(RARELY) else promise(draw(near)),
        "lingering": tuple(lingering(each) for each in draw(st.lists(near, max_size=1))),
    }
    if draw(st.booleans()):
        said["planes"] = tuple(draw(st.lists(planes(home), min_size=1, max_size=2)))
        said["origins"] = tuple(
            origin(unreadable() if draw(RARELY) else document(build))
            for build in draw(st.lists(near, max_size=2))
        )
    if draw(st.booleans()):
        shown = page(None if draw(RARELY) else draw(near))
        said["page"] = unreadable() if draw(RARELY) else shown
    return service_survey(name, **said)


@st.composite
def surveys(draw: Any) -> Survey:
    """One to three services and up to two links between them, most of it quiet."""
    shape = draw(st.sampled_from(SHAPES))
    names = tuple(dict.fromkeys(name for pair in shape for name in pair))
    if draw(RARELY):
        shape, names = (), draw(st.sampled_from([("web",), ("web", "api")]))
    links = {f"link{number}": _link(*pair) for number, pair in enumerate(shape)}
    told = {name: BACKEND | {"url": f"https://{name}.acme.example"} for name in names}
    seen = [draw(services(name)) for name in names]
    contracts = {
        (link, side, build): draw(CONTRACTS)
        for link in links
        for side in ("client", "server")
        for build in BUILDS
    }
    return survey(
        *seen,
        manifest=manifest(services=told, links=links),
        contracts=contracts,  # type: ignore[arg-type]
        relations={(name, build): draw(RELATIONS) for name in names for build in BUILDS},
    )


def _link(client: str, server: str) -> dict[str, Any]:
    return CHAT | {"client": client, "server": server}


@dataclass(frozen=True)
class Deploy:
    """A candidate for one of the services of a world."""

    service: str
    build: BuildSha


@st.composite
def deploys(draw: Any, world: Survey) -> Deploy:
    return Deploy(draw(st.sampled_from(sorted(world.services))), draw(st.sampled_from(BUILDS)))


def gaps(world: Survey) -> list[Unreadable]:
    """Everything in that world that was asked and brought nothing back."""
    found: list[object] = []
    for service in world.services.values():
        found += [*service.planes, *(each.reading for each in service.origins)]
        found += [service.edge, service.page]
    return [each for each in found if isinstance(each, Unreadable)]
