"""What a diagnosis rests on, picked from the survey: the failing probe, its pairs, the findings."""

from dataclasses import dataclass

from skewcheck.core.build import Build
from skewcheck.core.compatibility import Fit
from skewcheck.core.findings import Code, Finding
from skewcheck.core.judge import Judgement
from skewcheck.core.judge.places import stale_builds
from skewcheck.core.judge.probes import broken_of
from skewcheck.core.ladder.climb import Step
from skewcheck.core.matrix import Cell
from skewcheck.core.probed.probes import LinkProbe, Probed
from skewcheck.core.survey import Survey

_PLACES = ("edge", "candidate", "direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`broken` is the probe that stands for the symptom, None where every probe holds.

    `skewed` and `unsure` are the pairs that its clients are part of (all pairs of the link where
    no probe fails), `fitting` those that git knows to fit; `stale` are the client's
    builds that only the edge still holds.
    """

    survey: Survey
    link: str
    client: str
    server: str
    findings: tuple[Finding, ...]
    probe: LinkProbe
    broken: Probed | None
    failed: Step | None
    fitting: tuple[Cell, ...]
    skewed: tuple[Cell, ...]
    unsure: tuple[Cell, ...]
    stale: frozenset[Build]

    def finding(self, *codes: Code, subject: str = "") -> Finding | None:
        """The first of those, of one subject or of any."""
        return next(
            (f for f in self.findings if f.code in codes and subject in {"", f.subject}), None
        )


def gather(survey: Survey, judgement: Judgement, link: str) -> Facts:
    promised = survey.manifest.links[link]
    subjects = {link, promised.client, promised.server, survey.environment}
    probe = _probe_of(survey, link)
    broken = min(broken_of(probe), key=_distance_from_users, default=None)
    cells = _cells(judgement, link, broken)
    return Facts(
        survey=survey,
        link=link,
        client=promised.client,
        server=promised.server,
        findings=tuple(f for f in judgement.findings if f.subject in subjects),
        probe=probe,
        broken=broken,
        failed=broken.failed if broken else None,
        fitting=tuple(cell for cell in cells if cell.fit is Fit.YES),
        skewed=tuple(cell for cell in cells if cell.fit is Fit.NO),
        unsure=tuple(cell for cell in cells if cell.fit is Fit.UNKNOWN),
        stale=stale_builds(survey, survey.services[promised.client]),
    )


def _probe_of(survey: Survey, link: str) -> LinkProbe:
    promised = survey.manifest.links[link]
    found = survey.probes.links if survey.probes else ()
    nothing = LinkProbe(link=link, client=promised.client, server=promised.server)
    return next((each for each in found if each.link == link), nothing)


def _distance_from_users(probed: Probed) -> tuple[int, int]:
    """What users meet comes first: the edge, and there the format that the page serves."""
    place = _PLACES.index(probed.target.place)
    return place, 0 if "page" in probed.format.why else 1


def _cells(judgement: Judgement, link: str, broken: Probed | None) -> list[Cell]:
    """The pairs of those clients whose format fails, with the revision where one is addressed."""
    cells = [cell for each in judgement.matrix if each.link == link for cell in each.cells]
    cells = [cell for cell in cells if not cell.client.only_may_linger]
    if broken is None:
        return cells
    mine = [cell for cell in cells if str(cell.client.build) in broken.format.builds]
    revision = broken.target.revision
    there = [cell for cell in mine if revision in cell.server.revisions]
    return there or mine
