"""The same services and revisions in the words of Knative, which gcloud and the v1 API speak."""

import json
from collections.abc import Iterable
from typing import Final

from skewcheck.sandbox.documents import Json, last, region
from skewcheck.sandbox.run import revisions, traffic
from skewcheck.sandbox.run.desired import system_key

API_VERSION: Final = "serving.knative.dev/v1"
_NAMESPACE = "1234567"
_STATUS = {revisions.SUCCEEDED: "True", revisions.FAILED: "False"}
_CLIENT = "run.googleapis.com/client-name"
_CLIENT_VERSION = "run.googleapis.com/client-version"
_CONTAINER_KEYS = ("name", "image", "env", "command", "args", "ports", "resources", "workingDir")


def service_to_v1(service: Json) -> Json:
    """A v2 service as a Knative Service."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Service",
        "metadata": _metadata(service),
        "spec": {
            "template": _template_to_v1(service["template"]),
            "traffic": [_target_to_v1(target) for target in service["traffic"]],
        },
        "status": _status(service),
    }


def revision_to_v1(revision: Json) -> Json:
    """A v2 revision as a Knative Revision, with the digest that v2 has no field for."""
    ready = revision["conditions"][0]
    kinds = ("Ready", "Active", "ContainerHealthy", "ResourcesAvailable")
    return {
        "apiVersion": API_VERSION,
        "kind": "Revision",
        "metadata": {
            "name": last(revision["name"]),
            "namespace": _NAMESPACE,
            "uid": revision["uid"],
            "creationTimestamp": revision["createTime"],
            "generation": 1,
            "labels": {
                **revision.get("labels", {}),
                "serving.knative.dev/service": last(revision["service"]),
                "cloud.googleapis.com/location": region(revision["name"]),
            },
            "annotations": dict(revision.get("annotations", {})),
        },
        "spec": _spec_to_v1(revision),
        "status": {
            "observedGeneration": 1,
            "conditions": [_condition(kind, ready) for kind in kinds],
            "imageDigest": revision["containers"][0]["image"],
            "logUrl": revision["logUri"],
        },
    }


def service_from_v1(document: Json) -> Json:
    """What a Knative Service asks for, as the body of a v2 update."""
    metadata, spec = document.get("metadata", {}), document.get("spec", {})
    annotations = metadata.get("annotations", {})
    body: Json = {
        "labels": _own(metadata.get("labels", {})),
        "annotations": _own(annotations),
        "template": _template_from_v1(spec.get("template", {})),
        "traffic": [_target_from_v1(target) for target in spec.get("traffic", ())],
    }
    if metadata.get("resourceVersion"):
        body["etag"] = f'"{metadata["resourceVersion"]}"'
    for field, key in (("client", _CLIENT), ("clientVersion", _CLIENT_VERSION)):
        if key in annotations:
            body[field] = annotations[key]
    return body


def listed(kind: str, items: Iterable[Json]) -> Json:
    """A Knative list."""
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {}, "items": list(items)}


def _metadata(service: Json) -> Json:
    annotations = {
        **service.get("annotations", {}),
        "run.googleapis.com/ingress": "all",
        "run.googleapis.com/urls": json.dumps(service.get("urls", [])),
        "serving.knative.dev/lastModifier": "sandbox@acme.example",
    }
    return {
        "name": last(service["name"]),
        "namespace": _NAMESPACE,
        "selfLink": f"/apis/{API_VERSION}/namespaces/{_NAMESPACE}/services/{last(service['name'])}",
        "uid": service["uid"],
        "resourceVersion": service["etag"].strip('"'),
        "generation": int(service["generation"]),
        "creationTimestamp": service["createTime"],
        "labels": {
            **service.get("labels", {}),
            "cloud.googleapis.com/location": region(service["name"]),
        },
        "annotations": annotations,
    }


def _status(service: Json) -> Json:
    kinds = ("Ready", "ConfigurationsReady", "RoutesReady")
    latest = last(service.get("latestReadyRevision", ""))
    return {
        "observedGeneration": int(service.get("observedGeneration", 0)),
        "conditions": [_condition(kind, service["terminalCondition"]) for kind in kinds],
        "latestReadyRevisionName": latest,
        "latestCreatedRevisionName": last(service.get("latestCreatedRevision", "")),
        "traffic": [
            # Here v1 says what v2 leaves empty: the revision that LATEST means.
            {"revisionName": latest, **_target_to_v1(status)}
            | ({"url": status["uri"]} if "uri" in status else {})
            for status in service.get("trafficStatuses", ())
        ],
        "url": service["uri"],
        "address": {"url": service["uri"]},
    }


def _condition(kind: str, source: Json) -> Json:
    message = source.get("message", "")
    plain = {
        "type": kind,
        "status": _STATUS.get(source["state"], "Unknown"),
        "lastTransitionTime": source["lastTransitionTime"],
    }
    return plain | ({"message": message, "reason": "HealthCheckContainerError"} if message else {})


def _template_to_v1(template: Json) -> Json:
    metadata: Json = {
        "labels": dict(template.get("labels", {})),
        "annotations": dict(template.get("annotations", {})),
    }
    if template.get("revision"):
        metadata["name"] = template["revision"]
    return {"metadata": metadata, "spec": _spec_to_v1(template)}


def _spec_to_v1(template: Json) -> Json:
    return {
        "containerConcurrency": template["maxInstanceRequestConcurrency"],
        "timeoutSeconds": int(float(template["timeout"].removesuffix("s"))),
        "containers": template["containers"],
    }


def _template_from_v1(template: Json) -> Json:
    metadata, spec = template.get("metadata", {}), template.get("spec", {})
    asked: Json = {
        "labels": _own(metadata.get("labels", {})),
        "annotations": _own(metadata.get("annotations", {})),
        "revision": metadata.get("name", ""),
        "containers": [
            {key: container[key] for key in _CONTAINER_KEYS if key in container}
            for container in spec.get("containers", ())
        ],
    }
    if "timeoutSeconds" in spec:
        asked["timeout"] = f"{spec['timeoutSeconds']}s"
    if "containerConcurrency" in spec:
        asked["maxInstanceRequestConcurrency"] = spec["containerConcurrency"]
    return {key: value for key, value in asked.items() if value}


def _target_to_v1(target: Json) -> Json:
    shown: Json = {key: target[key] for key in ("percent", "tag") if target.get(key)}
    if target["type"] == traffic.LATEST:
        return shown | {"latestRevision": True}
    return shown | {"revisionName": target["revision"]}


def _target_from_v1(target: Json) -> Json:
    if target.get("latestRevision"):
        shown = {key: target[key] for key in ("percent", "tag") if target.get(key)}
        return {"type": traffic.LATEST, **shown}
    return traffic.to_revision(
        target.get("revisionName", ""), target.get("percent", 0), target.get("tag", "")
    )


def _own(entries: Json) -> Json:
    return {key: value for key, value in entries.items() if not system_key(key)}
