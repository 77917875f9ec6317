"""`skewcheck schema`: the JSON Schema that editors check manifests and contracts with."""

import json
from typing import Literal

import click


@click.command("schema")
@click.argument("document", type=click.Choice(["manifest", "contract"]))
def command(document: str) -> None:
    """Print the JSON Schema of a manifest or a contract.

    \b
      skewcheck schema manifest > manifest.schema.json

    and, as the first line of the file, for editors with the YAML language server:

    \b
      # yaml-language-server: $schema=../manifest.schema.json
    """
    from skewcheck.core.json_schema import schema_for

    kind: Literal["contract", "manifest"] = "contract" if document == "contract" else "manifest"
    click.echo(json.dumps(schema_for(kind), indent=2))
