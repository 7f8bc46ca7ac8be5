"""System packages: installed where we may (root on Debian), named in one sentence elsewhere."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from . import console

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def may_install():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages, purpose):
    """Install Debian packages, or raise the sentence that says how."""
    line = " ".join(packages)
    if not may_install():
        raise console.Problem(
            f"{purpose} needs the system package(s) {line}: "
            f"install with `sudo apt-get install {line}` (or what your system calls them)."
        )
    console.say(f"Installing {line} ({purpose}) …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(command, env=environment).returncode:
        # A fresh machine has no package lists, or old ones.
        failed = f"Could not install {line}: see what apt-get says above; is there a network?"
        console.call(["apt-get", "update", "-q"], failed, env=environment)
        console.call(command, failed, env=environment)


def browser():
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser(purpose):
    if not browser():
        install(["chromium"], purpose)


def pdf_printer_path():
    """wkhtmltopdf as built with the patched Qt, which Odoo's documents are made for: the tests'
    requirements bring it for Linux on x86-64, under another name.

    :return: the folder in which it has the name that Odoo looks for; None where there is none
    """
    program = Path(sys.prefix) / "bin" / "wkhtmltopdf-pack"
    if (platform.system(), platform.machine()) != ("Linux", "x86_64") or not program.exists():
        return None
    link = Path(sys.prefix) / "patched-qt" / "wkhtmltopdf"
    link.parent.mkdir(exist_ok=True)
    try:
        link.symlink_to(program)
    except FileExistsError:
        pass  # made before, or by another command at this moment
    return link.parent


def ensure_pdf_printer(required):
    if pdf_printer_path() or shutil.which("wkhtmltopdf"):
        return
    try:
        install(["wkhtmltopdf"], "Printing PDF documents")
    except console.Problem as problem:
        if required:
            raise
        console.say(f"{problem} Until then everything works but printing.")
