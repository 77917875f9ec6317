from skewcheck.core.plan.plan import Answer, Plan, Wave
from skewcheck.render.plan.undo import Undo, undo_from


def plan(*sticky: tuple[str, ...]) -> Plan:
    waves = tuple(Wave(waits=(), moves=(), sticky=each) for each in sticky)
    return Plan(answer=Answer.SAFE, waves=waves)


def test_where_nothing_sticks_all_of_it_goes_back_at_once() -> None:
    assert undo_from(plan((), (), ()), 3) == Undo(at_once_from=1, first_gone=())


def test_new_clients_hold_back_the_waves_before_their_own_only() -> None:
    seen = plan((), ("web",), (), ("app",))
    assert undo_from(seen, 1) == Undo(at_once_from=1, first_gone=())
    assert undo_from(seen, 2) == Undo(at_once_from=2, first_gone=("web",))
    assert undo_from(seen, 3) == Undo(at_once_from=2, first_gone=("web",))
    assert undo_from(seen, 4) == Undo(at_once_from=4, first_gone=("web", "app"))


def test_before_the_first_wave_there_is_nothing_to_hold_back() -> None:
    assert undo_from(plan(("web",), ()), 2) == Undo(at_once_from=1, first_gone=())
