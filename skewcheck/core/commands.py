"""The commands that findings recommend, spelled out so that they can be pasted into a shell."""

import shlex

from skewcheck.core.manifest import Manifest


def invalidate_command(manifest: Manifest, service: str) -> str:
    """One command that makes the edge forget the service's pages, host always named.

    Several paths are covered by `/*`: gcloud takes one path a call.
    """
    cdn = manifest.cloud_cdn_of(service)
    if cdn is None:
        return f"invalidate / and /index.html of {manifest.services[service].url} at its edge"
    path = cdn.invalidate[0] if len(cdn.invalidate) == 1 else "/*"
    words = ["gcloud", "compute", "url-maps", "invalidate-cdn-cache", cdn.url_map]
    words += [f"--project={cdn.project}", f"--host={cdn.host}", f"--path={path}"]
    return shlex.join(words)


def traffic_command(manifest: Manifest, service: str, region: str, target: str) -> str:
    """Moves a Cloud Run service's traffic; `target` is `--to-latest` or `--to-revisions=R=100`."""
    address = next(a for a in manifest.cloud_run_of(service) if a[1] == region)
    words = ["gcloud", "run", "services", "update-traffic", address[2]]
    words += [f"--project={address[0]}", f"--region={region}", target]
    return shlex.join(words)
