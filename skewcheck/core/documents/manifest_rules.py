"""Rules between the parts of a manifest, which no single model can see."""

from collections.abc import Iterator
from typing import NamedTuple

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.documents.problems import Path, shown
from skewcheck.core.findings import Code
from skewcheck.core.manifest import CloudRun, Manifest, Service

_MOST_SUGGESTIONS = 10


class BrokenRule(NamedTuple):
    """`at_key` means that the key is wrong, not its value."""

    path: Path
    problem: str
    at_key: bool = False


def broken_rules(manifest: Manifest) -> Iterator[BrokenRule]:
    yield from _dangling_links(manifest)
    yield from _shared_names(manifest)
    yield from _overrides_of_nothing(manifest)
    for name, service in manifest.services.items():
        yield from _unplaced(manifest, name, service.cloud_run)
        yield from _unmapped_edge(manifest, name)
        yield from _static_mistakes(name, service)


def _dangling_links(manifest: Manifest) -> Iterator[BrokenRule]:
    for count, (path, service) in enumerate(_dangling_ends(manifest)):
        # Slips come in ones; comparing a thousand names with a thousand takes half a minute.
        near = did_you_mean(service, manifest.services) if count < _MOST_SUGGESTIONS else ""
        yield BrokenRule(path, f"no service `{service}`{near}")


def _dangling_ends(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    for name, link in manifest.links.items():
        for side, service in (("client", link.client), ("server", link.server)):
            if service not in manifest.services:
                yield ("links", name, side), service


def _shared_names(manifest: Manifest) -> Iterator[BrokenRule]:
    for name in manifest.links.keys() & manifest.services.keys():
        problem = f"a service is called `{name}` too; findings could not tell them apart"
        yield BrokenRule(("links", name), problem, at_key=True)


def _overrides_of_nothing(manifest: Manifest) -> Iterator[BrokenRule]:
    subjects = (*manifest.services, *manifest.links, manifest.environment)
    for index, override in enumerate(manifest.overrides):
        path: Path = ("overrides", index)
        if override.finding not in set(Code):
            near = did_you_mean(override.finding, Code)
            told = f"no such finding code{near} (got {shown(override.finding)})"
            yield BrokenRule((*path, "finding"), told)
        if override.subject not in subjects:
            near = did_you_mean(override.subject, subjects)
            told = f"no service, link or environment of this name{near} (got"
            yield BrokenRule((*path, "subject"), f"{told} {shown(override.subject)})")


def _unplaced(manifest: Manifest, name: str, own: CloudRun | None) -> Iterator[BrokenRule]:
    default = manifest.defaults.cloud_run
    if own is None:
        return
    if not (own.project or default.project):
        yield _missing(name, ("cloud_run", "project"), "defaults.cloud_run")
    if not (own.all_regions or default.all_regions):
        yield _missing(name, ("cloud_run", "region"), "defaults.cloud_run")


def _unmapped_edge(manifest: Manifest, name: str) -> Iterator[BrokenRule]:
    cdn = manifest.cloud_cdn_of(name)
    if cdn is None:
        return
    for key, value in (("project", cdn.project), ("url_map", cdn.url_map)):
        if not value:
            yield _missing(name, ("edge", "cloud_cdn", key), "defaults.cloud_cdn")


def _static_mistakes(name: str, service: Service) -> Iterator[BrokenRule]:
    path: Path = ("services", name)
    if service.static is None:
        return
    if "control-plane" in (service.witnesses or ()):
        index = (service.witnesses or ()).index("control-plane")
        told = "a static service has no control plane to witness"
        yield BrokenRule((*path, "witnesses", index), told)
    if service.deploy is not None and service.deploy.image is not None:
        told = "an image needs `cloud_run`; a static service is deployed by its trigger"
        yield BrokenRule((*path, "deploy", "image"), told)


def _missing(service: str, path: Path, default: str) -> BrokenRule:
    return BrokenRule(("services", service, *path), f"missing, here and in {default}")
