"""The demo's world for tests: a real local Google Cloud, and skewcheck run on it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skewcheck.cli.local_cloud import local_world
from skewcheck.sandbox import story
from skewcheck.sandbox.edges.edge import EdgeFaults
from skewcheck.sandbox.world import World
from tests.programs import Ended, environment, outside_of_ci, run_here


@dataclass(frozen=True)
class Seen:
    """A run with --format json."""

    code: int
    report: dict[str, Any]

    @property
    def verdict(self) -> str:
        return str(self.report["verdict"])

    def codes(self, *severities: str) -> set[str]:
        return {
            each["code"]
            for each in self.report["findings"]
            if not severities or each["severity"] in severities
        }

    def about(self, subject: str) -> set[str]:
        return {each["code"] for each in self.report["findings"] if each["subject"] == subject}

    def finding(self, code: str) -> dict[str, Any]:
        found: dict[str, Any]
        (found,) = (each for each in self.report["findings"] if each["code"] == code)
        return found


@dataclass(frozen=True)
class Stage:
    """Each scene sets what it needs and leaves the rest as the last one left it."""

    world: World
    env: Mapping[str, str]
    home: Path

    def healthy(self) -> None:
        """Both new, nothing stale, no faults."""
        world = self.world
        world.cloud.faults.clear()
        for edge in (world.frontend_edge, world.backend_edge):
            edge.faults = EdgeFaults()
        for service in (story.WEB, story.API):
            if world.cloud.service(service)["traffic"][0].get("revision"):
                world.cloud.set_traffic(service, "latest")
        if self._newest(story.WEB) != world.history.new_frontend:
            world.deploy_new_frontend()
        if self._newest(story.API) != world.history.new_backend:
            world.deploy_new_backend()
        world.heal()

    def _newest(self, service: str) -> str:
        """The build of the newest revision; a deploy takes its time, so none is made in vain."""
        return str(self.world.cloud.service(service)["template"]["labels"]["commit-sha"])

    def stale_edge(self) -> None:
        """The edge holds the page from before; behind it runs the new one."""
        world = self.world
        world.deploy_frontend(world.history.old)
        world.heal()
        world.prime_edge()
        world.deploy_new_frontend()

    def run(self, *words: str, **env: str) -> Ended:
        return run_here(
            words[0], "staging", "--repo", str(self.world.repository), *words[1:],
            env={**environment(self.home), **self.env, **env},
        )  # fmt: skip

    def run_bare(self, *words: str) -> Ended:
        """A command that asks no environment."""
        return run_here(*words, env={**environment(self.home), **self.env})

    def look(self, *words: str, **env: str) -> Seen:
        ended = self.run(*(words or ("status",)), "--format", "json", **env)
        assert ended.err == ""
        return Seen(ended.code, json.loads(ended.out))

    def gate(self, service: str, build: str, *words: str) -> Seen:
        return self.look("gate", "--candidate", f"{service}={build}", *words)


@contextmanager
def staged(folder: Path, **terms: Any) -> Iterator[Stage]:
    """Two days ago everything was old and worked; since then only the scenes have happened."""
    with local_world(folder, **terms) as (world, variables):
        world.deploy_old_everything()
        yield Stage(world, outside_of_ci(variables), folder)
