#!/usr/bin/env python3
"""The project's commands: `make run` calls `dev.py run`, and so on.

It starts on the machine's own Python with nothing but the standard library, makes the virtual
environment and goes on inside it.
"""

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from devkit import console, python_env

COMMANDS = (
    "run", "test", "core-tests", "click-all", "shop", "lint", "bench", "shots", "clean",
    "journeys", "lifecycle", "translations",
)  # fmt: skip


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        raise console.Problem(f"Usage: dev.py {'|'.join(COMMANDS)}")
    if arguments[0] != "clean":
        python_env.enter([str(Path(__file__).resolve()), *arguments])
    command = importlib.import_module(f"devkit.commands.{arguments[0].replace('-', '_')}")
    return command.main(arguments[1:])


if __name__ == "__main__":
    console.exit_with(main, sys.argv[1:])
