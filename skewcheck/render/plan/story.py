"""A plan from the first section to the last: what is broken, the waves, what stands in the way."""

from collections.abc import Iterable, Iterator

from skewcheck.core.plan.plan import Answer, Pair, Plan
from skewcheck.core.plan.view import PlanView
from skewcheck.render.plan.deadlocks import deadlock_sections
from skewcheck.render.plan.lingering import lingering_lines
from skewcheck.render.plan.section import Line, Section
from skewcheck.render.plan.waves import wave_sections
from skewcheck.render.plan.words import pair_words, short, up_to, wait_words


def story(view: PlanView) -> Iterator[Section]:
    """Sections that have nothing to say are left out."""
    yield from (section for section in _sections(view) if section.lines)


def _sections(view: PlanView) -> Iterator[Section]:
    plan = view.plan
    yield _section("broken now:", _broken_now(view))
    if plan.answer is Answer.UNKNOWN_DECIDES:
        yield _section("what is not known, and decides:", _pairs(view, "unknown", unknown(plan)))
    title = "targets that are not known to fit, so no order can help:"
    yield _section(title, _pairs(view, "targets", plan.broken_after))
    yield from deadlock_sections(view)
    yield _section("waits without an end:", _too_long(view))
    yield from wave_sections(view)
    yield _section("what no invalidation reaches:", lingering_lines(view))
    if plan.critical:
        longest = ", then ".join(plan.critical)
        yield _section("what takes longest:", [Line(label="critical", told=longest)])


def unknown(plan: Plan) -> Iterable[Pair]:
    """Every pair of which nobody knows whether it fits, once."""
    pairs = [*plan.broken_after, *(arc.pair for arc in plan.arcs)]
    pairs += [arc.pair for deadlock in plan.deadlocks for arc in deadlock.cycle]
    pairs += [pair for wait in plan.too_long for pair in wait.pairs]
    return dict.fromkeys(pair for pair in pairs if pair.unknown)


def mended_in(plan: Plan, pair: Pair) -> int | None:
    """The first wave after which the pair can meet no more, lingering tabs excepted."""
    mending = (number for number, wave in enumerate(plan.waves, 1) if pair in wave.mends)
    return next(mending, None)


def _section(title: str, lines: Iterable[Line]) -> Section:
    return Section(title=title, lines=tuple(lines))


def _broken_now(view: PlanView) -> Iterator[Line]:
    for pair in view.plan.broken_now:
        mend = _mend_words(view, pair)
        yield Line(label="broken", told=pair_words(view, pair), reasons=(mend,))


def _mend_words(view: PlanView, pair: Pair) -> str:
    client = view.links[pair.link][0]
    ends = f"the last client of {client} {short(pair.client)}"
    ends += f", {up_to(view.client_lingers_s(client))}"
    number, outlives = mended_in(view.plan, pair), pair in view.plan.outlives
    if number is not None:
        told = f"mended in wave {number}"
        return f"{told} for whoever loads it anew; it ends with {ends}" if outlives else told
    return f"no move mends it: it ends with {ends}" if outlives else "nothing here mends it"


def _pairs(view: PlanView, label: str, pairs: Iterable[Pair]) -> Iterator[Line]:
    return (Line(label=label, told=pair_words(view, pair)) for pair in pairs)


def _too_long(view: PlanView) -> Iterator[Line]:
    for wait in view.plan.too_long:
        reasons = tuple(pair_words(view, pair) for pair in wait.pairs)
        yield Line(label="wait", told=wait_words(view, wait), reasons=reasons)
