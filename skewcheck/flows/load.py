"""Reads the manifest at a git ref, with policy and overrides from the policy ref.

A pull request must not soften its own gate: what lets things past comes from the default branch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from skewcheck.core.build import BuildSha
from skewcheck.core.documents import DocumentError, parse_manifest
from skewcheck.core.errors import UsageError
from skewcheck.core.history import FileVersion, NotInHistory
from skewcheck.core.manifest import Manifest, Override
from skewcheck.core.question import Sources

if TYPE_CHECKING:
    from skewcheck.ports import History

_THE_BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """`overrides` are those of the policy ref, each with the author of the commit that added it.

    `rules` is the whole manifest at the policy ref: tokens and probe rules are read there too.
    `proposed` says that `manifest` is in no commit yet: it counts as promised from now on, on top
    of the commit that `sources` names.
    """

    manifest: Manifest
    rules: Manifest
    sources: Sources
    overrides: Mapping[Override, str]
    proposed: bool = False


def manifest_path(environment: str) -> str:
    return f"manifests/{environment}.yaml"


def environments_at(history: "History", ref: str) -> tuple[str, ...]:
    """The environments that have a manifest at that ref, in alphabetical order."""
    names = history.files_in(history.resolve(ref), "manifests")
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def load_manifest(
    history: "History", environment: str, *, ref: str, policy_ref: str | None
) -> Loaded:
    """Raises UsageError or DocumentError for all that is wrong with what people wrote."""
    _require_name(environment)
    file = manifest_path(environment)
    commit = history.resolve(ref)
    manifest = _parse(history, commit, file, ref)
    _check_environment(manifest, environment, file)
    rules, policy_commit, notes = _rules(history, file, commit, policy_ref, manifest)
    return Loaded(
        manifest=manifest.model_copy(update={"policy": rules.policy, "overrides": rules.overrides}),
        rules=rules,
        sources=Sources(
            file=file,
            ref=ref,
            commit=commit,
            policy_ref=notes[0],
            policy_commit=policy_commit,
            notes=notes[1:],
        ),
        overrides=_with_authors(history, file, policy_commit, rules),
    )


def load_file(content: bytes, environment: str, *, file: str) -> Loaded:
    """A manifest from the working tree, which only an explicit flag may ask for."""
    _require_name(environment)
    manifest = parse_manifest(content, file=file)
    _check_environment(manifest, environment, file)
    note = f"manifest, policy and overrides come from the file {file}, not from git"
    sources = Sources(
        file=file, ref="", commit=None, policy_ref="", policy_commit=None, notes=(note,)
    )
    overrides = dict.fromkeys(manifest.overrides, "unknown (not from git)")
    return Loaded(manifest=manifest, rules=manifest, sources=sources, overrides=overrides)


def _parse(history: "History", commit: BuildSha, file: str, ref: str) -> Manifest:
    content = history.file_at(commit, file)
    if isinstance(content, NotInHistory):
        raise UsageError(f"{file}: {content.why}", hint=content.fix)
    if content is None:
        names = environments_at(history, str(commit))
        known = f"environments there: {', '.join(names)}" if names else "no manifest is there"
        raise UsageError(
            f"{file}: no such file at {ref} ({commit.short}); {known}",
            hint="commit it, or name another ref with --ref (skewcheck schema manifest)",
        )
    return parse_manifest(content, file=file)


def _require_name(environment: str) -> None:
    """A substitution of a build that nobody set arrives empty."""
    if not environment.strip():
        raise UsageError(
            "the environment's name is empty (a variable that was not set?)",
            hint="name it, as in skewcheck status staging",
        )


def _check_environment(manifest: Manifest, environment: str, file: str) -> None:
    if manifest.environment != environment:
        raise UsageError(
            f"{file}: environment: says {manifest.environment!r}, expected {environment!r}",
            hint="the file name and its `environment` must agree",
        )


def _rules(
    history: "History", file: str, commit: BuildSha, policy_ref: str | None, manifest: Manifest
) -> tuple[Manifest, BuildSha, tuple[str, ...]]:
    """The manifest whose policy counts, its commit, and the name of its ref before any notes."""
    named = policy_ref or history.default_branch()
    if named is None:
        note = "the same ref, because no default branch is known here"
        return manifest, commit, ("the same ref", note)
    policy_commit = history.resolve(named)
    if policy_commit == commit:
        return manifest, commit, (named,)
    content = history.file_at(policy_commit, file)
    if not isinstance(content, bytes):
        if policy_ref:
            raise UsageError(f"{file}: not there at policy ref {named} ({policy_commit.short})")
        note = f"the same ref, because {named} has no {file}"
        return manifest, commit, ("the same ref", note)
    return parse_manifest(content, file=f"{file}@{named}"), policy_commit, (named,)


def _with_authors(
    history: "History", file: str, commit: BuildSha, rules: Manifest
) -> dict[Override, str]:
    if not rules.overrides:
        return {}
    versions = history.versions(file, ref=str(commit), since=_THE_BEGINNING)
    states = [(version, _overrides_in(version, file)) for version in versions]
    return {override: _author(override, states) for override in rules.overrides}


def _overrides_in(version: FileVersion, file: str) -> frozenset[Override]:
    try:
        content = version.content or b""
        return frozenset(parse_manifest(content, file=file).overrides) if content else frozenset()
    except DocumentError:
        return frozenset()


def _author(override: Override, states: list[tuple[FileVersion, frozenset[Override]]]) -> str:
    """Who wrote the oldest of the unbroken run of versions that hold the override."""
    author = "unknown"
    for version, overrides in states:
        if override not in overrides:
            break
        author = version.commit.author
    return author
