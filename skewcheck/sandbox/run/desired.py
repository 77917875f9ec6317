"""What a service should become: the present document with an update laid over it."""

from collections.abc import Iterable
from copy import deepcopy

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import invalid
from skewcheck.sandbox.run import traffic

_OUTPUT_ONLY = frozenset(
    [
        "name",
        "uid",
        "generation",
        "createTime",
        "updateTime",
        "deleteTime",
        "expireTime",
        "creator",
        "lastModifier",
        "observedGeneration",
        "terminalCondition",
        "conditions",
        "latestReadyRevision",
        "latestCreatedRevision",
        "trafficStatuses",
        "uri",
        "urls",
        "reconciling",
        "etag",
        "satisfiesPzs",
        "threatDetectionEnabled",
    ]
)
_TEMPLATE_DEFAULTS: Json = {"timeout": "300s", "maxInstanceRequestConcurrency": 80}
_SYSTEM_NAMESPACES = (
    "run.googleapis.com/",
    "cloud.googleapis.com/",
    "serving.knative.dev/",
    "autoscaling.knative.dev/",
)


def merged(current: Json, body: Json, paths: Iterable[tuple[str, ...]]) -> Json:
    """The current document with the masked part of `body`; without a mask, with all of it."""
    paths = tuple(paths)
    if not paths or ("*",) in paths:
        kept = {key: value for key, value in current.items() if key in _OUTPUT_ONLY}
        asked = {key: value for key, value in body.items() if key not in _OUTPUT_ONLY}
        return completed(deepcopy(kept | asked))
    result = deepcopy(current)
    for path in paths:
        if path[0] not in _OUTPUT_ONLY:
            _copy(path, body, result)
    return completed(result)


def completed(document: Json) -> Json:
    """With the defaults of whoever says nothing, as the server writes them in."""
    if not document.get("template", {}).get("containers"):
        raise invalid("spec.template.spec.containers: a service needs a container.")
    _refuse_system_keys(document)
    return document | {
        "template": _TEMPLATE_DEFAULTS | document["template"],
        "traffic": document.get("traffic") or [traffic.to_latest()],
    }


def system_key(key: str) -> bool:
    """Does the key stand in a namespace that only Google may write through v2?"""
    return key.startswith(_SYSTEM_NAMESPACES)


def _copy(path: tuple[str, ...], source: Json, target: Json) -> None:
    *parents, field = path
    for key in parents:
        source = source.get(key, {})
        target = target.setdefault(key, {})
    target.pop(field, None)
    if field in source:
        target[field] = deepcopy(source[field])


def _refuse_system_keys(document: Json) -> None:
    for part in (document, document.get("template", {})):
        for kind in ("labels", "annotations"):
            for key in filter(system_key, part.get(kind, {})):
                raise invalid(f"metadata.{kind}: '{key}' uses a namespace reserved by the system.")
