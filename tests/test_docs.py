"""The documents keep up with the program: commands, findings, variables and examples."""

import re
from pathlib import Path

import pytest

from skewcheck.cli import cli
from skewcheck.core.documents import parse_manifest
from skewcheck.core.findings import RULES, Code
from skewcheck.core.question import Exit

ROOT = Path(__file__).parents[1]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(document: str, heading: str) -> str:
    return document.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("code", list(Code))
def test_every_finding_stands_under_its_severity(code: Code) -> None:
    under = section(text("docs/findings.md"), str(RULES[code].severity))
    assert f"\n| `{code}` |" in under


def test_no_finding_is_documented_that_does_not_exist() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", text("docs/findings.md"), re.MULTILINE)
    assert sorted(told) == sorted(map(str, Code))


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.policy])
def test_a_finding_that_the_policy_may_change_names_its_key(code: Code) -> None:
    row = next(r for r in text("docs/findings.md").splitlines() if r.startswith(f"| `{code}`"))
    assert f"policy.{RULES[code].policy}" in row


@pytest.mark.parametrize("command", list(cli.commands) or cli.list_commands(None))  # type: ignore[arg-type]  # our list needs no context
def test_every_command_is_documented(command: str) -> None:
    assert f"skewcheck {command}" in text("docs/commands.md")


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_is_documented(code: Exit) -> None:
    assert f"\n| {int(code)} |" in text("docs/exit-codes.md")


def test_every_variable_that_is_read_is_documented() -> None:
    read = set(re.findall(r'"(SKEWCHECK_[A-Z_]+|NO_COLOR)"', text("skewcheck/settings.py")))
    assert read
    assert not {name for name in read if f"`{name}`" not in text("docs/commands.md")}


def test_the_smallest_manifest_of_the_documents_is_one() -> None:
    example = re.search(r"```yaml\n(schema: 1\n.*?)```", text("docs/formats.md"), re.DOTALL)
    assert example is not None
    manifest = parse_manifest(example.group(1).encode(), file="docs/formats.md")
    assert set(manifest.services) == {"frontend", "backend"}


def test_the_targets_that_the_readme_names_are_there() -> None:
    named = set(re.findall(r"^make (\w+)", text("README.md"), re.MULTILINE))
    assert named >= {"demo", "test", "check", "bench"}
    assert not {name for name in named if f"\n{name}: " not in text("Makefile")}


@pytest.mark.parametrize(
    "document", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_within_the_project_lead_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text(document)):
        assert (ROOT / document).parent.joinpath(target).exists(), target
