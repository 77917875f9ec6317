"""Only Slack, only now: and a stranger's worst input is a no, never a crash."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.slack.signature import is_signed, signature_of

# From "Verifying requests from Slack", with the signing secret that is printed there.
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
    b"G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-"
    b"collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F39770088"
    b"5554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447f"
    b"ce8b6703c"
)
STAMP = "1531420618"
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
THEN = datetime.fromtimestamp(int(STAMP), UTC)


def checked(
    body: bytes = BODY,
    *,
    timestamp: str = STAMP,
    signature: str = SIGNATURE,
    secret: str = SECRET,
    now: datetime = THEN,
) -> bool:
    return is_signed(body, timestamp=timestamp, signature=signature, secret=secret, now=now)


def test_slacks_own_example_is_signed() -> None:
    assert checked()


@pytest.mark.parametrize("off_s", [-300, 0, 300])
def test_five_minutes_both_ways_are_forgiven(off_s: int) -> None:
    assert checked(now=THEN + timedelta(seconds=off_s))


@pytest.mark.parametrize("off_s", [-301, 301])
def test_more_than_that_is_not(off_s: int) -> None:
    assert not checked(now=THEN + timedelta(seconds=off_s))


def test_forged_is_not_signed() -> None:
    assert not checked(BODY + b"&x=1")
    assert not checked(timestamp="1531420619")
    assert not checked(secret="another")
    assert not checked(signature=SIGNATURE[:-1] + "4")


def test_with_an_empty_secret_nobody_is_slack() -> None:
    signature = signature_of(BODY, timestamp=STAMP, secret="")
    assert not checked(secret="", signature=signature)


@pytest.mark.parametrize(
    "timestamp", ["", "abc", "9" * 5000, "-1531420618", "1531420618.0", "١٥٣١٤٢٠٦١٨", " 1531420618"]
)
def test_a_timestamp_that_is_none_is_a_no(timestamp: str) -> None:
    assert not checked(timestamp=timestamp)


@pytest.mark.parametrize(
    "signature",
    ["", "v0=", SIGNATURE.upper(), f"{SIGNATURE}\n", "v0=" + "é" * 64, "v1" + SIGNATURE[2:]],
)
def test_a_signature_that_is_none_is_a_no(signature: str) -> None:
    assert not checked(signature=signature)


@given(st.binary(), st.text(), st.text())
def test_whatever_a_stranger_sends_is_a_no(body: bytes, timestamp: str, signature: str) -> None:
    assert not checked(body, timestamp=timestamp, signature=signature)
