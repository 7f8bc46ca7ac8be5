"""How long something took, and how much of that was the machine's other business."""

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
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
        parents, used, has_database = {}, {}, False
        ours = {os.getpid()}
        for folder in PROC.glob("[0-9]*"):
            try:
                values = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it has ended
                continue
            number = int(folder.name)
            parents[number] = int(values[1])
            used[number] = sum(map(int, values[11:15]))  # with its children that have ended
            if command.startswith("postgres:") and self.database in command.split():
                ours.add(number)
                has_database = True

        def is_ours(number):
            while number in parents:
                if number in ours:
                    return True
                number = parents[number]
            return False

        if not has_database:
            return 0
        return sum(ticks for number, ticks in used.items() if is_ours(number)) / TICKS


def _busy():
    """:return: seconds that the machine's processors have worked, or were kept from it"""
    user, nice, system, _idle, _wait, irq, softirq, stolen, *_ = map(
        int, (PROC / "stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq + stolen) / TICKS
