"""What the doctor has seen, with boring defaults: the default world of tests/builders is well."""

from collections.abc import Iterable
from typing import Any

from skewcheck.core.checkup.check import Check, Name, State
from skewcheck.core.checkup.facts import EnvironmentFacts, MachineFacts, Wanted
from skewcheck.core.checkup.granted import of_projects
from skewcheck.core.checkup.needs import needs_of
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.load_balancing import Backend, UrlMap
from skewcheck.core.survey import Survey
from tests import builders
from tests.adoption_fakes import FakeLoadBalancers, serverless

PROJECT = Resource(kind="project", project="acme-staging")
API_ON_CLOUD_RUN = Resource(
    kind="cloud-run-service", project="acme-staging", region="us-central1", name="acme-api"
)


def balancers() -> tuple[UrlMap, ...]:
    """acme-web leads to a bucket for the app, and to the api on Cloud Run."""
    balancers = FakeLoadBalancers()
    bucket = Backend(name="app-bucket", bucket="app", cdn=True)
    balancers.route("app.staging.acme.example", bucket)
    balancers.route("api.staging.acme.example", serverless("acme-api"))
    return tuple(balancers.known)


def facts(seen: Survey | None = None, **changed: Any) -> EnvironmentFacts:
    """Everything is granted on the project, and the load balancers are as they should be."""
    survey = seen or builders.survey()
    said: dict[str, Any] = {
        "survey": survey,
        "sources": builders.sources(),
        "member": "user:ada@acme.example",
        "grants": all_granted(survey),
        "url_maps": {"acme-staging": balancers()},
        "default_branch": "origin/main",
        "remote": "origin",
    }
    return EnvironmentFacts(**(said | changed))


def all_granted(survey: Survey, *, but: Iterable[str] = ()) -> dict[Resource, frozenset[str]]:
    """On the projects."""
    asked = of_projects(needs_of(survey, Wanted.ALL))
    return {on: frozenset(wanted) - frozenset(but) for on, wanted in asked.items()}


def machine(**changed: Any) -> MachineFacts:
    said: dict[str, Any] = {
        "stand_in": "",
        "identity": "user:ada@acme.example",
        "place": "/home/ada/.local/state/skewcheck",
        "is_shared": False,
        "goes_with": "",
        "state": None,
        "slack": None,
        "channel": "",
    }
    return MachineFacts(**(said | changed))


def only(checks: Iterable[Check], name: Name, subject: str = "") -> Check:
    """The one check of that name."""
    (found,) = (each for each in checks if each.name is name and subject in {"", each.subject})
    return found


def states(checks: Iterable[Check]) -> dict[tuple[str, str], State]:
    return {(str(each.name), each.subject): each.state for each in checks}
