"""Probes as JSON values: what was asked in which format, where, how often it held, how far it came.

`state` is what happened, `word` what it means: a negative control that `fails` was `refused`. The
whole wire is not in here: `skewcheck probe … --save FILE` writes it.
"""

from typing import TypeAlias

from skewcheck.core.exposed.health_document import Health
from skewcheck.core.ladder.climb import Ladder
from skewcheck.core.logs.query import LogLine
from skewcheck.core.probed.probes import Doubt, Format, LinkProbe, Probed, Probes, Rated
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import Target
from skewcheck.render.machine.observations import Json, rfc3339, unreadable
from skewcheck.render.probes import probe_word

JsonObject: TypeAlias = dict[str, Json]


def probes_object(probes: Probes | None) -> Json:
    """Null where nobody asked for any."""
    if probes is None:
        return None
    return {
        "at": rfc3339(probes.at),
        "success_target": probes.success_target,
        "links": [_link(link) for link in probes.links],
    }


def _link(link: LinkProbe) -> JsonObject:
    return {
        "link": link.link,
        "client": link.client,
        "server": link.server,
        "owner": link.owner,
        "probed": [_probed(link, each) for each in link.probed],
        "rates": [_rate(each) for each in link.rated],
        "doubts": [_doubt(each) for each in link.doubts],
        "no_origin": link.no_origin,
        "health": _health(link.health),
        "said_environment": link.said_environment,
        "logs": [_log(line) for line in link.logs],
        "no_logs": link.no_logs,
    }


def _probed(link: LinkProbe, probed: Probed) -> JsonObject:
    """The ladder, and how long it took, are those of the first probe that failed, if any did."""
    transcript, ladder = probed.worst
    return {
        "format": _format(probed.format),
        "target": _target(probed.target),
        "variant": str(probed.variant),
        "state": probed.state,
        "word": probe_word(link, probed)[0],
        "held": probed.held,
        "tried": len(probed.transcripts),
        "took_s": transcript.lasted_s,
        "ladder": _ladder(ladder),
        "probe_ids": [each.id for each in probed.transcripts],
    }


def _format(form: Format) -> JsonObject:
    return {
        "fingerprint": form.fingerprint,
        "version": form.version,
        "builds": list(form.builds),
        "why": form.why,
        "candidate": form.candidate,
        "live": form.live,
    }


def _target(target: Target) -> JsonObject:
    return {
        "place": target.place,
        "url": target.url,
        "revision": target.revision,
        "build": target.build,
    }


def _ladder(ladder: Ladder) -> list[Json]:
    return [
        {
            "rung": str(step.rung),
            "state": str(step.state),
            "told": step.told,
            "code": None if step.code is None else str(step.code),
            "evidence": list(step.evidence),
        }
        for step in ladder.steps
    ]


def _rate(rated: Rated) -> JsonObject:
    rate = rated.rate
    return {
        "format": _format(rated.format),
        "target": _target(rated.target),
        "wanted": rate.target,
        "successes": rate.successes,
        "tried": rate.tried,
        "answer": str(rate.answer),
        "sentence": rate.sentence,
        "failures": dict(rate.failures),
    }


def _doubt(doubt: Doubt) -> JsonObject:
    return {"what": doubt.what, "why": doubt.why, "fix": doubt.fix}


def _health(health: Health | Unreadable | None) -> Json:
    """As an observation: one that brought nothing back has `cause`."""
    if health is None:
        return None
    if isinstance(health, Unreadable):
        return unreadable(health)
    return {
        "read_at": rfc3339(health.read_at),
        "url": health.url,
        "status": health.status,
        "states": [
            {"name": each.name, "state": each.state, "said": each.said} for each in health.states
        ],
    }


def _log(line: LogLine) -> JsonObject:
    return {
        "at": rfc3339(line.at),
        "by": line.by,
        "severity": line.severity,
        "text": line.text,
        "probe_id": line.probe_id,
    }
