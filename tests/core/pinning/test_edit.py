"""Promising other builds: the named scalars change, and every other byte stays."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.documents import parse_manifest
from skewcheck.core.errors import UsageError
from skewcheck.core.pinning.edit import Change, Edited, promise_builds, require_only
from tests.builders import NEW, NEXT, OLD
from tests.core.document_samples import FULL, SMALLEST

ROOT = Path(__file__).parents[3]
FILE = "manifests/staging.yaml"
SAMPLES = {
    "full": FULL,
    "smallest": SMALLEST,
    "staging": (ROOT / "manifests/staging.yaml").read_text(),
    "production": (ROOT / "manifests/production.yaml").read_text(),
}
REST = """\
    url: https://app.example   # where users are
    cloud_run: {project: acme, region: us-east1}
"""


def edit(written: str, **wanted: BuildSha) -> str:
    return edited(written, wanted).after.decode()


def edited(written: str, wanted: Mapping[str, BuildSha]) -> Edited:
    return promise_builds(written.encode(), wanted, file=FILE)


def web(promise: str, rest: str = REST) -> str:
    """A manifest whose one service begins with that, in block style."""
    return f"schema: 1\nenvironment: staging\nservices:\n  web:  # ours\n{promise}{rest}"


def refusal(written: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        edit(written, web=NEW)
    return caught.value


@pytest.mark.parametrize(
    "promise",
    [
        pytest.param(f"    build: {OLD}\n", id="plain"),
        pytest.param(f"    build: '{OLD}'   # quoted\n", id="single quotes"),
        pytest.param(f'    "build" :   "{OLD}"\n', id="double quotes, blanks"),
        pytest.param(f"    build:\n      {OLD}\n", id="on the next line"),
        pytest.param(f"    build: |-\n      {OLD}\n\n", id="a block"),
        pytest.param(f"    build: >-  # not this\n      {OLD}\n", id="a folded block"),
        pytest.param(f"    ? build\n    : {OLD}\n", id="an explicit key"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_build_changes_in_place(promise: str, line_end: str) -> None:
    before = web(promise).replace("\n", line_end)
    assert edit(before, web=NEW) == before.replace(OLD.value, NEW.value)


def test_of_equal_builds_only_the_named_service_changes() -> None:
    before = SMALLEST.replace("ref: main", f"build: {OLD}")
    after = edit(before, api=NEW)
    first, _, second = before.partition("  api:")
    assert after == f"{first}  api:{second.replace(OLD.value, NEW.value)}"


def test_a_comment_that_names_the_old_build_is_kept() -> None:
    before = web(f"    # before: {OLD}\n    build: {OLD}  # {OLD}\n")
    after = f"    # before: {OLD}\n    build: {NEW}  # {OLD}\n"
    assert edit(before, web=NEW) == web(after)


def test_a_build_that_is_written_with_escapes_is_quoted_anew() -> None:
    escaped = "\\x30" + OLD.value[1:]
    assert edit(web(f'    build: "{escaped}"\n'), web=NEW) == web(f'    build: "{NEW}"\n')


@pytest.mark.parametrize(
    ("promise", "pinned"),
    [
        pytest.param("    ref: main\n", f"    build: {NEW}\n", id="alone"),
        pytest.param("    ref: 'main'  # tip\n", f"    build: '{NEW}'  # tip\n", id="quoted"),
        pytest.param(
            "    ref: main\n    paths: [web/**]  # ours\n", f"    build: {NEW}\n", id="with paths"
        ),
        pytest.param(
            "    paths:\n      - web/**\n      # and\n      - lib/**  # shared\n    ref: main\n",
            f"    build: {NEW}\n",
            id="a list of paths before it",
        ),
        pytest.param(
            "    ref: main\n    paths:\n    - web/**\n\n    # the address\n",
            f"    build: {NEW}\n\n    # the address\n",
            id="a comment that follows the paths",
        ),
        pytest.param(
            "    ref: main\n    paths:\n    - |-\n      web/**\n",
            f"    build: {NEW}\n",
            id="paths that end with their line",
        ),
        pytest.param("    ref: main\n    paths: []\n", f"    build: {NEW}\n", id="no paths"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_ref_gives_way_to_a_build(promise: str, pinned: str, line_end: str) -> None:
    before, after = (web(each).replace("\n", line_end) for each in (promise, pinned))
    assert edit(before, web=NEW) == after


@pytest.mark.parametrize(
    ("promise", "pinned"),
    [
        pytest.param("ref: main, paths: [a, b], ", f"build: {NEW}, ", id="in order"),
        pytest.param("paths: [a, b] , ref: main, ", f"build: {NEW}, ", id="paths first"),
        pytest.param(
            "ref: main, # tip\n    paths: [a], # ours\n    ",
            f"build: {NEW}, # tip\n     # ours\n    ",
            id="over several lines",
        ),
        pytest.param(
            "paths: [a], # ours\n    ref: main, ",
            f" # ours\n    build: {NEW}, ",
            id="a comment after the first",
        ),
    ],
)
def test_in_flow_style_the_comma_goes_with_the_paths(promise: str, pinned: str) -> None:
    place = "url: https://a.example, cloud_run: {project: p, region: r}"
    before, after = (
        f"schema: 1\nenvironment: staging\nservices:\n  web: {{{each}{place}}}\n"
        for each in (promise, pinned)
    )
    assert edit(before, web=NEW) == after


def test_paths_that_come_last_take_the_comma_before_them() -> None:
    place = "url: https://a.example, cloud_run: {project: p, region: r}"
    head = "schema: 1\nenvironment: staging\nservices:\n  web: "
    before = f"{head}{{ref: main, {place}, paths: [a]}}\n"
    assert edit(before, web=NEW) == f"{head}{{build: {NEW}, {place}}}\n"


def test_json_is_yaml_too() -> None:
    service = {"ref": "main", "paths": ["web/**"], "url": "https://a.example", "static": {}}
    written = {"schema": "1", "environment": "staging", "services": {"web": service}}
    after = json.loads(edit(json.dumps(written), web=NEW))
    kept = {key: value for key, value in service.items() if key not in {"ref", "paths"}}
    assert after == written | {"services": {"web": {"build": NEW.value, **kept}}}


def test_a_file_without_a_last_line_end_keeps_none() -> None:
    before = web(f"    build: {OLD}\n", REST.rstrip("\n"))
    assert edit(before, web=NEW) == before.replace(OLD.value, NEW.value)
    assert edit(web("    ref: main\n", f"{REST}    paths: [a]"), web=NEW) == web(
        f"    build: {NEW}\n"
    )


def test_several_services_change_at_once_and_are_told() -> None:
    found = edited(FULL, {"shop": NEW, "talk": NEXT})
    talk = "12e4567890123456789012345678901234567890"
    assert found.changes == (
        Change(service="shop", build=NEW, was=None, ref="main", paths=("shop/**",), line=26),
        Change(service="talk", build=NEXT, was=BuildSha(talk), line=37),
    )
    assert found.before == FULL.encode()


def test_what_is_promised_already_is_no_change() -> None:
    found = edited(web(f"    build: {OLD}\n"), {"web": OLD})
    assert (found.after, found.changes) == (found.before, ())


@pytest.mark.parametrize(
    ("written", "says"),
    [
        pytest.param(
            web(f"    build: &it {OLD}\n"), ":5:12: services.web.build: anchors", id="an anchor"
        ),
        pytest.param(web("    <<: *it\n"), ":5:9: services.web.'<<': aliases", id="a merged alias"),
        pytest.param(
            web("    <<: {ref: main}\n"), ":5:5: services.web.'<<': unknown key", id="merge"
        ),
    ],
)
def test_what_would_change_others_too_is_refused_with_its_line(written: str, says: str) -> None:
    assert f"{FILE}{says}" in str(refusal(written))


def test_a_spelling_that_only_a_person_can_change_is_refused_with_its_line() -> None:
    rest = REST.replace("    ", "     ")
    written = web("").replace("  web:  # ours\n", "  ? web\n  : paths: [a]\n").replace(REST, "")
    error = refusal(f"{written}    ref: main\n{rest.replace('     ', '    ')}")
    assert str(error).startswith(f"{FILE}:6: services.web is written so")
    assert str(NEW) in error.hint


def test_an_edit_that_touches_anything_else_is_refused() -> None:
    """A comma behind a comment is not found, and without it the flow does not hold."""
    place = "url: https://a.example, static: {}"
    head = "schema: 1\nenvironment: staging\nservices:\n  web: "
    error = refusal(f"{head}{{paths: [a] # why\n   , ref: main, {place}}}\n")
    assert str(error).startswith(f"{FILE}:5: services.web is written so")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(web(f"    build: {NEXT}\n"), id="another build"),
        pytest.param(web(f"    build: {OLD}\n"), id="no change"),
        pytest.param(web(f"    build: {NEW}\n    x-note: kept\n"), id="a key that nobody reads"),
        pytest.param(web(f"    build: {NEW}\n").replace("app.", "www."), id="another promise"),
        pytest.param(web(f"    ref: {NEW}\n"), id="the ref kept"),
    ],
)
def test_a_text_that_differs_in_anything_but_the_promise_never_passes(after: str) -> None:
    change = Change(service="web", build=NEW, was=OLD, line=5)
    before = web(f"    build: {OLD}\n").encode()
    require_only(before, web(f"    build: {NEW}\n").encode(), change, FILE)
    with pytest.raises(UsageError, match="written so that"):
        require_only(before, after.encode(), change, FILE)


@pytest.mark.parametrize("name", SAMPLES)
def test_any_service_of_any_manifest_can_be_pinned_by_its_lines_alone(name: str) -> None:
    written = SAMPLES[name]
    for service in parse_manifest(written.encode(), file=FILE).services:
        before, after = written.splitlines(), edit(written, **{service: NEW}).splitlines()
        kept = [line for line in after if NEW.value not in line]
        assert len(after) - len(kept) == 1
        assert [line for line in before if line in kept] == kept
        gone = [line.strip() for line in before if line not in kept]
        assert all(re.match(r"build:|ref:|paths:|\w+: {ref: main,", line) for line in gone)
