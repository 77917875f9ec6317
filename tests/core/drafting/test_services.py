"""What a draft says of one service, and what it says that rests on."""

import pytest

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.drafting.facts import ContractFile
from skewcheck.core.findings import Code
from tests.builders import NEW, OLD
from tests.core.drafting import found
from tests.core.drafting.found import (
    api,
    contract,
    draft,
    field,
    gap,
    item,
    lead,
    live,
    plane,
    route,
    web,
)


def test_a_host_of_a_url_map_is_where_users_reach_it() -> None:
    url = field(draft(), "web", "url")
    assert url.value == "https://app.acme.example"
    assert url.guess == "URL map acme-web sends app.acme.example here"


def test_other_hosts_are_named() -> None:
    made = draft(web(routes=(route("app.acme.example"), route("www.acme.example"))), api())
    assert field(made, "web", "url").guess.endswith("; also www.acme.example")


def test_what_the_user_says_is_no_guess() -> None:
    said = found.answers(urls={"web": "http://127.0.0.1:8080"})
    url = field(draft(said=said), "web", "url")
    assert (url.value, url.guess) == ("http://127.0.0.1:8080", "")


def test_without_a_route_it_is_cloud_runs_own_address() -> None:
    url = field(draft(web(), api(routes=())), "api", "url")
    assert url.value == "https://api-hash.a.run.app"
    assert "no URL map sends anything here" in url.guess


def test_an_address_guessed_without_load_balancers_says_so() -> None:
    blind = found.unreadable("https://compute.googleapis.com", Code.UNAUTHORIZED)
    made = draft(web(), api(routes=()), blind=blind)
    assert "load balancers unread" in field(made, "api", "url").guess
    assert "connection refused" in made.lead[0]


def test_a_closed_service_that_nothing_leads_to_has_no_address() -> None:
    made = draft(web(), api(routes=(), planes=(plane("api", internal=True),)))
    assert gap(made, "api", "url").ask == "url"
    assert not made.is_whole


def test_a_map_that_sends_every_host_does_not_say_which_one_users_type() -> None:
    made = draft(web(routes=(route("*", cdn=True),)), api())
    assert "URL map acme-web sends every other host here" in gap(made, "web", "url").how


def test_a_host_that_is_none_is_not_believed() -> None:
    made = draft(web(routes=(route("app acme"),)), api())
    assert gap(made, "web", "url").ask == "url"


def test_where_a_host_is_shared_by_path_its_documents_are_not_heard() -> None:
    made = draft(web(), api(routes=(route("app.acme.example", "/ws"),)))
    assert field(made, "api", "url").value == "https://app.acme.example"
    assert "app.acme.example/ws" in field(made, "api", "url").guess
    assert field(made, "api", "witnesses").value == ("control-plane", "origin")


def test_a_whole_host_comes_before_part_of_one() -> None:
    routes = (route("app.acme.example", "/ws"), route("api.acme.example"))
    made = draft(web(), api(routes=routes))
    assert field(made, "api", "url").value == "https://api.acme.example"


def test_the_ref_is_the_default_branch() -> None:
    ref = field(draft(), "web", "ref")
    assert (ref.value, ref.guess) == ("main", "the remote's default branch; or build: SHA")
    assert item(draft(), "web", "paths") is None


def test_without_a_known_branch_the_ref_is_a_gap() -> None:
    made = draft(ref="", ref_why="")
    assert gap(made, "web", "ref").example == "main"


def test_a_folders_last_change_that_serves_tells_the_paths() -> None:
    made = draft(web(live=(live(is_tip=False, folders=("web",)),)), api())
    paths = field(made, "web", "paths")
    assert paths.value == ("web/**", "contracts/**")
    assert paths.guess.endswith("touched web/; and what it speaks")


@pytest.mark.parametrize("contracts", [(), (contract("web/contracts/chat.yaml"),)])
def test_a_contract_that_is_nowhere_or_in_its_folder_adds_none(
    contracts: tuple[ContractFile, ...],
) -> None:
    shown = (live(is_tip=False, folders=("web",)),)
    made = draft(web(live=shown), api(), contracts=contracts)
    assert field(made, "web", "paths").value == ("web/**",)


