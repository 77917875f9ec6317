"""Builds named by a `*_build_info` metric in the Prometheus text format 0.0.4."""

import re
from collections.abc import Iterator

from skewcheck.core.exposed.candidates import Candidate, candidate
from skewcheck.core.exposed.version_conventions import Found, is_commit_key, is_sha_only

_SERIES = re.compile(r"^((?:[a-zA-Z_:][\w:]*_)?build_info)\{(.*)\}[ \t]+\S+", re.MULTILINE)
_LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)"')


def are_metrics(text: str) -> bool:
    return text.startswith(("# HELP", "# TYPE")) or _SERIES.match(text) is not None


def find_in_metrics(text: str) -> Found:
    """Labels that hold a commit, of every such metric: they must agree like any others."""
    return Found("prometheus", tuple(_candidates(text)))


def _candidates(text: str) -> Iterator[Candidate]:
    for metric, labels in _SERIES.findall(text):
        for label, value in _LABEL.findall(labels):
            if is_commit_key(label):
                field = f"{metric}{{{label}}}"
                yield candidate(field, value, sha_only=is_sha_only(label))
