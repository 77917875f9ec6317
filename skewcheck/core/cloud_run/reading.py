"""What Cloud Run's own documents say of one service: who serves, by which tags, made of what.

Rules of this file: truth is `trafficStatuses` and the revisions, never the service's template,
labels or wishes (`traffic`); a document that breaks the API's schema is a value, not a crash.
"""

from collections.abc import Iterable
from datetime import datetime

from skewcheck.core.cloud_run.build import image_of, name_build, speaks_http2
from skewcheck.core.cloud_run.fields import (
    Document,
    MalformedError,
    choice,
    document,
    documents,
    flag,
    inner,
    last_segment,
    moment,
    number,
    seconds,
    text,
    texts,
)
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.core.rollout.lease import (
    ANNOTATION,
    LABEL,
    PIN_ANNOTATION,
    read_lease,
    read_pin,
)

_LONGEST_PROBLEM = 200
_PREFIX = "TRAFFIC_TARGET_ALLOCATION_TYPE_"
# Numbers and names of the Admin API v2 enums, in the order of their numbers.
_ALLOCATIONS = (f"{_PREFIX}UNSPECIFIED", f"{_PREFIX}LATEST", f"{_PREFIX}REVISION")
_STATES = (
    "STATE_UNSPECIFIED", "CONDITION_PENDING", "CONDITION_RECONCILING", "CONDITION_FAILED",
    "CONDITION_SUCCEEDED",
)  # fmt: skip
_INGRESSES = (
    "INGRESS_TRAFFIC_UNSPECIFIED", "INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_NONE",
)  # fmt: skip


def read_control_plane(
    service: object, revisions: Iterable[object], *, url: str, read_at: datetime
) -> ControlPlane | Unreadable:
    """The service with those revisions of it; `url` says where the documents came from."""
    try:
        fields = document(service, "the service")
        return _read(fields, [document(each, "a revision") for each in revisions], read_at)
    except MalformedError as error:
        detail = f"Cloud Run's answer breaks its own schema: {error}"
        fix = f"look at what it really answers: {_describe(url)}"
        return Unreadable(url=url, cause=Code.NOT_JSON, detail=detail, fix=fix, read_at=read_at)


def may_have_served(plane: ControlPlane, since: datetime) -> tuple[Revision, ...]:
    """Revisions that may have answered somebody since then, the newest first.

    Those created since, the newest ready one from before, and those with traffic now. Cloud Run
    keeps no history of traffic splits, so this is as much as its documents can prove.
    """
    names = {revision.name for revision in plane.revisions if revision.created >= since}
    names |= {target.revision for target in plane.targets if target.percent > 0}
    before = (each for each in plane.revisions if each.created < since and each.ready)
    newest = max(before, key=lambda each: each.created, default=None)
    if newest:
        names.add(newest.name)
    return tuple(revision for revision in plane.revisions if revision.name in names)


def service_name(service: object) -> str:
    """The short name that a service document carries, empty where it carries none."""
    name = service.get("name") if isinstance(service, dict) else None
    return last_segment(name) if isinstance(name, str) else ""


def parent_service(revision: object) -> str:
    """The short name of the service that a revision belongs to, empty where it says none.

    A list over `services/-` returns the revisions of all services of a region
    (Admin API v2, `projects.locations.services.revisions.list`, "parent").
    """
    fields = revision if isinstance(revision, dict) else {}
    service, name = fields.get("service"), fields.get("name")
    if isinstance(service, str) and service:
        return last_segment(service)
    after = name.partition("/services/")[2] if isinstance(name, str) else ""
    return after.partition("/")[0]


def _read(service: Document, revisions: list[Document], read_at: datetime) -> ControlPlane:
    targets = _targets(service)
    serving = {target.revision for target in targets if target.percent > 0}
    return ControlPlane(
        service=_place(service, "services"),
        region=_place(service, "locations"),
        url=text(service, "uri") or next(iter(texts(service, "urls")), ""),
        targets=targets,
        revisions=_newest_first(revisions),
        latest_ready=last_segment(text(service, "latestReadyRevision")),
        settled=_is_settled(service),
        problem=_problem(service),
        internal=_is_internal(service),
        session_affinity=any(
            flag(each, "sessionAffinity") for each in revisions if _short_name(each) in serving
        ),
        lease=read_lease(text(inner(service, "annotations"), ANNOTATION)),
        pin=read_pin(text(inner(service, "annotations"), PIN_ANNOTATION)),
        deployed_image=image_of(inner(service, "template")),
        read_at=read_at,
    )


