"""Tests whose inputs hypothesis thinks up: skipped on a host that has it not, never under CI=true.

What they draw follows from one seed. It is random, and printed: `make test SEED=7` draws the same
again.
"""

import os
import random
import sys
import unittest

SEED = int(os.environ.get("SEED") or random.randrange(10**6))

try:
    from hypothesis import HealthCheck, Phase, event, example, given, seed, settings
    from hypothesis import strategies as st
except ImportError:
    if os.environ.get("CI") == "true":
        raise

    class _Anything:
        """Stands for whatever a test that is skipped would have said with hypothesis."""

        def __getattr__(self, name):
            return self

        def __call__(self, *args, **kwargs):
            return self

        def __or__(self, other):
            return self

        def __iter__(self):
            return iter(())

    def _undecorated(*args, **kwargs):
        return lambda test: test

    def given(*args, **kwargs):
        return unittest.skip("hypothesis is not installed")

    HealthCheck = Phase = event = st = _Anything()
    example = seed = settings = _undecorated

__all__ = [
    "SEED", "HealthCheck", "Phase", "event", "example", "given", "say", "seed", "settings", "st",
]  # fmt: skip


def say(line):
    """Print a line. One with SEED= in it stands in the summary of `make test` (conftest.py)."""
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()
