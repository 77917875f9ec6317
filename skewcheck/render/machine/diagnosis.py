"""Diagnoses as JSON, schema 1: the story of each link, and the probes that it rests on."""

from collections.abc import Sequence

from skewcheck.core.diagnosis.values import Cause, Diagnosis, Why
from skewcheck.core.report import Report
from skewcheck.render.diagnosed import exit_of
from skewcheck.render.machine.as_json import basis, dumped, finding_object, heading
from skewcheck.render.machine.observations import Json
from skewcheck.render.machine.probes import JsonObject, probes_object


def render_diagnosis_json(report: Report, diagnoses: Sequence[Diagnosis]) -> str:
    """One object; each link has a verdict and an exit code of its own."""
    return dumped(
        {
            **heading(report),
            "diagnoses": [_diagnosis(each) for each in diagnoses],
            "probes": probes_object(report.survey.probes),
            **basis(report),
        }
    )


def _diagnosis(diagnosis: Diagnosis) -> JsonObject:
    """One cause is the cause; with several, or with none and a symptom, nobody can tell."""
    return {
        "link": diagnosis.link,
        "client": diagnosis.client,
        "server": diagnosis.server,
        "verdict": str(diagnosis.verdict),
        "exit": int(exit_of(diagnosis)),
        "symptom": None if diagnosis.symptom is None else _why(diagnosis.symptom),
        "whys": [_why(each) for each in diagnosis.whys],
        "causes": [_cause(each) for each in diagnosis.causes],
        "excluded": list(diagnosis.excluded),
        "masked": list(diagnosis.masked),
        "logs": list(diagnosis.logs),
        "next": list(diagnosis.next),
        "findings": [finding_object(each) for each in diagnosis.findings],
    }


def _why(why: Why) -> Json:
    code = None if why.code is None else str(why.code)
    return {"told": why.told, "code": code, "evidence": list(why.evidence)}


def _cause(cause: Cause) -> JsonObject:
    return {
        "kind": cause.kind,
        "told": cause.told,
        "code": None if cause.code is None else str(cause.code),
        "owner": cause.owner,
        "fix": cause.fix,
    }
