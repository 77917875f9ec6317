"""Every way in which a live service can answer badly: its own finding, exit 11, never a pass.

Deadlines of the reader itself are tested with the reader; here nothing waits for one.
"""

import gzip
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Live, codes_of, told
from tests.servers import Reply

CORPUS = Path(__file__).parents[1] / "corpus"
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
SHA = "5e" * 20
OTHER = "a7" * 20

# What each payload of the corpus is when a service of ours answers with it: a build of somebody
# else's history, an id that is no commit, or nothing that names a build.
UNKNOWN, NONE, EMPTY = "build-not-in-repository", "no-version-document", "placeholder-build"
IS_HTML = "html-instead-of-json"
FROM_CORPUS = {
    "angular18_ngsw.json": NONE,
    "dockerflow_flask___version__.json": UNKNOWN,
    "dockerflow_missing_version.txt": "not-json",
    "dockerflow_send_short_sha.json": UNKNOWN,
    "dockerflow_spec.json": EMPTY,
    "dockerflow_taskcluster_version.json": UNKNOWN,
    "git_properties_flat_onebusaway.json": UNKNOWN,
    "html_meta_variants.html": IS_HTML,
    "kubernetes_version.json": UNKNOWN,
    "netra_backend_health_2025-09-11.json": EMPTY,
    "next14_sha_dpl_approuter.html": IS_HTML,
    "next14_sha_dpl_pages_index.html": IS_HTML,
    "nuxt3_builds_latest.json": UNKNOWN,
    "prometheus_build_info.metrics.txt": EMPTY,
    "spring_actuator_info_simple.json": UNKNOWN,
    "sveltekit2_default_app_version.json": UNKNOWN,
    "sveltekit2_sha_app_version.json": UNKNOWN,
    "version_endpoint_fallback_unknown.json": EMPTY,
}


def document(**said: object) -> bytes:
    return json.dumps(said).encode()


BAD = {
    "html with status 200": (Reply(body=b"<!doctype html><p>app", headers=HTML), IS_HTML),
    "html that says it is json": (Reply(body=b"<html></html>", headers=JSON), IS_HTML),
    "10 MB of json": (Reply(body=b'{"commit": "' + b"a" * 10_000_000 + b'"}'), "unreachable"),
    "10 MB behind gzip": (
        Reply(body=gzip.compress(b" " * 10_000_000), headers={"Content-Encoding": "gzip"}),
        "unreachable",
    ),
    "nested 10,000 deep": (Reply(body=b"[" * 10_000 + b"]" * 10_000), "not-json"),
    "objects 10,000 deep": (Reply(body=b'{"a":' * 10_000 + b"1" + b"}" * 10_000), "not-json"),
    "utf-16": (Reply(body=document(commit=SHA).decode().encode("utf-16")), "not-json"),
    "bytes of no charset": (Reply(body=b'{"commit": "\xff\xfe"}', headers=JSON), "not-json"),
    "nothing": (Reply(body=b""), "not-json"),
    "null": (Reply(body=b"null"), EMPTY),
    "a list": (Reply(body=b"[]"), "not-json"),
    "json cut short": (Reply(body=b'{"commit": "5e5e'), "not-json"),
    "a promised body that ends early": (Reply(body=document(a=1), cut_after=3), "unreachable"),
    "a reset": (Reply(resets=True), "unreachable"),
    "no http at all": (Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), "unreachable"),
    "401": (Reply(status=401), "unauthorized"),
    "403": (Reply(status=403), "unauthorized"),
    "404": (Reply(status=404), NONE),
    "429": (Reply(status=429, headers={"Retry-After": "1"}), "unreachable"),
    "500": (Reply(status=500, body=document(commit=SHA)), "unreachable"),
    "503": (Reply(status=503), "unreachable"),
    "a redirect elsewhere": (
        Reply(status=302, headers={"Location": "https://login.example/?token=s3cr3t"}),
        "unreachable",
    ),
    "a word for a commit": (Reply(body=document(commit="Unauthorized")), EMPTY),
    "a constant version": (Reply(body=document(version="1.0.0")), EMPTY),
    "an unset substitution": (Reply(body=document(commit="$COMMIT_SHA")), EMPTY),
    "a vite placeholder": (Reply(body=document(commit="%VITE_BUILD_SHA%")), EMPTY),
    "NONE": (Reply(body=document(build="NONE", commit="NONE")), EMPTY),
    "a boolean": (Reply(body=document(commit=False)), EMPTY),
    "two builds at once": (Reply(body=document(commit=SHA, git_sha=OTHER)), NONE),
    "a uuid": (
        Reply(body=document(id="4f0f2b1e-9d3c-4c39-8c2b-1f6d5a7e9b10", timestamp=1)),
        UNKNOWN,
    ),
    "a time stamp": (Reply(body=document(version="1795438840332")), UNKNOWN),
    "git describe": (Reply(body=document(version="v1.0.30-6-gd1ac2745")), UNKNOWN),
    "an image tag": (Reply(body=document(version="ocp-4.18-93c9718")), UNKNOWN),
    "claims that are no list": (Reply(body=document(commit=SHA, protocols="chat")), "not-json"),
}


