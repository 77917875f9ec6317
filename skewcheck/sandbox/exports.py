"""Which environment variables point skewcheck and gcloud at a sandbox, and at nothing else."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Where:
    """The project and region of a sandbox, its control plane, and gcloud's own directory."""

    project: str
    region: str
    port: int
    gcloud: Path


def for_skewcheck(where: Where) -> dict[str, str]:
    """The endpoint override that the adapters accept for loopback addresses."""
    return {"SKEWCHECK_GCP_ENDPOINT": f"http://127.0.0.1:{where.port}"}


def for_gcloud(where: Where) -> dict[str, str]:
    """No credentials, no prompts, and the control plane as proxy.

    gcloud puts the region in front of the endpoint's host, overridden or not; only a proxy gets
    requests for such a name without anybody having to resolve it.
    """
    overrides = {
        f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": f"http://{host}.sandbox.test/{path}"
        for api, host, path in (
            ("RUN", "run", ""),
            ("SERVICEUSAGE", "serviceusage", ""),
            ("COMPUTE", "compute", "compute/v1/"),
            ("CLOUDBUILD", "cloudbuild", ""),
            ("LOGGING", "logging", ""),
        )
    }
    return overrides | {
        "CLOUDSDK_CONFIG": str(where.gcloud),
        "CLOUDSDK_CORE_PROJECT": where.project,
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
        "CLOUDSDK_RUN_REGION": where.region,
        "CLOUDSDK_PROXY_TYPE": "http",
        "CLOUDSDK_PROXY_ADDRESS": "127.0.0.1",
        "CLOUDSDK_PROXY_PORT": str(where.port),
    }
