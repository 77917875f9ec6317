"""May what blocks start the redeploy that mends it? The gate and the service ask the same way."""

from skewcheck.core.findings import SKEW, Severity
from skewcheck.core.question import Exit
from skewcheck.core.report import Report


def redeploy_is_wanted(report: Report, on_skew: str | None = None) -> bool:
    """Where `on_skew`, or else the policy, says so, and skew is what blocks."""
    wanted = on_skew or report.survey.manifest.policy.on_skew
    blocks = (each for each in report.findings if each.severity is Severity.BLOCK)
    return (
        wanted == "redeploy"
        and report.exit is Exit.BLOCK
        and any(each.code in SKEW for each in blocks)
    )
