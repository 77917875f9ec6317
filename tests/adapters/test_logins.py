"""Visitors are whom Google signs for, by real keys: whatever is not surely so is nobody."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from skewcheck.adapters.logins import SignedLogins
from skewcheck.ports.service import NotLetIn, Visitor
from tests.builders import NOW
from tests.fakes import FakeClock
from tests.servers import Reply, Server, serve

AUDIENCE = "/projects/12345/global/backendServices/678"
EC, OTHER_EC = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ADA = Visitor(email="ada@acme.example")


def pem(key: Any) -> str:
    return str(
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def coded(value: bytes | Mapping[str, Any]) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def es256(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def rs256(key: rsa.RSAPrivateKey, message: bytes) -> bytes:
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def signed(claims: Mapping[str, Any] | bytes, *, key: Any = EC, **header: Any) -> str:
    is_ec = isinstance(key, ec.EllipticCurvePrivateKey)
    said = {"alg": "ES256" if is_ec else "RS256", "typ": "JWT", "kid": "k1"} | header
    message = f"{coded(said)}.{coded(claims)}"
    raw = es256(key, message.encode()) if is_ec else rs256(key, message.encode())
    return f"{message}.{coded(raw)}"


def iap_claims(**changed: Any) -> dict[str, Any]:
    said = {
        "iss": "https://cloud.google.com/iap",
        "aud": AUDIENCE,
        "email": "Ada@acme.example",
        "iat": NOW.timestamp() - 60,
        "exp": NOW.timestamp() + 540,
    }
    return {name: value for name, value in (said | changed).items() if value is not ...}


def google_claims(**changed: Any) -> dict[str, Any]:
    said = {"iss": "https://accounts.google.com", "email_verified": True}
    return iap_claims(**(said | changed))


@pytest.fixture(scope="module")
def certs() -> Iterator[Server]:
    keys = json.dumps({"k1": pem(EC), "k2": pem(RSA)}).encode()
    with serve({"/keys": Reply(body=keys)}) as server:
        yield server


@dataclass
class Door:
    """One kind of login against the local keys."""

    certs: Server
    kind: str = "iap"
    viewers: tuple[str, ...] = ()
    path: str = "/keys"
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.logins = SignedLogins(
            self.kind,
            audience=AUDIENCE,
            clock=self.clock,
            viewers=self.viewers,
            certs_url=self.certs.url(self.path),
        )

    def ask(self, token: str) -> Visitor | NotLetIn:
        if self.kind == "iap":
            return self.logins.visitor({"x-goog-iap-jwt-assertion": token})
        return self.logins.visitor({"authorization": f"Bearer {token}"})


def why(answer: Visitor | NotLetIn) -> str:
    assert isinstance(answer, NotLetIn)
    return answer.why


def id_token(**changed: Any) -> str:
    return signed(google_claims(**changed), key=RSA, kid="k2")


def test_a_visitor_is_whom_iap_signs_for(certs: Server) -> None:
    assert Door(certs).ask(signed(iap_claims())) == ADA


def test_a_visitor_with_an_id_token_is_who_is_listed(certs: Server) -> None:
    door = Door(certs, kind="id-token", viewers=("ada@acme.example",))
    assert door.ask(id_token()) == ADA
    assert door.ask(id_token(iss="accounts.google.com")) == ADA
    assert "bob@acme.example is not among" in why(door.ask(id_token(email="bob@acme.example")))


@pytest.mark.parametrize("kind", ["iap", "id-token"])
def test_a_domain_lets_in_all_of_it_and_nobody_of_another(certs: Server, kind: str) -> None:
    door = Door(certs, kind=kind, viewers=("@ACME.example",))
    make = id_token if kind == "id-token" else lambda **c: signed(iap_claims(**c))
    assert door.ask(make()) == ADA
    for email in ("ada@evil.example", "ada@acme.example.evil.example", "ada@sub.acme.example"):
        assert "is not among" in why(door.ask(make(email=email)))


def test_an_empty_list_lets_in_whom_iap_lets_in_but_nobody_with_an_id_token(certs: Server) -> None:
    assert Door(certs, kind="iap").ask(signed(iap_claims())) == ADA
    assert "is not among" in why(Door(certs, kind="id-token").ask(id_token()))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param({"aud": "/projects/1/global/backendServices/2"}, "audience", id="audience"),
        pytest.param({"aud": [AUDIENCE]}, "audience", id="list of audiences"),
        pytest.param({"aud": f"{AUDIENCE}0"}, "audience", id="longer audience"),
        pytest.param({"aud": ...}, "audience", id="no audience"),
        pytest.param({"iss": "https://accounts.google.com"}, "issuer", id="issuer"),
        pytest.param({"exp": NOW.timestamp() - 31}, "expired", id="expired"),
        pytest.param({"exp": ...}, "expired", id="never expires"),
        pytest.param({"exp": "never"}, "expired", id="no number"),
        pytest.param({"exp": float("nan")}, "expired", id="not a number"),
        pytest.param({"iat": NOW.timestamp() + 31}, "not valid yet", id="issued later"),
        pytest.param({"iat": ...}, "not valid yet", id="never issued"),
        pytest.param({"nbf": NOW.timestamp() + 31}, "not valid yet", id="begins later"),
        pytest.param({"email": ...}, "no e-mail", id="no address"),
        pytest.param({"email": ""}, "no e-mail", id="empty address"),
        pytest.param({"email": "acme.example"}, "no e-mail", id="no local part"),
        pytest.param({"email": ["ada@acme.example"]}, "no e-mail", id="list of addresses"),
        pytest.param({"email_verified": False}, "not verified", id="not verified"),
    ],
)
def test_a_claim_that_is_wrong_lets_nobody_in(
    certs: Server, changed: dict[str, Any], told: str
) -> None:
    assert told in why(Door(certs).ask(signed(iap_claims(**changed))))


@pytest.mark.parametrize("changed", [{"exp": NOW.timestamp() - 29}, {"iat": NOW.timestamp() + 29}])
def test_clocks_may_differ_by_half_a_minute(certs: Server, changed: dict[str, Any]) -> None:
    assert Door(certs).ask(signed(iap_claims(**changed))) == ADA


@pytest.mark.parametrize("verified", [False, "true", 1, ...])
def test_an_id_token_has_to_say_that_the_address_is_verified(
    certs: Server, verified: object
) -> None:
    door = Door(certs, kind="id-token", viewers=("@acme.example",))
    assert "not verified" in why(door.ask(id_token(email_verified=verified)))


def unsigned() -> str:
    return f"{coded({'alg': 'none', 'kid': 'k1'})}.{coded(iap_claims())}."


def tampered() -> str:
    head, _, signature = signed(iap_claims()).split(".")
    return f"{head}.{coded(iap_claims(email='eve@evil.example'))}.{signature}"


def by_hmac_with_the_public_key() -> str:
    """The classic: the public key taken for a secret that both sides share."""
    import hmac

    message = f"{coded({'alg': 'HS256', 'kid': 'k1'})}.{coded(iap_claims())}"
    return f"{message}.{coded(hmac.digest(pem(EC).encode(), message.encode(), 'sha256'))}"


@pytest.mark.parametrize(
    ("token", "told"),
    [
        pytest.param(unsigned(), "not signed with ES256", id="alg none"),
        pytest.param(by_hmac_with_the_public_key(), "not signed with ES256", id="alg HS256"),
        pytest.param(
            signed(iap_claims(), key=RSA, kid="k2"), "not signed with ES256", id="another alg"
        ),
        pytest.param(signed(iap_claims(), key=OTHER_EC), "signature is not", id="another key"),
        pytest.param(tampered(), "signature is not", id="tampered"),
        pytest.param(signed(iap_claims(), kid="k2"), "signature is not", id="key of another kind"),
        pytest.param(signed(iap_claims(), kid="k9"), "does not show", id="unknown key"),
        pytest.param(signed(iap_claims(), kid=["k1"]), "does not show", id="key id is a list"),
        pytest.param(signed(iap_claims(), kid=None), "does not show", id="no key id"),
        pytest.param(signed(b"[1]"), "not a signed JWT", id="signed, but no claims"),
        pytest.param("", "carries no token", id="empty"),
        pytest.param("abc", "not a signed JWT", id="one part"),
        pytest.param("a.b.c.d", "not a signed JWT", id="four parts"),
        pytest.param("é.é.é", "not a signed JWT", id="not ASCII"),
        pytest.param(f"{coded(b'[]')}.{coded(b'[]')}.", "not a signed JWT", id="lists"),
        pytest.param(f"{coded(b'[' * 9000)}.e30.", "not a signed JWT", id="nested"),
        pytest.param("a" * 16_001, "longer than any", id="long"),
    ],
)
def test_a_token_that_is_not_surely_googles_lets_nobody_in(
    certs: Server, token: str, told: str
) -> None:
    answer = why(Door(certs).ask(token))
    assert told in answer
    assert len(token) < 4 or token not in answer


def test_no_claim_of_a_refused_token_is_told_but_a_verified_address(certs: Server) -> None:
    token = signed(iap_claims(aud="secret-audience", email="x@secret.example"))
    assert "secret" not in why(Door(certs).ask(token))


def test_cloud_runs_own_header_is_read_as_well(certs: Server) -> None:
    door = Door(certs, kind="id-token", viewers=("@acme.example",))
    assert door.logins.visitor({"x-serverless-authorization": f"bearer {id_token()}"}) == ADA


def test_a_token_whose_signature_cloud_run_removed_says_what_to_send_instead(
    certs: Server,
) -> None:
    door = Door(certs, kind="id-token", viewers=("@acme.example",))
    bare = id_token().rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE"
    removed = {"x-serverless-authorization": f"Bearer {bare}"}
    assert "Cloud Run has removed" in why(door.logins.visitor(removed))
    both = {**removed, "authorization": f"Bearer {id_token()}"}
    assert door.logins.visitor(both) == ADA


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer "])
def test_without_a_bearer_token_there_is_no_visitor(certs: Server, header: str) -> None:
    door = Door(certs, kind="id-token", viewers=("@acme.example",))
    assert "carries no token" in why(door.logins.visitor({"authorization": header}))


def test_iaps_header_does_not_open_an_id_token_login_nor_the_other_way(certs: Server) -> None:
    door = Door(certs, kind="id-token", viewers=("@acme.example",))
    assert why(door.logins.visitor({"x-goog-iap-jwt-assertion": signed(iap_claims())}))
    assert why(Door(certs).logins.visitor({"authorization": f"Bearer {signed(iap_claims())}"}))


def test_iaps_unsigned_headers_are_worth_nothing(certs: Server) -> None:
    unsigned_headers = {"x-goog-authenticated-user-email": "accounts.google.com:ada@acme.example"}
    assert "carries no token" in why(Door(certs).logins.visitor(unsigned_headers))


def asked(server: Server, path: str) -> int:
    return sum(each.path == path for each in server.requests)


def test_keys_are_fetched_once_an_hour(certs: Server) -> None:
    door, before = Door(certs), asked(certs, "/keys")
    for seconds, fetched in ((0, 1), (3599, 1), (1, 2)):
        door.clock.at += timedelta(seconds=seconds)
        moment = door.clock.at.timestamp()
        assert door.ask(signed(iap_claims(iat=moment, exp=moment + 600))) == ADA
        assert asked(certs, "/keys") - before == fetched


def test_who_makes_key_ids_up_does_not_make_us_fetch_again_and_again(certs: Server) -> None:
    door, before = Door(certs), asked(certs, "/keys")
    for number in range(20):
        why(door.ask(signed(iap_claims(), kid=f"made-up-{number}")))
    assert asked(certs, "/keys") - before == 1


def test_a_key_that_google_has_begun_to_use_is_found_within_a_minute(certs: Server) -> None:
    certs.replies["/new"] = Reply(body=b"{}")
    door = Door(certs, path="/new")
    assert "does not show" in why(door.ask(signed(iap_claims())))
    certs.replies["/new"] = certs.replies["/keys"]
    assert "does not show" in why(door.ask(signed(iap_claims())))
    door.clock.wait(60)
    assert door.ask(signed(iap_claims())) == ADA


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        pytest.param(Reply(status=500), "answered 500", id="error"),
        pytest.param(Reply(status=302, headers={"Location": "/keys"}), "answered 302", id="moved"),
        pytest.param(Reply(body=b"<html>"), "with JSON", id="html"),
        pytest.param(Reply(body=b"[]"), "keys by id", id="list"),
        pytest.param(Reply(body=b'{"k1": 7}'), "keys by id", id="numbers"),
        pytest.param(Reply(resets=True), "127.0.0.1", id="reset"),
    ],
)
def test_keys_that_cannot_be_had_let_nobody_in_and_the_cause_is_told(
    certs: Server, reply: Reply, told: str
) -> None:
    certs.replies["/broken"] = reply
    answer = why(Door(certs, path="/broken").ask(signed(iap_claims())))
    assert "keys to verify tokens with cannot be had" in answer
    assert told in answer


def test_keys_that_were_had_once_are_not_used_for_ever_when_they_cannot_be_had_again(
    certs: Server,
) -> None:
    certs.replies["/failing"] = certs.replies["/keys"]
    door = Door(certs, path="/failing")
    assert door.ask(signed(iap_claims())) == ADA
    certs.replies["/failing"] = Reply(status=503)
    door.clock.wait(3600)
    moment = door.clock.at.timestamp()
    token = signed(iap_claims(iat=moment, exp=moment + 600))
    assert "cannot be had" in why(door.ask(token))
    before = asked(certs, "/failing")
    certs.replies["/failing"] = certs.replies["/keys"]
    assert "cannot be had" in why(door.ask(token)), "nobody makes us ask again at once"
    assert asked(certs, "/failing") == before
    door.clock.wait(10)
    assert door.ask(token) == ADA


def test_a_key_that_is_none_lets_nobody_in(certs: Server) -> None:
    certs.replies["/none"] = Reply(body=b'{"k1": "no PEM"}')
    assert "signature is not" in why(Door(certs, path="/none").ask(signed(iap_claims())))


def test_unless_told_otherwise_the_keys_are_googles() -> None:
    from skewcheck.adapters.logins.claims import KINDS

    assert {kind.certs_url for kind in KINDS.values()} == {
        "https://www.gstatic.com/iap/verify/public_key",
        "https://www.googleapis.com/oauth2/v1/certs",
    }
