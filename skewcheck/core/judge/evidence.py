"""What the test reports of a survey prove about the builds under examination."""

from collections.abc import Iterator

from skewcheck.core.build import BuildSha
from skewcheck.core.evidence.require import judge_evidence
from skewcheck.core.findings import Finding
from skewcheck.core.judge.found import found
from skewcheck.core.survey import Promise, Survey


def judge_tests(survey: Survey) -> Iterator[Finding]:
    """Nothing where no evidence was asked for; what it leaves open is about the environment."""
    wanted = survey.evidence
    if wanted is None:
        return
    for each in judge_evidence(
        wanted.reports,
        required=wanted.required,
        builds=builds_under_examination(survey),
        previous=wanted.previous,
    ):
        yield found(
            survey,
            each.code,
            survey.environment,
            each.sentence,
            evidence=each.evidence,
            fix=each.fix,
        )


def builds_under_examination(survey: Survey) -> tuple[BuildSha, ...]:
    """The candidates, else what was promised: a report about any other build proves nothing."""
    if survey.candidates:
        named = [candidate.build for candidate in survey.candidates.values()]
    else:
        promises = [service.promise for service in survey.services.values()]
        named = [each.build for each in promises if isinstance(each, Promise)]
    return tuple(dict.fromkeys(build for build in named if isinstance(build, BuildSha)))
