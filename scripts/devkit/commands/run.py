"""`make run`: Odoo with the addon and demo data, at http://127.0.0.1:8069 (PORT=… for another)."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from playwright import sync_api

from devkit import console, databases, paths, system
from devkit.browser import Browser
from devkit.odoo_cli import Odoo, unexpected

LOGINS = """
    {url}

    administrator   admin / admin
    bookkeeper      bookkeeper / bookkeeper
    sales rep       rep / rep

Stop with Ctrl-C; `make run` starts it again with the same data. The log: {log}
"""


def main(arguments):
    port = free_port()
    system.ensure_pdf_printer(required=False)
    odoo = Odoo()
    name = databases.demo(odoo)
    return serve(odoo, name, port)


def free_port(any_port=False):
    """:param any_port: whichever is free, not the one that people type"""
    port = 0 if any_port else int(os.environ.get("PORT", "8069"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise console.Problem(
                f"Port {port} of 127.0.0.1 is in use (another `make run`?): stop that program, or "
                f"choose another port with `make run PORT={port + 10}`."
            ) from error
        return probe.getsockname()[1]


def start(odoo, name, port, **options):
    """Start the server.

    :return: (process, url), once it answers
    """
    log = log_of(name)
    config = odoo.config(
        name, db_name=name, dbfilter=f"^{name}$", http_port=port, logfile=log, **options
    )
    log.unlink(missing_ok=True)
    process = subprocess.Popen(
        odoo.command("-c", config), env=odoo.source.environment(), stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        if process.poll() is not None:
            raise console.Problem(f"Odoo did not start: see {log}")
        try:
            urllib.request.urlopen(f"{url}/web/login", timeout=60).close()
            return process, url
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    process.terminate()
    raise console.Problem(f"Odoo does not answer at {url}: see {log}")


@contextlib.contextmanager
def serving(odoo, name, port=None, **options):
    """Yields (process, url) of a server, which stops in the end."""
    process, url = start(odoo, name, port or free_port(any_port=True), **options)
    try:
        yield process, url
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def visit(odoo, name):
    """Serve a database and look at it in a browser.

    Yields (browser, problems), a list to add texts to. In the end it also has what the browser
    waited for in vain, and every unexpected warning or error of the server's log.
    """
    problems = []
    try:
        with serving(odoo, name) as (_process, url), Browser(url) as browser:
            yield browser, problems
    except (console.Problem, sync_api.Error) as problem:
        problems.append(str(problem))
    problems += unexpected(log_of(name))


def log_of(name):
    """:return: the path of what the server of a database logs"""
    return paths.LOCAL / f"{name}.server.log"


def serve(odoo, name, port):
    console.say("Starting Odoo …")
    with serving(odoo, name, port, max_cron_threads=1) as (process, url):
        print(LOGINS.format(url=url, log=log_of(name)), flush=True)
        return process.wait()
