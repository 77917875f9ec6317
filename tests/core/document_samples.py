"""Right documents that tests bend: the smallest manifest, the full one, a contract."""

from pathlib import Path

from skewcheck.core.contract import Contract
from skewcheck.core.documents import DocumentError, parse_contract, parse_manifest
from skewcheck.core.manifest import Manifest

REPOSITORY = Path(__file__).parents[2]
FULL = (Path(__file__).parent / "full_manifest.yaml").read_text()
SMALLEST = """\
schema: 1
environment: staging
services:
  web: {ref: main, url: https://app.example, cloud_run: {project: acme, region: us-east1}}
  api: {ref: main, url: https://api.example, cloud_run: {project: acme, region: us-east1}}
links:
  chat: {client: web, server: api, contract: chat.yaml, path: /ws}
"""
BARE_CONTRACT = 'schema: 1\nprotocol: chat\nversion: "2.1"\naccepts: ">=2.0,<3"\n'
CONTRACT = """\
schema: 1
protocol: chat
version: "2.1"
accepts: ">=2.0,<3"
handshake:
  subprotocols: [jwt-auth, "jwt.{token:base64url}"]
  selected: jwt-auth
  token_in: subprotocol
messages:
  opens_with: [{type: hello, resume: null, tries: 3, ratio: 0.5, quiet: false}]
  welcome: {type: connection_established}
probe:
  welcome_within: 5s
  ignore: [{type: heartbeat}]
"""


def manifest(written: str) -> Manifest:
    return parse_manifest(written.encode(), file="m.yaml")


def contract(written: str) -> Contract:
    return parse_contract(written.encode(), file="c.yaml")


def manifest_problems(written: str | bytes) -> list[str]:
    """One line per problem; empty where the manifest is right."""
    content = written.encode() if isinstance(written, str) else written
    try:
        parse_manifest(content, file="m.yaml")
    except DocumentError as error:
        return str(error).splitlines()
    return []


def contract_problems(written: str) -> list[str]:
    try:
        contract(written)
    except DocumentError as error:
        return str(error).splitlines()
    return []
