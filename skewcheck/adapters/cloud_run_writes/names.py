"""Names that Cloud Run would refuse, refused before anything is sent.

Revision names are DNS labels that begin with the service's (Cloud Run docs, "Revision names");
tag and service name have at most 46 characters together (the platform's own words when it
refuses); labels follow "Requirements for labels" of Resource Manager.
"""

import re

from skewcheck.adapters.cloud_run_writes.standing import BUILD_LABEL, ROLLOUT_LABEL
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import Place
from skewcheck.ports.rollout import Revise

_LONGEST_NAME = 63
_SHORTEST_TAG = 3
_LONGEST_TAG_AND_SERVICE = 46
_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_TAG = re.compile(r"[a-z][-a-z0-9]*")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")


def check_names(place: Place, wanted: Revise, rollout: str) -> dict[str, str]:
    """The labels of the revision to make; ActionFailedError for a name that cannot be."""
    _check_revision(place, wanted.revision)
    _check_tag(place, wanted.tag)
    return {
        BUILD_LABEL: _label(place, BUILD_LABEL, wanted.build),
        ROLLOUT_LABEL: _label(place, ROLLOUT_LABEL, rollout),
    }


def _check_revision(place: Place, name: str) -> None:
    begins = name.startswith(f"{place.service}-")
    if not begins or len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        told = (
            f"{name!r} cannot name a revision of {place}: it must begin with {place.service}-, "
            f"have at most {_LONGEST_NAME} characters: lowercase letters, digits and dashes"
        )
        raise ActionFailedError(told, hint="give the service a shorter name")


def _check_tag(place: Place, tag: str) -> None:
    together = len(tag) + len(place.service)
    if together > _LONGEST_TAG_AND_SERVICE:
        told = (
            f"the tag {tag!r} and the name of {place} are too long together: {together} "
            f"characters, and Cloud Run takes {_LONGEST_TAG_AND_SERVICE}"
        )
        raise ActionFailedError(told, hint="give the service a shorter name")
    if len(tag) < _SHORTEST_TAG or not _TAG.fullmatch(tag):
        told = (
            f"{tag!r} cannot be a traffic tag of {place}: it must begin with a letter and have at "
            f"least {_SHORTEST_TAG} characters, lowercase letters, digits and dashes"
        )
        raise ActionFailedError(told, hint="choose another tag")


def _label(place: Place, name: str, value: str) -> str:
    if not _LABEL.fullmatch(value):
        told = (
            f"{value!r} cannot be the label {name} of a revision of {place}: labels have 1 to 63 "
            "lowercase letters, digits, dashes and underscores"
        )
        raise ActionFailedError(told, hint="roll out a build that is named by its full commit")
    return value
