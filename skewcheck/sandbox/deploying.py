"""What a deploy asks Cloud Run for, in the words of the v2 API."""

from collections.abc import Mapping

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.run import traffic as targets


def body(image: str, env: Mapping[str, str], labels: Mapping[str, str], named: str) -> Json:
    """One container; labels on service and revision, as gcloud writes them."""
    variables = [{"name": name, "value": value} for name, value in env.items()]
    template: Json = {
        "labels": dict(labels),
        "containers": [{"image": image, "env": variables}],
    }
    return {
        "labels": dict(labels),
        "template": template | ({"revision": named} if named else {}),
    }


def traffic(current: Json | None, wanted: str, named: str, tag: str) -> list[Json]:
    """All of it to the latest, or all where it is; tags stay, and the new one is added."""
    kept = targets.pinned(current) if current else []
    tagged = [targets.to_revision(named, 0, tag)] if tag else []
    if wanted == "latest":
        tags = [target | {"percent": 0} for target in kept if target.get("tag")]
        return [targets.to_latest(), *tags, *tagged]
    return [*kept, *tagged]