def _targets(service: Document) -> tuple[Target, ...]:
    latest = last_segment(text(service, "latestReadyRevision"))
    return tuple(_target(status, latest) for status in documents(service, "trafficStatuses"))


def _target(status: Document, latest_ready: str) -> Target:
    """Cloud Run leaves `revision` empty where traffic follows LATEST."""
    kind = choice(status, "type", _ALLOCATIONS)
    named = last_segment(text(status, "revision"))
    if not named and kind == _ALLOCATIONS[2]:
        raise MalformedError("a traffic status of type REVISION names no revision")
    percent = number(status, "percent")
    if not 0 <= percent <= 100:
        raise MalformedError(f"a traffic status has {percent} percent")
    return Target(
        revision=named or latest_ready,
        percent=percent,
        tag=text(status, "tag"),
        url=text(status, "uri"),
        follows_latest=kind == _ALLOCATIONS[1],
    )


def _newest_first(revisions: list[Document]) -> tuple[Revision, ...]:
    read = [_revision(each) for each in revisions]
    return tuple(sorted(read, key=lambda each: (each.created, each.name), reverse=True))


def _revision(fields: Document) -> Revision:
    build, named_by = name_build(fields)
    return Revision(
        name=_short_name(fields),
        created=moment(fields, "createTime"),
        build=build,
        named_by=named_by,
        image=image_of(fields),
        rollout=text(inner(fields, "labels"), LABEL),
        timeout_s=seconds(fields, "timeout"),
        http2=speaks_http2(fields),
        service_account=text(fields, "serviceAccount"),
        ready=any(
            text(each, "type") == "Ready" and choice(each, "state", _STATES) == _STATES[4]
            for each in documents(fields, "conditions")
        ),
    )


def _is_settled(service: Document) -> bool:
    """All three at once (Admin API v2, `projects.locations.services`, "reconciling")."""
    seen = number(service, "observedGeneration") == number(service, "generation")
    state = choice(inner(service, "terminalCondition"), "state", _STATES)
    return seen and not flag(service, "reconciling") and state == _STATES[4]


def _problem(service: Document) -> str:
    condition = inner(service, "terminalCondition")
    if choice(condition, "state", _STATES) != _STATES[3]:
        return ""
    said = " ".join(text(condition, "message").split()) or "the last deploy failed"
    shown = "".join(char if char.isprintable() else "?" for char in said)
    return shown if len(shown) <= _LONGEST_PROBLEM else shown[: _LONGEST_PROBLEM - 1] + "…"


def _is_internal(service: Document) -> bool:
    """Whether tag URLs and the service's own URL are out of reach from the internet."""
    ingress = choice(service, "ingress", _INGRESSES)
    return ingress in _INGRESSES[2:] or flag(service, "defaultUriDisabled")


def _short_name(fields: Document) -> str:
    name = last_segment(text(fields, "name"))
    if not name:
        raise MalformedError("a revision has no name")
    return name


def _place(service: Document, collection: str) -> str:
    """`us-central1` of `projects/p/locations/us-central1/services/backend`."""
    parts = text(service, "name").split("/")
    found = dict(zip(parts[::2], parts[1::2], strict=False)).get(collection, "")
    if not found:
        raise MalformedError(f"the service's name has no part {collection}")
    return found


def _describe(url: str) -> str:
    """The command for the address that was asked, which is ours; the answer cannot be trusted."""
    _, _, path = url.partition("/projects/")
    project, _, region, _, service, *_ = [*path.split("/"), "", "", "", "", ""]
    named = f"--region={region or 'REGION'} --project={project or 'PROJECT'}"
    return f"gcloud run services describe {service or 'SERVICE'} {named} --format=json"
