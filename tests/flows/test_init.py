"""Looking around in a project and a repository: what is found, and what stops the search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from skewcheck.adapters.git_history import GitHistories
from skewcheck.adapters.work_tree import open_work_tree
from skewcheck.core.answer import FailureKind
from skewcheck.core.build import BuildName, BuildSha, OpaqueId
from skewcheck.core.drafting.facts import Facts, ServiceFacts
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.core.findings import Code
from skewcheck.core.load_balancing import Backend
from skewcheck.core.reading import VersionDocument
from skewcheck.flows.init import DraftDoors, Wish, homeless, look_around, with_answers
from skewcheck.ports import HttpReader
from tests.adoption_fakes import PROJECT, FakeCloudRunDirectory, FakeLoadBalancers, serverless
from tests.core.drafting import found
from tests.fakes import FakeClock, FakeHttp, FakePlatform, Reply
from tests.repositories import Repository

CONTRACT = """\
schema: 1
protocol: chat
version: "2.1"
accepts: ">=2.0,<3"
"""
HTML = Reply(b"<!doctype html><script src=/app.js></script>", headers={"Content-Type": "text/html"})
NOBODY = Reply(fails=FailureKind.NAME)


@dataclass
class World:
    """A repository of two folders, and a project of two services that run its newest changes."""

    repository: Repository
    doors: DraftDoors
    directory: FakeCloudRunDirectory
    balancers: FakeLoadBalancers
    platform: FakePlatform
    http: FakeHttp
    web: BuildSha
    api: BuildSha
    hosts: list[frozenset[str]] = field(default_factory=list)

    def look(self, contract: str = "", **wish: Any) -> Facts:
        asked = Wish(**({"project": PROJECT} | wish))
        return look_around(self.doors, asked, contract=contract)

    def answered(self, urls: Mapping[str, str] | None = None) -> dict[str, ServiceFacts]:
        facts = with_answers(self.doors.http, self.look(), urls or {})
        return {each.name: each for each in facts.services}

    def runs(self, service: str, build: BuildSha | OpaqueId | None, **changed: Any) -> None:
        plane = found.plane(service, build=None, **changed)
        name = BuildName(build) if build else None
        revisions = tuple(replace(each, build=name, named_by="label") for each in plane.revisions)
        self.platform.planes[service] = replace(plane, revisions=revisions)

    def answer(self, base: str, **replies: Reply) -> None:
        paths = {"page": "/", "version": "/__version__", "script": "/app.js"}
        self.http.replies |= {base + paths[name]: reply for name, reply in replies.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "acme")
    repository.commit({"contracts/chat.yaml": CONTRACT}, "Agree")
    return repository


@pytest.fixture
def world(repository: Repository, tmp_path: Path) -> Iterator[World]:
    web = repository.commit({"web/page.html": "<p>"}, "Write a page")
    api = repository.commit({"api/app.py": "1"}, "Serve")
    repository.commit({"README.md": "#"}, "Tell")
    directory, balancers = FakeCloudRunDirectory(), FakeLoadBalancers()
    directory.add("web", "api")
    platform, http = FakePlatform(), FakeHttp(FakeClock())
    hosts: list[frozenset[str]] = []

    def opened(allowed: frozenset[str]) -> HttpReader:
        hosts.append(allowed)
        return http

    with GitHistories(base=repository.path, cache=tmp_path / "cache") as histories:
        doors = DraftDoors(
            history=histories.open("."),
            work_tree=open_work_tree(repository.path),
            directory=directory,
            balancers=balancers,
            platform=platform,
            http=opened,
        )
        made = World(repository, doors, directory, balancers, platform, http, web, api, hosts)
        made.runs("web", web)
        made.runs("api", api)
        yield made


def named(facts: Facts) -> dict[str, ServiceFacts]:
    return {each.name: each for each in facts.services}


def test_what_serves_is_known_by_the_folder_that_it_last_changed(world: World) -> None:
    services = named(world.look())
    (build,) = services["web"].live
    assert (build.build, build.folders, build.is_tip) == (world.web.value, ("web",), False)
    assert services["api"].live[0].folders == ("api",)


def test_the_tip_is_told(world: World) -> None:
    world.runs("web", world.repository.head)
    assert named(world.look())["web"].live[0].is_tip


def test_a_build_of_another_repository_is_a_stranger(world: World) -> None:
    world.runs("web", BuildSha("f" * 40))
    world.runs("api", OpaqueId("v-2026-11-23-a"))
    services = named(world.look())
    assert "ffff" in services["web"].live[0].stranger
    assert services["api"].live[0].stranger == "v-2026-11-23-a is no commit"


def test_a_revision_that_names_no_build_is_told_as_it_is(world: World) -> None:
    world.runs("web", None)
    (build,) = named(world.look())["web"].live
    assert (build.build, build.stranger) == ("", "")


def test_a_build_from_before_the_contract_is_known_to_lack_it(world: World) -> None:
    world.repository.commit({"contracts/feed.yaml": CONTRACT.replace("chat", "feed")})
    assert named(world.look())["web"].live[0].without == {"contracts/feed.yaml"}


def test_the_branch_is_the_remotes_default(world: World, tmp_path: Path) -> None:
    assert (world.look().ref, world.look().ref_why) == ("main", "a branch of that name is here")
    world.repository.branch("trunk")
    clone = world.repository.clone(tmp_path / "clone")
    with GitHistories(base=clone, cache=tmp_path / "cache") as histories:
        world.doors = replace(world.doors, history=histories.open("."))
        facts = world.look()
    assert (facts.ref, facts.ref_why) == ("trunk", "the remote's default branch")


def test_without_a_usual_branch_none_is_known(world: World) -> None:
    world.repository.git("branch", "--move", "main", "trunk")
    assert world.look().ref == ""


def test_contracts_are_read_at_head_and_beside_it(world: World) -> None:
    beside = world.repository.path / "contracts"
    (beside / "chat.yaml").write_text("broken: now")
    (beside / "new.yaml").write_text(CONTRACT.replace("chat", "new"))
    (beside / "odd.yaml").write_text("schema: 1\n")
    (beside / "README.md").write_text("#")
    chat, new, odd = world.look().contracts
    assert (chat.path, chat.committed, chat.problem) == ("contracts/chat.yaml", True, "")
    assert (new.path, new.committed) == ("contracts/new.yaml", False)
    assert odd.contract is None
    assert odd.problem.startswith("contracts/odd.yaml:1:1: ")


def test_one_contract_may_be_named_wherever_it_is(world: World) -> None:
    world.repository.commit({"api/chat.yaml": CONTRACT, "top.yaml": CONTRACT})
    assert [each.path for each in world.look("./api/chat.yaml").contracts] == ["api/chat.yaml"]
    assert world.look("top.yaml").contracts[0].committed
    with pytest.raises(UsageError, match=r"--contract nope\.yaml: no such file"):
        world.look("nope.yaml")


def test_a_service_in_several_regions_is_one(world: World) -> None:
    world.directory.add("api", region="europe-west1")
    assert named(world.look())["api"].regions == ("europe-west1", "us-central1")
    assert named(world.look(regions=("europe-west1",)))["api"].regions == ("europe-west1",)


def test_only_what_is_wished_for_is_looked_at(world: World) -> None:
    assert list(named(world.look(services=("api",)))) == ["api"]
    assert {each.service for each in world.platform.asked} == {"api"}


def test_a_bucket_behind_a_load_balancer_is_a_client(world: World) -> None:
    world.balancers.route("files.example", Backend(name="files", bucket="acme-files"))
    files = named(world.look())["files"]
    assert (files.is_static, files.backing) == (True, "the bucket acme-files")
    assert "files" not in named(world.look(services=("api",)))
    assert "files" in named(world.look(services=("files",)))


def test_what_cloud_run_does_not_run_is_named(world: World) -> None:
    assert named(world.look(static=("firebase",)))["firebase"].is_static
    with pytest.raises(UsageError, match=r"--static web=….*Cloud Run runs web"):
        world.look(static=("web",))


def test_load_balancers_that_cannot_be_read_are_no_failure(world: World) -> None:
    world.balancers.refusal = found.unreadable("https://compute", Code.UNAUTHORIZED)
    assert world.look().blind is world.balancers.refusal


def test_services_that_cannot_be_listed_end_it(world: World) -> None:
    world.directory.refusal = found.unreadable("https://run", fix="gcloud x", detail="no rights")
    with pytest.raises(
        SkewcheckError, match=f"cannot list the services of {PROJECT}: no rights"
    ) as e:
        world.look()
    assert e.value.hint == "gcloud x"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        pytest.param({"project": "other"}, "other has no Cloud Run services", id="empty project"),
        pytest.param({"regions": ("r",)}, "no Cloud Run services in r", id="empty region"),
        pytest.param({"services": ("wep",)}, "no service wep; did you mean `web`", id="a slip"),
        pytest.param({"urls": ("wep",)}, "--url wep=….*did you mean `web`", id="url"),
    ],
)
def test_a_wish_that_fits_nothing_is_refused(world: World, wish: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        world.look(**wish)


def test_a_crowd_is_not_looked_at_without_being_named(world: World) -> None:
    world.directory.add(*(f"job-{number}" for number in range(11)))
    with pytest.raises(UsageError, match="has 13 services: api, job-0") as refused:
        world.look()
    assert refused.value.hint.endswith("--service api --service job-0")


def test_a_service_without_an_address_is_known_beforehand(world: World) -> None:
    world.runs("api", world.api, internal=True)
    ((name, gap),) = homeless(world.look(), {})
    assert (name, gap.ask) == ("api", "url")
    assert homeless(world.look(), {"api": "https://a.example"}) == ()


def test_what_the_users_address_answers_counts(world: World) -> None:
    world.balancers.route("app.example", serverless("web"))
    world.answer("https://app.example", page=HTML, version=document(world.web))
    world.answer("https://app.example", script=Reply(b"new WebSocket(`wss://${h}/ws`)"))
    look = world.answered()["web"].look
    assert look is not None
    assert isinstance(look.document, VersionDocument)
    assert isinstance(look.page, PageHtml)
    assert look.sockets == ("/ws",)
    assert world.hosts == [frozenset({"app.example", "web-hash.a.run.app", "api-hash.a.run.app"})]


def test_scripts_of_other_hosts_are_not_read(world: World) -> None:
    page = Reply(b"<!doctype html><script src=https://cdn.example/x.js></script>")
    world.answer("https://web-hash.a.run.app", page=page)
    world.answered()
    assert all("cdn.example" not in each.url for each in world.http.asked)


def test_where_the_users_address_is_silent_cloud_runs_own_is_asked(world: World) -> None:
    world.balancers.route("app.example", serverless("web"))
    for path in ("/", "/__version__"):
        world.http.replies[f"https://app.example{path}"] = NOBODY
    world.answer("https://web-hash.a.run.app", page=HTML)
    web = world.answered()["web"]
    assert web.silent is not None
    assert web.silent.url == "https://app.example"
    assert web.look is not None
    assert web.look.url == "https://web-hash.a.run.app"


def test_what_nobody_answers_for_is_silent(world: World) -> None:
    for path in ("/", "/__version__"):
        world.http.replies[f"https://web-hash.a.run.app{path}"] = NOBODY
    web = world.answered()["web"]
    assert (web.look, web.silent is not None) == (None, True)


def test_a_host_that_is_shared_by_path_is_not_asked_for_documents(world: World) -> None:
    world.balancers.route("app.example", serverless("api"), path="/ws")
    world.answered()
    assert all("app.example" not in each.url for each in world.http.asked)


def document(build: BuildSha) -> Reply:
    return Reply(
        b'{"source": "s", "version": "1", "commit": "%s", "build": "b"}' % build.value.encode()
    )
