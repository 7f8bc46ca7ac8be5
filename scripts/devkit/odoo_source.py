"""Odoo 19.0's own code: from ODOO_HOME, the cache, Debian's package, or a git clone.

Debian's unstable suite has all of Odoo 19 Community as the package odoo-19. It is fetched and
verified by apt with private lists, and unpacked, not installed: no root, and the machine's own
package sources stay as they are.
"""

import os
import runpy
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import console, paths, system

SERIES = (19, 0)
REPOSITORY = "https://github.com/odoo/odoo.git"
PACKAGES = (
    "odoo-19",
    # Debian's package replaces some static files by links into these.
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    # Odoo uses the icon names of version 4.7, which the stable suite still has.
    "fonts-font-awesome/stable",
)
NEITHER = (
    "There is no Odoo 19 here. Either set ODOO_HOME to a checkout of Odoo's 19.0 branch, or run "
    "this where apt reaches a Debian mirror or git reaches Odoo's public repository."
)


@dataclass(frozen=True)
class Odoo:
    code: Path  # goes on Python's path
    addons: tuple[Path, ...]  # what is not found through `code`
    identity: str  # changes when the code does

    def environment(self):
        path = [system.pdf_printer_path(), os.environ.get("PATH", os.defpath)]
        return {
            **os.environ,
            "PATH": os.pathsep.join(str(folder) for folder in path if folder),
            "PYTHONPATH": str(self.code),
            "PYTHONWARNINGS": "ignore",
        }

    def addons_path(self):
        return ",".join(map(str, (*self.addons, paths.ROOT)))


def ensure():
    """:return: Odoo, downloaded if need be"""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _at(Path(home).expanduser().absolute(), "ODOO_HOME")
    folder = paths.CACHE / "odoo-19.0"
    with console.one_at_a_time("odoo"):
        if not folder.exists():
            console.require_disk_space()
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _download(partial)
            _at(_code_in(partial), "the download")
            partial.rename(folder)
    return _at(_code_in(folder), "the cache")


def _code_in(folder):
    packaged = folder / "usr/lib/python3/dist-packages"
    return packaged if packaged.exists() else folder


def _at(code, origin):
    release = code / "odoo" / "release.py"
    if not release.exists():
        raise console.Problem(
            f"{code} ({origin}) is not an Odoo checkout: it has no odoo/release.py."
        )
    version = runpy.run_path(str(release))["version_info"]
    if version[:2] != SERIES:
        series = ".".join(map(str, version[:2]))
        raise console.Problem(
            f"{code} ({origin}) is Odoo {series}, and this addon is made for Odoo 19.0. "
            "Point ODOO_HOME at a checkout of the 19.0 branch, or unset it."
        )
    addons = tuple(p for p in (code / "addons",) if (p / "web").exists())
    head = code / ".git"
    identity = f"{release.stat().st_mtime_ns}"
    if head.exists():
        identity = subprocess.check_output(
            ["git", "-C", str(code), "rev-parse", "HEAD"], text=True
        ).strip()
    return Odoo(code=code, addons=addons, identity=identity)


def _download(folder):
    if shutil.which("apt-get") and shutil.which("dpkg") and _from_debian(folder):
        return
    # Not tried by our CI, whose network has no git hosts: kept to the one command it needs.
    if not shutil.which("git"):
        raise console.Problem(NEITHER)
    console.say("Cloning Odoo's 19.0 branch (about 1 GB, once) …")
    console.call(
        ["git", "clone", "--progress", "--depth=1", "--branch=19.0", REPOSITORY, folder], NEITHER
    )


def _from_debian(folder):
    """:return: whether Debian still offers the package"""
    mirror = _debian_mirror()
    if not mirror:
        return False
    downloads = paths.CACHE / "downloads"
    for name in ("lists/partial", "archives/partial"):
        (downloads / name).mkdir(parents=True, exist_ok=True)
    sources = downloads / "sources.list"
    sources.write_text(f"deb {mirror} sid main\ndeb {mirror} stable main\n")
    apt = [
        "apt-get", "-o", f"Dir::Etc::SourceList={sources}", "-o", "Dir::Etc::SourceParts=/dev/null",
        "-o", f"Dir::State::Lists={downloads}/lists", "-o", f"Dir::Cache={downloads}",
        "-o", "APT::Sandbox::User=root",
        # A mirror that lags behind will do: what it has is signed all the same.
        "-o", "Acquire::Check-Valid-Until=false",
    ]  # fmt: skip
    console.say("Downloading Odoo 19 from Debian (130 MB, once) …")
    console.call(
        [*apt, "-o", "APT::Update::Error-Mode=any", "update"],
        "The Debian mirror did not answer as it should, see above: check the network and run the "
        f"same command again. Without a network: {NEITHER}",
    )
    available = subprocess.run([*apt, "download", "--print-uris", "odoo-19"], capture_output=True)
    if available.returncode:
        return False
    # apt verifies the packages, skips what is there already and resumes what is not whole.
    console.call(
        [*apt, "download", *PACKAGES],
        "The download from the Debian mirror broke off: run the same command again, "
        "it carries on from there.",
        cwd=downloads,
    )
    console.say("Unpacking …")
    folder.mkdir(parents=True)
    for package in sorted(downloads.glob("*.deb")):
        console.call(["dpkg", "-x", package, folder], f"{package} could not be unpacked.")
    _supply_missing_script(folder)
    shutil.rmtree(downloads)
    return True


def _debian_mirror():
    """The mirror that this machine itself is configured to use: no address is written here."""
    rows = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"],
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    for row in rows:
        uri, release, component = [*row.split(), "", "", ""][:3]
        if component == "main" and uri.rstrip("/").endswith("/debian") and "-" not in release:
            return uri
    return None


def _supply_missing_script(folder):
    """Debian leaves out the script that blurs the background of video calls; the web client
    loads it on every page and reports an error without it, which would fail every browser tour.
    This copy of Odoo is for development: it has an empty one."""
    script = (
        folder / "usr/lib/python3/dist-packages/odoo/addons/mail/static/lib"
        "/selfie_segmentation/selfie_segmentation.js"
    )
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("// Left out of Debian's package; nothing here needs it.\n")
