"""What looks like a credential does not get through, and nothing else is lost."""

import base64

import pytest

from skewcheck.core.masking import mask

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
TWICE = base64.urlsafe_b64encode(JWT.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(f"got {JWT} from ann", "got [jwt] from ann", id="a JWT"),
        pytest.param(f"got {JWT.rpartition('.')[0]}.", "got [jwt]", id="an unsigned JWT"),
        pytest.param(f"offers jwt-auth, jwt.{TWICE}", "offers jwt-auth, jwt.[jwt]", id="encoded"),
        pytest.param("GET /ws?ticket=abc HTTP", "GET /ws HTTP", id="query string"),
        pytest.param("at https://ann:pw@x.example/", "at https://x.example/", id="user"),
        pytest.param("Bearer abc, then", "Bearer [secret], then", id="bearer"),
        pytest.param('{"id_token": "abc"}', '{"id_token": "[secret]"}', id="a named one"),
        pytest.param("ya29.abc and 1//abc", "[secret] and [secret]", id="Google's own"),
    ],
)
def test_a_credential_is_left_out(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text", ["eyJ is no token", "which format? jwt.raw", "token: expired", "ZXlK", "a.b.c"]
)
def test_other_words_stay(text: str) -> None:
    assert mask(text) == text
