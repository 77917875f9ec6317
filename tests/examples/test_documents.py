"""docs/cloud-build.md quotes the examples as they are, and names every one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "cloud-build.md").read_text(encoding="utf-8")
EXAMPLES = {
    str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
    for folder in ("cloud-build", "cloud-deploy")
    for file in (ROOT / "examples" / folder).glob("*.yaml")
}


def test_every_quoted_block_is_a_file_or_whole_lines_of_one() -> None:
    quoted = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    assert len(quoted) >= 5
    for block in quoted:
        assert any(f"\n{block}" in f"\n{text}" for text in EXAMPLES.values()), block


def test_the_two_that_newcomers_copy_are_quoted_whole() -> None:
    for name in ("gate", "candidate"):
        assert f"```yaml\n{EXAMPLES[f'examples/cloud-build/{name}.yaml']}```" in DOCUMENT


def test_every_example_is_linked_from_the_document() -> None:
    linked = re.findall(r"\]\(\.\./(examples/[^)]*)\)", DOCUMENT)

    for name in EXAMPLES:
        assert any(name.startswith(target) for target in linked), name


def test_the_image_that_is_built_is_the_one_that_the_examples_run() -> None:
    (built,) = re.findall(r"gcloud builds submit --tag (\S+)", DOCUMENT)

    for name, text in EXAMPLES.items():
        for image in re.findall(r"us-docker\.pkg\.dev/acme/tools/\S+", text):
            assert image == built, name


def test_the_version_of_the_image_is_that_of_the_package() -> None:
    from skewcheck import __version__

    assert f"tools/skewcheck:{__version__}\n" in DOCUMENT
