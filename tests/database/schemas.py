"""An empty place in PostgreSQL for a test that needs no database of its own: a schema is made in a
hundredth of the time.
"""

import uuid

import psycopg
import pytest

from tests.postgres import one_of

_KEY = pytest.StashKey[str]()


def empty_place(config: pytest.Config) -> str:
    """Its URL, in a database that all tests of the worker share."""
    if _KEY not in config.stash:
        config.stash[_KEY] = one_of(config).database()
    url, name = config.stash[_KEY], f"t{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {name}".encode())
    return f"{url}?options=-csearch_path%3D{name}"
