"""From a survey to what the planner plans over."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.compatibility import Fit
from skewcheck.core.errors import UsageError
from skewcheck.core.history import NotInHistory
from skewcheck.core.plan.facts import Channel, Party
from skewcheck.core.plan.observed import SurveyFits, is_unknown, observe_world, target_of
from skewcheck.core.survey import PromiseUnreadable, Survey
from tests.builders import (
    BACKEND,
    FRONTEND,
    NEW,
    NEXT,
    OLD,
    backend,
    candidate,
    contract,
    document,
    frontend,
    lingering,
    manifest,
    origin,
    page,
    plane,
    promise,
    revision,
    survey,
    target,
    unreadable,
)

HOURS = 3600.0


def party(name: str, *services: Any, **changed: Any) -> Party:
    return observe_world(survey(*services, **changed)).parties[name]


def both(*shares: int) -> Any:
    """The backend's traffic over NEW and OLD."""
    revisions = revision(), revision("acme-api-00001", OLD)
    targets = [target(each.name, share) for each, share in zip(revisions, shares, strict=True)]
    return plane(*revisions, targets=targets)


def test_a_world_as_promised_has_nowhere_to_go() -> None:
    seen = observe_world(survey())
    assert seen.parties["backend"].serving == (NEW.value,)
    assert not any(each.moves or each.is_stale_at_edge for each in seen.parties.values())
    assert seen.channels == (Channel(name="chat", client="frontend", server="backend"),)


def test_a_service_goes_to_what_is_promised() -> None:
    assert party("backend", backend(promise=promise(NEXT))).target == NEXT.value


def test_a_candidate_goes_before_the_promise() -> None:
    assert party("backend", candidates=[candidate()]).target == NEXT.value


def test_without_a_known_target_there_is_nothing_to_plan() -> None:
    gone = NotInHistory("deadbee is in no branch", "git push it")
    for seen, told, hint in (
        (survey(candidates=[candidate(build=gone)]), "backend: deadbeef: deadbee is in no", "git"),
        (
            survey(backend(promise=PromiseUnreadable(why="no such ref", fix="git fetch"))),
            "backend: what should run is not known: no such ref",
            "git fetch",
        ),
        (
            survey(backend(promise=None)),
            "backend: nothing is promised in manifests/staging.yaml",
            "promise a build of backend",
        ),
    ):
        with pytest.raises(UsageError, match=told) as caught:
            target_of(seen, "backend")
        assert caught.value.hint.startswith(hint)


def test_where_everything_stays_nothing_need_be_promised() -> None:
    seen = survey(backend(promise=None, planes=(both(0, 100),)))
    assert observe_world(seen, stays=True).parties["backend"].target == OLD.value


def test_a_split_serves_several_builds() -> None:
    assert party("backend", backend(planes=(both(90, 10),))).serving == (NEW.value, OLD.value)


def test_what_the_origin_answers_serves_too() -> None:
    seen = backend(origins=(origin(document(OLD)),))
    assert party("backend", seen).serving == (NEW.value, OLD.value)


def test_what_only_session_affinity_holds_does_not_serve() -> None:
    seen = party("backend", backend(planes=(_with_affinity(),)))
    assert seen.serving == (NEW.value,)
    assert seen.server_linger_s == 12 * HOURS


def _with_affinity() -> Any:
    return plane(revision(), revision("acme-api-00001", OLD), session_affinity=True)


def test_without_session_affinity_no_drained_server_lives_on() -> None:
    assert party("backend").server_linger_s == 0.0


def test_a_static_service_serves_what_its_edge_hands_out() -> None:
    seen = party("frontend", frontend(edge=document(OLD), page=page(OLD)))
    assert (seen.serving, seen.at_edge, seen.target) == ((OLD.value,), (OLD.value,), NEW.value)
    assert seen.behind_edge


def test_where_only_a_page_tells_what_serves_the_page_is_believed() -> None:
    seen = party("frontend", frontend(edge=None, page=page(OLD), lingering=(lingering(NEXT),)))
    assert (seen.serving, seen.lingering) == ((OLD.value,), (NEXT.value,))


def test_edge_and_page_that_differ_are_both_handed_out() -> None:
    seen = party("frontend", frontend(page=page(OLD)))
    assert seen.at_edge == (NEW.value, OLD.value)
    assert seen.is_stale_at_edge


def test_old_clients_linger_for_as_long_as_the_policy_says() -> None:
    seen = party("frontend", frontend(lingering=(lingering(OLD),)))
    assert (seen.lingering, seen.client_linger_s) == ((OLD.value,), 12 * HOURS)
    assert party("backend").client_linger_s == 0.0


def test_an_old_client_that_also_serves_is_told_once() -> None:
    assert party("frontend", frontend(lingering=(lingering(NEW),))).lingering == ()


def test_who_is_no_client_has_none_that_linger() -> None:
    seen = party("backend", backend(edge=document(OLD)))
    assert (seen.lingering, seen.at_edge) == ((), ())


def test_what_nobody_could_name_is_never_left_out() -> None:
    seen = party("backend", backend(planes=(unreadable(),)))
    assert seen.serving == ("?backend: connection refused",)
    assert is_unknown(seen.serving[0])
    assert seen.moves


def test_a_page_without_a_name_is_a_client_that_nobody_knows() -> None:
    seen = party("frontend", frontend(page=page(None)))
    assert seen.at_edge == (NEW.value, "?frontend: the page names no build")


def test_where_nothing_serves_that_is_told() -> None:
    seen = party("backend", backend(planes=(plane(targets=[]),)))
    assert seen.serving == ("?backend: nothing serves",)


def test_a_build_takes_longer_than_a_shift() -> None:
    seen = observe_world(survey())
    assert seen.parties["frontend"].shift_s > seen.parties["backend"].shift_s
    image = BACKEND | {"deploy": {"image": "us-docker.pkg.dev/a/b/c:{build}"}}
    told = manifest(services={"frontend": FRONTEND, "backend": image})
    assert party("backend", manifest=told).shift_s == seen.parties["backend"].shift_s


def _skewed() -> Survey:
    old = {("chat", "client", OLD): contract("1.0", ">=1,<2")}
    return survey(frontend(lingering=(lingering(OLD),)), contracts=old)  # type: ignore[arg-type]


def test_git_says_what_fits() -> None:
    fits = SurveyFits(_skewed())
    assert fits("chat", NEW.value, NEW.value) is Fit.YES
    assert fits("chat", OLD.value, NEW.value) is Fit.NO
    told = fits.compare("chat", OLD.value, NEW.value).sentence
    assert told == "client speaks 1.0, server accepts >=2.0,<3"


@pytest.mark.parametrize("build", ["?frontend: no answer", "v17", "v" * 40])
def test_who_is_not_known_fits_with_nobody_for_certain(build: str) -> None:
    fits = SurveyFits(_skewed())
    assert fits("chat", build, NEW.value) is Fit.UNKNOWN
    assert fits("chat", NEW.value, build) is Fit.UNKNOWN


def test_how_long_tabs_live_is_the_services_own_to_say() -> None:
    told = manifest(services={"frontend": FRONTEND | {"lingers": "30m"}, "backend": BACKEND})
    seen = party("frontend", manifest=told)
    assert timedelta(seconds=seen.client_linger_s or 0) == timedelta(minutes=30)
