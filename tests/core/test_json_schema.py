"""JSON Schemas: what editors are told agrees with what is read."""

from typing import Any

import pytest
import yaml

from skewcheck.core.json_schema import Kind, schema_for
from tests.core.document_samples import CONTRACT, FULL, REPOSITORY, SMALLEST
from tests.core.mini_json_schema import errors


class _AsEditorsRead(yaml.SafeLoader):
    """YAML with its types, but dates as texts: editors follow YAML 1.2."""


_AsEditorsRead.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(kind: Kind, written: str) -> list[str]:
    typed: Any = yaml.load(written, Loader=_AsEditorsRead)  # noqa: S506 - a SafeLoader
    return list(errors(schema_for(kind), typed))


@pytest.mark.parametrize("kind", ["manifest", "contract"])
def test_a_schema_names_its_dialect_and_itself(kind: Kind) -> None:
    schema = schema_for(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"https://skewcheck.dev/schema/{kind}-1.json"


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("manifest", "manifests/staging.yaml"),
        ("manifest", "manifests/production.yaml"),
        ("contract", "contracts/chat.yaml"),
        ("contract", "contracts/chat-before.yaml"),
    ],
)
def test_our_own_files_please_the_editor_and_name_their_schema(kind: Kind, path: str) -> None:
    written = (REPOSITORY / path).read_text()
    assert complaints(kind, written) == []
    assert written.startswith(f"# yaml-language-server: $schema={schema_for(kind)['$id']}\n")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        pytest.param("manifest", SMALLEST, id="the smallest manifest"),
        pytest.param("manifest", FULL, id="the full manifest"),
        pytest.param("manifest", SMALLEST + "x-a: {b: [c]}\n", id="an x- key"),
        pytest.param(
            "manifest", SMALLEST.replace("  web:", "  x-b: 5\n  web:"), id="an x- service"
        ),
        pytest.param("manifest", "schema: 1\nenvironment: a\nservices:\nlinks:\n", id="empty"),
        pytest.param("manifest", FULL.replace("static: {}", "static:"), id="empty static"),
        pytest.param("contract", CONTRACT, id="a contract"),
        pytest.param("contract", CONTRACT.replace('"2.1"', "2.1"), id="a version as a number"),
    ],
)
def test_what_is_right_pleases_the_editor(kind: Kind, written: str) -> None:
    assert complaints(kind, written) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("schema: 1", "schema: 2", "/schema: not in the list"),
        ("path: /ws", "pth: /ws", "/links/chat/pth: unknown key"),
        ("client: web, ", "", "/links/chat: lacks client"),
        ("  web:", "  Web:", "/services/Web: unknown key"),
        ("ref: main", "build: 12e4567", "/services/web/build: not like ^[0-9a-f]{40}$"),
    ],
)
def test_what_is_wrong_is_underlined(old: str, new: str, told: str) -> None:
    assert told in complaints("manifest", SMALLEST.replace(old, new, 1))


def test_defaults_are_shown_as_people_write_them() -> None:
    policy = schema_for("manifest")["$defs"]["Policy"]["properties"]
    assert (policy["lingers"]["default"], policy["success_target"]["default"]) == ("12h", 0.9)
