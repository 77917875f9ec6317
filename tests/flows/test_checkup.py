"""What the doctor looks at, all behind fakes."""

from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from typing import Any

import pytest

from skewcheck.core.checkup.check import Name, State
from skewcheck.core.checkup.facts import EnvironmentFacts, Trouble, Wanted
from skewcheck.core.checkup.judging import judge_environment
from skewcheck.core.errors import UsageError
from skewcheck.core.exposed.health_document import Health
from skewcheck.core.findings import Code
from skewcheck.flows.checkup import Instruments, examine, on_google
from tests.adoption_fakes import FakeLoadBalancers
from tests.builders import NOW, unreadable
from tests.core.checkup.worlds import only
from tests.doctor_fakes import FakeIdentity, FakePermissions
from tests.fakes import Reply
from tests.flows.worlds import API, APP, CHAT, Acme, contract, manifest, version_document

DATED = {"Date": format_datetime(NOW), "Cache-Control": "no-store"}


@dataclass
class Clinic:
    """A world, and what the doctor looks through."""

    acme: Acme = field(default_factory=Acme)
    identity: FakeIdentity = field(default_factory=FakeIdentity)
    permissions: FakePermissions = field(default_factory=FakePermissions)
    balancers: FakeLoadBalancers = field(default_factory=FakeLoadBalancers)

    def examine(self, wanted: Wanted = Wanted.NEEDED, **more: Any) -> EnvironmentFacts:
        instruments = Instruments(
            identity=self.identity, permissions=self.permissions, load_balancers=self.balancers
        )
        doors, loaded = self.acme.world.doors(), self.acme.loaded()
        return examine(doors, loaded, instruments, wanted, **more)


def with_service(name: str, **changed: Any) -> dict[str, Any]:
    written = manifest()
    written["services"][name] |= changed
    return written


def test_a_world_that_is_well_has_nothing_bad_in_it() -> None:
    checks = judge_environment(Clinic().examine(), Wanted.NEEDED).checks
    assert {each.state for each in checks} == {State.OK, State.NOT_NEEDED}


def test_nothing_is_left_behind_and_no_socket_opened() -> None:
    clinic = Clinic()
    clinic.examine()
    assert clinic.acme.world.sightings.since("staging@here", NOW) == ()
    assert clinic.acme.world.prober.asked == []


def test_a_project_that_grants_everything_is_asked_once() -> None:
    clinic = Clinic()
    facts = clinic.examine()
    ((on, wanted),) = clinic.permissions.asked
    assert (on.kind, on.project) == ("project", "acme")
    assert facts.grants[on] == frozenset(wanted)
    assert facts.member == "user:ada@acme.example"


def test_what_it_lacks_is_asked_of_the_services() -> None:
    clinic = Clinic(permissions=FakePermissions(denied={"run.services.get"}))
    facts = clinic.examine()
    assert {on.name for on in facts.grants if on.kind == "cloud-run-service"} == {"web", "api"}
    check = only(judge_environment(facts, Wanted.NEEDED).checks, Name.MAY_READ, "api")
    assert check.told == "lacking run.services.get on api in us-central1"


def test_without_credentials_nobody_is_asked_what_they_may() -> None:
    refused = unreadable(Code.UNAUTHORIZED)
    clinic = Clinic(identity=FakeIdentity(refused))
    facts = clinic.examine()
    assert (facts.no_sign_in, facts.grants, facts.url_maps) == (refused, {}, {})
    assert clinic.permissions.asked == []


def test_where_nothing_is_on_google_nobody_is_asked_who_we_are() -> None:
    written = manifest()
    for service in written["services"].values():
        del service["cloud_run"]
        service["static"] = {}
    clinic = Clinic()
    clinic.acme.promise(written)
    assert not clinic.examine().is_on_google
    assert clinic.identity.asked == []


def test_the_projects_of_services_and_edges_are_known() -> None:
    acme = Acme()
    edge = {"cloud_cdn": {"project": "acme-edge", "url_map": "m"}}
    acme.promise(with_service("web", edge=edge))
    assert on_google(acme.loaded().manifest) == ("acme", "acme-edge")


def test_contracts_of_what_is_promised_and_does_not_run_yet_are_read() -> None:
    clinic = Clinic()
    acme = clinic.acme
    broken = acme.commit({CHAT: "no contract"}, "Break the contract")
    check = only(judge_environment(clinic.examine(), Wanted.NEEDED).checks, Name.CONTRACTS)
    assert check.state is State.BAD
    assert broken.short in check.told


def test_health_is_read_as_probes_read_it() -> None:
    clinic = Clinic()
    clinic.acme.promise(with_service("api", health={"path": "/health", "requires": ["threads"]}))
    clinic.acme.answer(f"{API}/health", Reply(body=b'{"threads": "ok"}', headers=DATED))
    facts = clinic.examine()
    health = facts.health["api"]
    assert isinstance(health, Health)
    assert health.states[0].state == "available"
    assert only(judge_environment(facts, Wanted.READ).checks, Name.CLOCK).state is State.OK


def test_without_a_health_document_some_other_answer_tells_the_time() -> None:
    clinic = Clinic()
    dated = replace(version_document(clinic.acme.new), headers=DATED)
    clinic.acme.answer(APP, dated)
    clinic.acme.answer(f"{APP}/version.json", dated)
    (answer,) = clinic.examine().clocks
    assert answer.url == f"{APP}/version.json"


def test_where_no_document_is_read_nobody_tells_the_time() -> None:
    clinic = Clinic()
    for base in (APP, API):
        clinic.acme.answer(f"{base}/version.json", Reply(status=503))
    assert clinic.examine().clocks == ()


@pytest.fixture
def with_token() -> Clinic:
    clinic = Clinic()
    written = manifest()
    written["links"]["chat"]["token"] = {"env": "CHAT"}
    clinic.acme.promise(written)
    clinic.acme.commit({CHAT: contract()}, "Chat")
    return clinic


def test_a_token_is_tried_and_not_kept(with_token: Clinic) -> None:
    facts = with_token.examine()
    assert facts.tokens == {"chat": None}
    assert "a-token-of-the-tests" not in repr(facts)


def test_one_that_cannot_be_had_is_told(with_token: Clinic) -> None:
    with_token.acme.world.tokens.secret = None
    assert with_token.examine().tokens == {"chat": Trouble("CHAT is not set", "export CHAT=…")}


def test_the_token_is_the_policy_refs(with_token: Clinic) -> None:
    acme = with_token.acme
    acme.world.history.default = acme.new.value
    assert with_token.examine().tokens == {}


def test_the_remote_and_its_default_branch_are_known() -> None:
    clinic = Clinic()
    clinic.acme.world.history.origin = "origin"
    facts = clinic.examine(policy_ref_given=True)
    assert (facts.remote, facts.default_branch, facts.policy_ref_given) == ("origin", None, True)


def test_a_ref_that_is_not_there_is_what_people_wrote() -> None:
    clinic = Clinic()
    clinic.acme.promise(with_service("api", ref="gone"))
    with pytest.raises(UsageError, match=r"services\.api\.ref"):
        clinic.examine()
