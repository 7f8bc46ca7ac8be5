"""A step in pieces, for the server ends what works in the background for too long: what a piece has
made is committed, and the next one begins where it ended."""

import time
from collections import Counter

from odoo.tools import config

# Seconds that a row of a step takes on a slow machine, Odoo's part and the database's: `make bench
# T=import` states them.
_SECONDS = {"documents": 0.03, "orders": 0.05, "purchase_orders": 0.05}
_OTHERS = 0.004


class PieceEnded(Exception):
    """The time of a piece is over, and some of its step is left. `rest` is what the next one needs
    to go on, as JSON."""

    def __init__(self, rest):
        super().__init__()
        self.rest = rest


class Pieces:
    """A part of the `Importer`. A step is done again for each piece: what it has made before is
    known then, and of what it would make nothing comes twice. So it ends only between two batches
    of what is new, and what was counted and told until then is kept for the next one."""

    #: Seconds of a piece; None: a step has one.
    piece_seconds = None
    _rest, _loop, _ends_at = None, 0, None
    #: What the piece before has left for a step besides, as JSON.
    kept_for_rest = None

    def begin_piece(self, rest=None):
        """:param dict rest: of the piece before, with its "counts" and "problems"; None: it is the
        first one of a step"""
        self._rest, self._loop = rest, 0
        self.kept_for_rest = rest and rest["kept"]
        self._ends_at = self.piece_seconds and time.monotonic() + self.piece_seconds

    def batches(self, step, rows, size):
        """
        :param list rows: what is to be made, in an order that is always the same
        :return: iterator of lists of these, without those that an earlier piece has dealt with
        :raise PieceEnded:
        """
        self._loop += 1
        if self._rest and self._loop < self._rest["loop"]:
            # Whatever is left of these was refused.
            return
        if self._rest and self._loop == self._rest["loop"]:
            rows = rows[max(0, len(rows) - self._rest["left"]) :]
            self._take_up()
        for begin in range(0, len(rows), size):
            yield rows[begin : begin + size]
            self.tell(step)
            left = len(rows) - begin - size
            if left > 0:
                # What a batch has made is of no use to the next one: the memory is that of one.
                self.env.invalidate_all()
            if left > 0 and self._ends_at and time.monotonic() > self._ends_at:
                rewritten = {key: sorted(names) for key, names in self.rewritten.items()}
                raise PieceEnded(
                    {"loop": self._loop, "left": left, "kept": self.kept_for_rest,
                     "rewritten": rewritten}
                )  # fmt: skip

    def _take_up(self):
        """Count and tell on from where the piece before has ended."""
        rest, self._rest = self._rest, None
        for step, count in self.counts.items():
            count.clear()
            count.update(rest["counts"].get(step, {}))
        self.problems[:] = rest["problems"]
        self.rewritten = {key: {*names} for key, names in rest["rewritten"].items()}


def counted(counts):
    """:return: {step: {count: number}} of what has any"""
    return {step: dict(+Counter(count)) for step, count in counts.items() if +Counter(count)}


def trial_beyond_limit(expected):
    """A trial run is one transaction, which cannot be divided.

    :param dict expected: {step: rows}
    :return: (seconds that it takes, about; seconds after which the server ends a scheduled action),
        or None where it has the time
    """
    real = config["limit_time_real_cron"]
    # Odoo's own default is to take that of other requests.
    real = config["limit_time_real"] if real < 0 else real
    limits = [limit for limit in (real, config["limit_time_cpu"]) if limit > 0]
    seconds = sum(rows * _SECONDS.get(step, _OTHERS) for step, rows in expected.items())
    return (round(seconds), min(limits)) if limits and seconds > min(limits) else None
