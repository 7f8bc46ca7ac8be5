"""What goes wrong on a fresh machine is said in one sentence that tells what to do."""

import os
import shutil
import socket
from collections import namedtuple

import pytest
from devkit import console, odoo_cli, odoo_source, postgres, system
from devkit.commands import run

Usage = namedtuple("Usage", "total used free")


def _checkout(tmp_path, version):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text(
        f"FINAL = 'final'\nversion_info = ({version}, 0, FINAL, 0, '')\n"
    )
    return tmp_path


def test_wrong_series_in_odoo_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(_checkout(tmp_path, "18, 0")))
    with pytest.raises(console.Problem, match=r"is Odoo 18\.0.*made for Odoo 19\.0.*19\.0 branch"):
        odoo_source.ensure()


def test_odoo_home_of_the_right_series_is_used_and_nothing_is_downloaded(tmp_path, monkeypatch):
    home = _checkout(tmp_path, "19, 0")
    (home / "addons" / "web").mkdir(parents=True)
    monkeypatch.setenv("ODOO_HOME", str(home))
    monkeypatch.setattr(odoo_source, "_download", lambda folder: pytest.fail("downloads"))
    found = odoo_source.ensure()
    assert found.code == home
    assert found.addons == (home / "addons",)


def test_odoo_home_that_is_no_odoo(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(console.Problem, match="not an Odoo checkout"):
        odoo_source.ensure()


def test_neither_odoo_home_nor_apt_nor_git(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(console.Problem, match="set ODOO_HOME to a checkout.*apt reaches"):
        odoo_source._download(tmp_path / "odoo")


def test_no_network(tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_source, "_debian_mirror", lambda: "http://127.0.0.1:9/debian")
    monkeypatch.setattr(odoo_source.paths, "CACHE", tmp_path)
    with pytest.raises(console.Problem, match="check the network and run the same command again"):
        odoo_source._from_debian(tmp_path / "odoo")


def test_without_a_debian_package_the_clone_is_tried(tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_source, "_from_debian", lambda folder: False)
    commands = []
    monkeypatch.setattr(console, "call", lambda command, *_: commands.append(command))
    odoo_source._download(tmp_path / "odoo")
    assert commands[0][:2] == ["git", "clone"]
    assert "--depth=1" in commands[0] and "--branch=19.0" in commands[0]


def test_port_in_use(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(console.Problem, match=f"Port {port}.*is in use.*make run PORT="):
            run.free_port()


def test_disk_full(tmp_path, monkeypatch):
    monkeypatch.setattr(console.paths, "CACHE", tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**9, 10**9, 5 * 1024**2))
    with pytest.raises(console.Problem, match="is full: 5 MB free.*Make room"):
        console.require_disk_space()


def test_postgresql_server_that_does_not_answer(monkeypatch):
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "9")
    with pytest.raises(console.Problem, match="(?s)PGHOST, PGPORT and PGUSER.*unset them"):
        postgres.ensure()


def test_system_package_that_we_may_not_install(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(console.Problem, match="sudo apt-get install chromium"):
        system.install(["chromium"], "The browser tests")


def test_a_program_that_fails_or_is_missing():
    with pytest.raises(console.Problem, match="what to do"):
        console.call(["false"], "what to do")
    with pytest.raises(console.Problem, match="'no-such-program' is missing"):
        console.call(["no-such-program"], "what to do")


def test_a_warning_in_an_installation_log_is_trouble(tmp_path):
    log = tmp_path / "log"
    log.write_text(
        "2026-11-22 10:00:00,000 7 INFO db odoo: fine\n"
        "2026-11-22 10:00:00,000 7 ERROR db odoo.sql_db: pg_trgm is not there\n"
        "2026-11-22 10:00:00,000 7 WARNING db odoo.orm: a field is odd\nand more of it\n"
        "2026-11-22 10:00:01,000 7 INFO db odoo: fine again\n"
    )
    (found,) = odoo_cli.unexpected(log)
    assert "a field is odd" in found and "and more of it" in found and "fine" not in found
