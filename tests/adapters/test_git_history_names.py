"""Which refs, paths and globs may reach git."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skewcheck.adapters.git_history.names import checked_path, checked_ref, glob_pathspecs
from skewcheck.core.errors import UsageError


@pytest.mark.parametrize(
    "ref", ["HEAD", "main", "origin/main", "v1.2", "feature/x-1", "refs/heads/main", "a" * 40]
)
def test_a_plain_ref_is_let_through(ref: str) -> None:
    assert checked_ref(ref) == ref


@pytest.mark.parametrize(
    "ref",
    [
        "", "-n1", "--output=owned", "a..b", "HEAD~1", "HEAD^", "HEAD@{0}", "@", "main:web", ":/x",
        "a b", "a\tb", "a\n", "a\0b", "*", "a?", "a[b]", "a\\b", "a//b", "/a", "a/", "a.", ".a",
        "a/.b", "a.lock", "a.lock/b", "a\x7f",
    ],
)  # fmt: skip
def test_a_ref_that_is_an_option_or_an_expression_is_refused(ref: str) -> None:
    with pytest.raises(UsageError, match="not the name of a branch"):
        checked_ref(ref)


@settings(max_examples=60)
@given(st.text(alphabet="ab/.-@{~^:*[\\ \x7fé", min_size=1, max_size=6).map("refs/heads/".__add__))
def test_no_ref_is_let_through_that_git_would_refuse(ref: str) -> None:
    by_git = subprocess.run(["git", "check-ref-format", ref], check=False).returncode == 0
    try:
        checked_ref(ref)
    except UsageError:
        assert not by_git
    else:
        assert by_git


@pytest.mark.parametrize("path", ["", ".", "/etc/passwd", "../x", "a/../../x", "a\0b"])
def test_a_path_outside_the_repository_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="not a path inside"):
        checked_path(path)


def test_a_path_is_spelled_as_git_spells_it() -> None:
    assert checked_path("./contracts//chat.yaml") == "contracts/chat.yaml"


def test_a_glob_cannot_bring_its_own_magic() -> None:
    assert glob_pathspecs([":(exclude)web", "web/**"]) == [
        ":(top,glob):(exclude)web",
        ":(top,glob)web/**",
    ]
