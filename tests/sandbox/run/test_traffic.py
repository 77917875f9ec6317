"""What may be asked of traffic, in the server's own words."""

import pytest

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import ApiError
from skewcheck.sandbox.run import traffic

LONG = "a-tag-that-is-long-enough-to-be-refused"


@pytest.mark.parametrize(
    ("targets", "problem"),
    [
        pytest.param([traffic.to_revision("r1", 90)], "sum to 100; got 90", id="too little"),
        pytest.param([traffic.to_latest(), traffic.to_revision("r1", 1)], "got 101", id="too much"),
        pytest.param([traffic.to_revision("gone", 100)], "gone not found", id="unknown revision"),
        pytest.param(
            [traffic.to_latest() | {"revision": "r1"}], "must not name", id="latest with a name"
        ),
        pytest.param([traffic.to_revision("", 100)], "must name a revision", id="no name"),
        pytest.param(
            [traffic.to_latest(), traffic.to_revision("r1", 0, "s1")], "at least 3", id="short tag"
        ),
        pytest.param(
            [traffic.to_latest(), traffic.to_revision("r1", 0, "Upper")], "lowercase", id="capital"
        ),
        pytest.param(
            [traffic.to_latest()] + [traffic.to_revision("r1", 0, "next")] * 2, "unique", id="twice"
        ),
        pytest.param(
            [traffic.to_latest(), traffic.to_revision("r1", 0, LONG)],
            f"spec.traffic.tag: traffic tag '{LONG}' and service name 'acme-api' together are too "
            "long. Combined traffic tag and service name cannot exceed 46 characters.",
            id="long tag",
        ),
    ],
)
def test_wrong_traffic_is_refused(targets: list[Json], problem: str) -> None:
    with pytest.raises(ApiError, match=problem):
        traffic.check("acme-api", targets, {"r1"})


def test_a_split_with_tags_is_accepted() -> None:
    traffic.check(
        "acme-api",
        [traffic.to_latest() | {"percent": 90}, traffic.to_revision("r1", 10, "old")],
        {"r1"},
    )