def test_two_folders_tell_nothing_of_which_is_whose() -> None:
    made = draft(web(live=(live(is_tip=False, folders=("site", "docs")),)), api())
    assert item(made, "web", "paths") is None
    assert "paths: [web/**]" in lead(made, "web")


def test_what_no_manifest_takes_is_not_written_into_one() -> None:
    made = draft(web(live=(live(is_tip=False, folders=("-web",)),)), api(), ref="a..b")
    assert item(made, "web", "paths") is None
    assert gap(made, "web", "ref").example == "main"


def test_of_several_folders_the_one_that_it_is_named_after_is_its_own() -> None:
    both = (live(folders=("api", "web")),)
    made = draft(web(name="chat-web", live=both), api(live=both))
    assert field(made, "chat-web", "paths").value == ("web/**", "contracts/**")
    assert field(made, "api", "paths").guess.startswith("by its name; what serves is")
    assert item(draft(web(live=both)), "web", "paths") is None


def test_half_of_the_traffic_tells_no_paths() -> None:
    other = live(build=OLD.value, revision="r-0")
    made = draft(web(live=(live(is_tip=False, folders=("web",)), other)), api())
    assert item(made, "web", "paths") is None


def test_a_build_that_the_repository_does_not_know_asks_for_another() -> None:
    made = draft(web(live=(live(stranger="9e39e39 is in no branch", is_tip=False),)), api())
    assert "9e39e39 is in no branch" in gap(made, "web", "repository").how
    assert gap(made, "web", "ref").optional is False


def test_what_serves_is_told() -> None:
    assert "serves 9e39e39 (r-1, 100 % of traffic; told by label commit-sha)" in lead(
        draft(), "web"
    )
    made = draft(web(live=(live(build="", named_by="", is_tip=False),)), api())
    assert "nothing on the revision says which commit it is" in lead(made, "web")


def test_what_cannot_be_read_is_told_with_its_cure() -> None:
    broken = found.unreadable("https://run.googleapis.com", Code.UNAUTHORIZED, fix="gcloud x")
    made = draft(web(), api(planes=(broken,), routes=()))
    assert "Cloud Run could not be read: connection refused. gcloud x" in lead(made, "api")


def test_an_address_that_does_not_answer_is_told() -> None:
    silent = found.unreadable("https://api.acme.example")
    made = draft(web(), api(look=None, silent=silent))
    assert "https://api.acme.example did not answer from here" in lead(made, "api")
    assert item(made, "api", "version_path") is None


def test_the_version_document_that_answers_is_written_down() -> None:
    assert field(draft(), "web", "version_path").value == "/__version__"


def test_a_document_that_a_redirect_led_to_is_not() -> None:
    elsewhere = found.document("https://login.example")
    made = draft(web(look=found.answering("https://app.acme.example", document=elsewhere)), api())
    assert item(made, "web", "version_path") is None


def test_no_version_document_and_a_nameless_page_are_told() -> None:
    url = "https://app.acme.example"
    none = found.unreadable(f"{url}/version", Code.NO_VERSION_DOCUMENT, detail="HTTP 404")
    look = found.answering(url, document=none, page=found.page(url, None))
    told = lead(draft(web(look=look), api()), "web")
    assert "app.acme.example has no version document (HTTP 404)" in told
    assert "its page does not say which build it is" in told


def test_regions_that_are_not_the_usual_ones_are_said() -> None:
    both = ("europe-west1", found.REGION)
    made = draft(web(), api(regions=both, planes=(plane("api"), plane("api"))))
    assert field(made, "api", "cloud_run").value == {"service": "api", "regions": both}
    assert field(made, "web", "cloud_run").value == {"service": "web"}
    made = draft(web(), api(regions=("europe-west1",)))
    assert field(made, "api", "cloud_run").value == {"service": "api", "region": "europe-west1"}


def test_regions_that_all_have_are_the_default() -> None:
    both = ("europe-west1", found.REGION)
    made = draft(web(regions=both), api(regions=both))
    assert made.defaults[0].value == {"project": "acme-staging", "regions": both}


def test_a_tag_that_is_a_build_says_how_images_are_named() -> None:
    assert field(draft(), "web", "deploy").value == {"image": "registry/acme/web:{build}"}


