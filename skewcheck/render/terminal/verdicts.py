"""The verdict in its colours."""

from rich.text import Text

from skewcheck.core.findings import Verdict
from skewcheck.core.report import Report
from skewcheck.render.terminal.canvas import styled
from skewcheck.render.words import verdict_word

VERDICT_STYLES = {
    Verdict.PASS: "bold green",
    Verdict.BLOCK: "bold white on red",
    Verdict.INCONCLUSIVE: "bold black on yellow",
}


def verdict_text(report: Report) -> Text:
    return styled(verdict_word(report), VERDICT_STYLES[report.verdict])
