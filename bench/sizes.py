"""How large the benchmarks are: BENCH=small (for trying them), medium or large."""

import os

SIZE = os.environ.get("BENCH", "medium")
# A few milliseconds say nothing on a machine that does other things too: at the small size only
# queries, memory and what happens are judged, and the ratios of times are stated.
IS_TIMED = SIZE != "small"


def choose(**by_size):
    """The one of small=, medium= and large= that is asked for."""
    return by_size[SIZE]
