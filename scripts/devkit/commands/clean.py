"""`make clean`: removes what the other commands made, here and in the cache directory."""

import os
import shutil
import subprocess

from devkit import console, paths


def main(arguments):
    _drop_databases()
    for folder in (paths.LOCAL, paths.CACHE):
        if folder.exists():
            console.say(f"Removing {folder} …")
            shutil.rmtree(folder)
    # What Python and the test tools leave beside the files they read.
    for pattern in ("**/__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache"):
        for folder in list(paths.ROOT.glob(pattern)):
            shutil.rmtree(folder)
    return 0


def _drop_databases():
    """On a server of your own our databases go; the embedded one stops and goes as a whole."""
    environments = [p.parent for p in paths.CACHE.glob("venv-*/complete")]
    if not environments:
        return
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from devkit import postgres\n"
        "import os\n"
        "if any(os.environ.get(n) for n in ('PGHOST', 'PGPORT', 'PGSERVICE', 'PGHOSTADDR')):\n"
        "    server = postgres.ensure()\n"
        "    for name in server.databases(): server.drop(name)\n"
        "postgres.stop_embedded()\n"
    )
    subprocess.run(
        [environments[0] / "bin" / "python", "-c", script, paths.ROOT / "scripts"],
        env=os.environ,
        check=True,
    )
