"""A diagnosis in the words that every audience shares."""

from skewcheck.core.diagnosis.values import Cause, Diagnosis
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.probed.probes import LinkProbe
from skewcheck.core.question import Exit
from skewcheck.core.report import EXIT_FOR, Report
from skewcheck.render.probes import handshakes


def exit_of(diagnosis: Diagnosis) -> Exit:
    """The verdict's own code: a diagnosis is read by people, and nothing softens it."""
    return EXIT_FOR[diagnosis.verdict]


def is_well(diagnosis: Diagnosis) -> bool:
    """Nothing to explain; what does not pass is never told as well."""
    return diagnosis.symptom is None and diagnosis.verdict is Verdict.PASS


def holds_words(report: Report, diagnosis: Diagnosis) -> str:
    """What was asked for and holds, counted: nothing that was not opened is told as holding."""
    probe = _probe_of(report, diagnosis)
    held, tried = handshakes(probe)
    if not tried:
        return "every witness that was asked for; no handshake was made"
    told = _share("handshake", held, tried)
    talks = [each for each in probe.probed if each.variant.exercise]
    if talks:
        came, asked = sum(each.held for each in talks), sum(len(each.transcripts) for each in talks)
        told += f", {_share('conversation', came, asked)}"
    return f"{told} and every witness that was asked for"


def was_opened(report: Report, diagnosis: Diagnosis) -> bool:
    """Whether any handshake of the link was made."""
    return handshakes(_probe_of(report, diagnosis))[1] > 0


def cause_words(cause: Cause) -> str:
    return f"{cause.code}: {cause.told}" if cause.code else cause.told


def remaining(diagnosis: Diagnosis) -> tuple[str, ...]:
    """What nobody can rule out from here: causes, else what is not known."""
    if diagnosis.causes:
        return tuple(cause.told for cause in diagnosis.causes)
    return tuple(
        f"{finding.code}: {finding.sentence}"
        for finding in diagnosis.findings
        if finding.severity is not Severity.NOTICE and finding.code is not Code.MASKED
    )


def _probe_of(report: Report, diagnosis: Diagnosis) -> LinkProbe:
    probes = report.survey.probes
    found = (each for each in (probes.links if probes else ()) if each.link == diagnosis.link)
    nothing = LinkProbe(link=diagnosis.link, client=diagnosis.client, server=diagnosis.server)
    return next(found, nothing)


def _share(what: str, held: int, tried: int) -> str:
    return f"{'every' if held == tried else 'not every'} {what} ({held} of {tried})"
