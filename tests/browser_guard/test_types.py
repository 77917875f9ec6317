"""What TypeScript makes of the guard: its types hold for those who use it, and for the script."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser_guard.world import GUARD
from tests.processes import binary
from tests.software.installed import typescript

_USES = """
import { openSocket, type State } from "skewcheck-guard";
import { build, contracts } from "./spoken.js";
const chat = openSocket({
  url: "/ws", contract: contracts.chat, build, token: async () => "…",
  onState(state: State) {
    if (state.state === "page-is-old") console.log(state.live, state.reloading);
  },
});
const sent: boolean = chat.send("hello");
// @ts-expect-error the contract is what it is all about
openSocket({ url: "/ws" });
// @ts-expect-error there is no such state
const never = chat.state.state === "broken";
"""
_SPOKEN = """
export const build = "";
export const contracts = {"chat": {
  "protocol": "chat", "version": "2.1", "formats": {},
  "handshake": {"subprotocols": ["jwt-auth"], "selected": "jwt-auth", "token_in": "none"},
  "messages": {"opens_with": [], "welcome": {"type": "connected"}}}};
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package that has the guard as a dependency."""
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "skewcheck-guard").symlink_to(GUARD.parent)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "spoken.js").write_text(_SPOKEN)
    (tmp_path / "uses.ts").write_text(_USES)
    return tmp_path


def test_the_types_fit_the_script_and_those_who_use_it(project: Path) -> None:
    options = {
        "strict": True, "noEmit": True, "target": "es2022", "module": "nodenext",
        "lib": ["es2022", "dom", "dom.iterable"], "allowJs": True, "checkJs": True, "types": [],
    }  # fmt: skip
    whole = {"compilerOptions": options, "files": ["uses.ts", str(GUARD)]}
    (project / "tsconfig.json").write_text(json.dumps(whole))
    ran = subprocess.run(
        [binary("node"), typescript(), "-p", "."], cwd=project, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout.decode()) == (0, "")


def test_the_package_is_one_file_with_types_and_without_dependencies() -> None:
    package = json.loads((GUARD.parent / "package.json").read_text())
    assert (package["name"], package["type"], package["license"]) == (
        "skewcheck-guard",
        "module",
        "Apache-2.0",
    )
    assert not {"dependencies", "peerDependencies", "scripts"} & set(package)
    for file in (*package["files"], *package["exports"]["."].values()):
        assert (GUARD.parent / file).is_file()
    lines = GUARD.read_text().splitlines()
    assert not [line for line in lines if line.startswith("import ")]
