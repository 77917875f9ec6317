"""Names that a rollout gives to what it makes."""

from dataclasses import replace

from skewcheck.core.rollout.names import mark_of, revision_name, tag_name
from tests.core.rollout.orders import on_cloud_run, order

SHA = "40c0cd" + "0" * 34
LONGEST = "s" * 49  # the longest name of a service (Cloud Run, "Deploying container images")


def test_a_revision_is_named_by_its_service_its_build_and_its_rollout() -> None:
    api = on_cloud_run("api", target=SHA)
    assert revision_name(order(), api, 0) == "api-40c0cd-7f3a1b"


def test_the_longest_name_of_a_service_leaves_room() -> None:
    assert len(revision_name(order(), on_cloud_run(LONGEST, target=SHA), 0)) <= 63


def test_a_tag_leaves_room_for_its_service() -> None:
    assert tag_name(order()) == "r-7f3a1b"


def test_who_goes_on_with_anothers_journal_goes_on_with_its_names() -> None:
    first = order()
    resumed = replace(first, rollout="20261124-0000-aaaaaa", resumes=first.rollout)
    assert mark_of(resumed) == mark_of(first)
