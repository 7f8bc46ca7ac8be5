"""System packages: installed where we may (root on Debian), named in one sentence elsewhere."""

import os
import shutil
import subprocess

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


def ensure_pdf_printer(required):
    if shutil.which("wkhtmltopdf"):
        return
    try:
        install(["wkhtmltopdf"], "Printing PDF documents")
    except console.Problem as problem:
        if required:
            raise
        console.say(f"{problem} Until then everything works but printing.")
