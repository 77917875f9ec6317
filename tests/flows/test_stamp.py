"""A stamp reads and judges everything before it writes, and knows what was built from what."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.flows.stamp import stamp_build
from skewcheck.flows.stamp_origin import Bench, Dist, Module, Wanted
from tests.core.document_samples import BARE_CONTRACT

HEAD, OTHER = BuildSha("a1" * 20), BuildSha("b2" * 20)
PAGE = b"<head></head>"


@dataclass
class InMemory:
    """A `Folder` that is only here."""

    content: dict[str, bytes] = field(default_factory=dict)

    def files(self, below: str = "") -> tuple[str, ...]:
        return tuple(sorted(each for each in self.content if each.startswith(below)))

    def read(self, file: str) -> bytes | None:
        return self.content.get(file)

    def write(self, file: str, content: bytes) -> None:
        self.content[file] = content


@dataclass
class CheckedOut:
    """A `Checkout` at HEAD with those changes; `tracked` are folders that git knows."""

    dirty: tuple[str, ...] = ()
    tracked: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    def head(self) -> BuildSha:
        return HEAD

    def files_in(self, folder: str) -> tuple[str, ...]:
        return ("README.md", "chat.yaml") if folder == "contracts" else ()

    def committed(self, file: str) -> bytes | None:
        return BARE_CONTRACT.encode() if file == "contracts/chat.yaml" else None

    def tracks(self, folder: str) -> bool:
        return folder in self.tracked

    def changes(self, besides: Sequence[str]) -> tuple[str, ...]:
        self.besides = tuple(besides)
        return self.dirty


def bench(checkout: CheckedOut | None, *files: str, within: str = "out") -> Bench:
    dist = InMemory(dict.fromkeys(files, PAGE))
    return Bench(
        checkout=checkout, files=InMemory(), dist=Dist(folder=dist, shown="out", within=within)
    )


def test_what_is_written_is_told_in_order() -> None:
    here = bench(CheckedOut(), "b/index.html", "a.js")
    stamped = stamp_build(here, Wanted())
    assert stamped.files == ("version.json", "contracts.json", "b/index.html")
    assert (stamped.stamp.commit, stamped.stamp.role, stamped.stamp.dirty) == (
        HEAD,
        "client",
        False,
    )
    assert [each.protocol for each in stamped.stamp.contracts] == ["chat"]
    assert here.dist is not None
    assert here.dist.folder.files() == ("a.js", "b/index.html", "contracts.json", "version.json")


@pytest.mark.parametrize(
    ("checkout", "wanted"),
    [
        pytest.param(CheckedOut(dirty=("x",)), Wanted(), id="dirty"),
        pytest.param(CheckedOut(), Wanted(commit=OTHER), id="another commit"),
        pytest.param(CheckedOut(), Wanted(contracts=("no.yaml",)), id="no such contract"),
        pytest.param(
            CheckedOut(dirty=("contracts/chat.yaml",)), Wanted(allow_dirty=True), id="its contract"
        ),
        pytest.param(None, Wanted(), id="nobody names the commit"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(
    checkout: CheckedOut | None, wanted: Wanted
) -> None:
    here = bench(checkout, "index.html")
    with pytest.raises(UsageError):
        stamp_build(here, wanted)
    assert here.dist is not None
    assert here.dist.folder.read("index.html") == PAGE
    assert here.dist.folder.files() == ("index.html",)


@pytest.mark.parametrize(
    ("tracked", "files", "besides"),
    [
        pytest.param((), ("index.html",), ("out",), id="a frontend's build"),
        pytest.param(("out",), ("index.html",), ("out",), id="one that is committed"),
        pytest.param((), ("app.jar",), ("out",), id="a backend's build"),
        pytest.param(
            ("out",),
            ("main.py",),
            ("out/version.json", "out/contracts.json"),
            id="a backend's sources",
        ),
    ],
)
def test_what_was_built_is_no_change_and_sources_are(
    tracked: tuple[str, ...], files: tuple[str, ...], besides: tuple[str, ...]
) -> None:
    checkout = CheckedOut(tracked=tracked)
    stamp_build(bench(checkout, *files), Wanted())
    assert checkout.besides == besides


def test_our_own_module_is_no_change() -> None:
    checkout, folder = CheckedOut(), InMemory()
    module = Module(folder=folder, name="b.js", within="src/b.js")
    stamp_build(replace(bench(checkout), dist=None, module=module), Wanted())
    assert checkout.besides == ("src/b.js",)
    assert folder.files() == ("b.js",)


def test_a_folder_outside_of_the_checkout_has_no_part_in_it() -> None:
    checkout = CheckedOut()
    stamp_build(bench(checkout, "index.html", within=""), Wanted())
    assert checkout.besides == ()


def test_without_a_checkout_the_contracts_beside_us_count_and_that_is_told() -> None:
    files = InMemory({"contracts/chat.yaml": BARE_CONTRACT.encode(), "contracts/old/x.yaml": b"?"})
    here = replace(bench(None, "index.html"), files=files)
    stamped = stamp_build(here, Wanted(commit=OTHER, role="server"))
    assert (stamped.stamp.commit, stamped.stamp.role) == (OTHER, "server")
    assert [each.protocol for each in stamped.stamp.contracts] == ["chat"]
    assert "not held against git" in stamped.notes[0]
