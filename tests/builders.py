"""Values of the core with boring defaults, so that a test shows only what matters to it.

The default world passes without a finding: a static frontend and a backend on Cloud Run, both at
NEW as promised, one link between them, and a page that proves its build.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from skewcheck.core.build import Build, BuildName, BuildSha
from skewcheck.core.compatibility import Terms
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.git_questions import contracts_to_read, names_to_identify
from skewcheck.core.history import Commit, NotInHistory, Relation, RelationKind
from skewcheck.core.judge import Judgement, judge
from skewcheck.core.live import Live, Presence
from skewcheck.core.manifest import Manifest
from skewcheck.core.question import Question, Sources
from skewcheck.core.reading import Page, Unreadable, VersionDocument
from skewcheck.core.report import Report
from skewcheck.core.survey import (
    Candidate,
    ContractKnown,
    ContractReading,
    Lingering,
    OriginReading,
    Promise,
    ServiceSurvey,
    Side,
    Survey,
)

NOW = datetime(2026, 11, 23, 22, 10, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=30)

OLD = BuildSha("01d01d01d01d01d01d01d01d01d01d01d01d01d0")
NEW = BuildSha("9e39e39e39e39e39e39e39e39e39e39e39e39e39")
NEXT = BuildSha("a3c7a3c7a3c7a3c7a3c7a3c7a3c7a3c7a3c7a3c7")
MANIFEST_COMMIT = BuildSha("c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff")

OLD_FORMAT = "sha256:" + "01d0" * 16
NEW_FORMAT = "sha256:" + "9e39" * 16

APP = "https://app.staging.acme.example"
API = "https://api.staging.acme.example"
FRONTEND: dict[str, Any] = {
    "ref": "main",
    "url": APP,
    "static": {},
    "deploy": {"cloud_build_trigger": "deploy-web"},
    "edge": {"cloud_cdn": {"invalidate": ["/"]}},
    "owner": {"team": "web", "slack": "C012AB"},
}
BACKEND: dict[str, Any] = {
    "ref": "main",
    "url": API,
    "cloud_run": {"service": "acme-api"},
    "owner": {"team": "api"},
}
CHAT: dict[str, Any] = {
    "client": "frontend",
    "server": "backend",
    "contract": "contracts/chat.yaml",
    "path": "/ws",
}


def manifest(**changed: Any) -> Manifest:
    """As written in YAML, so values are texts: `manifest(policy={"drift": "block"})`."""
    written = {
        "schema": "1",
        "environment": "staging",
        "defaults": {
            "cloud_run": {"project": "acme-staging", "region": "us-central1"},
            "cloud_cdn": {"project": "acme-staging", "url_map": "acme-web"},
        },
        "services": {"frontend": FRONTEND, "backend": BACKEND},
        "links": {"chat": CHAT},
    }
    return Manifest.model_validate(written | changed)


def commit(sha: BuildSha = NEW, subject: str = "Send the token as a subprotocol") -> Commit:
    return Commit(sha=sha, subject=subject, author="Ada", at=YESTERDAY)


def promise(build: BuildSha = NEW, *, since: datetime = YESTERDAY, **changed: Any) -> Promise:
    return Promise(build=build, since=since, **changed)


def behind(commits: int) -> Relation:
    return Relation(RelationKind.BEHIND, behind=commits)


def ahead(commits: int) -> Relation:
    return Relation(RelationKind.AHEAD, ahead=commits)


def document(
    build: Build = NEW, *, url: str = f"{APP}/version.json", **changed: Any
) -> VersionDocument:
    """What a version document said; `dirty=True` for a build from uncommitted files."""
    name = BuildName(build, changed.pop("dirty", False))
    said: dict[str, Any] = {"convention": "dockerflow", "read_at": NOW} | changed
    return VersionDocument(url=url, build=name, **said)


def page(build: Build | None = NEW, **changed: Any) -> Page:
    name = None if build is None else BuildName(build)
    said: dict[str, Any] = {"url": f"{APP}/", "read_at": NOW} | changed
    return Page(build=name, **said)


def unreadable(cause: Code = Code.UNREACHABLE, **changed: Any) -> Unreadable:
    said: dict[str, Any] = {
        "url": f"{APP}/version.json",
        "detail": "connection refused",
        "fix": f"curl -v {APP}/version.json",
        "read_at": NOW,
    }
    return Unreadable(cause=cause, **(said | changed))


def origin(
    reading: VersionDocument | Unreadable | None = None, *, revision: str = ""
) -> OriginReading:
    return OriginReading(revision=revision, reading=reading or document(url=f"{API}/__version__"))


def revision(
    name: str = "acme-api-00002",
    build: Build | None = NEW,
    *,
    created: datetime = YESTERDAY,
    **changed: Any,
) -> Revision:
    named = None if build is None else BuildName(build)
    by = "label commit-sha" if build else ""
    return Revision(name=name, created=created, build=named, **({"named_by": by} | changed))


def target(revision: str = "acme-api-00002", percent: int = 100, **changed: Any) -> Target:
    """Follows LATEST unless told otherwise."""
    return Target(revision=revision, percent=percent, **({"follows_latest": True} | changed))


def plane(
    *revisions: Revision, targets: Sequence[Target] | None = None, **changed: Any
) -> ControlPlane:
    """All traffic goes to the first of `revisions`, the newest, unless `targets` say otherwise."""
    listed = revisions or (revision(),)
    said: dict[str, Any] = {
        "service": "acme-api",
        "region": "us-central1",
        "url": "https://acme-api-x.a.run.app",
        "targets": tuple(targets) if targets is not None else (target(listed[0].name),),
        "latest_ready": listed[0].name,
        "settled": True,
        "read_at": NOW,
    }
    return ControlPlane(revisions=listed, **(said | changed))


def frontend(**changed: Any) -> ServiceSurvey:
    """Static: edge and page, both at NEW."""
    said: dict[str, Any] = {
        "promise": promise(),
        "witnesses": frozenset({"edge", "page"}),
        "edge": document(),
        "page": page(),
    }
    return ServiceSurvey(name="frontend", **(said | changed))


def backend(**changed: Any) -> ServiceSurvey:
    """On Cloud Run, without a direct origin: control plane and edge, both at NEW."""
    said: dict[str, Any] = {
        "promise": promise(),
        "witnesses": frozenset({"control-plane", "edge"}),
        "planes": (plane(),),
        "edge": document(url=f"{API}/__version__"),
    }
    return ServiceSurvey(name="backend", **(said | changed))


def service_survey(name: str = "backend", **changed: Any) -> ServiceSurvey:
    """A service of which nothing was read yet, but the promise."""
    said: dict[str, Any] = {"promise": promise(), "witnesses": frozenset()}
    return ServiceSurvey(name=name, **(said | changed))


def lingering(build: BuildSha = OLD, **changed: Any) -> Lingering:
    said: dict[str, Any] = {"why": "seen live 2 h ago", "until": NOW + timedelta(hours=10)}
    return Lingering(build=build, **(said | changed))


def terms(
    version: str = "2.1", accepts: str | None = ">=2.0,<3", fingerprint: str = NEW_FORMAT
) -> Terms:
    return Terms(
        protocol="chat",
        version=Version(version),
        accepts=None if accepts is None else SpecifierSet(accepts),
        formats={version: fingerprint} if fingerprint else {},
    )


def contract(
    version: str = "2.1",
    accepts: str | None = ">=2.0,<3",
    fingerprint: str = NEW_FORMAT,
    **changed: Any,
) -> ContractKnown:
    """Two builds with this contract fit; give another `fingerprint` or `version` for skew."""
    return ContractKnown(terms=terms(version, accepts, fingerprint), **changed)


def candidate(
    service: str = "backend", build: BuildSha | NotInHistory = NEXT, **changed: Any
) -> Candidate:
    named = str(build) if isinstance(build, BuildSha) else "deadbeef"
    return Candidate(service=service, build=build, **({"named": named} | changed))


def survey(
    *services: ServiceSurvey,
    contracts: Mapping[tuple[str, Side, Build], ContractReading] | None = None,
    candidates: Sequence[Candidate] = (),
    **changed: Any,
) -> Survey:
    """Git knows every commit that the services name, and each has the same contract unless told.

    A frontend or backend that the manifest names and that is not given is the default one.
    """
    promised: Manifest = changed.get("manifest") or manifest()
    usual = {each.name: each for each in (frontend(), backend()) if each.name in promised.services}
    seen = usual | {each.name: each for each in services}
    said: dict[str, Any] = {
        "environment": "staging",
        "at": NOW,
        "manifest": promised,
        "builds": dict(_identities(seen.values(), candidates)),
    } | changed
    parts: dict[str, Any] = {
        "services": seen,
        "candidates": {each.service: each for each in candidates},
    }
    wanted = contracts_to_read(Survey(**said, **parts))
    known = dict.fromkeys(wanted, contract()) | dict(contracts or {})
    return Survey(**said, **parts, contracts=known)


def _identities(
    services: Iterable[ServiceSurvey], candidates: Iterable[Candidate]
) -> Iterator[tuple[tuple[str, Build], Build]]:
    for service in services:
        yield from (((service.name, name), name) for name in names_to_identify(service))
    for each in candidates:
        if isinstance(each.reading, VersionDocument):
            name = each.reading.build.build
            yield (each.service, name), name


def live(build: Build | None = NEW, *presences: Presence, **changed: Any) -> Live:
    said: dict[str, Any] = {"why": "100% of traffic", "presences": presences or (Presence.TRAFFIC,)}
    return Live(build=build, **(said | changed))


def finding(code: Code = Code.STALE_EDGE, **changed: Any) -> Finding:
    said: dict[str, Any] = {
        "subject": "frontend",
        "severity": Severity.BLOCK,
        "sentence": "the edge serves 01d01d0, but behind it runs 9e39e39",
    }
    return Finding(code=code, **(said | changed))


def sources(**changed: Any) -> Sources:
    said: dict[str, Any] = {
        "file": "manifests/staging.yaml",
        "ref": "HEAD",
        "commit": MANIFEST_COMMIT,
        "policy_ref": "origin/main",
        "policy_commit": MANIFEST_COMMIT,
    }
    return Sources(**(said | changed))


def report(
    seen: Survey | None = None, judgement: Judgement | None = None, **changed: Any
) -> Report:
    """The status of a survey, judged by the real judge unless a judgement is given."""
    looked = seen or survey()
    said: dict[str, Any] = {
        "question": Question.STATUS,
        "environment": looked.environment,
        "at": looked.at,
        "sources": sources(),
        "versions": {"skewcheck": "0.1.0"},
    }
    return Report(survey=looked, judgement=judgement or judge(looked), **(said | changed))
