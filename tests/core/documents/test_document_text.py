"""Files that cannot be read at all: one line each, with the place."""

import re

import pytest
import yaml

from skewcheck.core.documents.document_text import read_tree
from skewcheck.core.documents.located_yaml import UnreadableError
from tests.core.document_samples import manifest_problems


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        pytest.param(b"", "1:1: the file is empty", id="empty"),
        pytest.param(b"# later\n", "1:1: the file is empty", id="comments only"),
        pytest.param(b"---\n...\n", "1:1: the file is empty", id="an empty document"),
        pytest.param(
            b"- schema\n",
            "1:1: the file must hold keys such as `schema: 1`, not a list",
            id="a list",
        ),
        pytest.param(
            b"\nhello\n",
            "2:1: the file must hold keys such as `schema: 1`, not one text",
            id="a text",
        ),
        pytest.param(b"schema: 1\n\xff\n", "2:1: not UTF-8: byte 0xff", id="wrong charset"),
        pytest.param(
            "schema: 1".encode("utf-16"), "1:1: not UTF-8: byte 0xff", id="another Unicode"
        ),
        pytest.param(
            b"\xef\xbb\xbfschema: 1\n",
            "1:1: begins with a byte order mark; save it without",
            id="byte order mark",
        ),
        pytest.param(b"schema: 1\r\na: \x00", "2:4: control character U+0000", id="NUL"),
        pytest.param(b"a: \x1b[31m", "1:4: control character U+001B", id="escape code"),
        pytest.param("a: b\u2028".encode(), "1:5: control character U+2028", id="line separator"),
        pytest.param(
            b"a:\n\tb: 1\n",
            "2:1: not YAML: a tab in the indentation; use spaces",
            id="tab",
        ),
        pytest.param(
            b"accepts: >=2.0,<3\n",
            '1:11: not YAML: quote a value that begins with >, such as ">=2.0,<3"',
            id="an unquoted range",
        ),
        pytest.param(
            b"a: @web\n", "1:4: not YAML: quote a value that begins with @", id="an at sign"
        ),
        pytest.param(
            b"a: b: c\n",
            "1:5: not YAML: a second colon; quote the value, or mend the indentation",
            id="two colons",
        ),
        pytest.param(
            b"a: [b\n", "2:1: not YAML: did not find expected ',' or ']'", id="open bracket"
        ),
        pytest.param(
            b"schema: 1\n---\nschema: 1\n",
            "2:1: a second document (---); a file holds one",
            id="two documents",
        ),
        pytest.param(
            b"[a]: 1\n", "1:1: a key must be one word, not a mapping or a list", id="odd key"
        ),
        pytest.param(
            b"a: *b\n",
            "1:4: a: aliases are refused; write it out, or quote a value that begins with *",
            id="alias",
        ),
        pytest.param(b"[" * 900, "1:51: nested more than 50 levels deep", id="deep brackets"),
        pytest.param(b"- " * 10_000, "1:101: nested more than 50 levels deep", id="deep dashes"),
        pytest.param(
            b"a: [" + b",".join([b"b"] * 250_000) + b"]",
            "1:399999: more than 200000 values",
            id="too many values",
        ),
        pytest.param(
            b"a: b\n" * 2_000_000, "1:1: 10000000 bytes; at most 2000000 are read", id="10 MB"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_with_a_place(written: bytes, problem: str) -> None:
    assert manifest_problems(written) == [f"m.yaml:{problem}"]


def test_what_libyaml_itself_finds_too_deep_is_one_line_too() -> None:
    """Since PyYAML 6.0.4 it gives up at 1,000 levels, before we see any of them."""
    (told,) = manifest_problems(b"[" * 10_000)
    assert re.fullmatch(r"m\.yaml:1:\d+: (not YAML: .*nesting.*|nested more than .*)", told)


@pytest.mark.parametrize("loader", [yaml.CBaseLoader, yaml.BaseLoader])
def test_an_escape_beyond_unicode_is_not_yaml(loader: type[yaml.BaseLoader]) -> None:
    with pytest.raises(UnreadableError, match="not YAML: "):
        read_tree(b'a: "\\U99999999"', loader=loader)
