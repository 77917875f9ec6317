"""Reading documents: what is refused, in which words, at which place; and what stays text."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.documents import DocumentError, Problem, parse_contract, parse_manifest
from tests.core.document_samples import (
    FULL,
    REPOSITORY,
    SMALLEST,
    contract_problems,
    manifest,
    manifest_problems,
)

BILLION_LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def test_laughing_a_billion_times_ends_at_the_first_alias() -> None:
    assert manifest_problems(BILLION_LAUGHS) == [
        "m.yaml:2:8: b.0: aliases are refused; write it out, or quote a value that begins with *"
    ]


def test_anchors_and_tags_are_told_with_all_other_problems() -> None:
    written = SMALLEST.replace("staging", "!!str staging").replace("main", "&it main", 1)
    assert manifest_problems(written + "extra: 1\n") == [
        "m.yaml:2:14: environment: tags are refused; quote a value that begins with !",
        "m.yaml:4:14: services.web.ref: anchors are refused; quote a value that begins with &",
        "m.yaml:8:1: extra: unknown key `extra`",
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    written = """\
schema: 1
environment: staging
policy: {drift: blok, lingers: 5 minutes}
services:
  web:
    build: 12e4567
    url: htps://app.example
    static:
    protocl: "1.9"
  web: {}
  api:
    url:
    cloud_run: []
"""
    assert manifest_problems(written) == [
        "m.yaml:3:17: policy.drift: not one of `notice`, `block`; did you mean `block`?"
        " (got 'blok')",
        "m.yaml:3:32: policy.lingers: not a duration such as 90s, 20m or 12h (got '5 minutes')",
        "m.yaml:6:12: services.web.build: not a full 40-digit git SHA; `git rev-parse` prints the"
        " full one (got '12e4567')",
        "m.yaml:7:10: services.web.url: not an http(s) URL with a host (got 'htps://app.example')",
        "m.yaml:9:5: services.web.protocl: unknown key `protocl`",
        "m.yaml:10:3: services.web: duplicate key, already on line 5",
        "m.yaml:12:9: services.api.url: empty value; write one, or remove the key",
        "m.yaml:13:16: services.api.cloud_run: wants keys and values below it",
    ]


def test_problems_are_values_and_the_hint_is_the_next_command() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_manifest(b"schema: 2\nenvironment: staging\n", file="manifests/staging.yaml")
    assert caught.value.problems == (
        Problem("manifests/staging.yaml", 1, 9, "schema", "not `1` (got '2')"),
    )
    assert caught.value.hint == (
        "fix and commit it; `skewcheck schema manifest` prints all keys for editors"
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("enviroment", "environment"), ("service", "services"), ("Policy", "policy")],
)
def test_an_unknown_key_names_the_one_that_was_meant(wrong: str, right: str) -> None:
    told = f"{wrong}: unknown key `{wrong}`; did you mean `{right}`?"
    assert f"m.yaml:8:1: {told}" in manifest_problems(SMALLEST + f"{wrong}: x\n")


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [
        ("policy.approvals", "cuont", "count"),
        ("policy.freeze.0", "form", "from"),
        ("services.shop.edge.cloud_cdn", "invalidates", "invalidate"),
        ("links.chat.probe", "in-gate", "in_gate"),
    ],
)
def test_unknown_keys_are_compared_with_those_of_their_own_level(
    path: str, wrong: str, right: str
) -> None:
    bent = FULL.replace(f"{right}: ", f"{wrong}: ", 1)
    told = f"{path}.{wrong}: unknown key `{wrong}`; did you mean `{right}`?"
    assert any(told in problem for problem in manifest_problems(bent))


def test_merge_keys_are_only_unknown_keys() -> None:
    assert manifest_problems(SMALLEST + "<<: {a: b}\n") == ["m.yaml:8:1: '<<': unknown key `<<`"]


def test_a_hostile_key_cannot_write_escape_codes_or_long_lines() -> None:
    told = manifest_problems(SMALLEST + f'"\\e[31m": 1\n"{"k" * 500}": 1\n')
    assert told[0] == "m.yaml:8:1: '\\x1b[31m': unknown key '\\x1b[31m'"
    assert all(len(problem) < 700 for problem in told)


def test_a_password_in_a_url_is_not_repeated() -> None:
    (told,) = manifest_problems(SMALLEST.replace("https://app", "https://me:hunter2@app"))
    assert "no user" in told
    assert "hunter2" not in told


def test_control_characters_that_an_escape_smuggles_in_are_refused() -> None:
    (told,) = manifest_problems(SMALLEST.replace("acme", '"ac\\0me"', 1))
    assert told == "m.yaml:4:67: services.web.cloud_run.project: control character U+0000"


def test_every_scalar_stays_the_text_that_was_written() -> None:
    written = SMALLEST.replace("ref: main", "ref: no", 1).replace("ref: main", "ref: 1.10")
    services = manifest(written).services
    assert (services["web"].ref, services["api"].ref) == ("no", "1.10")


def test_a_build_that_looks_like_a_number_stays_a_sha() -> None:
    assert manifest(FULL).services["talk"].build == "12e4567890123456789012345678901234567890"


def test_keys_that_begin_with_x_are_left_alone_at_every_level() -> None:
    written = """\
