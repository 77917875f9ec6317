"""The documents keep up with the program: commands, findings, variables and examples."""

import re
from pathlib import Path

import click
import pytest

from skewcheck.cli import GROUPS, cli
from skewcheck.core.documents import parse_manifest
from skewcheck.core.findings import RULES, Code, Severity
from skewcheck.core.question import Exit

ROOT = Path(__file__).parents[1]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(document: str, heading: str) -> str:
    return document.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def entries(severity: Severity) -> dict[str, str]:
    """The entries of docs/findings.md under that severity, by their headings."""
    _, *parts = f"\n{section(text('docs/findings.md'), str(severity))}".split("\n### ")
    return dict(part.split("\n", 1) for part in parts)


@pytest.mark.parametrize("code", list(Code))
def test_every_finding_stands_under_its_severity_with_meaning_evidence_and_fix(code: Code) -> None:
    entry = entries(RULES[code].severity)[code]
    labels = re.findall(r"^- \*\*(\w+):\*\* \S", entry, re.MULTILINE)
    assert labels == ["Meaning", "Evidence", "Fix"]


def test_no_finding_is_documented_that_does_not_exist() -> None:
    told = [code for severity in Severity for code in entries(severity)]
    assert sorted(told) == sorted(map(str, Code))


def test_the_list_of_findings_links_to_every_entry_once() -> None:
    index = text("docs/findings.md").split("\n### ")[0].partition("\n**[block](#block)**")[2]
    linked = re.findall(r"\[([a-z-]+)\]\(#\1\)", index)
    assert sorted(linked) == sorted(["unknown", "notice", *map(str, Code)])


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.policy])
def test_a_finding_that_the_policy_may_change_names_its_key(code: Code) -> None:
    entry = entries(RULES[code].severity)[code]
    assert f"policy.{RULES[code].policy}" in entry


@pytest.mark.parametrize(
    "document", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_a_link_to_a_finding_leads_to_a_heading(document: str) -> None:
    own = r"|" + re.escape("(") if document == "docs/findings.md" else ""
    linked = re.findall(rf"(?:findings\.md{own})#([\w-]+)\)", text(document))
    headings = re.findall(r"^#+ (.+)$", text("docs/findings.md"), re.MULTILINE)
    assert set(linked) <= {heading.lower().replace(" ", "-") for heading in headings}


def commands() -> dict[str, click.Command]:
    """All of them, in the order of --help."""
    context = click.Context(cli)
    named = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in named.items() if command is not None}


COMMANDS = commands()


def options(command: click.Command) -> set[str]:
    """The long names of its options, and of its own commands' options."""
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    own = {
        name
        for param in command.params
        if isinstance(param, click.Option)
        for name in param.opts
        if name.startswith("--")
    }
    return own.union(*map(options, inner))


def test_every_command_has_a_section_in_the_order_of_the_help() -> None:
    headings = re.findall(r"^## skewcheck (\w+)$", text("docs/commands.md"), re.MULTILINE)
    assert headings == list(COMMANDS) == [name for group in GROUPS.values() for name in group]


def test_the_list_of_commands_is_grouped_as_the_help_is() -> None:
    listed = re.findall(
        r"^- \*\*([\w ]+):\*\*(.*?)(?=\n-|\n\n)", text("docs/commands.md"), re.S | re.M
    )
    names = {title: re.findall(r"\[(\w+)\]\(#skewcheck-\1\)", links) for title, links in listed}
    assert names == {title: list(group) for title, group in GROUPS.items()}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_section_of_a_command_has_its_synopsis_and_all_its_options(name: str) -> None:
    told = section(text("docs/commands.md"), f"skewcheck {name}")
    pieces = COMMANDS[name].collect_usage_pieces(click.Context(COMMANDS[name]))
    assert told.startswith(f"\n`skewcheck {name} {' '.join(pieces)}`\n")
    shared = section(text("docs/commands.md"), "Options that many share")
    named = set(re.findall(r"--[a-z][a-z-]+", told + shared))
    assert options(COMMANDS[name]) <= named


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_section_of_a_command_names_no_option_that_it_lacks(name: str) -> None:
    told = section(text("docs/commands.md"), f"skewcheck {name}")
    items = re.findall(r"^(?:- `|\| `)(--[a-z][a-z-]+)", told, re.MULTILINE)
    assert set(items) <= options(COMMANDS[name])


@pytest.mark.parametrize("name", ["init", "doctor", "pin", "diff", "stamp"])
def test_what_a_new_command_exits_by_is_in_the_table(name: str) -> None:
    assert f"\n| `{name}` |" in text("docs/exit-codes.md")


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
    lines = re.findall(r"^make ([\w ]+?)\s*(?:#|$)", text("README.md"), re.MULTILINE)
    named = {name for line in lines for name in line.split()}
    assert named >= {"demo", "test", "check", "bench"}
    assert not {name for name in named if f"\n{name}: " not in text("Makefile")}


@pytest.mark.parametrize(
    "document", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_within_the_project_lead_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text(document)):
        assert (ROOT / document).parent.joinpath(target).exists(), target
