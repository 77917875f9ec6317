"""Who speaks to whom, in which contract and where: claims first, then what can be seen."""

from typing import Any

import pytest

from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.facts import ContractFile, ServiceFacts
from skewcheck.core.errors import UsageError
from tests.builders import OLD
from tests.core.drafting import found
from tests.core.drafting.found import (
    answering,
    answers,
    api,
    contract,
    draft,
    field,
    gap,
    item,
    lead,
    live,
    route,
    web,
)

HTML = answering("https://x.example", html=True)


def claiming(role: str, **changed: Any) -> Any:
    url = "https://x.example"
    return answering(url, document=found.document(url, ("chat", role)), **changed)


def silent() -> Answers:
    return answers(links={})


def test_the_only_page_is_the_client_and_the_other_the_server() -> None:
    made = draft()
    assert field(made, "chat", "client").value == "web"
    assert field(made, "chat", "client").guess == "the only service whose / is a page"
    assert field(made, "chat", "server").value == "api"
    assert field(made, "chat", "contract").value == "contracts/chat.yaml"


def test_what_services_say_of_themselves_counts_more_than_how_they_look() -> None:
    made = draft(web(look=claiming("server", html=True)), api(look=claiming("client")))
    assert field(made, "chat", "client").value == "api"
    assert field(made, "chat", "server").remark == "its version document says so"


def test_what_the_user_says_counts_most() -> None:
    said = answers(links={("", "client"): "api", ("", "server"): "web", ("", "path"): "/ws"})
    made = draft(web(look=claiming("client", html=True)), api(), said=said)
    assert (field(made, "chat", "client").value, field(made, "chat", "server").value) == (
        "api",
        "web",
    )


def test_two_pages_are_a_question_with_two_answers() -> None:
    made = draft(web(), api(look=HTML))
    assert gap(made, "chat", "client").choices == ("web", "api")
    assert gap(made, "chat", "server").ask == "server"


def test_a_server_that_says_so_leaves_one_page_for_the_client() -> None:
    made = draft(web(), api(look=claiming("server", html=True, page=HTML.page)))
    assert field(made, "chat", "client").value == "web"


def test_two_servers_are_a_question() -> None:
    made = draft(web(), api(), api(name="jobs"))
    assert gap(made, "chat", "server").choices == ("api", "jobs")


def test_two_that_claim_the_same_role_are_not_believed() -> None:
    made = draft(web(), api(look=claiming("server")), api(name="b", look=claiming("server")))
    assert gap(made, "chat", "server").choices == ("api", "b")


def test_a_project_of_one_service_has_nobody_to_talk_to() -> None:
    made = draft(web())
    assert gap(made, "chat", "server").how == "add it above: no other service was found"


def test_a_static_service_is_no_server() -> None:
    made = draft(web(), found.static("docs", look=None), said=answers(urls={"docs": "https://d.e"}))
    assert gap(made, "chat", "server").choices == ("docs",)


@pytest.mark.parametrize(
    ("services", "path"),
    [
        pytest.param((web(), api(routes=(route("a.example", "/ws/*"),))), "/ws", id="URL map"),
        pytest.param(
            (web(look=answering("https://a.example", html=True, sockets=("/chat",))), api()),
            "/chat",
            id="the page's scripts",
        ),
    ],
)
def test_a_path_that_one_thing_names_is_a_guess(
    services: tuple[ServiceFacts, ...], path: str
) -> None:
    assert field(draft(*services, said=silent()), "chat", "path").value == path


def test_paths_that_differ_are_named_in_the_gap() -> None:
    seen = answering("https://a.example", html=True, sockets=("/chat", "/ws"))
    missing = gap(draft(web(look=seen), api(), said=silent()), "chat", "path")
    assert missing.how.startswith("seen: /chat, /ws; ")
    assert missing.has_default


