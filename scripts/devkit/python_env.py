"""The virtual environment with the pinned packages of the two requirements files."""

import os
import subprocess
import sys

from . import console, paths, system

REQUIREMENTS = ("requirements.txt", "test-requirements.txt")


def _path():
    pinned = [(paths.ROOT / name).read_text() for name in REQUIREMENTS]
    return paths.CACHE / f"venv-{paths.digest(sys.base_prefix, sys.version, *pinned)}"


def enter(arguments):
    """Go on inside the virtual environment, which is made first if need be. Does not return."""
    if sys.version_info < (3, 11):  # noqa: UP036  (told here, before anything needs it)
        raise console.Problem(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Name another "
            "one with `make PYTHON=python3.12 …`."
        )
    if sys.prefix != sys.base_prefix and (paths.CACHE in _parents(sys.prefix)):
        return
    folder = _path()
    python = folder / "bin" / "python"
    with console.one_at_a_time("python"):
        if not (folder / "complete").exists():
            console.require_disk_space()
            _create(folder, python)
    os.execv(python, [str(python), *arguments])


def _parents(folder):
    return list((paths.CACHE / folder).absolute().parents)


def _create(folder, python):
    try:
        import ensurepip  # noqa: F401, PLC0415  (Debian has it in a package of its own)
    except ImportError:
        system.install(["python3-venv"], "A Python virtual environment")
    console.say("Installing the Python packages (about a minute, once) …")
    # --clear: an environment that was interrupted half-way is made anew; pip's cache keeps
    # what was downloaded.
    console.call(
        [sys.executable, "-m", "venv", "--clear", folder],
        "Python could not make a virtual environment: see the message above.",
    )
    files = [part for name in REQUIREMENTS for part in ("-r", paths.ROOT / name)]
    console.call(
        [python, "-m", "pip", "install", "--disable-pip-version-check", "--use-pep517",
         "--progress-bar", "on", *files],
        "The Python packages could not be installed. Check the network (a proxy goes into "
        "HTTPS_PROXY, a mirror into PIP_INDEX_URL) and run the same command again.",
    )  # fmt: skip
    (folder / "complete").touch()


def python_version():
    return subprocess.check_output([sys.executable, "--version"], text=True).strip()
