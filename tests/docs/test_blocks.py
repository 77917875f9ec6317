"""No block of a document is passed over: each is run, or says why not, or is data that is read."""

import ast
import json
import re
from typing import Any

import pytest
import yaml

from skewcheck.core.documents import parse_contract, parse_manifest
from tests.docs.blocks import REASONS, Block, read_blocks
from tests.docs.documents import (
    ROOT,
    TUTORIAL,
    blocks_of,
    commands_of,
    documents,
)
from tests.examples.build_file import problems

SMALLEST: dict[str, Any] = {
    "schema": "1",
    "environment": "staging",
    "services": {"web": {"ref": "main", "url": "https://app.example", "static": {}}},
    "links": {},
}


def all_of(fence: str) -> list[Block]:
    return [block for name in documents() for block in blocks_of(name) if block.fence == fence]


def examples() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*.yaml")]


def each(fence: str) -> pytest.MarkDecorator:
    blocks = all_of(fence)
    return pytest.mark.parametrize("block", blocks, ids=[block.id for block in blocks])


@pytest.mark.parametrize("document", documents())
def test_every_block_is_understood(document: str) -> None:
    told = {block.id: problem for block in blocks_of(document) if (problem := block.problem())}
    assert told == {} or document in TUTORIAL


def test_every_block_of_commands_is_run_or_says_why_not() -> None:
    run = commands_of(*documents())
    said = [block for block in all_of("sh") if block.not_run]
    followed = [block for block in all_of("sh") if block.document in TUTORIAL]
    assert {block.id for block in [*run, *said, *followed]} == {block.id for block in all_of("sh")}
    assert len(run) > 3 * len(said)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_is_given_somewhere(reason: str) -> None:
    assert reason in {block.not_run for block in all_of("sh")}


@each("yaml")
def test_a_yaml_block_is_what_it_seems(block: Block) -> None:
    if any(block.text in example for example in examples()):
        return  # a part of a file that tests/examples reads whole
    document = yaml.safe_load(block.text)
    keys = set(document) if isinstance(document, dict) else set()
    if keys >= {"schema", "environment"}:
        parse_manifest(block.text.encode(), file=block.id)
    elif keys >= {"protocol", "accepts"}:
        parse_contract(block.text.encode(), file=block.id)
    elif keys == {"policy"}:
        read = parse_manifest(json.dumps(SMALLEST).encode(), file=block.id)
        policy = yaml.dump(SMALLEST) + block.text
        assert parse_manifest(policy.encode(), file=block.id) != read
    elif "steps" in keys:
        assert problems(document) == []


@each("json")
def test_a_json_block_is_json(block: Block) -> None:
    assert json.loads(block.text)


@each("python")
def test_a_python_block_is_python(block: Block) -> None:
    assert ast.parse(block.text).body


def one(text: str) -> Block:
    (block,) = read_blocks("a.md", text)
    return block


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("```sh\nls\n```", "", id="commands"),
        pytest.param("<!-- exit 10 -->\n```sh\nls\n```", "", id="an exit code"),
        pytest.param("<!-- not run: needs a database -->\n```sh\nls\n```", "", id="a reason"),
        pytest.param("<!-- not run: no time -->\n```sh\nls\n```", "reasons are", id="no reason"),
        pytest.param("<!-- exit -->\n```sh\nls\n```", "is neither", id="half a mark"),
        pytest.param("```sh\n# ls\n```", "no command", id="only a comment"),
        pytest.param("```console\n$ ls\n```", "fences are", id="another fence"),
        pytest.param("```bash\nls\n```", "fences are", id="another shell"),
        pytest.param("```\nskewcheck status\n```", "stand in sh", id="commands as output"),
        pytest.param("```text\npip install .\n```", "stand in sh", id="commands as text"),
        pytest.param("```\nPASS  staging\n```", "", id="output"),
        pytest.param(
            "<!-- not run: needs a database -->\n```json\n{}\n```", "only commands", id="data"
        ),
    ],
)
def test_what_would_not_be_run_is_refused(text: str, problem: str) -> None:
    told = one(text).problem()
    assert told.startswith(problem) or problem in told
    assert bool(told) == bool(problem)


def test_a_block_that_does_not_end_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.md:2: a block that does not end"):
        read_blocks("a.md", "x\n```sh\nls\n")


def test_a_command_goes_on_after_a_backslash_and_in_a_here_document() -> None:
    text = "# first\nls \\\n  -l\n\ncat <<'EOF'\nls\nEOF\nls  # here, exit 12\n"
    commands = one(f"```sh\n{text}```").commands()
    assert [command.text.split("\n")[-1] for command in commands] == [
        "  -l",
        "EOF",
        "ls  # here, exit 12",
    ]
    assert [command.exit for command in commands] == [None, None, 12]


def test_the_mark_before_a_block_is_about_its_last_command() -> None:
    commands = one("<!-- exit 10 -->\n```sh\nls\nls -l\n```").commands()
    assert [command.exit for command in commands] == [None, 10]


def test_a_block_in_a_list_loses_its_indent() -> None:
    block = one("1. Do:\n\n   ```sh\n   ls\n     -l\n   ```\n")
    assert (block.text, block.line) == ("ls\n  -l", 3)


def test_every_mark_that_looks_like_one_stands_directly_before_a_block() -> None:
    lost = {
        name: found
        for name in documents()
        if (
            found := re.findall(
                r"<!-- (?:not run|exit)\b[^\n]*\n(?! *```sh)",
                (ROOT / name).read_text(encoding="utf-8"),
            )
        )
    }
    assert lost == {}