def test_a_route_that_is_no_path_is_no_hint() -> None:
    odd = (route("a.example", "^/[a-z]+#$"),)
    assert gap(draft(web(), api(routes=odd), said=silent()), "chat", "path").ask == "path"


def test_without_a_contract_one_link_asks_for_it() -> None:
    made = draft(contracts=())
    assert gap(made, "link", "contract").example == "contracts/link.yaml"
    assert not made.is_whole


def test_each_protocol_is_a_link() -> None:
    feed = contract("contracts/feed.yaml", protocol="feed")
    assert [each.name for each in draft(contracts=(contract(), feed)).links] == ["chat", "feed"]


def test_the_file_that_is_named_as_its_protocol_is_taken() -> None:
    other = contract("contracts/a.yaml")
    made = draft(contracts=(other, contract()))
    assert field(made, "chat", "contract").value == "contracts/chat.yaml"
    assert "contracts/a.yaml" in lead(made, "chat")


def test_a_contract_that_is_not_committed_says_so() -> None:
    made = draft(contracts=(contract(committed=False),))
    assert "not committed yet" in field(made, "chat", "contract").remark


def test_a_file_that_is_no_contract_is_told() -> None:
    broken = ContractFile(path="contracts/x.yaml", contract=None, problem="empty")
    assert draft(contracts=(broken,)).lead == ("contracts/x.yaml is no contract: empty",)


def test_what_older_builds_speak_is_unknown() -> None:
    older = live(build=OLD.value, without=frozenset({"contracts/chat.yaml"}))
    missing = gap(draft(web(live=(older,)), api()), "chat", "assume")
    assert missing.optional
    assert OLD.short in missing.what


def test_a_file_of_the_time_before_is_assumed() -> None:
    made = draft(contracts=(contract(), contract("contracts/chat-before.yaml")))
    assert field(made, "chat", "assume").value == "contracts/chat-before.yaml"
    assert lead(made, "chat") == ""


def test_a_token_that_the_contract_carries_is_asked_of_the_environment() -> None:
    carries = {"subprotocols": ["{token}"], "token_in": "subprotocol"}
    made = draft(contracts=(contract(protocol="My Chat", handshake=carries),))
    assert field(made, "my-chat", "token").value == {"env": "SKEWCHECK_MY_CHAT_TOKEN"}
    assert item(draft(), "chat", "token") is None


def test_a_link_is_not_called_as_a_service() -> None:
    made = draft(web(name="chat"), api(name="chat-link"))
    assert [each.name for each in made.links] == ["chat-link-link"]


def test_a_protocol_that_is_no_name_is_called_link() -> None:
    assert draft(contracts=(contract(protocol="…"),)).links[0].name == "link"


def test_the_user_may_name_the_link() -> None:
    assert draft(said=answers(link="talk")).links[0].name == "talk"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param({"links": {("", "client"): "wbe"}}, "did you mean `web`", id="a slip"),
        pytest.param(
            {"links": {("", "client"): "web", ("", "server"): "web"}},
            "client and server",
            id="both",
        ),
        pytest.param({"link": "web"}, "a service is called so", id="taken"),
    ],
)
def test_an_answer_that_fits_nothing_is_refused(said: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        draft(said=answers(**said))


def test_one_name_for_two_links_is_refused() -> None:
    both = (contract(), contract("contracts/feed.yaml", protocol="feed"))
    with pytest.raises(UsageError, match="contracts of chat, feed"):
        draft(contracts=both, said=answers(link="talk"))


def test_an_answer_about_one_link_is_not_about_another() -> None:
    both = (contract(), contract("contracts/feed.yaml", protocol="feed"))
    said = silent().with_link("feed", "path", "/feed").with_url("web", "https://w.example")
    made = draft(contracts=both, said=said)
    assert field(made, "feed", "path").value == "/feed"
    assert gap(made, "chat", "path").ask == "path"
    assert field(made, "web", "url").value == "https://w.example"
