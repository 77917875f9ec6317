"""Slack's Web API: one contract for the fake and for the adapter against a stand-in of Slack; and
what only the adapter can get wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from skewcheck.adapters.slack_api import SCOPES, SlackApi, client_for
from skewcheck.core.checkup.facts import SlackSeen, Trouble
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.slack.message import Message
from skewcheck.ports.service import Messenger, Posted
from skewcheck.render.slack.blocks import header
from skewcheck.settings import read_settings
from skewcheck.wiring.service import messenger_of
from tests.slack_fakes import RESPONSE_URL, FakeMessenger
from tests.slack_server import CHANNEL, TOKEN, Slack, slack_server

HELLO = Message(text="hello", blocks=(header("Hello"),))
LATER = Message(text="later", blocks=(header("Later"),))


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_server() as served:
        served.groups["S0OPS"] = ["U0ADA", "U0KIM"]
        yield served


@dataclass
class Side:
    """One of the two that the contract binds, and where its response URLs are."""

    messenger: Messenger
    response_url: str


@pytest.fixture(params=["fake", "adapter"])
def side(request: pytest.FixtureRequest, slack: Slack) -> Side:
    if request.param == "fake":
        fake = FakeMessenger(groups={"S0OPS": frozenset({"U0ADA", "U0KIM"})})
        return Side(fake, RESPONSE_URL)
    return Side(SlackApi(TOKEN, endpoint=slack.endpoint), slack.response_url())


class TestContract:
    def test_what_is_posted_can_be_changed(self, side: Side) -> None:
        posted = side.messenger.post(CHANNEL, HELLO)
        assert posted.channel == CHANNEL
        assert posted != side.messenger.post(CHANNEL, HELLO)
        side.messenger.update(posted, LATER)

    def test_a_channel_that_we_are_not_in_is_told_with_slacks_own_code(self, side: Side) -> None:
        with pytest.raises(ActionFailedError, match=r"chat.postMessage: not_in_channel"):
            side.messenger.post("C0ELSEWHERE", HELLO)

    def test_a_message_that_is_gone_cannot_be_changed(self, side: Side) -> None:
        with pytest.raises(ActionFailedError, match=r"chat.update: message_not_found"):
            side.messenger.update(Posted(CHANNEL, "1.2"), HELLO)

    def test_who_asked_is_answered(self, side: Side) -> None:
        side.messenger.answer(side.response_url, HELLO)

    @pytest.mark.parametrize(
        "url",
        [
            "https://hooks.slack.com.evil.example/commands/1",
            "https://evil.example/hooks.slack.com/",
            "http://hooks.slack.com/commands/1",
            "https://hooks.slack.com@evil.example/1",
            "https://hooks.slack.com:444/1",
            "https://169.254.169.254/",
            "file:///etc/passwd",
            "https://[",
            "",
        ],
    )
    def test_nobody_but_slack_is_answered(self, side: Side, url: str) -> None:
        with pytest.raises(ActionFailedError, match="no response URL of Slack"):
            side.messenger.answer(url, HELLO)

    def test_a_group_has_its_members(self, side: Side) -> None:
        assert side.messenger.members("S0OPS") == {"U0ADA", "U0KIM"}

    def test_a_group_that_is_none_is_no_empty_group(self, side: Side) -> None:
        with pytest.raises(ActionFailedError, match="no_such_subteam"):
            side.messenger.members("S0GONE")


def api(slack: Slack, **more: float) -> SlackApi:
    return SlackApi(TOKEN, endpoint=slack.endpoint, ticks=lambda: more.get("at", 0.0))


def test_slack_looks_for_nothing_in_what_we_write(slack: Slack) -> None:
    posted = api(slack).post(CHANNEL, HELLO)
    api(slack).update(posted, LATER)
    for method in ("chat.postMessage", "chat.update"):
        [sent] = slack.told(method)
        assert (sent["parse"], sent["link_names"]) == ("none", False)
    [sent] = slack.told("chat.postMessage")
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


def test_an_answer_is_for_one_person_and_leaves_the_message_alone(slack: Slack) -> None:
    api(slack).answer(slack.response_url(), HELLO)
    [sent] = slack.told("response_url")
    assert (sent["response_type"], sent["replace_original"]) == ("ephemeral", False)


def test_a_response_url_that_is_used_up_is_told(slack: Slack) -> None:
    slack.fails["response_url"] = ["404"]
    with pytest.raises(ActionFailedError, match="answer to who asked: HTTP 404"):
        api(slack).answer(slack.response_url(), HELLO)


def test_no_answer_follows_a_redirect(slack: Slack) -> None:
    slack.fails["response_url"] = ["307"]
    with pytest.raises(ActionFailedError, match="HTTP 307"):
        api(slack).answer(slack.response_url(), HELLO)
    assert slack.said == []


def test_with_an_endpoint_slack_itself_may_still_answer_but_no_other_port() -> None:
    own = SlackApi(TOKEN, endpoint="http://127.0.0.1:1/api/")
    with pytest.raises(ActionFailedError, match="no response URL"):
        own.answer("http://127.0.0.1:2/commands/1", HELLO)
    with pytest.raises(ActionFailedError, match="could not be reached for a response URL"):
        own.answer("http://127.0.0.1:1/commands/1", HELLO)


def test_where_slack_asks_for_a_moment_it_gets_one(slack: Slack) -> None:
    slack.fails["chat.postMessage"] = ["ratelimited"]
    assert api(slack).post(CHANNEL, HELLO).channel == CHANNEL


def test_where_slack_asks_for_an_hour_it_is_told(slack: Slack) -> None:
    slack.fails["chat.postMessage"] = ["ratelimited for long"]
    with pytest.raises(ActionFailedError, match=r"chat.postMessage: ratelimited"):
        api(slack).post(CHANNEL, HELLO)


@pytest.mark.parametrize("failure", ["down", "garbage", "invalid_auth", "some_new_error"])
def test_what_fails_is_told_with_what_to_do_and_without_the_token(
    slack: Slack, failure: str
) -> None:
    slack.fails["chat.postMessage"] = [failure]
    with pytest.raises(ActionFailedError) as caught:
        api(slack).post(CHANNEL, HELLO)
    assert caught.value.hint
    assert caught.value.__cause__ is None
    assert slack.tokens == [TOKEN]
    assert TOKEN not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("method", list(SCOPES))
def test_a_scope_that_is_missing_is_named(slack: Slack, method: str) -> None:
    slack.fails[method] = ["missing_scope"]
    messenger = api(slack)
    ask: dict[str, Callable[[], object]] = {
        "chat.postMessage": lambda: messenger.post(CHANNEL, HELLO),
        "chat.update": lambda: messenger.update(Posted(CHANNEL, "1.1"), HELLO),
        "usergroups.users.list": lambda: messenger.members("S0OPS"),
    }
    with pytest.raises(ActionFailedError) as caught:
        ask[method]()
    assert f"the scope {SCOPES[method]} " in caught.value.hint


def test_a_slack_that_is_not_there_is_told() -> None:
    with pytest.raises(ActionFailedError, match=r"could not be reached for chat.postMessage: "):
        SlackApi(TOKEN, endpoint="http://127.0.0.1:1/api/").post(CHANNEL, HELLO)


def test_members_are_asked_for_once_a_minute(slack: Slack) -> None:
    at = 0.0
    messenger = SlackApi(TOKEN, endpoint=slack.endpoint, ticks=lambda: at)
    messenger.members("S0OPS")
    slack.groups["S0OPS"] = ["U0KIM"]
    at = 59.0
    assert messenger.members("S0OPS") == {"U0ADA", "U0KIM"}
    at = 60.0
    assert messenger.members("S0OPS") == {"U0KIM"}


def test_a_group_that_could_not_be_read_is_asked_for_again(slack: Slack) -> None:
    messenger = api(slack)
    slack.fails["usergroups.users.list"] = ["internal_error"]
    with pytest.raises(ActionFailedError, match="internal_error"):
        messenger.members("S0OPS")
    assert messenger.members("S0OPS") == {"U0ADA", "U0KIM"}


def test_without_an_endpoint_it_is_slack_itself() -> None:
    assert client_for(TOKEN, "").base_url == "https://slack.com/api/"


def test_the_wiring_opens_it_where_a_token_is_set(slack: Slack) -> None:
    variables = {"HOME": "/", "SKEWCHECK_SLACK_ENDPOINT": slack.endpoint}
    assert messenger_of(read_settings(variables)) is None
    opened = messenger_of(read_settings(variables | {"SKEWCHECK_SLACK_BOT_TOKEN": TOKEN}))
    assert opened is not None
    assert opened.members("S0OPS") == {"U0ADA", "U0KIM"}
    assert TOKEN not in repr(opened)


def test_the_app_says_who_it_is_and_what_it_may(slack: Slack) -> None:
    slack.scopes = "chat:write, commands"
    seen = SlackApi(TOKEN, endpoint=slack.endpoint).whoami()
    assert seen == SlackSeen(
        team="acme", bot="skewcheck", scopes=frozenset({"chat:write", "commands"})
    )
    assert slack.told("chat.postMessage") == []


def test_a_token_that_slack_does_not_take_is_told_without_itself(slack: Slack) -> None:
    trouble = SlackApi("xoxb-a-wrong-one", endpoint=slack.endpoint).whoami()
    assert isinstance(trouble, Trouble)
    assert trouble.why == "Slack refused auth.test: invalid_auth"
    assert "SKEWCHECK_SLACK_BOT_TOKEN" in trouble.fix


def test_a_scope_that_a_method_without_any_lacks_is_no_crash(slack: Slack) -> None:
    slack.fails["auth.test"] = ["missing_scope"]
    trouble = SlackApi(TOKEN, endpoint=slack.endpoint).whoami()
    assert trouble == Trouble(
        "Slack refused auth.test: missing_scope",
        "https://api.slack.com/methods/auth.test says what that means",
    )
