"""Reads manifests and contracts: bytes in, a checked value out, or all that is wrong at once.

Nothing here opens a file: `file` is only the name that messages carry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from skewcheck.core.documents.document_text import read_tree
from skewcheck.core.documents.located_yaml import Flaw, Mapping, UnreadableError, locate
from skewcheck.core.documents.plain_values import Grammar, Plainer
from skewcheck.core.documents.problems import DocumentError, Path, Problem, dotted
from skewcheck.core.fields import Document

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from skewcheck.core.contract import Contract
    from skewcheck.core.manifest import Manifest

__all__ = ["DocumentError", "Problem", "parse_contract", "parse_manifest"]

_MANIFEST = Grammar(
    empty_at={
        ("services",): dict,
        ("links",): dict,
        ("overrides",): list,
        ("services", "*", "static"): dict,
    }
)
_CONTRACT = Grammar(
    json_at=frozenset(
        {
            ("messages", "opens_with"),
            ("messages", "welcome"),
            ("probe", "ignore"),
            ("probe", "exercise", "send"),
        }
    )
)
_AnyDocument = TypeVar("_AnyDocument", bound=Document)


@lru_cache(maxsize=8)  # a run meets the same manifest as HEAD, as policy and as history
def parse_manifest(content: bytes, *, file: str) -> "Manifest":
    """Raises DocumentError with every problem and its place."""
    from skewcheck.core.documents.manifest_rules import broken_rules
    from skewcheck.core.manifest import Manifest

    source = _Source(file, "manifest")
    tree, manifest = source.parse(content, Manifest, _MANIFEST)
    source.refuse(
        Flaw(locate(tree, rule.path, key=rule.at_key), rule.path, rule.problem)
        for rule in broken_rules(manifest)
    )
    return manifest


def parse_contract(content: bytes, *, file: str) -> "Contract":
    """Raises DocumentError with every problem and its place."""
    # Here and not above: who reads only a manifest need not wait for packaging.
    from skewcheck.core.contract import Contract

    return _Source(file, "contract").parse(content, Contract, _CONTRACT)[1]


@dataclass(frozen=True, slots=True)
class _Source:
    """The file that all problems are told about."""

    file: str
    kind: str

    def parse(
        self, content: bytes, model: type[_AnyDocument], grammar: Grammar
    ) -> tuple[Mapping, _AnyDocument]:
        try:
            tree, flaws = read_tree(content)
        except UnreadableError as error:
            raise self._error([error.flaw]) from error
        plainer = Plainer(grammar)
        values = plainer.value(tree)
        try:
            document = model.model_validate(values)
        except ValidationError as error:
            told = _flaws_of(error, tree, model, known=plainer.flaws)
            raise self._error([*flaws, *plainer.flaws, *told]) from error
        self.refuse([*flaws, *plainer.flaws])
        return tree, document

    def refuse(self, flaws: Iterable[Flaw]) -> None:
        if found := list(flaws):
            raise self._error(found)

    def _error(self, flaws: list[Flaw]) -> DocumentError:
        problems = (
            Problem(self.file, flaw.place.line, flaw.place.column, dotted(flaw.path), flaw.problem)
            for flaw in sorted(flaws, key=lambda flaw: flaw.place)
        )
        hint = f"fix and commit it; `skewcheck schema {self.kind}` prints all keys for editors"
        return DocumentError(problems, hint=hint)


def _flaws_of(
    error: ValidationError, tree: Mapping, model: type[Document], *, known: list[Flaw]
) -> Iterable[Flaw]:
    from skewcheck.core.documents.explain import explain

    for each in error.errors(include_url=False):
        path, at_key = _path_of(each)
        # An empty value is told once, not again as the missing half of a rule about it.
        if not any(flaw.path[: len(path)] == path for flaw in known):
            yield Flaw(locate(tree, path, key=at_key), path, explain(each, model))


def _path_of(error: "ErrorDetails") -> tuple[Path, bool]:
    """pydantic marks a wrong key by a last step `[key]`."""
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        return path, True
    return (path[:-1], True) if path[-1:] == ("[key]",) else (path, False)
