"""The databases of the commands.

A template with everything the addon depends on is made once per (Odoo, packages, dependencies)
and copied: installing the addon into the copy takes seconds.
"""

import ast

from . import console, paths, python_env
from .inside import assets


def manifest():
    return ast.literal_eval((paths.ROOT / paths.ADDON / "__manifest__.py").read_text())


def template(odoo, demo=False, extra=()):
    """:return: the name of the template database, made first if need be"""
    modules = sorted({*manifest()["depends"], *extra})
    identity = paths.digest(
        odoo.source.identity, (paths.ROOT / "requirements.txt").read_text(),
        python_env.python_version(), *modules, "demo" if demo else "",
    )  # fmt: skip
    name = f"{paths.ADDON}_template_{identity}"
    # One lock for each: nobody waits for a template of other apps.
    with console.one_at_a_time(name):
        if name not in odoo.server.databases():
            console.require_disk_space()
            console.say(
                f"Making a template database with {', '.join(modules)}"
                f"{' and demo data' if demo else ''} (one to three minutes, once) …"
            )
            unfinished = f"{name}_new"
            odoo.server.drop(unfinished)
            arguments = ["-i", ",".join(modules), "--stop-after-init"]
            odoo.call(unfinished, *arguments, *(["--with-demo"] if demo else []), strict=False)
            odoo.server.rename(unfinished, name)
    return name


def with_addon(odoo, name, demo=False, extra=()):
    """A fresh copy of the template with the addon installed.

    What was installed from the very same files before is copied, so that a second run of the tests
    starts at once.
    """
    source = template(odoo, demo, extra)
    kind = f"{'demo' if demo else ''}{'beside' if extra else ''}"
    installed = paths.database_name(f"installed{kind}")
    digest = paths.digest(source, addon_digest())
    with console.one_at_a_time(installed):
        if odoo.server.comment(installed) != digest:
            console.say(
                f"Installing {paths.ADDON}{' beside ' if extra else ''}{', '.join(extra)} …"
            )
            unfinished = f"{installed}_new"
            odoo.server.copy(source, unfinished)
            odoo.call(unfinished, "-i", paths.ADDON, "--stop-after-init")
            if not demo and not extra:  # where few look at pages they are made when they do
                odoo.inside(unfinished, assets.make)
            odoo.server.drop(installed)
            odoo.server.rename(unfinished, installed)
            odoo.server.set_comment(installed, digest)
        odoo.server.copy(installed, name)


def demo(odoo):
    """:return: the database of `make run`: made once, and updated when the addon has changed"""
    name, digest = paths.database_name("run"), addon_digest()
    if name not in odoo.server.databases():
        with_addon(odoo, name, demo=True)
    elif odoo.server.comment(name) != digest:
        console.say(f"{paths.ADDON} has changed: updating the database …")
        odoo.call(name, "-u", paths.ADDON, "--stop-after-init", log="update")
    odoo.server.set_comment(name, digest)
    return name


def leave_statistics_alone(odoo, name):
    """No test's rows are ever committed. Where autovacuum comes by and notes empty tables, queries
    over the rows of one long transaction are planned for none, and take minutes."""
    with odoo.server.cursor(name) as cursor:
        cursor.execute(
            "SELECT string_agg(format('ALTER TABLE %I SET (autovacuum_enabled = false)', relname),"
            " ';') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        cursor.execute(cursor.fetchone()[0])


def addon_digest():
    """:return: a text that changes with any file of the addon, or of the small ones beside it"""
    files = sorted(path for path in paths.ROOT.glob(f"{paths.ADDON}*/**/*") if path.is_file())
    return paths.digest(
        *(f"{path}{path.read_bytes()!r}" for path in files if "__pycache__" not in path.parts)
    )
