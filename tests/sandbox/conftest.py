"""One running sandbox per test module: starting processes is what these tests spend time on."""

from collections.abc import Iterator

import pytest

from skewcheck.sandbox.cloud import Sandbox
from tests.sandbox.builders import API_IMAGE, NEW, OLD, WEB_IMAGE, backend, frontend


@pytest.fixture(scope="module")
def cloud() -> Iterator[Sandbox]:
    """A sandbox whose registry knows an old and a new build of both programs."""
    with Sandbox(operations_take=0.05) as cloud:
        for build in (OLD, NEW):
            cloud.images.add(WEB_IMAGE, build, frontend(build))
            cloud.images.add(API_IMAGE, build, backend(build))
        yield cloud
