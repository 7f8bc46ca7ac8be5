"""How long something took, and how much of that was the machine's other business."""

import contextlib
import time
from dataclasses import dataclass, replace

import psutil

BUSY = 0.25  # of one processor, taken by others: the wait says little about our pages


@dataclass(frozen=True)
class Effort:
    """What has gone by since `Meter` was made."""

    seconds: float
    work: float  # seconds of processors: Odoo, its database, the browser and ourselves
    others: float  # the same of everything else
    is_load: bool = False  # the whole page was loaded, as from a bookmark

    @property
    def is_disturbed(self):
        """Was the machine busy with other things?"""
        return self.work > 0 and self.others > BUSY * self.seconds

    def without(self, idle):
        """:return: the same, when nothing was waited for in that many of the seconds"""
        return replace(self, seconds=max(self.seconds - idle, 0))


class Meter:
    """Starts to count when it is made.

    :param database: whose connections count as ours
    """

    def __init__(self, database):
        self.database = database
        self._start, self._work, self._total = time.monotonic(), self._ours(), _busy()

    def read(self):
        """:return: the Effort so far"""
        work = max(self._ours() - self._work, 0)
        others = max(_busy() - self._total - work, 0)
        return Effort(time.monotonic() - self._start, work, others)

    def _ours(self):
        """:return: seconds of processors that we and what we have started, have used

        0 where the database's processes are not on this machine: then only the clock counts.
        """
        database = [
            process
            for process in psutil.process_iter(["cmdline"])
            if (words := " ".join(process.info["cmdline"] or ()).split())
            and words[0] == "postgres:"
            and self.database in words
        ]
        if not database:
            return 0
        used = 0
        me = psutil.Process()
        for process in [me, *me.children(recursive=True), *database]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended
                used += sum(process.cpu_times()[:4])  # with its children that have ended
        return used


def _busy():
    """:return: seconds that the machine's processors have worked, or were kept from it"""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq + times.steal
