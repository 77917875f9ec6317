"""What several probes of one kind say together."""

import pytest

from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.script import AS_A_BROWSER, Variant
from tests.links import link_probe
from tests.transcripts import closed, format_of, probed, rejected, welcomed


@pytest.mark.parametrize(
    ("outcomes", "state", "held"),
    [
        pytest.param("hhh", "holds", 3, id="all hold"),
        pytest.param("hfh", "flaky", 2, id="some hold"),
        pytest.param("fff", "fails", 0, id="none holds"),
    ],
)
def test_only_what_always_holds_holds(outcomes: str, state: str, held: int) -> None:
    seen = probed(*[welcomed() if each == "h" else closed() for each in outcomes])
    assert (seen.state, seen.held) == (state, held)


def test_the_first_failure_stands_for_all() -> None:
    first, second = closed(1011), rejected(403)
    seen = probed(welcomed(), first, second)
    assert seen.worst[0] is first
    assert seen.failed == seen.worst[1].failed
    assert seen.failed is not None


def test_where_all_holds_the_first_probe_stands_for_all() -> None:
    first = welcomed()
    seen = probed(first, welcomed())
    assert seen.worst[0] is first
    assert seen.failed is None


def test_what_was_never_tried_cannot_be_told_of() -> None:
    with pytest.raises(ValueError, match="no transcript"):
        Probed(format=format_of(), target=probed().target, variant=AS_A_BROWSER, transcripts=())


@pytest.mark.parametrize(
    ("builds", "told"),
    [
        pytest.param(("9" * 40,), "the format of 9999999", id="one build"),
        pytest.param(
            ("1" * 40, "2" * 40, "3" * 40, "4" * 40),
            "the format of 1111111, 2222222, 3333333",
            id="three at most",
        ),
        pytest.param((), "format 2.1", id="nobody's"),
    ],
)
def test_a_format_is_named_by_those_who_speak_it(builds: tuple[str, ...], told: str) -> None:
    assert str(format_of(builds=builds)) == told


def test_the_probes_of_one_variant_are_picked_by_it() -> None:
    base, control = probed(), probed(rejected(), variant=Variant(control=True))
    link = link_probe(base, control)
    assert list(link.of(variant=AS_A_BROWSER)) == [base]
    assert list(link.of()) == [base, control]
