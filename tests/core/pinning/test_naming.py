"""Branches and messages for those who name none."""

from skewcheck.core.pinning.edit import Change
from skewcheck.core.pinning.naming import branch_name, commit_message
from tests.builders import MANIFEST_COMMIT, NEW, OLD

BOTH = {"web": NEW, "api": OLD}


def test_the_same_promises_on_the_same_commit_have_the_same_branch() -> None:
    name = branch_name("staging", MANIFEST_COMMIT, BOTH)
    assert name == branch_name("staging", MANIFEST_COMMIT, dict(reversed(BOTH.items())))
    stem, _, digits = name.rpartition("-")
    assert (stem, len(digits)) == ("skewcheck/pin-staging", 7)


def test_other_promises_and_another_commit_have_another_one() -> None:
    name = branch_name("staging", MANIFEST_COMMIT, BOTH)
    assert name != branch_name("staging", NEW, BOTH)
    assert name != branch_name("staging", MANIFEST_COMMIT, {"web": NEW})


def test_the_message_names_what_was_promised_before_and_is_now() -> None:
    pinned = Change(service="web", build=NEW, was=OLD, line=1)
    narrowed = Change(
        service="api", build=OLD, was=None, ref="main", paths=("api/**", "lib/**"), line=9
    )
    moving = Change(service="job", build=OLD, was=None, ref="main", line=19)
    assert commit_message("staging", (pinned, narrowed, moving)) == (
        "Pin staging: web 9e39e39, api 01d01d0, job 01d01d0\n\n"
        f"web: {OLD} -> {NEW}\n"
        f"api: ref main (api/**, lib/**) -> {OLD}\n"
        f"job: ref main -> {OLD}\n"
    )
