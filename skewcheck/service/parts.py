"""Puts the parts of the service together; the wiring knows the adapters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from secrets import SystemRandom

from starlette.applications import Starlette

from skewcheck import wiring
from skewcheck.core.alerts import Alert, AlertKind
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.mend import Mending, Voice
from skewcheck.flows.propose import Proposal
from skewcheck.flows.redeploy import Asker
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.posts import announce
from skewcheck.flows.slack.proposals import post_proposal
from skewcheck.flows.slack.telling import post_alert, post_not_started
from skewcheck.flows.watch import Watching
from skewcheck.ports.service import Shared
from skewcheck.service.app import build_app, face_of_the_house
from skewcheck.service.asked import Asked
from skewcheck.service.blocks import Blocks
from skewcheck.service.board import Board
from skewcheck.service.carrying import Carrying
from skewcheck.service.crew import Crew, Duties
from skewcheck.service.endings import Endings
from skewcheck.service.judging import JudgeOfGates
from skewcheck.service.loop import Tell
from skewcheck.service.opening import Opening
from skewcheck.service.roster import Roster
from skewcheck.service.rounds import Rounds
from skewcheck.service.slack import SlackService
from skewcheck.service.surveying import Surveyor
from skewcheck.service.watcher import Watcher
from skewcheck.wiring.checkout import Checkout, source_at
from skewcheck.wiring.service import carriers_of, logins_of, records_of, shared_of

_OPEN = "Nobody logs in here, so only this machine may look."


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`slack` is None where nobody is answered there."""

    app: Starlette
    board: Board
    crew: Crew
    roster: Roster
    slack: SlackService | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assembly:
    """What most parts need. `who` is the identity with which the service acts."""

    asked: Asked
    source: wiring.Source
    shared: Shared
    opening: Opening
    roster: Roster
    board: Board
    who: Callable[[], str]
    tell: Tell

    def judge(self) -> JudgeOfGates:
        return JudgeOfGates(
            shared=self.shared,
            open_doors=self.opening.doors,
            probing=self.asked.probing,
            who=self.who,
            tell=self.tell,
        )

    def slack(self) -> SlackService | None:
        """Who asks in Slack may change something, so a service that only reads has no ear there."""
        settings = self.asked.settings.slack
        if self.shared.messenger is None or self.asked.read_only:
            return None
        return SlackService(
            self.shared,
            settings,
            self.opening.room,
            environments=self.roster.names,
            page=self.asked.page,
        )

    def surveyor(self) -> Surveyor:
        deliver = partial(post_alert, self.shared) if self.shared.messenger else self._log
        watching = Watching(
            shared=self.shared,
            tell=deliver,
            probing=self.asked.probing,
            versions=wiring.installed_versions(),
        )
        return Surveyor(
            watching=watching,
            open_doors=self.opening.doors,
            open_room=self.opening.room,
            mending=None if self.asked.read_only else self._mending,
            tell=self.tell,
        )

    def duties(self, slack: SlackService | None) -> Duties:
        asked, shared = self.asked, self.shared
        carriers = carriers_of(asked.settings, self.source, allow_commands=asked.allow_commands)
        carrying = Carrying(carriers, shared.clock, lambda: watcher.unfinished, self.tell)
        watcher = Watcher(
            shared,
            self.board,
            cache(partial(records_of, asked.settings, shared)),
            names=self.roster.names,
            hurdles=carrying.hurdles,
            interval=asked.interval,
        )
        rounds = Rounds(
            shared,
            self.surveyor().survey,
            interval=asked.interval,
            chance=SystemRandom().random,
        )
        return Duties(
            clock=shared.clock,
            board=self.board,
            roster=self.roster,
            rounds=rounds,
            watcher=watcher,
            blocks=Blocks(shared.audit),
            endings=Endings(shared),
            carrying=None if asked.read_only else carrying,
            carriers=None if asked.read_only else carriers,
            sweep=slack.sweep if slack else None,
        )

    def _mending(self) -> Mending:
        voice = voice_of(self.shared) if self.shared.messenger else None
        return Mending(shared=self.shared, who=self.who(), voice=voice)

    def _log(self, alert: Alert) -> None:
        what = "is gone" if alert.kind is AlertKind.CLEARED else alert.sentence
        self.tell(f"{alert.environment}: {alert.code} of {alert.subject}: {what}")


def open_parts(asked: Asked, tell: Tell) -> Parts:
    """Raises SkewcheckError where something is missing that all depends on."""
    settings = asked.settings
    source = source_at(settings, asked.repo, asked.ref, asked.policy_ref)
    shared = shared_of(settings, source)
    opening = Opening(asked=asked, checkout=Checkout(source, shared.clock))
    assembly = _Assembly(
        asked=asked,
        source=source,
        shared=shared,
        opening=opening,
        roster=opening.roster(),
        board=Board(),
        who=cache(partial(wiring.identity, settings)),
        tell=tell,
    )
    slack = assembly.slack()
    app = build_app(
        assembly.board,
        judge=assembly.judge(),
        logins=logins_of(settings),
        shared=shared,
        slack_routes=slack.routes() if slack else (),
        face=face_of_the_house(*([] if settings.login else [_OPEN])),
    )
    crew = Crew(assembly.duties(slack), interval=asked.interval, tell=tell)
    return Parts(app=app, board=assembly.board, crew=crew, roster=assembly.roster, slack=slack)


def voice_of(shared: Shared) -> Voice:
    """People hear of what starts by itself in Slack."""

    def announced(room: Room, order: Order, why: str) -> None:
        announce(shared, room, order, why)

    def asked(room: Room, proposal: Proposal, asker: Asker) -> None:
        post_proposal(shared, room, proposal, asker)

    def not_started(environment: str, against: tuple[Refusal, ...]) -> None:
        post_not_started(shared, environment, against)

    return Voice(announce=announced, ask=asked, not_started=not_started)