x-note: {a: , b: [no rules here]}
schema: 1
environment: staging
policy: {x-why: careful}
services:
  x-template: 5
  web: {ref: main, x-a: 1, url: https://a.example, cloud_run: {project: p, region: r, x-b: 2}}
"""
    assert list(manifest(written).services) == ["web"]


@pytest.mark.parametrize("empty", ["services:", "services: {}", "services:\nlinks:\noverrides:"])
def test_an_environment_without_services_is_a_valid_manifest(empty: str) -> None:
    assert manifest(f"schema: 1\nenvironment: staging\n{empty}\n").services == {}


@pytest.mark.parametrize("static", ["static:", "static: {}"])
def test_a_static_service_needs_no_more_than_the_word(static: str) -> None:
    written = f"""\
schema: 1
environment: staging
services:
  web:
    ref: main
    url: https://a.example
    {static}
"""
    assert manifest(written).services["web"].static is not None


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("policy:\n", "8:8: policy"),
        ("overrides: [{finding: }]\n", "8:23: overrides.0.finding"),
        ("defaults: {cloud_run: }\n", "8:23: defaults.cloud_run"),
    ],
)
def test_an_empty_value_is_a_problem_and_never_none(written: str, place: str) -> None:
    told = f"m.yaml:{place}: empty value; write one, or remove the key"
    assert told in manifest_problems(SMALLEST + written)


def test_a_missing_key_points_at_the_mapping_that_lacks_it() -> None:
    written = SMALLEST.replace("  chat: {client: web, ", "  chat: {")
    assert manifest_problems(written) == ["m.yaml:7:9: links.chat.client: missing"]


def test_a_wrong_name_points_at_the_key() -> None:
    assert manifest_problems(SMALLEST.replace("  chat:", "  Chat room:")) == [
        "m.yaml:7:3: links.'Chat room': not a name; use lower-case letters, digits and - . _"
        " between them (got 'Chat room')"
    ]


@pytest.mark.parametrize("name", ["staging", "production"])
def test_the_manifests_in_this_repository_are_right(name: str) -> None:
    path = f"manifests/{name}.yaml"
    read = parse_manifest((REPOSITORY / path).read_bytes(), file=path)
    assert read.environment == name
    for link in read.links.values():
        assert (REPOSITORY / link.contract_path("client")).is_file()


@pytest.mark.parametrize("name", ["chat", "chat-before"])
def test_the_contracts_in_this_repository_are_right(name: str) -> None:
    path = f"contracts/{name}.yaml"
    assert parse_contract((REPOSITORY / path).read_bytes(), file=path).protocol == "chat"


def _leaves(node: yaml.Node | None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.ScalarNode):
        yield ".".join(path), node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _leaves(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _leaves(item, (*path, str(index)))


LEAVES = dict(_leaves(yaml.compose(FULL, Loader=yaml.CBaseLoader)))


@given(st.sampled_from(sorted(LEAVES)), st.sampled_from(["[{}]", "{q: [r]}", '""', '"\\x01"']))
def test_one_wrong_field_is_always_found_with_its_path_and_line(path: str, wrong: str) -> None:
    start, end = LEAVES[path].start_mark, LEAVES[path].end_mark
    told = manifest_problems(FULL[: start.index] + wrong + FULL[end.index :])
    assert any(problem.startswith(f"m.yaml:{start.line + 1}:") for problem in told)
    assert any(f" {path}" in problem for problem in told)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_document_error(noise: bytes) -> None:
    for parse in (parse_manifest, parse_contract):
        with pytest.raises(DocumentError):
            parse(noise, file="m.yaml")


@given(st.text(alphabet="schema:1 \n-[]{}'\"|>&*!?#,<=x\\u0d8e\t", max_size=80))
def test_no_almost_yaml_raises_anything_but_a_document_error(noise: str) -> None:
    assert manifest_problems(noise)
    assert contract_problems(noise)


def test_reading_a_manifest_loads_neither_contracts_nor_packaging() -> None:
    code = (
        "import sys; from skewcheck.core.documents import parse_manifest;"
        f"parse_manifest({SMALLEST.encode()!r}, file='m');"
        "unwanted = {'packaging', 'rfc8785', 'skewcheck.core.contract', 'requests', 'google'};"
        "sys.exit(' '.join(unwanted & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
