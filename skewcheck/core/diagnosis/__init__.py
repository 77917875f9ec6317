"""The diagnosis of one link: from the symptom down to the cause, or to what honestly remains.

Pure. Skew is said only where version or format data differ; a connection that breaks while both
sides agree on paper is a broken contract, whatever its close code.
"""

from skewcheck.core.diagnosis.causes import causes_of, next_steps
from skewcheck.core.diagnosis.facts import gather
from skewcheck.core.diagnosis.told import excluded, masked, shown_logs, symptom_of
from skewcheck.core.diagnosis.values import Cause, Diagnosis, Why
from skewcheck.core.judge import Judgement
from skewcheck.core.survey import Survey

__all__ = ["Cause", "Diagnosis", "Why", "diagnose"]


def diagnose(survey: Survey, judgement: Judgement, link: str) -> Diagnosis:
    """`judgement` is the whole world's; `survey.probes` holds a thorough look at that link."""
    facts = gather(survey, judgement, link)
    whys, causes = causes_of(facts)
    return Diagnosis(
        link=link,
        client=facts.client,
        server=facts.server,
        findings=facts.findings,
        symptom=symptom_of(facts),
        whys=whys,
        causes=causes,
        excluded=tuple(excluded(facts)),
        masked=masked(facts),
        logs=shown_logs(facts),
        next=next_steps(facts, causes),
    )
