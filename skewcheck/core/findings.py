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
    HANDSHAKE_REJECTED = "handshake-rejected"
    AUTH_REJECTED = "auth-rejected"
    ORIGIN_REJECTED = "origin-rejected"
    SUBPROTOCOL_INVALID = "subprotocol-invalid"
    SUBPROTOCOL_NOT_SELECTED = "subprotocol-not-selected"
    UPGRADE_NEVER_ANSWERED = "upgrade-never-answered"
    UPGRADE_CUT = "upgrade-cut"
    NOT_A_WEBSOCKET = "not-a-websocket"
    PROTOCOL_GARBAGE = "protocol-garbage"
    CLOSED_BEFORE_WELCOME = "closed-before-welcome"
    CLOSED_BY_SERVER_ERROR = "closed-by-server-error"
    CUT_WITHOUT_CLOSE = "cut-without-close"
    WELCOME_MISSING = "welcome-missing"
    EVENT_MISSING = "event-missing"
    TOKEN_ECHOED = "token-echoed"
    FLAKY_HANDSHAKE = "flaky-handshake"
    HEADER_LOST_AT_EDGE = "header-lost-at-edge"
    SUBPROTOCOL_LOST_AT_EDGE = "subprotocol-lost-at-edge"
    LIFETIME_CUT = "lifetime-cut"
    HANDSHAKE_RACE = "handshake-race"
    DEPENDENCY_UNAVAILABLE = "dependency-unavailable"
    SUCCESS_RATE_BELOW_TARGET = "success-rate-below-target"
    EVIDENCE_FAILED = "evidence-failed"
    INVALIDATION_WITHOUT_EFFECT = "invalidation-without-effect"
    ROLLOUT_UNFINISHED = "rollout-unfinished"

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
    NOT_PROBED = "not-probed"
    NOT_COMPARABLE = "not-comparable"
    ACCEPTS_ANYTHING = "accepts-anything"
    SUCCESS_RATE_UNDECIDED = "success-rate-undecided"
    EVIDENCE_MISSING = "evidence-missing"
    EVIDENCE_SKIPPED = "evidence-skipped"

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
    IDLE_CUT = "idle-cut"
    SLOW_COLD_START = "slow-cold-start"
    READINGS_DIFFER = "readings-differ"
    TESTS_GONE = "tests-gone"
    ROLLOUT_IN_PROGRESS = "rollout-in-progress"


@dataclass(frozen=True, slots=True)
class Rule:
    """`policy` names the manifest's policy key that may set another severity."""

    severity: Severity
    policy: str = ""


_BLOCKS = (
    Code.PROTOCOL_SKEW, Code.FORMAT_SKEW, Code.MISREPORTED_CONTRACT, Code.STALE_EDGE,
    Code.STALE_ORIGIN, Code.WRONG_ENVIRONMENT, Code.NOT_DEPLOYED, Code.PAGE_MISMATCH,
    Code.ASSETS_GONE,
    Code.HANDSHAKE_REJECTED, Code.AUTH_REJECTED, Code.ORIGIN_REJECTED, Code.SUBPROTOCOL_INVALID,
    Code.SUBPROTOCOL_NOT_SELECTED, Code.UPGRADE_NEVER_ANSWERED, Code.UPGRADE_CUT,
    Code.NOT_A_WEBSOCKET, Code.PROTOCOL_GARBAGE, Code.CLOSED_BEFORE_WELCOME,
    Code.CLOSED_BY_SERVER_ERROR, Code.CUT_WITHOUT_CLOSE, Code.WELCOME_MISSING, Code.EVENT_MISSING,
    Code.TOKEN_ECHOED, Code.FLAKY_HANDSHAKE, Code.HEADER_LOST_AT_EDGE,
    Code.SUBPROTOCOL_LOST_AT_EDGE, Code.LIFETIME_CUT, Code.HANDSHAKE_RACE,
    Code.DEPENDENCY_UNAVAILABLE, Code.SUCCESS_RATE_BELOW_TARGET, Code.EVIDENCE_FAILED,
    Code.INVALIDATION_WITHOUT_EFFECT, Code.ROLLOUT_UNFINISHED,
)  # fmt: skip
_UNKNOWNS = (
    Code.UNREACHABLE, Code.UNAUTHORIZED, Code.NOT_JSON, Code.HTML_INSTEAD_OF_JSON,
    Code.PLACEHOLDER_BUILD, Code.NO_VERSION_DOCUMENT, Code.PAGE_UNPROVEN,
    Code.BUILD_NOT_IN_REPOSITORY, Code.CONTRACT_MISSING, Code.CONTRACT_INVALID,
    Code.PROMISE_UNREADABLE, Code.EVIDENCE_STALE, Code.RECONCILING, Code.MASKED,
    Code.NOTHING_TO_CHECK, Code.NOT_COMPARABLE, Code.ACCEPTS_ANYTHING,
    Code.SUCCESS_RATE_UNDECIDED, Code.EVIDENCE_MISSING, Code.EVIDENCE_SKIPPED,
)  # fmt: skip
_NOTICES = (
    Code.SETTLING, Code.SPLIT_TRAFFIC, Code.DEPLOYED_WITHOUT_TRAFFIC, Code.DEPLOY_FAILED,
    Code.TRAFFIC_PINNED, Code.DIRTY_BUILD, Code.VERSION_DOCUMENT_CACHEABLE,
    Code.CANDIDATE_NOT_PROBED, Code.WITNESS_NOT_DECLARED, Code.TAGGED_REVISION_SKEW,
    Code.PRE_EXISTING, Code.IDLE_CUT, Code.SLOW_COLD_START, Code.READINGS_DIFFER, Code.TESTS_GONE,
    Code.ROLLOUT_IN_PROGRESS,
)  # fmt: skip
DRIFTS = (Code.BEHIND_MANIFEST, Code.AHEAD_OF_MANIFEST, Code.DIVERGED_FROM_MANIFEST)
# What two live parties of a link may suffer from, and a redeploy may mend.
SKEW = frozenset({
    Code.PROTOCOL_SKEW, Code.FORMAT_SKEW, Code.LINGERING_CLIENT_SKEW, Code.STALE_EDGE,
})  # fmt: skip

RULES: dict[Code, Rule] = {
    **dict.fromkeys(_BLOCKS, Rule(Severity.BLOCK)),
    Code.LINGERING_CLIENT_SKEW: Rule(Severity.BLOCK, policy="lingering_skew"),
    **dict.fromkeys(_UNKNOWNS, Rule(Severity.UNKNOWN)),
    Code.NOT_PROBED: Rule(Severity.UNKNOWN, policy="unprobed"),
    **dict.fromkeys(_NOTICES, Rule(Severity.NOTICE)),
    **dict.fromkeys(DRIFTS, Rule(Severity.NOTICE, policy="drift")),
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
