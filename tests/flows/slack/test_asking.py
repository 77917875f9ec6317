"""Asking for a rollout, a rollback, an undo: planned, and proposed where it was asked."""

from skewcheck.core.rollout.order import RolloutKind
from skewcheck.flows.slack.carry_out import carry_out
from tests.builders import unreadable
from tests.flows.slack.world import ADA, KIM, LIN, MALLORY, Workspace
from tests.slack_fakes import buttons_of, item, read, texts_of


def test_a_redeploy_is_told_to_be_planned_and_then_stands_in_the_channel() -> None:
    space = Workspace()
    space.says(MALLORY, "redeploy staging - stale edge since the morning")
    assert [texts_of(each) for each in space.slack.answers] == [["planning staging…"]]
    shown = read(space.message())
    assert "asked by <@U0MALLORY>: stale edge since the morning" in shown
    assert "1 of these, and not who asked, may start it: <!subteam^S0OPS>, <@U0LIN>" in shown
    assert space.proposed().digest in shown
    assert buttons_of(space.message()) == ["approve", "decline"]
    assert space.orders() == []


def test_done_again_it_is_proposed_once() -> None:
    """Its replica died: the inbox still holds the name that it had given."""
    space = Workspace()
    carry_out(space.desk, item("redeploy staging", rollout="20261123-2210-abcdef"))
    carry_out(space.desk, item("redeploy staging", rollout="20261123-2210-abcdef", tries=2))
    assert len(space.slack.messages) == 1
    assert space.events() == ["proposed"]
    assert len(space.slack.answers) == 1


def test_the_name_that_it_gave_is_kept_with_what_was_asked() -> None:
    space = Workspace()
    carry_out(space.desk, item("redeploy staging", key="7.7"))
    kept = space.shared.shelf.read("inbox", "7.7")
    assert kept is not None
    assert isinstance(kept.value, dict)
    assert kept.value["rollout"] == space.proposed().rollout


def test_where_we_are_not_in_the_channel_who_asked_is_told() -> None:
    space = Workspace()
    told = space.says(ADA, "redeploy staging", channel="D0DIRECT")
    assert "not_in_channel" in told
    assert space.proposals() == []


def test_while_a_rollout_is_unfinished_who_asks_is_shown_that_one() -> None:
    for page, shown in (
        ("", "skewcheck rollouts show staging"),
        ("https://x.example", "https://x.example/environments/staging"),
    ):
        space = Workspace(page=page)
        space.says(ADA, "redeploy staging")
        space.presses(LIN, "approve")
        for text in ("redeploy staging", "rollback staging"):
            told = space.says(ADA, text)
            assert "is unfinished: it goes on first" in told
            assert shown in told
        assert len(space.proposals()) == 1


def test_where_nothing_is_to_be_moved_nothing_is_proposed() -> None:
    space = Workspace()
    space.rollouts.redeploy()
    assert "nothing to do" in space.says(ADA, "redeploy staging")
    assert space.proposals() == []


def test_what_nobody_knows_refuses_a_redeploy() -> None:
    space = Workspace()
    space.rollouts.cloud.unreadable["api"] = unreadable()
    assert "what serves api is not known" in space.says(ADA, "redeploy staging")
    assert space.proposals() == []


def test_what_is_held_is_not_even_proposed() -> None:
    space = Workspace()
    space.says(LIN, "hold staging the launch")
    told = space.says(ADA, "redeploy staging")
    assert "staging is held by slack:U0LIN: the launch" in told
    assert space.proposals() == []


def test_what_is_frozen_is_not_even_proposed() -> None:
    freeze = {"from": "Mon 00:00", "to": "Sun 23:59", "zone": "UTC", "allow": ["rollback"]}
    space = Workspace(policy={"freeze": [freeze]})
    assert "frozen from Mon 00:00" in space.says(ADA, "redeploy staging")
    assert space.proposals() == []


def test_an_environment_that_has_no_manifest_is_told() -> None:
    assert "manifests/production.yaml: no such file" in Workspace().says(ADA, "redeploy production")


def rolled_out() -> Workspace:
    space = Workspace()
    space.says(ADA, "redeploy staging")
    space.presses(LIN, "approve")
    space.carried_out()
    space.sweep()
    return space


def test_a_rollback_is_proposed_and_started_by_one_listed_person() -> None:
    space = rolled_out()
    assert space.says(LIN, "rollback staging") == ""
    assert "Rollback of staging?" in read(space.message())
    assert "only those" in space.presses(MALLORY, "approve")
    space.presses(LIN, "approve")
    order = space.orders()[0]
    assert (order.kind, order.who) == (RolloutKind.ROLLBACK, "slack:U0LIN")
    assert order.why == f"undoes {space.orders()[1].rollout}"
    assert space.rollouts.notes.approvals(order.digest) == ()


def test_the_undo_button_asks_for_the_rollback_of_that_rollout() -> None:
    space = rolled_out()
    assert buttons_of(space.message()) == ["undo"]
    rollout = space.orders()[0].rollout
    space.presses(MALLORY, "undo", rollout)
    assert space.proposed().undoes == rollout
    assert space.proposed().asked_by == "slack:U0MALLORY"
    space.presses(KIM, "approve")
    assert space.orders()[0].kind is RolloutKind.ROLLBACK


def test_a_rollout_that_nobody_knows_cannot_be_undone() -> None:
    space = Workspace()
    assert "this rollout is not known here" in space.presses(ADA, "undo", "20200101-0000-000000")
    assert "staging has no rollout r9" in space.says(ADA, "rollback staging r9")
    assert "none can be undone" in space.says(ADA, "rollback staging")


def test_a_button_that_is_none_of_ours_does_nothing() -> None:
    assert Workspace().presses(ADA, "dance", "now") == ""
