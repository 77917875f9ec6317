"""Saved probes judged again: a report that rests on nothing but the file."""

from pydantic import ValidationError

from skewcheck.core.judge import Judgement, gravest_first
from skewcheck.core.judge.probes import judge_probes_alone
from skewcheck.core.manifest import Manifest
from skewcheck.core.probed.saved import read_probes, refused
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.core.survey import Survey


def replay(content: bytes, *, file: str, question: Question) -> Report:
    """Raises UsageError where the file is none of ours. No override and no policy reaches it."""
    saved = read_probes(content, file=file)
    probes = saved.probes
    survey = Survey(
        environment=probes.environment,
        at=probes.at,
        manifest=_manifest(probes.environment, file),
        services={},
        probes=probes,
    )
    return Report(
        question=question,
        environment=probes.environment,
        at=probes.at,
        survey=survey,
        judgement=Judgement(findings=gravest_first(judge_probes_alone(probes)), matrix=()),
        versions=saved.versions,
    )


def _manifest(environment: str, file: str) -> Manifest:
    """A name that no manifest may have is refused: it would go into the commands that we print."""
    try:
        return Manifest.model_validate({"schema": "1", "environment": environment})
    except ValidationError as error:
        raise refused(file, error, within="probes") from error
