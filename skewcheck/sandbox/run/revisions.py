"""Revisions: how they are named, when two are the same, and how they look in v2."""

import random
import string

from skewcheck.sandbox.documents import Json, last
from skewcheck.sandbox.errors import already_exists, invalid
from skewcheck.sandbox.run import schema

SUCCEEDED = "CONDITION_SUCCEEDED"
FAILED = "CONDITION_FAILED"
PENDING = "CONDITION_PENDING"
RECONCILING = "CONDITION_RECONCILING"
_LONGEST_NAME = 63
_SHARED_WITH_TEMPLATE = (
    *("labels", "annotations", "scaling", "vpcAccess", "timeout", "serviceAccount", "volumes"),
    *("executionEnvironment", "sessionAffinity", "encryptionKey"),
    "maxInstanceRequestConcurrency",
)


def generated_name(service_id: str, generation: int, chance: random.Random) -> str:
    """`acme-api-00002-kjx`, the way Cloud Run makes one up."""
    suffix = "".join(chance.choices(string.ascii_lowercase, k=3))
    return f"{service_id}-{generation:05d}-{suffix}"


def check_name(service_id: str, name: str) -> None:
    """A revision's own name must begin with the service's and fit a DNS label."""
    if not name.startswith(f"{service_id}-") or len(name) > _LONGEST_NAME:
        raise invalid(
            f"spec.template.metadata.name: Revision name '{name}' must start with "
            f"'{service_id}-' and have at most {_LONGEST_NAME} characters."
        )


def name_taken(name: str) -> Exception:
    """The refusal that waits for everybody who forgets to clear `template.revision`."""
    return already_exists(f"Revision named '{name}' with different configuration already exists.")


def configuration(template: Json) -> Json:
    """What makes a revision what it is: the template without the name it is to be given."""
    return {key: value for key, value in template.items() if key != "revision"}


def new(service: Json, name: str, *, created: str, image: str) -> Json:
    """A revision of the service's present template that has not started yet."""
    template = configuration(service["template"])
    first, *others = template["containers"]
    return schema.revision(
        _shown(template)
        | {
            "name": f"{service['name']}/revisions/{name}",
            "uid": f"rev-{name}",
            "generation": "1",
            "createTime": created,
            "updateTime": created,
            "service": service["name"],
            "containers": [first | {"image": image}, *others],
            "conditions": [condition("Ready", PENDING, created)],
            "reconciling": True,
            "logUri": f"https://console.cloud.google.com/logs/viewer?revision={last(name)}",
            "etag": f'"{name}-1"',
        }
    )


def settled(revision: Json, failure: str | None, *, at: str) -> Json:
    """The revision after its process was tried."""
    ready = condition("Ready", FAILED if failure else SUCCEEDED, at, failure or "")
    changed = {"conditions": [ready], "updateTime": at, "observedGeneration": "1"}
    return {key: value for key, value in (revision | changed).items() if key != "reconciling"}


def state(revision: Json) -> str:
    """The state of its Ready condition."""
    return str(revision["conditions"][0]["state"])


def condition(kind: str, state: str, at: str, message: str = "") -> Json:
    """One condition, as services and revisions carry them."""
    plain = {"type": kind, "state": state, "lastTransitionTime": at}
    return plain | ({"message": message} if message else {})


def _shown(template: Json) -> Json:
    return {key: template[key] for key in _SHARED_WITH_TEMPLATE if key in template}
