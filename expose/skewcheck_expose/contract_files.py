"""Reads contracts.json, as `skewcheck stamp` writes it.

Keys that this release does not know are left alone; anything else that is wrong is refused at
start-up, because a server that guesses at its own format refuses the wrong clients later.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skewcheck_expose.contracts import Contract, newest_first
from skewcheck_expose.releases import contains
from skewcheck_expose.templates import Template, read_template

_PLACES = re.compile(r"subprotocol|authorization|first-message|none|(cookie|query):[^\s;=&]+")
# RFC 6455 §4.1: a token of RFC 9110 §5.6.2; ours may have one in braces.
_SUBPROTOCOL = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]|\{token(:base64url)?\})+")


class ContractsError(Exception):
    """The contracts cannot be used; says where, what and what to do."""


def load_contracts(
    *files: str | os.PathLike[str], protocol: str | None = None
) -> tuple[Contract, ...]:
    """All contracts of these files, or those of one protocol; the newest version first.

    Raises ContractsError: a server that negotiates needs to know what.
    """
    loaded = newest_first(contract for file in files for contract in _load(Path(file)))
    chosen = tuple(each for each in loaded if protocol in (None, each.protocol))
    if not chosen:
        names = ", ".join(map(str, files)) or "no file was given"
        there = ", ".join(sorted({each.protocol for each in loaded})) or "none"
        wanted = f"no contract of {protocol}" if protocol else "no contract"
        raise ContractsError(f"{names}: {wanted}; found: {there}")
    return chosen


def read_contracts(document: Any) -> tuple[Contract, ...]:
    """Those of the document, the newest version first. Raises ContractsError."""
    if not isinstance(document, dict) or document.get("schema") != 1:
        raise ContractsError('not a contract document with "schema": 1; is this library too old?')
    entries = document.get("contracts")
    if not isinstance(entries, list):
        raise ContractsError("contracts: expected a list")
    return newest_first(_read(each, f"contracts[{n}]") for n, each in enumerate(entries))


def _load(file: Path) -> tuple[Contract, ...]:
    try:
        return read_contracts(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise ContractsError(
            f"{file}: {error.strerror}; write it with `skewcheck stamp` and ship it"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ContractsError(f"{file}: not JSON: {error}") from error
    except ContractsError as error:
        raise ContractsError(f"{file}: {error}") from error


def _read(entry: Any, where: str) -> Contract:
    top = _object(entry, where)
    handshake = _object(top.get("handshake", {}), f"{where}.handshake")
    messages = _object(top.get("messages", {}), f"{where}.messages")
    texts = {key: _text(top, key, where) for key in ("protocol", "version", "accepts")}
    contract = Contract(
        **texts,
        fingerprint=_text(top, "fingerprint", where),
        formats=dict(_object(top.get("formats", {}), f"{where}.formats")),
        subprotocols=_templates(handshake, f"{where}.handshake"),
        selected=_selected(handshake, f"{where}.handshake"),
        token_in=_text(handshake, "token_in", f"{where}.handshake", default="none"),
        opens_with=tuple(_list(messages.get("opens_with", []), f"{where}.messages.opens_with")),
        welcome=messages.get("welcome"),
    )
    _check(contract, where)
    return contract


def _check(contract: Contract, where: str) -> None:
    place = f"{where}.handshake"
    if not _PLACES.fullmatch(contract.token_in):
        raise ContractsError(f"{place}.token_in: {contract.token_in!r} is no place for a token")
    offered = {each.text: each for each in contract.subprotocols}
    holders = [each for each in contract.subprotocols if each.holds_token]
    if bool(holders) != (contract.token_in == "subprotocol"):
        raise ContractsError(
            f"{place}: token_in subprotocol and {{token}} in a subprotocol go together"
        )
    if contract.selected is not None:
        chosen = offered.get(contract.selected)
        if chosen is None:
            raise ContractsError(f"{place}.selected: {contract.selected!r} is not offered")
        if chosen.holds_token:
            raise ContractsError(f"{place}.selected: {contract.selected!r} would echo the token")
    if contains(contract.accepts, contract.version) is False:
        raise ContractsError(f"{where}.accepts: does not hold {contract.version}")


def _templates(handshake: Mapping[str, Any], where: str) -> tuple[Template, ...]:
    place = f"{where}.subprotocols"
    texts = _list(handshake.get("subprotocols", []), place)
    for text in texts:
        if not isinstance(text, str) or not _SUBPROTOCOL.fullmatch(text):
            raise ContractsError(f"{place}: {text!r} is no subprotocol")
    try:
        return tuple(map(read_template, texts))
    except ValueError as error:
        raise ContractsError(f"{place}: {error}") from error


def _selected(handshake: Mapping[str, Any], where: str) -> str | None:
    if handshake.get("selected") in (None, "none"):
        return None
    return _text(handshake, "selected", where)


def _text(entry: Mapping[str, Any], key: str, where: str, *, default: str = "") -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ContractsError(f"{where}.{key}: expected a line of text, found {value!r}")
    return value


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ContractsError(f"{where}: expected an object, found {value!r}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ContractsError(f"{where}: expected a list, found {value!r}")
    return value
