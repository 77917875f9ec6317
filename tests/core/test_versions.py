"""Versions and ranges behave as PEP 440 says, pre-releases, epochs and local versions included."""

import pytest

from skewcheck.core.versions import read_range, read_version


@pytest.mark.parametrize(
    ("accepts", "version", "contained"),
    [
        pytest.param(">=2.0,<3", "2.0", True, id="the lower end"),
        pytest.param(">=2.0,<3", "3.0", False, id="the upper end"),
        pytest.param(">=2.0,<3", "2.1rc1", True, id="a live pre-release is already present"),
        pytest.param(">=2.0,<3", "3.0a1", False, id="a pre-release of the excluded end"),
        pytest.param(">=2.0,<3", "2.0rc1", False, id="a pre-release before the lower end"),
        pytest.param(">=2.0,<3", "2.0.post1", True, id="a post-release"),
        pytest.param(">=2.0,<3", "2.1.dev3", True, id="a development release"),
        pytest.param(">=2.0", "1!0.5", True, id="a later epoch is later"),
        pytest.param(">=1!0.1", "2.0", False, id="an earlier epoch is earlier"),
        pytest.param("==2.1", "2.1+acme.1", True, id="a local version equals its public one"),
        pytest.param("==2.1+acme.1", "2.1", False, id="but not the other way round"),
        pytest.param("==2.0", "2.0.0", True, id="trailing zeros do not count"),
        pytest.param("==2.*", "2.10", True, id="a prefix"),
        pytest.param("~=2.1", "2.10", True, id="compatible"),
        pytest.param("~=2.1", "3.0", False, id="not compatible"),
        pytest.param(">=2.0,!=2.3", "2.3", False, id="an exclusion"),
        pytest.param(">=1.2", "1.10", True, id="ten comes after two"),
    ],
)
def test_a_range_contains_what_pep_440_says(accepts: str, version: str, *, contained: bool) -> None:
    assert read_range(accepts).contains(read_version(version), prereleases=True) is contained


def test_one_point_ten_is_not_one_point_one() -> None:
    assert str(read_version("1.10")) == "1.10"
    assert read_version("1.10") > read_version("1.9")


@pytest.mark.parametrize("written", ["", "two", "2.", "2 1", "2.1-", "1" * 5000])
def test_what_is_no_version_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"not a PEP 440 version such as 2\.1"):
        read_version(written)


@pytest.mark.parametrize(
    "written", ["", " ", ",", "2.1", ">=1.9,<", "^2.0", ">=2 || <1", ">=1," * 99]
)
def test_what_is_no_range_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"not a PEP 440 range such as >=2\.0,<3"):
        read_range(written)
