"""Where a service's Cloud Build trigger is."""

from skewcheck.core.manifest import Manifest


def trigger_place(manifest: Manifest, name: str) -> tuple[str, str, str]:
    """Project, region and name; the manifest may spell out all three as a resource name."""
    service = manifest.services[name]
    written = (service.deploy.cloud_build_trigger or "") if service.deploy else ""
    parts = written.split("/")
    if parts[::2] == ["projects", "locations", "triggers"]:
        return parts[1], parts[3], parts[5]
    own = service.cloud_run.project if service.cloud_run else ""
    cdn = manifest.cloud_cdn_of(name)
    fallback = manifest.defaults.cloud_run.project or (cdn.project if cdn else "")
    return own or fallback, "global", written
