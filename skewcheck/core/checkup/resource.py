"""What permissions are held on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that permissions are held on: a project, or with the rest set a Cloud Run service,
    a URL map (`kind` says which) or a service account, named by its address."""

    kind: str  # project | cloud-run-service | url-map | service-account
    project: str
    region: str = ""
    name: str = ""
