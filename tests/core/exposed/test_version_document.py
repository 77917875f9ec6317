"""What version documents of real software are read as, and what is never taken for a build."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.answer import Answer, FailureKind, NoAnswer
from skewcheck.core.build import Build, BuildName, BuildSha, OpaqueId, ShortSha
from skewcheck.core.exposed.version_document import KNOWN_PATHS, most_telling, read_version_document
from skewcheck.core.findings import Code
from skewcheck.core.reading import DocumentReading, ProtocolClaim, Unreadable, VersionDocument

CORPUS = Path(__file__).parents[2] / "corpus"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://api.example/__version__"
SHA = "3f2c1ab9d8e7aa00112233445566778899aabbcc"
OTHER = "bb08a08d5aa050680b22cd6fe227ac0339dd03ad"
CLAIM = {
    "name": "chat",
    "role": "server",
    "version": "2.1",
    "accepts": ">=2.0,<3",
    "fingerprint": "sha256:ab",
}
OURS = {"source": "https://git.example/a", "version": "1.4", "commit": SHA, "protocols": [CLAIM]}


def answer(
    body: bytes | str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return Answer(url=URL, status=status, headers=headers or {}, body=raw, read_at=NOON)


def read(value: Any, *, headers: Mapping[str, str] | None = None) -> DocumentReading:
    return read_version_document(answer(json.dumps(value), headers=headers))


def document(reading: DocumentReading) -> VersionDocument:
    assert isinstance(reading, VersionDocument), reading
    return reading


def build(reading: DocumentReading) -> Build:
    return document(reading).build.build


def unreadable(reading: DocumentReading, cause: Code) -> str:
    assert isinstance(reading, Unreadable), reading
    assert reading.cause is cause
    assert reading.fix
    assert (reading.url, reading.read_at) == (URL, NOON)
    assert reading.detail.isprintable()
    assert len(reading.detail) <= 120
    return reading.detail


@pytest.mark.parametrize(
    ("file", "named", "convention", "version"),
    [
        ("dockerflow_flask___version__.json", BuildSha(SHA), "dockerflow", "v1.4.2"),
        ("dockerflow_taskcluster_version.json", BuildSha(OTHER), "dockerflow", "v16.2.0"),
        ("dockerflow_send_short_sha.json", ShortSha("188b28f"), "dockerflow", "v1.2.4"),
        (
            "git_properties_flat_onebusaway.json",
            BuildSha("d600e47ead0928a9e1bd76af9f16c12294d3782c"),
            "git-properties",
            "",
        ),
        (
            "kubernetes_version.json",
            BuildSha("092fbfbf53427de67cac1e9fa54aaa09a28371d7"),
            "kubernetes",
            "v1.21.2",
        ),
        ("spring_actuator_info_simple.json", ShortSha("df027cf"), "spring-actuator", ""),
        (
            "nuxt3_builds_latest.json",
            OpaqueId("ccebc039-5605-4154-842b-e9a76d5ce3cd"),
            "nuxt",
            "",
        ),
        (
            "sveltekit2_default_app_version.json",
            OpaqueId("1795438840332"),
            "sveltekit",
            "1795438840332",
        ),
        ("sveltekit2_sha_app_version.json", ShortSha("3f2c1ab9d8e7"), "sveltekit", "3f2c1ab9d8e7"),
    ],
)
def test_real_documents_name_their_build(
    file: str, named: Build, convention: str, version: str
) -> None:
    assert read_version_document(answer((CORPUS / file).read_bytes())) == VersionDocument(
        url=URL, build=BuildName(named), convention=convention, version=version, read_at=NOON
    )


@pytest.mark.parametrize(
    ("file", "cause", "detail"),
    [
        (
            "dockerflow_spec.json",
            Code.PLACEHOLDER_BUILD,
            "commit is '<git hash>', which names no build",
        ),
        (
            "netra_backend_health_2025-09-11.json",
            Code.PLACEHOLDER_BUILD,
            "version is '1.0.0', which names no build",
        ),
        (
            "version_endpoint_fallback_unknown.json",
            Code.PLACEHOLDER_BUILD,
            "sha is 'unknown', which names no build",
        ),
        (
            "prometheus_build_info.metrics.txt",
            Code.PLACEHOLDER_BUILD,
            "prometheus_build_info{revision} is '2.42.0+ds-5+deb12u1', which names no build",
        ),
        (
            "dockerflow_missing_version.txt",
            Code.NOT_JSON,
            "Expecting value at line 1 column 1: missing version.json -> 404",
        ),
        (
            "angular18_ngsw.json",
            Code.NO_VERSION_DOCUMENT,
            "no build among the keys: configVersion, timestamp, index, assetGroups, dataGroups, "
            "hashTable, navigationUrls, navigatio…",
        ),
        (
            "html_meta_variants.html",
            Code.HTML_INSTEAD_OF_JSON,
            "HTML: <!-- variants seen in public repos (find_string '…",
        ),
        (
            "next14_sha_dpl_approuter.html",
            Code.HTML_INSTEAD_OF_JSON,
            'HTML: <!DOCTYPE html><html><head><meta charSet="utf-8"/…',
        ),
        (
            "next14_sha_dpl_pages_index.html",
            Code.HTML_INSTEAD_OF_JSON,
            'HTML: <!DOCTYPE html><html><head><meta charSet="utf-8"/…',
        ),
    ],
)
def test_real_answers_that_prove_nothing_say_why(file: str, cause: Code, detail: str) -> None:
    assert unreadable(read_version_document(answer((CORPUS / file).read_bytes())), cause) == detail


def test_every_payload_of_the_corpus_is_read_above() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    assert [f.name for f in CORPUS.iterdir() if f.name not in told and f.suffix != ".md"] == []


def test_our_own_document_is_read_whole() -> None:
    reading = read(
        {**OURS, "environment": "staging", "build": "https://ci.example/7"},
        headers={"cache-control": "max-age=60", "age": "7"},
    )
    assert reading == VersionDocument(
        url=URL,
        build=BuildName(BuildSha(SHA)),
        convention="skewcheck",
        read_at=NOON,
        version="1.4",
        environment="staging",
        protocols=(
            ProtocolClaim(
                name="chat",
                role="server",
                version="2.1",
                accepts=">=2.0,<3",
                fingerprint="sha256:ab",
            ),
        ),
        cacheable="max-age=60",
        age_s=7,
    )


@pytest.mark.parametrize(
    "value",
    [
        {"commitSha": SHA}, {"commit_sha": SHA}, {"commit-hash": SHA}, {"sha": SHA},
        {"git_sha": SHA}, {"GIT_SHA": SHA}, {"gitCommit": SHA}, {"GitCommit": SHA},
        {"revision": SHA}, {"vcs.revision": SHA}, {"git.commit.id": SHA},
        {"git.commit.id.full": SHA, "git.commit.id.abbrev": SHA[:7]},
        {"git": {"commit": {"id": SHA}}}, {"git": {"commit": {"id": {"full": SHA}}}},
        {"git": {"commit": {"id": {"abbrev": SHA[:7], "full": SHA}}, "branch": OTHER}},
        {"git": {"sha": SHA}}, {"git": {"hash": SHA}}, {"git": {"commit": SHA}},
        {"commit": {"sha": SHA, "date": "2026-03-01"}}, {"commit": {"id": SHA}},
        {"extra": {"git_commit": SHA}, "version": "24.0"}, {"data": {"revision": SHA}},
        {"version": {"commit": SHA, "number": "1.0.0"}}, {"build": {"commit": SHA}},
        {"build": SHA}, {"version": SHA, "name": "api"}, {"version": f"v1.0-6-g{SHA}", "n": 1},
        {"buildId": SHA}, {"commit": SHA, "sha": SHA[:7], "short": "x"},
        {"commit": "unknown", "sha": SHA}, {"sha": SHA, "commit": "build-42"},
        {"commit": SHA, "revision": "api-00042-xyz"}, {"commit": SHA, "version": OTHER},
        {"commit": SHA, "dependencies": [{"commit": OTHER}]}, {"commit": SHA, "x": {"sha": OTHER}},
        {"commit": SHA, "git": {"branch": OTHER}}, {"commit": SHA.upper()},
    ],
    ids=lambda value: json.dumps(value)[:60],
)  # fmt: skip
def test_a_commit_is_found_where_conventions_keep_it(value: Any) -> None:
    assert build(read(value)) == BuildSha(SHA)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        pytest.param({"buildId": "2S_PI51RM0FanrdzS0WWi"}, "2S_PI51RM0FanrdzS0WWi", id="Next.js"),
        pytest.param({"commit": "build-42"}, "build-42", id="no commit, though called one"),
        pytest.param(
            {"id": "ccebc039", "timestamp": 1, "matcher": {}, "prerendered": []},
            None,
            id="Nuxt builds/meta",
        ),
    ],
)
def test_other_ids_compare_by_equality_only(value: Any, named: str | None) -> None:
    assert build(read(value)) == (OpaqueId(named) if named else ShortSha("ccebc039"))


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        (None, "the whole document is null"),
        ({"commit": None}, "commit is 'null', which names no build"),
        ({"commit": ""}, "commit is '', which names no build"),
        ({"commit": "NONE"}, "commit is 'NONE', which names no build"),
        ({"commit": "dev"}, "commit is 'dev', which names no build"),
        ({"commit": "$COMMIT_SHA"}, "commit is '$COMMIT_SHA', which names no build"),
        ({"sha": "%VITE_BUILD_SHA%"}, "sha is '%VITE_BUILD_SHA%', which names no build"),
        ({"version": "1.0.0"}, "version is '1.0.0', which names no build"),
        ({"version": 2}, "version is 'a number', which names no build"),
        ({"commit": 1234567}, "commit is 'a number', which names no build"),
        ({"commit": [SHA]}, "commit is 'a list', which names no build"),
        ({"revision": "api-42-x"}, "revision is 'api-42-x', which names no build"),
        (
            {"extra": {"git_commit": "unspecified"}},
            "extra.git_commit is 'unspecified', which names no build",
        ),
        (
            {"commit": "NONE", "sha": "dev"},
            "commit is 'NONE' and sha is 'dev', which names no build",
        ),
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_a_placeholder_is_named_with_its_field(value: Any, detail: str) -> None:
    assert unreadable(read(value), Code.PLACEHOLDER_BUILD) == detail


def test_two_equal_placeholders_are_not_two_equal_builds() -> None:
    first, second = read({"commit": "unknown"}), read({"commit": "unknown"})
    assert not isinstance(first, VersionDocument)
    assert not isinstance(second, VersionDocument)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"commit": SHA, "sha": OTHER}, id="two commits"),
        pytest.param({"commit": SHA, "git": {"sha": OTHER[:7]}}, id="a short one of another"),
        pytest.param({"commit": "build-41", "sha": "build-42"}, id="two opaque ids"),
    ],
)
def test_a_document_that_contradicts_itself_is_not_believed(value: Any) -> None:
    detail = unreadable(read(value), Code.NO_VERSION_DOCUMENT)
    assert detail.startswith("contradicts itself: ")
    assert "commit is" in detail
    assert "sha is" in detail


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ({}, "names no build"),
        ({"status": "ok"}, "no build among the keys: status"),
        ({"code": 200, "version": 2}, "no build among the keys: code, version"),
        (
            {"etcdserver": "3.4.23", "b\x1b[31m": 1},
            "no build among the keys: etcdserver, b\\x1b[31m",
        ),
        ({"build": "https://ci.example/7"}, "no build among the keys: build"),
        ({"git": {"branch": SHA}}, "no build among the keys: git"),
        ({"list": [{"commit": SHA}]}, "no build among the keys: list"),
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_json_without_any_build_lists_the_keys(value: Any, detail: str) -> None:
    assert unreadable(read(value), Code.NO_VERSION_DOCUMENT) == detail


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"Not Found", id="words"),
        pytest.param(b"Unauthorized", id="one word"),
        pytest.param(b"", id="empty"),
        pytest.param(b" \r\n", id="white space"),
        pytest.param(SHA.encode(), id="a bare commit"),
        pytest.param(json.dumps(SHA).encode(), id="a JSON string"),
        pytest.param(b"42", id="a number"),
        pytest.param(b"true", id="a boolean"),
        pytest.param(json.dumps([OURS]).encode(), id="a list"),
        pytest.param(json.dumps(OURS).encode()[:-1], id="cut off"),
        pytest.param(json.dumps(OURS).encode() + b"{}", id="followed by more"),
        pytest.param(json.dumps(OURS).encode("utf-16"), id="UTF-16"),
        pytest.param(json.dumps(OURS).encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(b'{"commit": "%s", "a": "\xe9"}' % SHA.encode(), id="Latin-1"),
        pytest.param(b'{"commit": "%s", "a": NaN}' % SHA.encode(), id="NaN"),
        pytest.param(b'{"commit": "%s", "a": -Infinity}' % SHA.encode(), id="Infinity"),
        pytest.param(f'{{"commit":"{SHA}","commit":"{OTHER}"}}'.encode(), id="a name twice"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, id="10,000 objects deep"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, id="10,000 lists deep"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="a number of 5,000 digits"),
        pytest.param(b"<?xml version='1.0'?><Error/>", id="XML"),
        pytest.param(b"\x1f\x8b\x08\x00", id="gzip"),
    ],
)
def test_what_is_not_a_json_object_is_never_a_build(body: bytes) -> None:
    unreadable(read_version_document(answer(body)), Code.NOT_JSON)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xef\xbb\xbf" + json.dumps(OURS).encode(), id="a byte order mark"),
        pytest.param(b"\r\n \t" + json.dumps(OURS).encode() + b"\n\n", id="white space"),
        pytest.param(json.dumps({**OURS, "a": "é"}, ensure_ascii=False).encode(), id="UTF-8"),
        pytest.param(json.dumps({**OURS, "a": "\ud800"}).encode(), id="half a surrogate pair"),
    ],
)
def test_marks_and_white_space_are_forgiven(body: bytes) -> None:
    assert build(read_version_document(answer(body))) == BuildSha(SHA)


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain", ""])
def test_json_is_json_whatever_the_content_type_says(kind: str) -> None:
    assert build(read(OURS, headers={"content-type": kind})) == BuildSha(SHA)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param("<!doctype html><title>App</title>", "application/json", id="a doctype"),
        pytest.param("\ufeff\n<HTML>", "", id="after a mark and a line"),
        pytest.param("<p>Sign in</p>", "text/html; charset=utf-8", id="a fragment"),
    ],
)
def test_a_fallback_to_index_html_is_told_apart(body: str, kind: str) -> None:
    reading = read_version_document(answer(body, headers={"content-type": kind}))
    unreadable(reading, Code.HTML_INSTEAD_OF_JSON)


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (401, Code.UNAUTHORIZED), (403, Code.UNAUTHORIZED), (404, Code.NO_VERSION_DOCUMENT),
        (405, Code.NO_VERSION_DOCUMENT), (410, Code.NO_VERSION_DOCUMENT), (429, Code.UNREACHABLE),
        (500, Code.UNREACHABLE), (503, Code.UNREACHABLE), (304, Code.UNREACHABLE),
        (204, Code.UNREACHABLE), (400, Code.UNREACHABLE),
    ],
)  # fmt: skip
def test_another_status_than_200_outranks_the_body(status: int, cause: Code) -> None:
    reading = read_version_document(answer(json.dumps(OURS), status=status))
    assert unreadable(reading, cause) == f"HTTP {status}"


def test_a_redirect_that_was_not_followed_shows_where_to_without_its_secrets() -> None:
    headers = {"location": "https://me:pw@login.example/in?token=pw#pw"}
    reading = read_version_document(answer("", status=302, headers=headers))
    detail = unreadable(reading, Code.UNREACHABLE)
    assert detail == "HTTP 302, a redirect to https://login.example/in"


def test_each_failing_layer_has_a_cure_of_its_own() -> None:
    readings = [
        read_version_document(NoAnswer(url=URL, kind=kind, detail="why\x07", read_at=NOON))
        for kind in FailureKind
    ]
    details = [unreadable(reading, Code.UNREACHABLE) for reading in readings]
    assert details == [f"{kind}: why\\x07" for kind in FailureKind]
    fixes = {reading.fix for reading in readings if isinstance(reading, Unreadable)}
    assert len(fixes) == len(FailureKind)
    assert all("api.example" in fix for fix in fixes)


def test_a_url_in_a_command_cannot_leave_its_quotes() -> None:
    failed = NoAnswer(url="http://[';id", kind=FailureKind.TLS, detail="", read_at=NOON)
    reading = read_version_document(failed)
    assert isinstance(reading, Unreadable)
    assert "openssl s_client -connect ':443'" in reading.fix
    hostile = Answer(url="https://h/';id;'", status=500, headers={}, body=b"", read_at=NOON)
    told = read_version_document(hostile)
    assert isinstance(told, Unreadable)
    assert told.fix.endswith("""'https://h/'"'"';id;'"'"''""")


def test_the_start_of_what_came_instead_is_quoted_short_and_harmless() -> None:
    detail = unreadable(read_version_document(answer("\x1b[2J" + "é" * 500)), Code.NOT_JSON)
    assert detail.startswith("Expecting value at line 1 column 1: \\x1b[2Jé")


@pytest.mark.parametrize(
    ("value", "dirty"),
    [
        ({"commit": SHA, "dirty": True}, True), ({"commit": SHA, "dirty": "true"}, True),
        ({"commit": SHA, "dirty": False}, False), ({"commit": SHA, "dirty": "false"}, False),
        ({"commit": SHA, "dirty": 1}, False), ({"commit": SHA, "sha": SHA + "-dirty"}, True),
        ({"commit": SHA + "-dirty"}, True), ({"gitCommit": SHA, "gitTreeState": "dirty"}, True),
        ({"gitCommit": SHA, "gitTreeState": "clean"}, False),
        ({"git.commit.id": SHA, "git.dirty": "true"}, True),
        ({"data": {"g": {"git.commit.id": SHA, "git.dirty": "true"}}}, True),
        ({"git": {"commit": SHA, "dirty": True}}, True),
        ({"vcs.revision": SHA, "vcs.modified": "true"}, True),
    ],
    ids=lambda value: json.dumps(value)[:70],
)  # fmt: skip
def test_a_build_from_uncommitted_files_says_so(value: Any, *, dirty: bool) -> None:
    assert document(read(value)).build == BuildName(BuildSha(SHA), dirty=dirty)


@pytest.mark.parametrize(
    ("value", "environment"),
    [
        ({**OURS, "environment": "staging"}, "staging"), ({**OURS, "env": "staging"}, "staging"),
        ({**OURS, "environment": "staging", "env": "x"}, "staging"), (OURS, ""),
        ({"sha": SHA, "env": "development"}, ""), ({"sha": SHA, "environment": "qa"}, "qa"),
        ({**OURS, "environment": None}, ""), ({**OURS, "environment": " a\x00 "}, "a\\x00"),
    ],
)  # fmt: skip
def test_the_environment_is_believed_only_where_it_is_said_outright(
    value: Any, environment: str
) -> None:
    assert document(read(value)).environment == environment


def test_an_environment_that_is_no_text_is_not_passed_over() -> None:
    detail = unreadable(read({**OURS, "environment": 3}), Code.NOT_JSON)
    assert detail == "environment is a number, expected text"


@pytest.mark.parametrize(
    ("protocols", "detail"),
    [
        ({}, "protocols is an object, expected a list"),
        (["chat"], "protocols[0] is text, expected an object"),
        ([CLAIM, None], "protocols[1] is null, expected an object"),
        ([{**CLAIM, "name": ""}], "protocols[0].name is missing"),
        ([{"version": "2.1"}], "protocols[0].name is missing"),
        ([{**CLAIM, "version": 2.1}], "protocols[0].version is a number, expected text"),
        ([{**CLAIM, "accepts": [">=2"]}], "protocols[0].accepts is a list, expected text"),
        ([{**CLAIM, "role": "peer"}], "protocols[0].role is 'peer', expected client or server"),
        ([CLAIM, CLAIM], "protocols[1] repeats 'chat'"),
        (
            [{**CLAIM, "version": "2\n"}],
            "protocols[0].version is no line of at most 200 characters",
        ),
        (
            [{**CLAIM, "name": "x" * 201}],
            "protocols[0].name is no line of at most 200 characters",
        ),
    ],
)
def test_one_wrong_claim_makes_the_document_unreadable(protocols: Any, detail: str) -> None:
    assert unreadable(read({**OURS, "protocols": protocols}), Code.NOT_JSON) == detail


def test_claims_may_leave_out_what_they_do_not_say() -> None:
    claims = document(read({**OURS, "protocols": [{"name": "chat", "version": None}]})).protocols
    assert claims == (ProtocolClaim(name="chat"),)
    assert document(read({**OURS, "protocols": None})).protocols == ()


def test_a_client_and_a_server_of_one_protocol_may_be_one_build() -> None:
    both = [CLAIM, {**CLAIM, "role": "client"}]
    assert len(document(read({**OURS, "protocols": both})).protocols) == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f'a_build_info{{revision="{SHA}",version="1.0"}} 1', BuildSha(SHA)),
        (f'# HELP x y\n# TYPE x gauge\nx 1\nbuild_info{{git_sha="{SHA}"}} 1\n', BuildSha(SHA)),
        (f'# TYPE a gauge\na_build_info{{b="x\\"}}",commit="{SHA[:7]}"}} 1', ShortSha(SHA[:7])),
        (
            f'a_build_info{{commit="{SHA}"}} 1\nb_build_info{{revision="{SHA[:9]}"}} 1',
            BuildSha(SHA),
        ),
    ],
)
def test_a_build_info_metric_names_its_commit(text: str, named: Build) -> None:
    reading = document(read_version_document(answer(text)))
    assert (reading.build.build, reading.convention) == (named, "prometheus")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("# HELP up x\nup 1", Code.NO_VERSION_DOCUMENT),
        ('go_build_info{path="x",version="(devel)"} 1', Code.NO_VERSION_DOCUMENT),
        (f'# x_build_info{{commit="{SHA}"}} 1', Code.NOT_JSON),
        (
            f'a_build_info{{commit="{SHA}"}} 1\nb_build_info{{commit="{OTHER}"}} 1',
            Code.NO_VERSION_DOCUMENT,
        ),
    ],
)
def test_metrics_that_name_no_one_commit_are_not_believed(text: str, cause: Code) -> None:
    unreadable(read_version_document(answer(text)), cause)


@pytest.mark.parametrize(
    ("headers", "cacheable"),
    [
        ({"cache-control": "no-store"}, ""), ({}, ""),
        ({"cache-control": "public, max-age=3600"}, "public, max-age=3600"),
        ({"last-modified": "Sun, 01 Mar 2026 12:00:00 GMT"}, "no Cache-Control header"),
    ],
)  # fmt: skip
def test_a_document_that_caches_may_keep_is_marked(headers: dict[str, str], cacheable: str) -> None:
    assert document(read(OURS, headers=headers)).cacheable == cacheable


def test_the_known_paths_begin_with_our_own() -> None:
    assert KNOWN_PATHS[:2] == ("/__version__", "/version.json")
    assert len(set(KNOWN_PATHS)) == len(KNOWN_PATHS)


def test_of_several_paths_the_first_document_counts() -> None:
    missing = read_version_document(answer("", status=404))
    first, second = read(OURS), read({"commit": OTHER})
    assert most_telling([missing, first, second]) is first


def test_without_a_document_the_plainest_reason_counts() -> None:
    missing = read_version_document(answer("", status=404))
    placeholder, html = read({"commit": "dev"}), read_version_document(answer("<html>"))
    assert most_telling([missing, html, placeholder]) is placeholder
    assert most_telling([missing, html]) is html
    assert most_telling([]) is None


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(), st.lists(st.text(), max_size=2), st.dictionaries(st.text(), st.text(), max_size=2),
)  # fmt: skip


@given(st.binary())
def test_noise_is_never_a_build(body: bytes) -> None:
    assert isinstance(read_version_document(answer(body)), Unreadable)


@given(field=st.sampled_from(sorted(OURS)), value=JUNK)
def test_a_document_with_one_wrong_field_never_names_another_build(field: str, value: Any) -> None:
    reading = read({**OURS, field: value})
    if field == "commit":
        assert isinstance(reading, Unreadable) or not isinstance(reading.build.build, BuildSha)
    elif isinstance(reading, VersionDocument):
        assert reading.build == BuildName(BuildSha(SHA))


@given(field=st.sampled_from(sorted(CLAIM)), value=JUNK)
def test_a_claim_with_one_wrong_field_is_kept_whole_or_refused(field: str, value: Any) -> None:
    reading = read({**OURS, "protocols": [{**CLAIM, field: value}]})
    if isinstance(reading, VersionDocument):
        told = getattr(reading.protocols[0], field)
        assert told == (value.strip() if isinstance(value, str) else "")
        assert value is None or isinstance(value, str)


@given(st.recursive(JUNK, lambda inner: st.dictionaries(st.text(), inner, max_size=3)))
def test_any_json_at_all_is_read_without_a_crash(value: Any) -> None:
    assert isinstance(read(value), VersionDocument | Unreadable)
