"""Words of a refusal: one printable line without secrets, and the command that a person types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.google_api.api import Api
from skewcheck.google_api.refusal import LONGEST, Asked, one_line

API = Api(name="X", host="x.example", version="v1", role="roles/x", look="ls {project} {region}")


@pytest.mark.parametrize(
    "secret",
    [
        "https://x.example/token?assertion=s3cret&b=c",
        "https://ann:s3cret@x.example/",
        "Max retries exceeded with url: /v2/x?access_token=s3cret (Caused by …)",
        "Authorization: Bearer s3cret",
        "{'refresh_token': 's3cret'}",
        '{"client_secret":"s3cret"}',
        "password=s3cret",
        "token ya29.s3cret",
        "key 1//s3cret",
        "GOCSPX-s3cret",
        "eyJhbGciOi.s3cret.s3cret",
        "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\ns3cret",
    ],
)
def test_a_secret_in_somebody_elses_words_is_left_out(secret: str) -> None:
    said = one_line(f"it failed: {secret}")
    assert "s3cret" not in said
    assert said.startswith("it failed: ")


@given(st.text(max_size=2 * LONGEST))
def test_somebody_elses_words_are_one_printable_line(text: str) -> None:
    said = one_line(text)
    assert len(said) <= LONGEST
    assert said.isprintable()


def test_a_question_names_its_place_and_the_command_that_asks_it() -> None:
    asked = Asked(api=API, project="acme", region="us-central1")
    assert (asked.place, asked.look) == (
        "projects/acme/locations/us-central1",
        "ls acme us-central1",
    )
    assert Asked(api=API, project="acme").place == "projects/acme"


def test_whoever_is_not_known_is_left_to_the_operator() -> None:
    unknown, known = Asked(api=API, project="p"), Asked(api=API, project="p", member="user:a@b.c")
    assert (unknown.who, unknown.grantee) == (
        "the application default credentials",
        "user:EMAIL",
    )
    assert (known.who, known.grantee) == ("user:a@b.c", "user:a@b.c")
