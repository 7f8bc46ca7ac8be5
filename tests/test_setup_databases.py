"""A copied database is as good as one that was made by itself."""

from contextlib import contextmanager

import pytest
from devkit import paths, postgres
from odoo.tools import config


@pytest.fixture
def server():
    """The server that the tests run on."""
    return postgres.Server(
        host=config["db_host"] or "", port=str(config["db_port"] or ""),
        user=config["db_user"] or "", embedded=False,
    )  # fmt: skip


@contextmanager
def _database(server, purpose):
    name = paths.database_name(purpose)
    server.drop(name)
    try:
        yield name
    finally:
        server.drop(name)


def _take_number(server, database):
    """:return: the number that the sequence gives, and how many more it has logged ahead"""
    with server.cursor(database) as cursor:
        cursor.execute("SELECT nextval('numbers')")
        [number] = cursor.fetchone()
        cursor.execute("SELECT log_cnt FROM numbers")
        return number, cursor.fetchone()[0]


def test_a_copy_gives_no_number_twice_after_a_crash(server):
    # What a sequence has not logged itself is forgotten in a crash, and then given again. The
    # copy must log the first number it gives, as the original did.
    with _database(server, "copied") as source, _database(server, "copy") as target:
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {source} TEMPLATE template0")
        with server.cursor(source) as cursor:
            cursor.execute("CREATE SEQUENCE numbers")
        first, ahead = _take_number(server, source)
        server.copy(source, target)
        assert _take_number(server, target) == (first + 1, ahead)
