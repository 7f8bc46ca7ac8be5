"""The databases of the commands: a copy is as good as its original, none is out of date."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from devkit import databases, paths, postgres
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


def test_the_database_of_make_run_is_made_once_and_updated_when_the_addon_changes(
    server, monkeypatch
):
    done = []

    def make(odoo, name, demo):
        done.append(("made", demo))
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")

    with _database(server, "demo") as name:
        odoo = SimpleNamespace(server=server, call=lambda *how, log: done.append(how))
        monkeypatch.setattr(databases.paths, "database_name", lambda purpose: name)
        monkeypatch.setattr(databases, "with_addon", make)
        monkeypatch.setattr(databases, "addon_digest", lambda: "first")
        assert databases.demo(odoo) == name
        assert databases.demo(odoo) == name
        assert done == [("made", True)]
        monkeypatch.setattr(databases, "addon_digest", lambda: "changed")
        databases.demo(odoo)
        databases.demo(odoo)
        assert done[1:] == [(name, "-u", paths.ADDON, "--stop-after-init")]
