"""JSON Schemas of the documents that people write, for editors; derived from the models.

Editors read YAML with its types where skewcheck reads text, so the schemas admit both: a version
or a SHA may look like a number. What a schema cannot say is left to core/documents.
"""

from datetime import timedelta
from typing import Any, Literal, TypeAlias

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from skewcheck.core.fields import Document, write_duration

Kind: TypeAlias = Literal["manifest", "contract"]


def schema_for(kind: Kind) -> dict[str, Any]:
    """JSON Schema 2020-12 of that document."""
    schema = _model_of(kind).model_json_schema(schema_generator=_ForEditors)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://skewcheck.dev/schema/{kind}-1.json",
        **schema,
    }


def _model_of(kind: Kind) -> type[Document]:
    if kind == "manifest":
        from skewcheck.core.manifest import Manifest

        return Manifest
    from skewcheck.core.contract import Contract

    return Contract


class _ForEditors(GenerateJsonSchema):
    """pydantic's generator, with `x-` keys left alone and durations as people write them."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return super().model_schema(schema) | {"patternProperties": {"^x-": True}}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        written = super().dict_schema(schema)
        named: dict[str, Any] = written.pop("patternProperties", {})
        if named:
            written["additionalProperties"] = False
        others = {f"^(?!x-){pattern.removeprefix('^')}": each for pattern, each in named.items()}
        return written | {"patternProperties": {"^x-": True, **others}}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """`schema: 1` is a number to editors."""
        if schema["expected"] == ["1"]:
            return {"enum": [1, "1"]}
        return super().literal_schema(schema)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key may be left out, but an empty value is a mistake."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        written = super().default_schema(schema)
        if written.get("default", ...) is None:
            del written["default"]
        return written

    def encode_default(self, dft: Any) -> Any:
        return write_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)
