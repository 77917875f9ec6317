"""The files of a stamp as bytes: version document, contracts, and a module for browsers."""

import json
from typing import Any

from skewcheck.core.compatibility import write_range
from skewcheck.core.contract import Contract
from skewcheck.core.stamping.stamp import Stamp

VERSION_FILE = "version.json"
CONTRACTS_FILE = "contracts.json"


def write_version_document(stamp: Stamp) -> bytes:
    """A superset of Dockerflow's; what nobody said is left out."""
    said = {
        "source": stamp.source,
        "version": stamp.version,
        "commit": str(stamp.commit),
        "dirty": stamp.dirty,
        "build": stamp.build,
        "environment": stamp.environment,
    }
    claims = [_claim(contract, stamp.role) for contract in stamp.contracts]
    return _json({key: value for key, value in said.items() if value} | {"protocols": claims})


def write_contracts(stamp: Stamp) -> bytes:
    """For what checks handshakes at run time, and has no YAML."""
    return _json({"schema": 1, "contracts": [_whole(each) for each in stamp.contracts]})


def write_module(stamp: Stamp) -> bytes:
    """An ES module; `build` is the bare commit, as the version document names it."""
    contracts = {contract.protocol: _whole(contract) for contract in stamp.contracts}
    # A bundler may put it into a page, where `</script` would end the script.
    written = json.dumps(contracts, indent=2).replace("<", r"\u003c")
    lines = (
        "// Written by skewcheck stamp before bundling: do not edit, do not commit.",
        f'export const build = "{stamp.commit}";',
        f"export const contracts = {written};",
    )
    return ("\n".join(lines) + "\n").encode()


def _claim(contract: Contract, role: str) -> dict[str, str]:
    return {
        "name": contract.protocol,
        "role": role,
        "version": str(contract.version),
        "accepts": write_range(contract.accepts),
        "fingerprint": contract.fingerprint,
    }


def _whole(contract: Contract) -> dict[str, Any]:
    return {
        "protocol": contract.protocol,
        "version": str(contract.version),
        "accepts": write_range(contract.accepts),
        "fingerprint": contract.fingerprint,
        "formats": contract.formats,
        "handshake": contract.handshake.model_dump(mode="json"),
        "messages": contract.messages.model_dump(mode="json"),
    }


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
