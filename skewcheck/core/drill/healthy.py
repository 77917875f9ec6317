"""The healthy twins: a gate that does not let them pass blocks everything, and proves nothing.

Both services run NEW, as promised; edge, page, origin and control plane agree.
"""

from dataclasses import replace

from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.drill.peer import Peer
from skewcheck.core.drill.texts import (
    API,
    API_CANDIDATE,
    API_DIRECT,
    APP,
    CONTRACT,
    IN_HEADER,
    MANIFEST,
    NOW,
    REQUIRED,
    WITHOUT_MARKER,
    YESTERDAY,
    contract,
    html,
    junit,
    promises,
    version_document,
)
from skewcheck.core.drill.world import Made, Page, Peers, World
from skewcheck.core.history import Commit
from skewcheck.core.question import CandidateWanted

OLD, NEW = BuildSha("01d0" * 10), BuildSha("9e39" * 10)
FITTING, BREAKING = BuildSha("a3c7" * 10), BuildSha("b4d8" * 10)
PROMISE = BuildSha("c0fe" * 10)


def made(sha: BuildSha, subject: str, **files: str) -> Made:
    """`contract` and `manifest` are the files by their short names."""
    paths = {"contract": CONTRACT, "manifest": MANIFEST}
    written = {paths[name]: text for name, text in files.items()}
    return Made(commit=Commit(sha=sha, subject=subject, author="Ada", at=YESTERDAY), files=written)


def history(manifest: str = "", spoken: str = "") -> tuple[Made, ...]:
    """`spoken` is the contract of NEW; of the two builds to come, one fits and one does not."""
    return (
        made(PROMISE, "Promise the new build", manifest=manifest or promises(NEW)),
        made(BREAKING, "Speak 3.0", contract=contract(version="3.0", accepts="3")),
        made(FITTING, "Speak 2.2", contract=contract(version="2.2")),
        made(NEW, "Mark the token", contract=spoken or contract()),
        made(OLD, "Send the token", contract=contract(WITHOUT_MARKER)),
    )


def plane(build: BuildSha | None = NEW, *, tagged: BuildSha | None = None) -> ControlPlane:
    """All traffic goes to one revision; without `build` nothing on it names one. `tagged` has
    a URL and no traffic yet."""
    serving, waiting = _revision("acme-api-00002", build), _revision("acme-api-00003", tagged)
    traffic = Target(revision=serving.name, percent=100, follows_latest=True)
    tag = Target(revision=waiting.name, percent=0, tag="c-1", url=API_CANDIDATE)
    return ControlPlane(
        service="acme-api",
        region="us-central1",
        url=API_DIRECT,
        targets=(traffic, tag) if tagged else (traffic,),
        revisions=(waiting, serving) if tagged else (serving,),
        latest_ready=serving.name,
        settled=True,
        read_at=NOW,
    )


def _revision(name: str, build: BuildSha | None) -> Revision:
    named = None if build is None else BuildName(build)
    return Revision(name=name, created=YESTERDAY, build=named, named_by="label" if build else "")


def pages(build: BuildSha | str = NEW) -> dict[str, Page]:
    """Every place names that build."""
    return {
        f"{APP}/": html(build),
        f"{APP}/version.json": version_document(build),
        f"{API}/version.json": version_document(build),
        f"{API_DIRECT}/version.json": version_document(build),
    }


HEALTHY = World(commits=history(), pages=pages(), planes={"acme-api": plane()})

_CHAT = Peer(selects="chat")
BY_HEADER = replace(
    HEALTHY,
    commits=history(spoken=contract(IN_HEADER)),
    peers=Peers(edge=_CHAT, direct=_CHAT, candidate=_CHAT),
)


def deploying(build: BuildSha) -> World:
    """That backend is about to be deployed, and already answers at a URL of its own."""
    answer = {f"{API_CANDIDATE}/version.json": version_document(build)}
    wanted = CandidateWanted(service="backend", named=build.value, url=API_CANDIDATE)
    return replace(
        HEALTHY,
        candidates=(wanted,),
        pages={**pages(), **answer},
        planes={"acme-api": plane(tagged=build)},
    )


DEPLOYING = deploying(FITTING)
TESTED = replace(HEALTHY, junit=junit(NEW), required=(REQUIRED,))
