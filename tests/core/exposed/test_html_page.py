"""What a page proves: the build that it names, what it loads, and what must be in there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.answer import Answer, FailureKind, HttpRead, NoAnswer
from skewcheck.core.build import Build, BuildName, BuildSha, OpaqueId, ShortSha
from skewcheck.core.exposed.html_page import PageHtml, assemble_page, read_page
from skewcheck.core.findings import Code
from skewcheck.core.reading import Page, Unreadable

CORPUS = Path(__file__).parents[2] / "corpus"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://app.example/chat/"
SHA = "3f2c1ab9d8e7aa00112233445566778899aabbcc"
OTHER = "bb08a08d5aa050680b22cd6fe227ac0339dd03ad"


def answer(
    body: bytes | str,
    *,
    url: str = URL,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    said = {"content-type": "text/html"} if headers is None else headers
    return Answer(url=url, status=status, headers=said, body=raw, read_at=NOON)


def page(html: str | bytes, *, headers: Mapping[str, str] | None = None) -> PageHtml:
    reading = read_page(answer(html, headers=headers))
    assert isinstance(reading, PageHtml), reading
    return reading


def named(html: str) -> Build | None:
    build = page(html).build
    return build.build if build else None


@pytest.mark.parametrize("router", ["approuter", "pages_index"])
def test_next_names_its_build_in_both_routers(router: str) -> None:
    reading = page((CORPUS / f"next14_sha_dpl_{router}.html").read_bytes())
    assert reading.build
    assert reading.build.build == ShortSha("3f2c1ab9d8e7aa")
    assert reading.scripts[0].startswith("https://app.example/_next/static/chunks/")
    assert len(reading.scripts) == {"approuter": 5, "pages_index": 8}[router]


def test_meta_tags_that_contradict_each_other_are_not_believed() -> None:
    reading = page((CORPUS / "html_meta_variants.html").read_bytes())
    assert reading.build is None
    assert reading.why_no_build == (
        "contradicts itself: meta git-sha is '0123456789abcde…' but meta commit is 'a1b2c3d4e5f6'"
    )


@pytest.mark.parametrize(
    "html",
    [
        f'<meta name="commit" content="{SHA}">', f"<META NAME=Git-SHA CONTENT={SHA}>",
        f'<meta name="build-sha" content="{SHA}">',
        f'<meta property="x-build-sha" content="{SHA}">',
        f'<meta name="revision" content="{SHA}">', f'<meta name="git_commit" content="{SHA}">',
        f'<p><script>window.__BUILD_SHA__="{SHA}"</script>',
        f"<p><script>globalThis.APP_COMMIT = '{SHA}';</script>",
        f'<p><script>window["x"]=1;self.gitSha="{SHA}"</script>',
        f'<p><script id="__NEXT_DATA__" type="application/json">{{"buildId":"{SHA}"}}</script>',
        f'<p><script>self.__next_f.push([1,"0:{{\\"buildId\\":\\"{SHA}\\"}}"])</script>',
        f'<p><script>window.__NUXT__={{config:{{app:{{buildId:"{SHA}"}}}}}}</script>',
        f'<html data-dpl-id="{SHA}">', f'<p><script src="/a.js?dpl={SHA}"></script>',
        f'<meta name="build" content="build-42"><meta name="commit" content="{SHA}">',
        f'<meta name="build-sha" content="dev"><meta name="commit" content="{SHA}">',
        f'<meta name="commit" content="{SHA[:7]}"><meta name="build-sha" content="{SHA}">',
        f'<meta name="commit" content="{SHA}"><p><script>window.BUILD_ID="20260301"</script>',
    ],
)  # fmt: skip
def test_a_commit_is_found_wherever_pages_keep_it(html: str) -> None:
    assert named(html) == BuildSha(SHA)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<meta name="build" content="build-42">', "build-42"),
        ('<p><script>x={buildId:"ccebc039-5605-4154-842b-e9a76d5ce3cd"}</script>', "ccebc039-5605"),
        ('<html data-dpl-id="dpl_5gRkTq2"><script src="/a.js?dpl=dpl_5gRkTq2">', "dpl_5gRkTq2"),
        ('<meta name="build" content="b-42"><html data-dpl-id="dpl_5gRkTq2">', "b-42"),
        ('<meta name="build" content="dev"><html data-dpl-id="dpl_5gRkTq2">', "dpl_5gRkTq2"),
    ],
)
def test_without_a_commit_the_first_kind_of_opaque_id_counts(html: str, expected: str) -> None:
    build = named(html)
    assert isinstance(build, OpaqueId)
    assert build.value.startswith(expected)


@pytest.mark.parametrize(
    ("html", "why"),
    [
        pytest.param("<html><p>hi", "the page names no build", id="nothing said"),
        pytest.param(
            '<meta name="build-sha" content="%VITE_BUILD_SHA%" />',
            "meta build-sha is '%VITE_BUILD_SHA%', which names no build",
            id="never substituted",
        ),
        pytest.param(
            '<meta name="commit">', "meta commit is '', which names no build", id="without content"
        ),
        pytest.param(
            '<meta name="revision" content="rev-42">',
            "meta revision is 'rev-42', which names no build",
            id="a revision that is no commit",
        ),
        pytest.param(
            "<script src='/a?dpl=dpl_1'></script><script src='/b?dpl=dpl_2'></script>",
            "contradicts itself: ?dpl is 'dpl_1' but ?dpl is 'dpl_2'",
            id="assets of two deployments",
        ),
        pytest.param(
            f'<!-- <meta name="commit" content="{SHA}"> --><p>',
            "the page names no build",
            id="commented out",
        ),
        pytest.param(
            f'<script>x = `<meta name="commit" content="{SHA}">`</script>',
            "the page names no build",
            id="in a string",
        ),
        pytest.param(
            f'<meta name="description" content="{SHA}"><a href="/commit/{SHA}">',
            "the page names no build",
            id="somebody else's commit",
        ),
        pytest.param("<a href='http://[?dpl=x1'>", "the page names no build", id="no URL"),
    ],
)
def test_a_page_without_a_build_says_why(html: str, why: str) -> None:
    reading = page(html)
    assert (reading.build, reading.why_no_build) == (None, why)


def test_two_commits_in_different_places_contradict_each_other() -> None:
    html = f'<meta name="commit" content="{SHA}"><script>window.__SHA__="{OTHER}"</script>'
    assert page(html).why_no_build.startswith("contradicts itself: ")


def test_assets_are_what_a_browser_loads_resolved_against_the_page() -> None:
    reading = page(
        """<!doctype html><link rel=icon href=/i.png><link rel="STYLESHEET preload" href="s.css">
        <link rel=modulepreload href=m.js><link rel=preload as=script href="/p.js#x">
        <link rel=preload as=font href=f.woff><link rel=preload href=unknown>
        <script src=" ../a.js "></script><script src="//cdn.example/b.js?v=1&amp;w=2"></script>
        <script src="/p.js"></script><script>inline()</script><script src=""></script>
        <script src="data:text/javascript,1"></script><script src="http://["></script>"""
    )
    assert reading.scripts == (
        "https://app.example/chat/m.js",
        "https://app.example/p.js",
        "https://app.example/a.js",
        "https://cdn.example/b.js?v=1&w=2",
    )
    assert reading.styles == ("https://app.example/chat/s.css",)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        pytest.param("<base href=/v2/>", "https://app.example/v2/a.js", id="a path"),
        pytest.param("<base href=//cdn.example/>", "https://cdn.example/a.js", id="a host"),
        pytest.param("<base href=/x/><base href=/y/>", "https://app.example/x/a.js", id="first"),
        pytest.param("<base target=_top>", "https://app.example/chat/a.js", id="no href"),
        pytest.param("<base href='http://['>", "https://app.example/chat/a.js", id="no URL"),
    ],
)
def test_the_base_of_the_page_counts(base: str, expected: str) -> None:
    assert page(f"{base}<script src=a.js></script>").scripts == (expected,)


def test_age_and_freshness_of_the_page_are_kept() -> None:
    headers = {"cache-control": "s-maxage=31536000, stale-while-revalidate", "age": "1000"}
    reading = page("<html>", headers=headers)
    assert (reading.age_s, reading.fresh_for_s) == (1000, 31535000)
    assert (page("<html>").age_s, page("<html>").fresh_for_s) == (None, None)


@pytest.mark.parametrize(
    ("read", "cause"),
    [
        pytest.param(answer("<html>", status=404), Code.PAGE_UNPROVEN, id="not there"),
        pytest.param(answer("<html>", status=403), Code.UNAUTHORIZED, id="signed in only"),
        pytest.param(answer("<html>", status=502), Code.UNREACHABLE, id="a broken gateway"),
        pytest.param(answer("{}", headers={}), Code.PAGE_UNPROVEN, id="JSON"),
        pytest.param(answer(""), Code.PAGE_UNPROVEN, id="empty"),
        pytest.param(
            NoAnswer(url=URL, kind=FailureKind.TLS, detail="expired", read_at=NOON),
            Code.UNREACHABLE,
            id="no answer",
        ),
    ],
)
def test_a_page_that_cannot_be_read_says_why(read: HttpRead, cause: Code) -> None:
    reading = read_page(read)
    assert isinstance(reading, Unreadable)
    assert reading.cause is cause
    assert reading.fix
    assert "version_path" not in reading.fix


HTML = """<html><link rel=stylesheet href=/s.css><script>const inline = "in-line"</script>
<script src=/a.js></script><script src=/b.js></script>"""
A, B, S = (f"https://app.example/{name}" for name in ("a.js", "b.js", "s.css"))
FINE: dict[str, HttpRead] = {
    A: answer('s="jwt-auth"', url=A, headers={}),
    B: answer("ws()", url=B, headers={}),
    S: answer("p{}", url=S, headers={}),
}


def assemble(assets: Mapping[str, HttpRead], *required: str) -> Page:
    return assemble_page(page(HTML), assets, required)


def test_what_is_required_may_stand_in_the_page_or_any_script() -> None:
    reading = assemble(FINE, "jwt-auth", "in-line", "ws()", "jwt.", "p{}")
    assert reading.required == ("jwt-auth", "in-line", "ws()", "jwt.", "p{}")
    assert reading.missing == ("jwt.", "p{}")
    assert (reading.gone, reading.unread) == ((), ())


@pytest.mark.parametrize(
    ("read", "gone", "unread"),
    [
        pytest.param(answer("", url=A, status=404), (A,), (), id="404"),
        pytest.param(answer("", url=A, status=410), (A,), (), id="410"),
        pytest.param(answer("<!doctype html>", url=A), (A,), (), id="the front page instead"),
        pytest.param(answer("", url=A, status=503), (), (f"{A}: HTTP 503",), id="503"),
        pytest.param(answer("", url=A), (), (f"{A}: the body is empty",), id="empty"),
        pytest.param(
            NoAnswer(url=A, kind=FailureKind.TIMEOUT, detail="no answer in time", read_at=NOON),
            (),
            (f"{A}: timed out: no answer in time",),
            id="no answer",
        ),
    ],
)
def test_an_asset_is_gone_or_unread_but_never_passed_over(
    read: HttpRead, gone: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    reading = assemble({**FINE, A: read}, "jwt-auth")
    assert (reading.gone, reading.unread, reading.missing) == (gone, unread, ("jwt-auth",))


def test_a_style_that_is_gone_is_told_too() -> None:
    assert assemble({**FINE, S: answer("", url=S, status=404)}).gone == (S,)
    assert assemble({**FINE, S: answer("", url=S, headers={})}).unread == ()


def test_assets_that_nobody_read_are_unread() -> None:
    assert assemble({}).unread == (f"{A}: not read", f"{B}: not read", f"{S}: not read")


def test_a_page_keeps_what_its_html_said() -> None:
    html = page(f'<meta name=commit content={SHA}-dirty><meta name=x content="">')
    reading = assemble_page(html, {}, ())
    assert (reading.url, reading.read_at) == (URL, NOON)
    assert reading.build == html.build
    assert reading.build
    assert reading.build.dirty
    assert assemble_page(page("<html>"), {}, ()).why_no_build == "the page names no build"


def test_bytes_that_are_no_text_do_not_hide_the_rest() -> None:
    html = b"<html>\xff\xfe\x00<meta name=commit content=" + SHA.encode() + b">"
    assert page(html).build == BuildName(BuildSha(SHA))


@given(st.binary())
def test_noise_never_names_a_build(noise: bytes) -> None:
    reading = read_page(answer(b"<html>" + noise))
    assert isinstance(reading, PageHtml)
    assert reading.build is None


@given(st.text("<>/=\"' metanamecommitcontent0123456789abcdef?dpl:", max_size=300))
def test_markup_at_random_is_no_crash(text: str) -> None:
    assert isinstance(read_page(answer("<html>" + text)), PageHtml)
