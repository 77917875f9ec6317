"""A refusal's one line: both versions, at most 123 bytes, whole characters."""

from hypothesis import given
from hypothesis import strategies as st
from skewcheck_expose.reasons import LONGEST, another_protocol, clip, not_accepted, not_in_format

from tests.expose.formats import BEFORE, CHAT, contract

names = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=200)
versions = st.sampled_from(["2.1", "2.1.post123456.dev123456rc654321", "2" + ".1" * 90])


def test_both_versions_and_the_range_are_named() -> None:
    told = not_accepted((CHAT,), {"chat": "1.0"})
    assert told == "client speaks chat 1.0, server 2.1; accepted: >=2.0,<3"


def test_of_several_contracts_the_newest_is_named_and_every_range() -> None:
    told = not_accepted((CHAT, BEFORE, contract(protocol="notes")), {"chat": "0.9"})
    assert told == "client speaks chat 0.9, server 2.1; accepted: >=2.0,<3 or >=1.0,<2"


def test_a_wrong_format_is_told_with_the_versions_that_are_known() -> None:
    assert not_in_format(CHAT, None, "why") == "server speaks chat 2.1; why"
    assert not_in_format(CHAT, "2.0", "why") == "client speaks chat 2.0, server 2.1; why"


def test_a_client_of_another_protocol_is_told_this_one() -> None:
    assert another_protocol(CHAT) == "client speaks another protocol, server chat 2.1"


@given(names, versions, st.text(max_size=200))
def test_every_reason_fits_into_a_close_frame_with_both_versions(
    name: str, version: str, why: str
) -> None:
    long = contract(protocol=name, version=version, accepts=f"=={version}")
    announced = "12345.12345.12345.12345.12345rc1"
    for told in (
        not_accepted((long,), {name: announced}),
        not_in_format(long, announced, why),
        not_in_format(long, None, why),
        another_protocol(long),
    ):
        assert len(told.encode("utf-8", "surrogatepass")) <= LONGEST == 123
        assert f" {version[:20]}" in told
    assert f" {announced}, server {version[:20]}" in not_accepted((long,), {name: announced})


@given(st.text(st.characters(codec="utf-8")), st.integers(3, 50))
def test_clipping_keeps_whole_characters(text: str, longest: int) -> None:
    clipped = clip(text, longest)
    assert len(clipped.encode()) <= longest
    assert clipped == text or (clipped.endswith("…") and text.startswith(clipped[:-1]))
