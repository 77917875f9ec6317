"""Plans, and proposals to carry one out: what moves, what it exposes, who may approve."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from skewcheck.core.plan.view import PlanView
from skewcheck.core.policy import Approvals
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.core.rollout.permission import Refusal
from skewcheck.core.slack.deciding import needed
from skewcheck.core.slack.message import JsonObject, Message
from skewcheck.core.slack.proposal import ProposalState, Proposed
from skewcheck.render.plan.headline import answer_word, digest_words, loud_lines, summary
from skewcheck.render.plan.section import Section
from skewcheck.render.plan.story import story
from skewcheck.render.slack.blocks import (
    bullets,
    button,
    header,
    message,
    note,
    paragraph,
    people,
    someone,
    words,
)
from skewcheck.render.words import moment


def render_plan(view: PlanView, against: Sequence[Refusal] = ()) -> Message:
    """For whoever only asks."""
    told = f"{answer_word(view)}: {view.environment}, {summary(view)}"
    stands = [bullets("What stands against it", [each.why for each in against])] if against else []
    return message(told, [header(told), *_body(view), *stands])


def shown_of(view: PlanView, proposed: Proposed, wanted: Approvals) -> tuple[JsonObject, ...]:
    """What a proposal shows for as long as it stands there, whatever becomes of it."""
    return (*_asked(proposed), *_body(view), *_rules(proposed, wanted))


def headline_of(view: PlanView, proposed: Proposed) -> str:
    return f"{proposed.kind.capitalize()} of {view.environment}? {summary(view)}"


def render_proposal(
    proposed: Proposed, *, given: Sequence[str] = (), wanted: Approvals | None = None
) -> Message:
    """As it stands; the buttons are there only while a click decides something."""
    state = list(_state(proposed, given, wanted))
    buttons = _buttons(proposed) if proposed.state is ProposalState.OPEN else ()
    blocks = [header(proposed.headline), *proposed.shown, *state]
    return message(_told(proposed), blocks, buttons)


def _body(view: PlanView) -> Iterator[JsonObject]:
    for line in loud_lines(view):
        yield paragraph(words(line, bold=True))
    for section in story(view):
        yield bullets(section.title, list(_lines(section)), most=10)
    yield note(digest_words(view))


def _lines(section: Section) -> Iterator[str]:
    for line in section.lines:
        label = f"{line.label}: " if line.label else ""
        yield f"{label}{line.told}"
        yield from (f"{label}↳ {reason}" for reason in line.reasons)


def _asked(proposed: Proposed) -> Iterator[JsonObject]:
    by = words("nobody asked, the policy says on_skew: redeploy; by ")
    began = by if proposed.triggered else words("asked by ")
    why = [words(f": {proposed.why}")] if proposed.why else []
    yield paragraph(began, someone(proposed.asked_by), *why)


def _rules(proposed: Proposed, wanted: Approvals) -> Iterator[JsonObject]:
    number = needed(wanted, proposed.kind)
    told = f"{number} of these may start it: "
    if proposed.kind is RolloutKind.REDEPLOY and wanted.count and wanted.not_requester:
        told = f"{number} of these, and not who asked, may start it: "
    yield paragraph(words(told), *people(wanted.by))


def _state(
    proposed: Proposed, given: Sequence[str], wanted: Approvals | None
) -> Iterator[JsonObject]:
    """One sentence on what became of it."""
    match proposed.state:
        case ProposalState.OPEN:
            number = needed(wanted, proposed.kind) if wanted else 1
            told = f"{len(given)} of {number} approvals, good until {moment(proposed.expires)}"
            yield paragraph(
                words(told, bold=True), *([words(": "), *people(given)] if given else [])
            )
        case ProposalState.STARTED:
            yield paragraph(words("Started, approved by ", bold=True), *people(given))
        case ProposalState.DECLINED:
            yield paragraph(words("Declined by ", bold=True), someone(proposed.decided_by))
        case ProposalState.EXPIRED:
            yield paragraph(words(f"Expired {moment(proposed.expires)}: ask again", bold=True))
        case ProposalState.CHANGED:
            told = f"Changed: it would be plan {proposed.became} now, so nothing started. Ask again"
            yield paragraph(words(told, bold=True))
        case _:
            assert_never(proposed.state)


def _told(proposed: Proposed) -> str:
    return f"{proposed.headline} ({proposed.state})"


def _buttons(proposed: Proposed) -> tuple[JsonObject, ...]:
    return (
        button("Approve", action="approve", value=proposed.rollout, style="primary"),
        button("Decline", action="decline", value=proposed.rollout, style="danger"),
    )
