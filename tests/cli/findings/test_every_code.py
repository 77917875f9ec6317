"""Each finding code is produced through the command line by a test that is named here."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from skewcheck.core.findings import Code

HERE = Path(__file__).parent
DRIFT = "TestDrift."

# file -> test -> the codes that it produces
PRODUCED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "test_documents.py": {
        "test_a_document_that_tells_nothing_is_an_unknown_of_its_own": (
            "unreachable", "unauthorized", "not-json", "html-instead-of-json", "placeholder-build",
            "no-version-document", "build-not-in-repository",
        ),
        "test_a_document_that_caches_may_keep_is_a_notice": ("version-document-cacheable",),
        "test_a_build_from_uncommitted_files_is_a_notice": ("dirty-build",),
        "test_a_service_of_another_environment_blocks": ("wrong-environment",),
        "test_a_build_that_misreports_its_contract_blocks": ("misreported-contract",),
        "test_a_witness_that_is_left_out_is_a_notice": ("witness-not-declared",),
        "test_a_page_behind_an_edge_that_does_not_answer_is_masked": ("masked",),
        "test_a_page_that_names_no_build_is_unproven": ("page-unproven",),
        "test_a_page_without_what_it_must_contain_blocks": ("page-mismatch",),
        "test_a_page_whose_script_is_gone_blocks": ("assets-gone",),
        "test_a_page_that_is_older_than_its_document_is_a_stale_edge": ("stale-edge",),
    },
    "test_git.py": {
        "test_a_client_whose_version_the_server_refuses_is_protocol_skew": ("protocol-skew",),
        "test_a_format_that_changed_without_its_number_is_format_skew": ("format-skew",),
        "test_a_client_that_was_live_an_hour_ago_is_lingering_skew": ("lingering-client-skew",),
        "test_what_was_broken_before_is_pre_existing_to_a_gate": ("pre-existing",),
        "test_a_candidate_without_a_url_is_judged_by_git_alone": ("candidate-not-probed",),
        f"{DRIFT}test_a_candidate_from_before_the_promise": ("behind-manifest",),
        f"{DRIFT}test_what_runs_is_younger_than_its_promise": ("ahead-of-manifest",),
        f"{DRIFT}test_what_runs_is_of_another_branch": ("diverged-from-manifest",),
        "test_a_promise_that_runs_nowhere_settles_for_a_while": ("settling", "not-deployed"),
        "test_a_promised_build_that_git_does_not_know_is_unreadable": ("promise-unreadable",),
        "test_a_contract_that_is_none_is_unknown": ("contract-missing", "contract-invalid"),
        "test_where_nothing_can_be_wrong_nothing_is_proven": ("nothing-to-check",),
    },
    "test_cloud_run.py": {
        "test_a_service_that_is_still_changing_is_reconciling": ("reconciling",),
        "test_a_deploy_that_failed_is_a_notice": ("deploy-failed",),
        "test_traffic_that_is_split_is_a_notice": ("split-traffic",),
        "test_traffic_that_is_pinned_is_a_notice": ("traffic-pinned",),
        "test_a_younger_revision_without_traffic_is_a_notice": ("deployed-without-traffic",),
        "test_a_tagged_peer_that_would_not_fit_is_a_notice": ("tagged-revision-skew",),
        "test_a_rollouts_lease_is_told_as_long_as_it_stands": (
            "rollout-in-progress", "rollout-unfinished",
        ),
        "test_an_origin_that_contradicts_the_control_plane_is_stale": ("stale-origin",),
        "test_an_edge_that_fails_beside_a_closed_origin_is_not_comparable": ("not-comparable",),
        "test_an_edge_that_drops_the_subprotocol_is_named": ("subprotocol-lost-at-edge",),
        "test_an_edge_that_drops_the_token_is_named_with_its_header": ("header-lost-at-edge",),
    },
    "test_invalidation.py": {
        "test_an_invalidation_without_effect_fails_and_names_what_users_get": (
            "invalidation-without-effect",
        ),
    },
    "test_wire.py": {
        "test_a_bad_ending_blocks_with_its_own_code": (
            "handshake-rejected", "auth-rejected", "origin-rejected", "subprotocol-not-selected",
            "upgrade-cut", "not-a-websocket", "protocol-garbage", "closed-before-welcome",
            "closed-by-server-error", "cut-without-close",
        ),
        "test_a_welcome_that_does_not_come_blocks": ("welcome-missing",),
    },
    "test_conversation.py": {
        "test_a_made_up_token_in_a_wrong_format_that_is_welcomed_proves_nothing": (
            "accepts-anything",
        ),
        "test_handshakes_that_hold_only_sometimes_block": ("flaky-handshake",),
        "test_a_server_that_only_welcomes_who_speaks_at_once_is_a_race": ("handshake-race",),
        "test_what_a_browser_and_the_standard_read_differently_is_a_notice": ("readings-differ",),
        "test_an_offer_that_no_browser_can_make_blocks": ("subprotocol-invalid",),
        "test_a_token_that_comes_back_blocks": ("token-echoed",),
        "test_an_event_that_does_not_come_blocks": ("event-missing",),
        "test_a_connection_that_lives_only_so_long_blocks": ("lifetime-cut",),
        "test_a_silent_connection_that_is_cut_is_a_notice": ("idle-cut",),
        "test_a_dependency_that_is_down_while_connected_blocks": ("dependency-unavailable",),
        "test_fewer_successes_than_the_target_block": ("success-rate-below-target",),
        "test_successes_as_many_as_the_target_decide_nothing": ("success-rate-undecided",),
        "test_a_websocket_that_nobody_opened_is_no_pass": ("not-probed",),
        "test_a_candidate_that_never_answers_blocks": ("upgrade-never-answered",),
        "test_a_candidate_that_takes_long_to_start_is_a_notice": ("slow-cold-start",),
    },
    "test_evidence.py": {
        "test_a_required_test_that_failed_blocks": ("evidence-failed",),
        "test_a_required_test_that_did_not_run_is_unknown": (
            "evidence-missing", "evidence-skipped",
        ),
        "test_a_report_of_another_commit_is_stale": ("evidence-stale",),
        "test_a_test_that_is_gone_is_a_notice": ("tests-gone",),
    },
}  # fmt: skip
CASES = [
    (file, test, code)
    for file, tests in PRODUCED.items()
    for test, codes in tests.items()
    for code in codes
]


@pytest.mark.parametrize("code", list(Code))
def test_a_code_is_produced_through_the_command_line(code: Code) -> None:
    assert str(code) in {each for _, _, each in CASES}, f"no test here produces {code}"


@pytest.mark.parametrize(("file", "test", "code"), CASES, ids=[code for _, _, code in CASES])
def test_the_test_that_is_named_looks_for_that_code(file: str, test: str, code: str) -> None:
    whole = re.compile(rf"(?<![\w-]){code}(?![\w-])")
    texts = written(HERE / file, test)
    assert any(whole.search(text) for text in texts), f"{file}::{test} does not mention {code}"


def written(file: Path, test: str) -> set[str]:
    """Every text in that test, in what decorates it, and in the tables that both name."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    node: ast.AST = module
    for name in test.split("."):
        node = next(each for each in _defined(node) if each.name == name)
    tables = {
        target.id: each.value
        for each in module.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    parts = [node, *(tables[name] for name in named & tables.keys())]
    return {text for part in parts for text in _texts(part)}


def _defined(node: ast.AST) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            yield each


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
