"""Which texts name a build, and which only look as if they did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.build import BuildName, BuildSha, OpaqueId, ShortSha, read_build_name

FULL = "3f2c1ab9d8e7aa00112233445566778899aabbcc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(FULL, BuildName(BuildSha(FULL)), id="a full commit"),
        pytest.param(FULL.upper(), BuildName(BuildSha(FULL)), id="in capitals"),
        pytest.param(f" {FULL}\n", BuildName(BuildSha(FULL)), id="with white space around it"),
        pytest.param("188b28f", BuildName(ShortSha("188b28f")), id="seven digits"),
        pytest.param(FULL[:39], BuildName(ShortSha(FULL[:39])), id="39 digits"),
        pytest.param(f"{FULL}-dirty", BuildName(BuildSha(FULL), dirty=True), id="dirty, as git"),
        pytest.param("188b28f+dirty", BuildName(ShortSha("188b28f"), dirty=True), id="as Go"),
        pytest.param("v1.0.30-6-gd1ac2745", BuildName(ShortSha("d1ac2745")), id="git describe"),
        pytest.param(
            "v1.0.30-6-gd1ac2745-dirty",
            BuildName(ShortSha("d1ac2745"), dirty=True),
            id="git describe --dirty",
        ),
        pytest.param("1.0.dev6+gd1ac2745", BuildName(ShortSha("d1ac2745")), id="setuptools-scm"),
        pytest.param(
            "1.0.dev6+gd1ac2745.d20261123",
            BuildName(ShortSha("d1ac2745"), dirty=True),
            id="setuptools-scm, uncommitted files",
        ),
        pytest.param("1.4.2+3f2c1ab9", BuildName(ShortSha("3f2c1ab9")), id="build metadata"),
        pytest.param(
            f"{FULL}/1.40.0/Clean/RELEASE/BoringSSL", BuildName(BuildSha(FULL)), id="envoy"
        ),
        pytest.param(
            f"{FULL}/1.40.0/Modified/DEBUG/BoringSSL",
            BuildName(BuildSha(FULL), dirty=True),
            id="envoy, modified",
        ),
    ],
)
def test_a_commit_is_read_from_every_common_notation(text: str, expected: BuildName) -> None:
    assert read_build_name(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1795438840332", id="a time stamp, though all its digits are hexadecimal"),
        pytest.param("20261123", id="a date"),
        pytest.param("ccebc039-5605-4154-842b-e9a76d5ce3cd", id="a UUID"),
        pytest.param("2S_PI51RM0FanrdzS0WWi", id="a nanoid"),
        pytest.param("ABcDEfGhIjKlMnOpQrSt", id="a nanoid without any digit"),
        pytest.param("2026-11-23T22:32:47Z", id="a moment"),
        pytest.param("build-abc123", id="a build tag"),
        pytest.param("ocp-4.18-93c9718", id="an image tag, of which only a part is a commit"),
        pytest.param(FULL + "0", id="one digit too many"),
        pytest.param("acme-web-00042-xyz", id="a Cloud Run revision"),
    ],
)
def test_other_ids_are_opaque(text: str) -> None:
    assert read_build_name(text) == BuildName(OpaqueId(text))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "null", "NONE", "unknown", "unspecified", "dev", "latest", "HEAD", "main", "n/a",
        "production", "Unauthorized", "Not Found", "not-found", "<html></html>", "<git hash>",
        "$COMMIT_SHA", "${GIT_SHA}", "%VITE_BUILD_SHA%", "__COMMIT__", "@git.commit.id@",
        "{{ sha }}", "BUILD_SHA", "GIT_COMMIT_HASH", "(devel)", "unknown-dirty", "[object Object]",
        "1.0.0", "v1.0.0", "0.0.1-SNAPSHOT", "1.0", "v2", "2", "42", "2026.11.23", "1.2.3-rc.1",
        "2.42.0+ds-5+deb12u1", "v1.21.2", "0" * 40, "0000000",
        "00000000-0000-0000-0000-000000000000",
        "release tag or string for humans", "x" * 200, "Internal Server Error", "abc 1234567",
        "a1b2c3d\x1b[31m", "\uff11" * 8, "deadbee\u200b",
    ],
)  # fmt: skip
def test_placeholders_versions_and_words_name_no_build(text: str) -> None:
    assert read_build_name(text) is None


@given(st.text())
def test_whatever_is_read_can_be_told_apart_from_noise(text: str) -> None:
    name = read_build_name(text)
    assert name is None or (name.build.value.isascii() and " " not in name.build.value)


@given(sha=st.text("0123456789abcdef", min_size=40, max_size=40), dirty=st.booleans())
def test_every_full_commit_but_the_null_one_is_read_back(sha: str, *, dirty: bool) -> None:
    name = read_build_name(sha + "-dirty" * dirty)
    assert name == (None if set(sha) == {"0"} else BuildName(BuildSha(sha), dirty=dirty))


@pytest.mark.parametrize("value", ["", FULL[:39], FULL.upper(), FULL + "\n", "g" * 40])
def test_a_build_sha_is_forty_lower_case_digits(value: str) -> None:
    with pytest.raises(ValueError, match="not a full 40-digit git SHA"):
        BuildSha(value)


@pytest.mark.parametrize("value", ["", "abc123", FULL, "ABCDEF1", "abcdef1\n"])
def test_a_short_sha_has_seven_to_thirty_nine_digits(value: str) -> None:
    with pytest.raises(ValueError, match="not an abbreviated git SHA"):
        ShortSha(value)


def test_people_see_few_digits_and_machines_all() -> None:
    assert (BuildSha(FULL).short, str(BuildSha(FULL))) == ("3f2c1ab", FULL)
    assert (ShortSha("188b28f0").short, str(ShortSha("188b28f0"))) == ("188b28f", "188b28f0")
    assert OpaqueId("1795438840332").short == "1795438840332"
    assert OpaqueId("2026-11-23T22:32Z").short == "2026-11-23T2…"
    assert str(OpaqueId("2026-11-23T22:32Z")) == "2026-11-23T22:32Z"
