"""`make bench`: every bench/bench_*.py, one after the other.

BENCH=small|medium|large chooses the size. Each benchmark states ratios that were taken in one run,
and fails when one is beyond its limit.
"""

import subprocess
import sys

from devkit import paths
from devkit.odoo_cli import Odoo


def main(arguments):
    environment = Odoo().source.environment()
    failed = []
    for script in sorted((paths.ROOT / "bench").glob("bench_*.py")):
        if arguments and arguments[0] not in script.stem:
            continue
        print(f"--- {script.stem}", flush=True)
        if subprocess.run([sys.executable, script], cwd=paths.ROOT, env=environment).returncode:
            failed.append(script.stem)
    if failed:
        print(f"Beyond a limit, or not run: {', '.join(failed)}")
    return 1 if failed else 0
