import pytest

from skewcheck.core.compatibility import Compatibility, Fit
from skewcheck.core.live import Live, Presence
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.render.pairs import finding_of, fitting, pairs_of, who
from tests.builders import NEW, NOW, OLD, live
from tests.render import worlds


@pytest.mark.parametrize(
    ("party", "told"),
    [
        pytest.param(live(NEW, percent=90), "9e39e39 (90%)", id="traffic with a share"),
        pytest.param(live(NEW), "9e39e39 (traffic)", id="traffic of unknown share"),
        pytest.param(
            live(OLD, Presence.TRAFFIC, Presence.EDGE, percent=10),
            "01d01d0 (10%, edge)",
            id="several places",
        ),
        pytest.param(
            live(NEW, Presence.CANDIDATE, percent=100), "9e39e39 (candidate)", id="a candidate"
        ),
        pytest.param(
            live(OLD, Presence.LINGERING, until=NOW),
            "01d01d0 (may linger until 2026-11-23 22:10 UTC)",
            id="one that may linger",
        ),
        pytest.param(live(None, Presence.PAGE), "unknown build (page)", id="one without a name"),
    ],
)
def test_a_party_is_told_with_what_keeps_it_live(party: Live, told: str) -> None:
    assert who(party) == told


def test_pairs_stand_worst_first() -> None:
    fits = (Fit.YES, Fit.UNKNOWN, Fit.NO)
    pairs = pairs_of(_link(*(_cell(fit) for fit in fits)))
    assert [pair.word for pair in pairs] == ["DOES NOT FIT", "? not known", "fits"]
    assert fitting(pairs) == 1


def test_what_was_assumed_or_broken_before_is_said() -> None:
    cell = _cell(Fit.NO, assumed=("contracts/old.yaml",), pre_existing=True)
    (pair,) = pairs_of(_link(cell))
    assert pair.sentence == "told (assumed from contracts/old.yaml) (so before this deploy)"


def test_a_pair_finds_the_finding_that_tells_of_it() -> None:
    seen = worlds.incident()
    (link,) = seen.judgement.matrix
    (cell,) = link.cells
    assert finding_of(seen.findings, link, cell) is seen.findings[0]
    assert finding_of(seen.findings[1:], link, cell) is None


def test_a_pair_that_fits_has_no_finding() -> None:
    cell = _cell(Fit.YES)
    assert finding_of(worlds.incident().findings, _link(cell), cell) is None


def _cell(fit: Fit, *, assumed: tuple[str, ...] = (), pre_existing: bool = False) -> Cell:
    return Cell(
        client=live(),
        server=live(),
        compatibility=Compatibility(fit, "told"),
        assumed=assumed,
        pre_existing=pre_existing,
    )


def _link(*cells: Cell) -> LinkMatrix:
    return LinkMatrix(link="chat", client="frontend", server="backend", cells=cells)
