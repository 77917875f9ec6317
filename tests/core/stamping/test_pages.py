"""One meta tag goes into a page where the witness finds it, and no other byte changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.build import BuildSha
from skewcheck.core.exposed.html_builds import find_page_build
from skewcheck.core.exposed.html_tags import read_tags
from skewcheck.core.stamping.pages import StampedPage, UnstampedPage, stamp_page
from skewcheck.core.stamping.stamp import Stamp

A, B = "a1" * 20, "b2" * 20
META = f'<meta name="build-sha" content="{A}">'


def stamp(commit: str = A, *, dirty: bool = False) -> Stamp:
    return Stamp(commit=BuildSha(commit), role="client", dirty=dirty)


def stamped(page: str | bytes, by: Stamp | None = None) -> str | bytes:
    """In the kind that was given."""
    written = page.encode() if isinstance(page, str) else page
    result = stamp_page(written, by or stamp())
    assert isinstance(result, StampedPage), result
    return result.content.decode() if isinstance(page, str) else result.content


def why(page: str | bytes) -> UnstampedPage:
    result = stamp_page(page.encode() if isinstance(page, str) else page, stamp())
    assert isinstance(result, UnstampedPage)
    return result


@pytest.mark.parametrize(
    ("page", "place"),
    [
        pytest.param("<html><head>|<title>x</title></head>", "", id="first in the head"),
        pytest.param("<HEAD lang='a>b'>|<title>x</title>", "", id="whatever the head's attributes"),
        pytest.param("<head>\r\n <meta charset=utf-8>|\r\n</head>", "", id="behind the charset"),
        pytest.param(
            '<head><title>x</title><meta http-equiv="Content-Type" content="text/html">|', "",
            id="behind the older declaration",
        ),
        pytest.param("<!-- <head> --><head>|</head>", "", id="not in a comment"),
        pytest.param("<head>|<!-- <meta charset=utf-8> -->", "", id="nor behind one"),
        pytest.param("<script>'<head>'</script><head>|", "", id="not in a script"),
        pytest.param("<head>|<script>'<meta charset=x>'</script>", "", id="nor behind its text"),
        pytest.param("<head>|</head><body><meta charset=utf-8>", "", id="not in the body"),
        pytest.param("<header><head>|</head>", "", id="no header is a head"),
    ],
)  # fmt: skip
def test_the_tag_goes_into_the_head(page: str, place: str) -> None:
    assert stamped(page.replace("|", place)) == page.replace("|", META)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(f'<meta name="build-sha" content="{B}">', id="of another build"),
        pytest.param("<META content='%VITE_SHA%' NAME=Build-SHA />", id="a placeholder"),
        pytest.param("<meta name=build-sha>", id="empty"),
    ],
)
def test_a_stamp_takes_the_place_of_the_one_before(before: str) -> None:
    page = "<head><title>x</title>|<link rel=icon></head>"
    assert stamped(page.replace("|", before)) == page.replace("|", META)


def test_of_several_stamps_one_is_left() -> None:
    old = f'<meta name="build-sha" content="{B}">'
    assert stamped(f"<head>{old}<title>x</title>{old}</head>{old}<p>") == (
        f"<head>{META}<title>x</title></head><p>"
    )


def test_a_page_that_names_the_same_commit_by_another_name_is_stamped_too() -> None:
    other = f'<meta name="git-commit" content="{A[:9]}">'
    assert stamped(f"<head>{other}</head>") == f"<head>{META}{other}</head>"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(f'<meta name="git-commit" content="{B}">', id="by a meta tag"),
        pytest.param(f"<script>window.BUILD_SHA = '{B}'</script>", id="by a script"),
    ],
)
def test_a_page_that_names_another_commit_is_wrong(other: str) -> None:
    found = why(f"<head>{other}</head>")
    assert found.wrong
    assert A[:7] in found.why
    assert B[:7] in found.why


@pytest.mark.parametrize("page", ["<title>x</title><p>y", "", "<p>", "<!-- <head> -->"])
def test_a_page_without_a_head_is_left_alone(page: str) -> None:
    assert why(page) == UnstampedPage("it has no <head>")


def test_utf_16_is_told_because_the_witness_does_not_read_it() -> None:
    assert "UTF-16" in why("\ufeff<head></head>".encode("utf-16-le")).why


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"\xef\xbb\xbf<head>|</head>\r\n", id="byte order mark and CRLF"),
        pytest.param(b"<head>|</head>\xe9t\xe9\xff\x00\n\r", id="Latin-1, and no text at all"),
        pytest.param("<head>|</head>日本 \u00a0\u0085".encode(), id="UTF-8"),
    ],
)
def test_all_other_bytes_stay(page: bytes) -> None:
    assert stamped(page.replace(b"|", b"")) == page.replace(b"|", META.encode())


def test_a_dirty_build_says_so_in_the_page() -> None:
    page = stamped("<head>", stamp(dirty=True))
    assert isinstance(page, str)
    named = find_page_build(tuple(read_tags(page)))
    assert (str(named.build), named.dirty) == (A, True)  # type: ignore[union-attr]


HTML = st.lists(
    st.sampled_from(
        ["<head>", "</head>", "<meta charset=x>", "<!--", "-->", "<script>", "</script>", "<title>",
         "<meta name=build-sha content=x>", "<body>", "<a b='", "'", ">", "\r\n", "é", "\udcff"]
    )
).map("".join)  # fmt: skip


@given(HTML)
def test_a_second_stamp_changes_nothing_and_the_witness_reads_it(html: str) -> None:
    once = stamp_page(html.encode("utf-8", "surrogateescape"), stamp(B))
    if isinstance(once, StampedPage):
        assert stamp_page(once.content, stamp(B)) == once
        again = stamp_page(once.content, stamp(A))
        assert isinstance(again, StampedPage)
        text = again.content.decode("utf-8", "surrogateescape")
        named = find_page_build(tuple(read_tags(text)))
        assert str(named.build) == A  # type: ignore[union-attr]
        assert text.count(A) == 1
        assert B not in text