def test_the_world_passes_as_long_as_nothing_is_wrong(live: Live) -> None:
    ended = live.ask("status", "--format", "json")
    assert (ended.code, ended.err, codes_of(ended)) == (0, "", set())


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_its_own_finding_and_never_a_pass(live: Live, name: str) -> None:
    reply, code = BAD[name]
    live.answer("api", reply)
    ended = live.ask("status", "--format", "json")
    assert (ended.code, ended.err) == (11, "")
    found = [each for each in told(ended)["findings"] if each["subject"] == "api"]
    assert code in {each["code"] for each in found}
    assert all(each["fix"] for each in found if each["severity"] == "unknown")
    assert "s3cr3t" not in ended.out


def test_every_payload_of_the_corpus_has_a_row() -> None:
    assert {each.name for each in CORPUS.iterdir()} - {"SOURCES.md"} == set(FROM_CORPUS)


@pytest.mark.parametrize("name", sorted(FROM_CORPUS))
def test_no_payload_of_the_corpus_passes_for_a_build_of_ours(live: Live, name: str) -> None:
    kind = "text/html" if name.endswith("html") else "application/json"
    live.answer("api", Reply(body=(CORPUS / name).read_bytes(), headers={"Content-Type": kind}))
    ended = live.ask("status", "--format", "json")
    assert (ended.code, ended.err) == (11, "")
    assert FROM_CORPUS[name] in codes_of(ended, "unknown")


def test_a_byte_order_mark_and_blanks_hide_no_build(live: Live) -> None:
    body = b"\xef\xbb\xbf \r\n" + document(commit=live.head) + b"\n"
    live.answer("api", Reply(body=body))
    assert live.ask("status").code == 0


def test_equal_placeholders_on_both_sides_are_no_agreement(live: Live) -> None:
    for service in ("web", "api"):
        live.answer(service, Reply(body=document(commit="unknown")))
    ended = live.ask("status", "--format", "json")
    assert ended.code == 11
    assert EMPTY in codes_of(ended)


def test_words_of_a_server_are_shown_and_not_obeyed(live: Live) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m<!channel> @channel\r\n::error::forged\u202e"
    said = document(commit="5e" * 20, environment=evil, version=evil, build=evil)
    for service in ("web", "api"):
        live.answer(service, Reply(body=said, headers={"X-Evil": "1"}))
    for form in ("table", "json", "markdown", "junit", "github"):
        ended = live.ask("status", "--format", form)
        assert ended.code in {10, 11}
        raw = set(ended.out + ended.err) & set("\x1b\x07\r\u202e")
        assert not raw, form
        assert not [line for line in ended.out.splitlines() if line.startswith("::error::")]


def test_a_version_document_that_caches_may_keep_is_told(live: Live) -> None:
    said = document(source="s", version="1", commit=live.head, build="b")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    live.answer("web", Reply(body=said, headers=headers))
    assert codes_of(live.ask("status", "--format", "json")) == {"version-document-cacheable"}
