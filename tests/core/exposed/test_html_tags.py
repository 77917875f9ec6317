"""The tokenizer finds what a browser finds, and takes no longer for markup that is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.exposed.html_tags import Tag, read_tags


@pytest.mark.parametrize(
    ("html", "tags"),
    [
        ("<a>", [Tag("a", {})]),
        ("<A HREF=x>", [Tag("a", {"href": "x"})]),
        ("<a b='1' c=\"2\" d=3 e>", [Tag("a", {"b": "1", "c": "2", "d": "3", "e": ""})]),
        ("<a b = '1'/>", [Tag("a", {"b": "1"})]),
        ("<a b=1 b=2>", [Tag("a", {"b": "1"})]),
        ("<a b='>'><i>", [Tag("a", {"b": ">"}), Tag("i", {})]),
        ("<a b=x&amp;y>", [Tag("a", {"b": "x&y"})]),
        ("<a =b>", [Tag("a", {"=b": ""})]),
        ("<a b= >", [Tag("a", {"b": ""})]),
        ("</a b=c><i>", [Tag("i", {})]),
        ("<!-- <a> --><i><!-- <b>", [Tag("i", {})]),
        ("<!doctype html><?xml?><i>", [Tag("i", {})]),
        ("1 < 2 <3 <i>", [Tag("i", {})]),
        ("<script>if (a<b) '<i>'</script><b>", [Tag("script", {}, "if (a<b) '<i>'"), Tag("b", {})]),
        ("<script></scripted></SCRIPT >", [Tag("script", {}, "</scripted>")]),
        ("<title><b></title>", [Tag("title", {}, "<b>")]),
        ("<script>never closed", [Tag("script", {}, "never closed")]),
        ("<i><a b='never closed>", [Tag("i", {})]),
        ("<i><a ", [Tag("i", {})]),
        ("", []),
    ],
)
def test_tags_are_found_as_a_browser_finds_them(html: str, tags: list[Tag]) -> None:
    assert list(read_tags(html)) == tags


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a/", "<a b='", '<a b="', "<a =", "<!--", "</", "<a b= ", "<script></", "<", "<?"],
)
def test_broken_markup_takes_time_in_proportion_to_its_length(piece: str) -> None:
    list(read_tags(piece * (256 * 1024 // len(piece))))  # quadratic would be a quarter of an hour


@given(st.text("<>/=!-'\" abscript&;\n"))
def test_no_markup_is_a_crash(html: str) -> None:
    for tag in read_tags(html):
        assert tag.name == tag.name.lower()
