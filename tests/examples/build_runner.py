"""Runs a Cloud Build file on this machine, step by step: images become the programs in them.

Rules of this file: a step sees what Cloud Build would show it and no more (its own env, secrets,
the shared workspace); the first step that fails ends the build.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.examples.build_file import Document, substitute
from tests.programs import INSTALLED, Ended
from tests.repositories import git

_GIT, _DOCKER = "gcr.io/cloud-builders/git", "gcr.io/cloud-builders/docker"
_GCLOUD = "gcr.io/google.com/cloudsdktool/google-cloud-cli:"
_SKEWCHECK = "us-docker.pkg.dev/acme/tools/skewcheck:"

# Stands for the docker command: images are in the sandbox already. Like the real one it refuses
# a name without a tag after the colon.
_DOCKER_STAND_IN = """\
#!/bin/sh
for word in "$@"; do case "$word" in *:) echo "invalid reference format" >&2; exit 125;; esac; done
echo "docker $*"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildEnded:
    """The steps that ran, in order, by their ids."""

    steps: Mapping[str, Ended]
    failed: str

    @property
    def ran(self) -> list[str]:
        return list(self.steps)

    @property
    def code(self) -> int:
        """That of the step that failed."""
        return self.steps[self.failed].code if self.failed else 0

    def told(self) -> str:
        return "\n".join(f"{name}: {each}" for name, each in self.steps.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildMachine:
    """`cloud` points programs at the sandbox; `folder` is the machine's own disk, which holds the
    workspace; `without` is told of a program that this machine lacks, and does not return."""

    folder: Path
    cloud: Mapping[str, str]
    secrets: dict[str, str] = field(default_factory=dict)
    without: Callable[[str], None]

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def check_out(self, url: str, commit: str) -> None:
        """As Cloud Build does for a trigger: this one commit, without a branch."""
        self.workspace.mkdir(parents=True)
        for words in (
            ("init", "--quiet"),
            ("remote", "add", "origin", url),
            ("fetch", "--quiet", "--depth=1", "origin", commit),
            ("checkout", "--quiet", "FETCH_HEAD"),
        ):
            git(*words, at=self.workspace)

    def run(self, build: Document, *, only: Sequence[str] = (), **substitutions: str) -> BuildEnded:
        """`only` leaves out all other steps."""
        values = {"PROJECT_ID": "acme-staging", "BUILD_ID": "b1"}
        values |= build.get("substitutions", {}) | substitutions
        ended: dict[str, Ended] = {}
        for step in _in_order(build["steps"]):
            name = step["id"]
            if only and name not in only:
                continue
            ended[name] = self._step(step, values)
            allowed = [0, *map(int, step.get("allowExitCodes", []))]
            if ended[name].code not in allowed and not step.get("allowFailure"):
                return BuildEnded(steps=ended, failed=name)
        return BuildEnded(steps=ended, failed="")

    def _step(self, step: Document, values: Mapping[str, str]) -> Ended:
        image = substitute(step["name"], values)
        words = [substitute(word, values) for word in step.get("args", [])]
        env = dict(substitute(each, values).split("=", 1) for each in step.get("env", []))
        env |= {name: self.secrets[name] for name in step.get("secretEnv", [])}
        if "script" in step:
            command = [str(self._written(step))]
        else:
            command = [*self._entry(image, step.get("entrypoint", "")), *words]
        done = subprocess.run(
            command,
            cwd=self.workspace / substitute(step.get("dir", ""), values),
            env=self._env(image) | env,
            capture_output=True,
            check=False,
            timeout=110,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def _written(self, step: Document) -> Path:
        """A script without a first line of its own is one for sh."""
        text = step["script"]
        file = self.folder / f"script-{step['id']}"
        file.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}")
        file.chmod(0o755)
        return file

    def _entry(self, image: str, entrypoint: str) -> list[str]:
        if entrypoint:
            return [self._found(entrypoint)]
        for prefix, program in ((_SKEWCHECK, "skewcheck"), (_GIT, "git"), (_DOCKER, "docker")):
            if image.startswith(prefix):
                return [self._found(program)]
        raise AssertionError(f"{image} has no entry point that is known here")

    def _found(self, program: str) -> str:
        return shutil.which(program, path=self._path()) or program

    def _path(self) -> str:
        gcloud = shutil.which("gcloud")
        places = [
            self._docker().parent,
            INSTALLED.parent,
            *([Path(gcloud).parent] if gcloud else []),
        ]
        return os.pathsep.join((*map(str, places), os.defpath))

    def _docker(self) -> Path:
        file = self.folder / "bin" / "docker"
        file.parent.mkdir(exist_ok=True)
        file.write_text(_DOCKER_STAND_IN)
        file.chmod(0o755)
        return file

    def _env(self, image: str) -> dict[str, str]:
        home = self.folder / "builder" / "home"
        home.mkdir(parents=True, exist_ok=True)
        env = {
            "PATH": self._path(),
            "HOME": str(home),
            "BUILDER_OUTPUT": str(self.folder / "builder" / "outputs"),
            "NO_PROXY": "*",
        }
        if image.startswith(_GCLOUD) and shutil.which("gcloud") is None:
            self.without("gcloud")
        own = self._of_the_image() if image.startswith(_SKEWCHECK) else {}
        return env | dict(self.cloud) | own

    def _of_the_image(self) -> dict[str, str]:
        """What the Dockerfile sets, and that its user does not own the workspace."""
        config = self.folder / "gitconfig"
        config.write_text(f"[safe]\n\tdirectory = {self.workspace}\n")
        return {
            "SKEWCHECK_STATE_DIR": str(self.folder / "state"),
            "SKEWCHECK_CACHE_DIR": str(self.folder / "cache"),
            "GIT_CONFIG_SYSTEM": str(config),
            "GIT_TEST_ASSUME_DIFFERENT_OWNER": "true",
        }


def _in_order(steps: Sequence[Document]) -> list[Document]:
    """Each as soon as those that it waits for are done: all earlier ones, if it names none."""
    left, order = list(steps), list[Document]()
    while left:
        done = {step["id"] for step in order}
        ready = next(step for step in left if _waits(step, steps) <= done)
        left.remove(ready)
        order.append(ready)
    return order


def _waits(step: Document, steps: Sequence[Document]) -> set[str]:
    earlier = {each["id"] for each in steps[: steps.index(step)]}
    return set(step.get("waitFor", earlier)) - {"-"}
