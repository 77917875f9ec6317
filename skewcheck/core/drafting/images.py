"""How a deploy names the image of a build: learnt from an image whose tag is a build we know."""

from collections.abc import Iterator

from skewcheck.core.build import BuildSha
from skewcheck.core.drafting.draft import Field, Gap, Item
from skewcheck.core.drafting.facts import ServiceFacts
from skewcheck.core.drafting.fits import is_image

_EXAMPLE = "us-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:{build}"


def deploy_of(service: ServiceFacts) -> Item:
    """`deploy`, without which nothing can be redeployed; all else works."""
    if service.is_static:
        return Gap(
            key="deploy",
            what="the Cloud Build trigger that deploys it",
            how="gcloud builds triggers list; without it nothing is redeployed, the rest works",
            example="{cloud_build_trigger: TRIGGER}",
            optional=True,
        )
    builds = tuple(_builds(service))
    for image in _images(service):
        pattern = _pattern(image, builds)
        if pattern:
            return Field(
                key="deploy", value={"image": pattern}, guess="a tag seen on it is a commit"
            )
    return _gap(service)


def _pattern(image: str, builds: tuple[str, ...]) -> str:
    """The image with {build} for its commit; empty where its tag is none of the builds."""
    name, _, _ = image.partition("@")
    place, colon, tag = name.rpartition(":")
    found = next((each for each in builds if each in tag), "")
    made = f"{place}{colon}{tag.replace(found, '{build}', 1)}" if found and "/" not in tag else ""
    return made if is_image(made) else ""


def _builds(service: ServiceFacts) -> Iterator[str]:
    for plane in service.readable:
        for revision in plane.revisions:
            if revision.build is not None and isinstance(revision.build.build, BuildSha):
                yield revision.build.build.value


def _images(service: ServiceFacts) -> Iterator[str]:
    for plane in service.readable:
        yield plane.deployed_image
        yield from (revision.image for revision in plane.revisions)


def _gap(service: ServiceFacts) -> Gap:
    image = next((each for each in _images(service) if each), "")
    bare = image.partition("@")[0]
    place, _, tag = bare.rpartition(":")
    named = place if place and "/" not in tag else bare
    made = f"{named}:{{build}}"
    return Gap(
        key="deploy",
        what="how the image of a commit is named, or the trigger that deploys it",
        how="no tag seen is a full commit of this service, which is what {build} stands for;"
        " without it nothing is redeployed, the rest works",
        example=f'{{image: "{made if named and is_image(made) else _EXAMPLE}"}}',
        optional=True,
    )
