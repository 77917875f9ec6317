"""The finding codes with their severities, in one table, and what a finding carries.

The table is the only place where a code meets a severity and the policy key that may change it;
docs/findings.md is checked against it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from skewcheck.core.build import Build


class Severity(StrEnum):
    BLOCK = "block"
    UNKNOWN = "unknown"
    NOTICE = "notice"


class Verdict(StrEnum):
    PASS = "pass"
    BLOCK = "block"
    INCONCLUSIVE = "inconclusive"


class Code(StrEnum):
    """Kebab-case names are API: added, never renamed."""

    PROTOCOL_SKEW = "protocol-skew"
    FORMAT_SKEW = "format-skew"
    LINGERING_CLIENT_SKEW = "lingering-client-skew"
    MISREPORTED_CONTRACT = "misreported-contract"
    STALE_EDGE = "stale-edge"
    STALE_ORIGIN = "stale-origin"
    WRONG_ENVIRONMENT = "wrong-environment"
    NOT_DEPLOYED = "not-deployed"
    PAGE_MISMATCH = "page-mismatch"
    ASSETS_GONE = "assets-gone"

    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    NOT_JSON = "not-json"
    HTML_INSTEAD_OF_JSON = "html-instead-of-json"
    PLACEHOLDER_BUILD = "placeholder-build"
    NO_VERSION_DOCUMENT = "no-version-document"
    PAGE_UNPROVEN = "page-unproven"
    BUILD_NOT_IN_REPOSITORY = "build-not-in-repository"
    CONTRACT_MISSING = "contract-missing"
    CONTRACT_INVALID = "contract-invalid"
    PROMISE_UNREADABLE = "promise-unreadable"
    EVIDENCE_STALE = "evidence-stale"
    RECONCILING = "reconciling"
    MASKED = "masked"
    NOTHING_TO_CHECK = "nothing-to-check"

    BEHIND_MANIFEST = "behind-manifest"
    AHEAD_OF_MANIFEST = "ahead-of-manifest"
    DIVERGED_FROM_MANIFEST = "diverged-from-manifest"
    SETTLING = "settling"
    SPLIT_TRAFFIC = "split-traffic"
    DEPLOYED_WITHOUT_TRAFFIC = "deployed-without-traffic"
    DEPLOY_FAILED = "deploy-failed"
    TRAFFIC_PINNED = "traffic-pinned"
    DIRTY_BUILD = "dirty-build"
    VERSION_DOCUMENT_CACHEABLE = "version-document-cacheable"
    CANDIDATE_NOT_PROBED = "candidate-not-probed"
    WITNESS_NOT_DECLARED = "witness-not-declared"
    TAGGED_REVISION_SKEW = "tagged-revision-skew"
    PRE_EXISTING = "pre-existing"


@dataclass(frozen=True, slots=True)
class Rule:
    """`policy` names the manifest's policy key that may set the severity to block or notice."""

    severity: Severity
    policy: str = ""


_BLOCKS = (
    Code.PROTOCOL_SKEW, Code.FORMAT_SKEW, Code.MISREPORTED_CONTRACT, Code.STALE_EDGE,
    Code.STALE_ORIGIN, Code.WRONG_ENVIRONMENT, Code.NOT_DEPLOYED, Code.PAGE_MISMATCH,
    Code.ASSETS_GONE,
)  # fmt: skip
_UNKNOWNS = (
    Code.UNREACHABLE, Code.UNAUTHORIZED, Code.NOT_JSON, Code.HTML_INSTEAD_OF_JSON,
    Code.PLACEHOLDER_BUILD, Code.NO_VERSION_DOCUMENT, Code.PAGE_UNPROVEN,
    Code.BUILD_NOT_IN_REPOSITORY, Code.CONTRACT_MISSING, Code.CONTRACT_INVALID,
    Code.PROMISE_UNREADABLE, Code.EVIDENCE_STALE, Code.RECONCILING, Code.MASKED,
    Code.NOTHING_TO_CHECK,
)  # fmt: skip
_NOTICES = (
    Code.SETTLING, Code.SPLIT_TRAFFIC, Code.DEPLOYED_WITHOUT_TRAFFIC, Code.DEPLOY_FAILED,
    Code.TRAFFIC_PINNED, Code.DIRTY_BUILD, Code.VERSION_DOCUMENT_CACHEABLE,
    Code.CANDIDATE_NOT_PROBED, Code.WITNESS_NOT_DECLARED, Code.TAGGED_REVISION_SKEW,
    Code.PRE_EXISTING,
)  # fmt: skip
_DRIFTS = (Code.BEHIND_MANIFEST, Code.AHEAD_OF_MANIFEST, Code.DIVERGED_FROM_MANIFEST)

RULES: dict[Code, Rule] = {
    **dict.fromkeys(_BLOCKS, Rule(Severity.BLOCK)),
    Code.LINGERING_CLIENT_SKEW: Rule(Severity.BLOCK, policy="lingering_skew"),
    **dict.fromkeys(_UNKNOWNS, Rule(Severity.UNKNOWN)),
    **dict.fromkeys(_NOTICES, Rule(Severity.NOTICE)),
    **dict.fromkeys(_DRIFTS, Rule(Severity.NOTICE, policy="drift")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong; `subject` is a service, link or environment, `fix` the next command.

    `pair` names the client's and the server's build where the finding is about one pair of a link.
    """

    code: Code
    subject: str
    severity: Severity
    sentence: str
    evidence: tuple[str, ...] = ()
    since: datetime | None = None
    owner: str = ""
    fix: str = ""
    pair: tuple[Build | None, Build | None] | None = None

    def as_pre_existing(self) -> "Finding":
        """The same fact, told as something that the candidate neither adds nor worsens."""
        told = f"{self.code}, no worse than before this deploy: {self.sentence}"
        return replace(self, code=Code.PRE_EXISTING, severity=Severity.NOTICE, sentence=told)


def decide(findings: Iterable[Finding]) -> Verdict:
    """A known problem outranks an unknown; the judge adds a finding to an empty world."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Verdict.BLOCK
    return Verdict.INCONCLUSIVE if Severity.UNKNOWN in severities else Verdict.PASS
