"""Promises other builds: edits the manifest, judges what that would do, and commits it to a branch.

Nothing that is deployed changes, and nothing is committed before everything else has succeeded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from skewcheck.core.build import BuildSha
from skewcheck.core.documents import parse_manifest
from skewcheck.core.errors import UsageError
from skewcheck.core.history import Commit
from skewcheck.core.pinning.edit import Edited, promise_builds
from skewcheck.core.pinning.naming import branch_name, commit_message
from skewcheck.core.pinning.outlook import Outlook
from skewcheck.core.pinning.pinned import Pinned
from skewcheck.core.pinning.unified import unified
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.core.report import Report
from skewcheck.core.survey import Survey
from skewcheck.flows.check import Asking, check
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.one_look import with_one_look
from skewcheck.flows.pin_builds import PinWanted, builds_wanted
from skewcheck.flows.read_history import open_history
from skewcheck.ports.pinning import Proposal, Proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class PinAsked:
    """Branch and message are made up where they are empty; a dry run commits nothing."""

    wanted: Sequence[PinWanted]
    branch: str = ""
    message: str = ""
    dry_run: bool = False


class _Looks:
    """The status under the manifest as it is, asked for at most once."""

    def __init__(self, doors: Doors, loaded: Loaded) -> None:
        self._doors, self._loaded = doors, loaded
        self._before: Report | None = None

    def before(self) -> Report:
        if self._before is None:
            asking = Asking(question=Question.STATUS)
            self._before = check(self._doors, self._loaded, asking)
        return self._before

    def survey(self) -> Survey:
        return self.before().survey

    def outlook(self, after: Loaded, builds: Mapping[str, BuildSha]) -> Outlook:
        candidates = tuple(
            CandidateWanted(service=name, named=build.value) for name, build in builds.items()
        )
        gate = Asking(question=Question.GATE, candidates=candidates)
        return Outlook(
            before=self.before(),
            after=check(self._doors, after, Asking(question=Question.STATUS)),
            gate=check(self._doors, after, gate),
        )


def pin(doors: Doors, loaded: Loaded, asked: PinAsked, proposals: Proposals) -> Pinned:
    """Raises UsageError for what people wrote, ActionFailedError where git refuses."""
    sources, seen = loaded.sources, with_one_look(doors)
    if sources.commit is None:
        raise UsageError("a promise is pinned in git", hint="name a ref instead of a file: --ref")
    if not asked.dry_run:
        proposals.author()
    looks = _Looks(seen, loaded)
    builds = builds_wanted(seen, loaded, asked.wanted, looks.survey)
    edited = promise_builds(_content(seen, sources.commit, sources.file), builds, file=sources.file)
    pinned = {change.service: change.build for change in edited.changes}
    branch = asked.branch or branch_name(loaded.manifest.environment, sources.commit, builds)
    outlook = looks.outlook(_proposed(loaded, edited), pinned) if pinned else None
    told = Pinned(
        environment=loaded.manifest.environment,
        at=doors.clock.now(),
        file=sources.file,
        base=sources.commit,
        branch=branch,
        changes=edited.changes,
        commits=dict(_commits(seen, loaded, pinned)),
        diff=unified(edited.before, edited.after, file=sources.file),
        outlook=outlook,
        proposed=None,
    )
    if asked.dry_run or not pinned:
        return told
    return replace(told, proposed=proposals.propose(_proposal(told, edited, asked.message)))


def _content(doors: Doors, commit: BuildSha, file: str) -> bytes:
    """It was read a moment ago, when the manifest was loaded."""
    content = doors.histories.open(".").file_at(commit, file)
    return content if isinstance(content, bytes) else b""


def _proposed(loaded: Loaded, edited: Edited) -> Loaded:
    """Promises change; policy and overrides stay those of the policy ref."""
    manifest = parse_manifest(edited.after, file=loaded.sources.file)
    rules = {"policy": loaded.manifest.policy, "overrides": loaded.manifest.overrides}
    return replace(loaded, manifest=manifest.model_copy(update=rules), proposed=True)


def _commits(
    doors: Doors, loaded: Loaded, pinned: Mapping[str, BuildSha]
) -> Iterator[tuple[str, Commit]]:
    for name, build in pinned.items():
        commit = open_history(doors, loaded.manifest, name).commit(build)
        if isinstance(commit, Commit):
            yield name, commit


def _proposal(pinned: Pinned, edited: Edited, message: str) -> Proposal:
    return Proposal(
        base=pinned.base,
        path=pinned.file,
        content=edited.after,
        branch=pinned.branch,
        message=message or commit_message(pinned.environment, pinned.changes),
        at=pinned.at,
    )
