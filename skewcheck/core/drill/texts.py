"""The documents of the drill, in the forms in which git, services and test tools write them."""

from datetime import UTC, datetime, timedelta

from skewcheck.core.build import BuildSha
from skewcheck.core.drill.world import Page

NOW = datetime(2026, 11, 23, 22, 10, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
APP, API = "https://app.staging.acme.example", "https://api.staging.acme.example"
API_DIRECT = "https://acme-api-x.a.run.app"
API_CANDIDATE = "https://c-1---acme-api-x.a.run.app"
CONTRACT, MANIFEST = "contracts/chat.yaml", "manifests/staging.yaml"
REQUIRED = "test_chat_round_trip"

PROMISES = """\
schema: 1
environment: staging
defaults: {{cloud_run: {{project: acme, region: us-central1}}}}
services:
  frontend:
    build: {build}
    url: {app}
    version_path: /version.json
    static: {{}}
  backend:
    build: {build}
    url: {api}
    version_path: /version.json
    cloud_run: {{service: acme-api}}
links:
  chat:
    client: frontend
    server: backend
    contract: {contract}
    path: /ws
    token: {{env: SKEWCHECK_CHAT_TOKEN}}
    probe: {{handshakes: 2}}
"""
PROMISES_NOTHING = "schema: 1\nenvironment: staging\nservices: {}\nlinks: {}\n"

IN_SUBPROTOCOL = (
    'subprotocols: [jwt-auth, "jwt.{token:base64url}"], selected: jwt-auth, token_in: subprotocol'
)
# As clients once sent it: without the marker that servers select, so with none to select.
WITHOUT_MARKER = 'subprotocols: ["jwt.{token:base64url}"], selected: none, token_in: subprotocol'
IN_HEADER = "subprotocols: [chat], selected: chat, token_in: authorization"


def promises(build: BuildSha) -> str:
    """The manifest, with that build promised of both services."""
    return PROMISES.format(build=build, app=APP, api=API, contract=CONTRACT)


def contract(handshake: str = IN_SUBPROTOCOL, *, version: str = "2.1", accepts: str = "2") -> str:
    """`accepts` is the major version of the clients that a server of this contract accepts."""
    return (
        f'schema: 1\nprotocol: chat\nversion: "{version}"\n'
        f'accepts: ">={accepts}.0,<{int(accepts) + 1}"\n'
        f"handshake: {{{handshake}}}\n"
        "messages: {welcome: {type: connection_established}}\n"
    )


def version_document(commit: BuildSha | str) -> Page:
    """Mozilla's `/__version__`."""
    return Page(f'{{"source": "acme", "version": "2.1", "commit": "{commit}", "build": "7"}}')


def html(commit: BuildSha | str) -> Page:
    """The page that a browser loads, with its build in a meta tag."""
    meta = f'<meta name="build-sha" content="{commit}">'
    return Page(f"<!doctype html><title>acme</title>{meta}", "text/html")


def junit(commit: BuildSha, inside: str = "") -> str:
    """A report of one test; `inside` stands in its element."""
    return (
        f'<testsuite name="e2e" tests="1"><properties><property name="commit" value="{commit}"/>'
        f'</properties><testcase classname="e2e.test_chat" name="{REQUIRED}" time="1.5">{inside}'
        "</testcase></testsuite>"
    )
