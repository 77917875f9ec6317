"""Plain releases and ranges behave as PEP 440 says; everything else is not decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from skewcheck_expose.releases import contains, read_release

numbers = st.integers(0, 12).map(str) | st.sampled_from(["007", "100000"])
releases = st.lists(numbers, min_size=1, max_size=4).map(".".join)
signs = st.sampled_from(["==", "!=", "<=", ">=", "<", ">"])
spaces = st.sampled_from(["", " "])
compared = st.tuples(spaces, signs, spaces, releases).map("".join)
starred = st.tuples(st.sampled_from(["==", "!="]), releases).map(lambda two: "".join(two) + ".*")
compatible = st.lists(numbers, min_size=2, max_size=4).map(lambda parts: "~=" + ".".join(parts))
ranges = st.lists(compared | starred | compatible, min_size=1, max_size=3).map(",".join)


@given(ranges, releases)
def test_it_agrees_with_packaging_about_every_plain_release(accepts: str, version: str) -> None:
    assert contains(accepts, version) is SpecifierSet(accepts).contains(Version(version))


@given(st.text("0123456789.*=!<>~,abrcdevpost+ -v", max_size=12), releases)
def test_what_it_decides_packaging_decides_alike(accepts: str, version: str) -> None:
    answer = contains(accepts, version)
    if answer is not None:
        assert answer is SpecifierSet(accepts).contains(Version(version), prereleases=True)


@pytest.mark.parametrize(
    ("accepts", "version"),
    [
        pytest.param(">=2.0rc1", "2.1", id="a pre-release in the range"),
        pytest.param(">=2.0", "2.1rc1", id="a pre-release"),
        pytest.param(">=2.0", "2.1+acme", id="a local version"),
        pytest.param(">=2.0", "1!2.1", id="an epoch"),
        pytest.param("===2.1", "2.1", id="arbitrary equality"),
        pytest.param("~=2", "2.1", id="compatible with one number"),
        pytest.param(">=2.*", "2.1", id="a star where none may be"),
        pytest.param("~=2.1.*", "2.1", id="a star after a compatible release"),
        pytest.param("", "2.1", id="no range"),
        pytest.param(",", "2.1", id="only a comma"),
        pytest.param(">=2.0,nonsense", "1.0", id="one clause is unreadable"),
        pytest.param(">=2.0", "\u0662.1", id="digits of another script"),
        pytest.param(">=2.0", "9" * 5000, id="a number that nobody means"),
    ],
)
def test_what_goes_beyond_plain_releases_is_not_decided(accepts: str, version: str) -> None:
    assert contains(accepts, version) is None


@pytest.mark.parametrize(
    ("accepts", "version"), [("==1.0.*", "1"), ("~=1.0.0", "1"), ("==1", "1.0"), ("<=1.0.0", "1")]
)
def test_missing_places_count_as_zero(accepts: str, version: str) -> None:
    assert contains(accepts, version) is True


def test_a_release_is_read_number_by_number() -> None:
    assert read_release("2.10") == (2, 10)
    assert read_release("2.") is None