def test_what_stands_around_the_build_in_a_tag_is_kept() -> None:
    tagged = plane("web", deployed_image=f"localhost:5000/web:sha-{NEW}-slim@sha256:01")
    made = draft(web(planes=(tagged,)), api())
    assert field(made, "web", "deploy").value == {"image": "localhost:5000/web:sha-{build}-slim"}


def test_an_image_without_a_known_build_is_a_gap_that_names_it() -> None:
    tagged = plane("web", deployed_image="localhost:5000/web:v12")
    missing = gap(draft(web(planes=(tagged,)), api()), "web", "deploy")
    assert missing.optional
    assert missing.example == '{image: "localhost:5000/web:{build}"}'


def test_a_digest_or_a_port_is_no_tag() -> None:
    for image in (f"localhost:5000/{NEW}", "registry/web@sha256:01"):
        made = draft(web(planes=(plane("web", deployed_image=image),)), api())
        assert gap(made, "web", "deploy").optional


def test_where_no_image_can_be_read_the_gap_shows_the_form() -> None:
    bare: tuple[ControlPlane, ...] = ()
    made = draft(web(planes=bare), api(planes=(plane("api", build=None, deployed_image=""),)))
    assert "IMAGE:{build}" in gap(made, "web", "deploy").example
    assert gap(made, "api", "deploy").example == '{image: "registry/acme/api:{build}"}'


def test_a_cache_before_a_page_must_forget_the_page() -> None:
    edge = field(draft(), "web", "edge")
    assert edge.value == {"cloud_cdn": {"invalidate": ("/", "/index.html", "/__version__")}}
    assert field(draft(), "web", "edge").guess.startswith("Cloud CDN is on in acme-web")
    assert draft().defaults[1].value == {"project": "acme-staging", "url_map": "acme-web"}


def test_without_a_cache_there_is_no_edge() -> None:
    assert item(draft(), "api", "edge") is None
    assert len(draft(web(routes=()), api()).defaults) == 1


def test_a_cache_before_a_server_that_says_nothing_must_forget_everything() -> None:
    made = draft(web(), api(routes=(route("api.acme.example", cdn=True),), look=None))
    assert field(made, "api", "edge").value == {"cloud_cdn": {"invalidate": ("/*",)}}


def test_an_edge_of_another_host_or_map_says_so() -> None:
    said = found.answers(urls={"web": "http://127.0.0.1:8080"})
    other = route("api.acme.example", cdn=True, url_map="acme-api")
    made = draft(web(), api(routes=(other,)), said=said)
    assert field(made, "web", "edge").value == {
        "cloud_cdn": {
            "host": "app.acme.example",
            "invalidate": ("/", "/index.html", "/__version__"),
        }
    }
    assert field(made, "api", "edge").value == {
        "cloud_cdn": {"url_map": "acme-api", "invalidate": ("/__version__",)}
    }


def test_a_closed_service_has_no_origin_to_ask() -> None:
    closed = (plane("api", internal=True),)
    made = draft(web(planes=(plane("web", internal=True),)), api(planes=closed))
    assert field(made, "api", "witnesses").value == ("control-plane", "edge")
    assert field(made, "web", "witnesses").value == ("control-plane", "edge", "page")


def test_a_closed_service_on_a_shared_host_has_its_control_plane() -> None:
    shared = (route("app.acme.example", "/ws"),)
    made = draft(web(), api(planes=(plane("api", internal=True),), routes=shared))
    assert field(made, "api", "witnesses").value == ("control-plane",)


def test_a_service_that_cloud_run_does_not_run_is_static() -> None:
    said = found.answers(urls={"web": "https://web.example"})
    made = draft(found.static(), api(), said=said)
    assert field(made, "web", "static").guess == "Cloud Run does not run it"
    assert gap(made, "web", "deploy").example == "{cloud_build_trigger: TRIGGER}"


def test_a_bucket_is_a_static_page() -> None:
    made = draft(found.static(backing="the bucket files", routes=(route("b.example"),)), api())
    assert field(made, "web", "static").remark == "the bucket files"
    assert field(made, "web", "url").value == "https://b.example"


def test_pages_come_first() -> None:
    assert [each.name for each in draft(api(), web()).services] == ["web", "api"]
