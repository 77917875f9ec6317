"""The files of the demo world: the contract through its versions, and the manifest."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from skewcheck.sandbox.yaml_text import yaml_text

Document: TypeAlias = dict[str, Any]
WEB_IMAGE = "us-docker.pkg.dev/acme/web/frontend"
API_IMAGE = "us-docker.pkg.dev/acme/api/backend"
WEB_HOST = "app.staging.acme.example"
API_HOST = "api.staging.acme.example"
URL_MAP = "acme-web"
WEB, API = "acme-web", "acme-api"
EVENTS = ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"]

RAW_TOKEN = {"subprotocols": ["jwt", "{token}"], "selected": "jwt", "token_in": "subprotocol"}
ENCODED_TOKEN = {
    "subprotocols": ["jwt-auth", "jwt.{token:base64url}"],
    "selected": "jwt-auth",
    "token_in": "subprotocol",
}
HEADER_TOKEN = {"token_in": "authorization"}
TICKET = {"subprotocols": ["chat.v3"], "selected": "chat.v3", "token_in": "query:ticket"}


def contract(version: str, accepts: str, handshake: Document) -> Document:
    """A contract as the file says it; every scalar is text."""
    return {
        "schema": "1",
        "protocol": "chat",
        "version": version,
        "accepts": accepts,
        "handshake": handshake,
        "messages": {"opens_with": [], "welcome": {"type": "connection_established"}},
        "probe": {
            "welcome_within": "5s",
            "ignore": [{"type": "heartbeat"}],
            "exercise": {
                "send": {"type": "user_message", "content": "skewcheck probe"},
                "expects": EVENTS,
                "within": "30s",
            },
        },
    }


OLD = contract("2.1", ">=2.0,<3", RAW_TOKEN)
NEW = contract("2.1", ">=2.0,<3", ENCODED_TOKEN)
NEW_BY_HEADER = contract("2.1", ">=2.0,<3", HEADER_TOKEN)
NEXT = contract("3.0", ">=3.0,<4", TICKET)


def bridge(fingerprint_of_2_1: str) -> Document:
    """Speaks protocol 3 and still accepts 2.1, in that format: what makes the way there safe."""
    return contract("3.0", ">=2.1,<4", TICKET) | {"formats": {"2.1": fingerprint_of_2_1}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the manifest's services are, and how strict and patient its policy is."""

    project: str
    region: str
    web_url: str
    api_url: str
    lingers: str = "12h"
    settle: str = "20m"
    lingering_skew: str = "block"


def contract_file(document: Document) -> str:
    """contracts/chat.yaml."""
    return "# What this commit speaks on the chat socket.\n" + yaml_text(document)


def manifest_file(place: Place, *, web: str, api: str, must_contain: str) -> str:
    """manifests/staging.yaml, promising the two builds."""
    return yaml_text(
        {
            "schema": "1",
            "environment": "staging",
            "policy": {
                "lingering_skew": place.lingering_skew,
                "lingers": place.lingers,
                "settle": place.settle,
            },
            "defaults": {
                "cloud_run": {"project": place.project, "region": place.region},
                "cloud_cdn": {"project": place.project, "url_map": URL_MAP},
            },
            "services": {
                "frontend": _frontend(place, web, must_contain),
                "backend": _backend(place, api),
            },
            "links": {"chat": _CHAT},
        }
    )


def _frontend(place: Place, build: str, must_contain: str) -> Document:
    invalidate = ["/", "/index.html", "/version.json"]
    return {
        "build": build,
        "url": place.web_url,
        "version_path": "/version.json",
        "cloud_run": {"service": WEB},
        "deploy": {"image": f"{WEB_IMAGE}:{{build}}"},
        "edge": {"cloud_cdn": {"host": WEB_HOST, "invalidate": invalidate}},
        "page": {"path": "/", "must_contain": [must_contain]},
        "lingers": place.lingers,
        "owner": {"team": "web"},
    }


def _backend(place: Place, build: str) -> Document:
    return {
        "build": build,
        "url": place.api_url,
        "cloud_run": {"service": API},
        "deploy": {"image": f"{API_IMAGE}:{{build}}"},
        "health": {"path": "/__heartbeat__", "requires": ["supervisor", "threads"]},
        "owner": {"team": "api"},
    }


_CHAT: Document = {
    "client": "frontend",
    "server": "backend",
    "transport": "websocket",
    "contract": "contracts/chat.yaml",
    "path": "/ws",
    "token": {"env": "SKEWCHECK_CHAT_TOKEN"},
    "probe": {"in_gate": True, "handshakes": "5"},
}
