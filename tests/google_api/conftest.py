"""A clean home for each test; one key for all, because making it takes its time."""

from pathlib import Path

import pytest

from tests.google_api.homes import Home, make_private_key


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="session")
def private_key() -> str:
    return make_private_key()
