"""The databases of the commands.

A template with everything the addon depends on is made once per (Odoo, packages, dependencies)
and copied: installing the addon into the copy takes seconds.
"""

import ast

from . import console, paths, python_env


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
    with console.one_at_a_time("template"):
        if name not in odoo.server.databases():
            console.require_disk_space()
            console.say(
                f"Making a template database with {', '.join(modules)}"
                f"{' and demo data' if demo else ''} (one to three minutes, once) …"
            )
            unfinished = f"{name}_new"
            odoo.server.drop(unfinished)
            arguments = ["-i", ",".join(modules), "--stop-after-init"]
            odoo.call(unfinished, *arguments, *(["--with-demo"] if demo else []), strict=False,
                      log="template")  # fmt: skip
            odoo.server.rename(unfinished, name)
    return name


def with_addon(odoo, name, demo=False, extra=()):
    """A fresh copy of the template with the addon installed."""
    source = template(odoo, demo, extra)
    unfinished = f"{name}_new"
    odoo.server.copy(source, unfinished)
    console.say(f"Installing {paths.ADDON} …")
    odoo.call(unfinished, "-i", paths.ADDON, "--stop-after-init", log="install")
    odoo.server.drop(name)
    odoo.server.rename(unfinished, name)
