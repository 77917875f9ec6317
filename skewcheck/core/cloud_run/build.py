"""Which build a Cloud Run revision was made from, by the revision's own evidence.

Rules of this file: the revision's environment is trusted before its labels, and these before its
image tag; neither the service's labels nor its template are asked, because after a deploy without
traffic both already name the new commit while the old revision serves (Cloud Run Admin API v2,
`projects.locations.services`: "template: the template used to create revisions").
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.build import BuildName, OpaqueId, read_build_name
from skewcheck.core.cloud_run.fields import Document, documents, inner, text

# Names in use for the commit, ours first; the first that is set and names a build wins.
VARIABLES = (
    "BUILD_SHA", "COMMIT_SHA", "GIT_SHA", "GIT_COMMIT", "GIT_COMMIT_SHA", "SOURCE_COMMIT",
    "SOURCE_VERSION", "GITHUB_SHA", "CI_COMMIT_SHA", "REVISION_SHA", "VCS_REF",
)  # fmt: skip
# Cloud Build's continuous deployment and google-github-actions/deploy-cloudrun both write it.
LABEL = "commit-sha"
_TAG_PREFIXES = ("sha-", "git-")


@dataclass(frozen=True, slots=True)
class Evidence:
    where: str
    name: BuildName


def name_build(revision: Document) -> tuple[BuildName | None, str]:
    """The build, and which evidence named it; evidence that contradicts is named beside it."""
    found = tuple(_evidence(revision))
    if not found:
        return None, ""
    commits = [each for each in found if not isinstance(each.name.build, OpaqueId)]
    chosen = commits[0] if commits else found[0]
    others = [each for each in commits if _contradict(chosen, each)]
    said = "".join(f"; {each.where} says {each.name.build.short}" for each in others)
    return chosen.name, chosen.where + said


def image_of(revision: Document) -> str:
    """The image of the container that answers requests, with its digest where it has one."""
    container = _serving_container(revision)
    return text(container, "image")


def speaks_http2(revision: Document) -> bool:
    """Whether its port is named so (Cloud Run, "Using HTTP/2"): it is then sent no HTTP/1.1, and
    so no WebSocket's upgrade."""
    ports = documents(_serving_container(revision), "ports")
    return any(text(each, "name") == "h2c" for each in ports)


def _evidence(revision: Document) -> Iterator[Evidence]:
    container = _serving_container(revision)
    values = {text(each, "name"): text(each, "value") for each in documents(container, "env")}
    for variable in VARIABLES:
        if name := read_build_name(values.get(variable, "")):
            yield Evidence(f"env {variable}", name)
    if name := read_build_name(text(inner(revision, "labels"), LABEL)):
        yield Evidence(f"label {LABEL}", name)
    name = read_build_name(_commit_in_tag(text(container, "image")))
    if name and not isinstance(name.build, OpaqueId):
        yield Evidence("image tag", name)


def _serving_container(revision: Document) -> Document:
    """The one with a port; sidecars have none (Cloud Run, "Deploying multiple containers")."""
    containers = documents(revision, "containers")
    with_port = [each for each in containers if documents(each, "ports")]
    return (with_port or list(containers) or [{}])[0]


def _commit_in_tag(image: str) -> str:
    last = image.partition("@")[0].rpartition("/")[2]
    tag = last.partition(":")[2]
    for prefix in _TAG_PREFIXES:
        tag = tag.removeprefix(prefix)
    return tag


def _contradict(one: Evidence, other: Evidence) -> bool:
    """A short SHA agrees with the full one that begins with it."""
    mine, theirs = str(one.name.build), str(other.name.build)
    return not (mine.startswith(theirs) or theirs.startswith(mine))
