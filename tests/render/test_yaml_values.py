"""Values as YAML: whatever was meant is what every reader of YAML sees."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.render.yaml_values import yaml_text, yaml_value

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("acme-web", "acme-web"),
        ("https://app.acme.example:8080/a", "https://app.acme.example:8080/a"),
        ("web/**", "web/**"),
        ("/socket.io/?EIO=4", '"/socket.io/?EIO=4"'),
        ("us-docker.pkg.dev/a/b:{build}", '"us-docker.pkg.dev/a/b:{build}"'),
        ("no", '"no"'),
        ("1.10", '"1.10"'),
        ("a: b", '"a: b"'),
        ("", '""'),
    ],
)
def test_a_text_is_quoted_where_it_has_to_be(text: str, written: str) -> None:
    assert yaml_text(text) == written


@given(TEXTS)
def test_every_text_comes_back_from_any_reader(text: str) -> None:
    assert yaml.safe_load(f"a: {yaml_text(text)}") == {"a": text}


@given(st.dictionaries(TEXTS, st.lists(TEXTS).map(tuple)))
def test_lists_and_mappings_come_back(value: dict[str, tuple[str, ...]]) -> None:
    read = yaml.safe_load(f"a: {yaml_value({'b': value})}")["a"]["b"]
    assert read == {key: list(each) for key, each in value.items()}
