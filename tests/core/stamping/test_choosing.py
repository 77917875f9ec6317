"""One contract for each protocol; two that claim the same are told apart by name or refused."""

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.core.stamping.choosing import (
    Found,
    choose_contracts,
    is_page,
    require_one_each,
    role_of,
)
from tests.core.document_samples import BARE_CONTRACT, contract


def found(file: str, protocol: str = "chat") -> Found:
    return Found(file, contract(BARE_CONTRACT.replace("chat", protocol)))


def test_the_contract_of_the_protocols_name_outranks_those_of_earlier_builds() -> None:
    before, chat = found("contracts/chat-before.yaml"), found("contracts/chat.yaml")
    assert choose_contracts([before, chat]) == (chat,)


def test_a_protocols_only_contract_may_have_any_name() -> None:
    files = [found("contracts/ws.yaml"), found("contracts/news.yaml", "news")]
    assert choose_contracts(files) == tuple(files)


def test_two_contracts_of_one_protocol_are_refused_where_no_name_decides() -> None:
    with pytest.raises(UsageError) as refused:
        choose_contracts([found("contracts/one.yaml"), found("contracts/two.yaml")])
    assert "contracts/one.yaml and contracts/two.yaml" in str(refused.value)
    assert refused.value.hint == "skewcheck stamp … --contract contracts/one.yaml"


def test_contracts_that_were_named_are_all_meant() -> None:
    files = [found("a/chat.yaml"), found("b/news.yaml", "news")]
    assert require_one_each(files) == tuple(files)
    with pytest.raises(UsageError, match="both contracts of 'chat'"):
        require_one_each([*files, found("a/chat-before.yaml")])


@pytest.mark.parametrize(
    ("files", "role"),
    [
        (["a.js", "sub/Index.HTML"], "client"),
        (["index.htm"], "client"),
        (["main.py", "html.py", "index.html.gz"], "server"),
        ([], "server"),
    ],
)
def test_whoever_brings_html_is_a_client(files: list[str], role: str) -> None:
    assert role_of(files) == role
    assert any(map(is_page, files)) == (role == "client")
