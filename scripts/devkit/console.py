"""What the commands say, and how they fail: one sentence that tells what to do."""

import contextlib
import errno
import fcntl
import shutil
import signal
import subprocess
import sys

from . import paths

MINIMUM_FREE = 4 * 1024**3  # bytes: Odoo unpacked 1.2 GB, Python 0.5 GB, databases and their logs


class Problem(Exception):
    """Something that the person at the keyboard can mend; the text says how."""


def say(text):
    print(f"==> {text}", flush=True)


def call(command, otherwise, **options):
    """Run a program in the foreground, its output shown (so downloads show their progress).

    :param otherwise: the sentence of the Problem that is raised when it fails
    """
    try:
        subprocess.run([str(part) for part in command], check=True, **options)
    except FileNotFoundError:
        raise Problem(f"The program {command[0]!r} is missing. {otherwise}") from None
    except subprocess.CalledProcessError as error:
        require_disk_space(64 * 1024**2)
        raise Problem(otherwise) from error


def require_disk_space(needed=MINIMUM_FREE):
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    for place in (paths.CACHE, paths.ROOT):
        free = shutil.disk_usage(place).free
        if free < needed:
            raise Problem(
                f"The disk of {place} is full: {free // 1024**2} MB free, "
                f"{needed // 1024**2} MB needed. Make room there (or set XDG_CACHE_HOME to a "
                "larger disk) and run the same command again."
            )


@contextlib.contextmanager
def one_at_a_time(name="setup"):
    """Two commands never set up the same thing at once; the second waits and finds it done."""
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    with open(paths.CACHE / f"{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another command that is setting up the same thing …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def exit_with(main, arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(arguments))
    except Problem as problem:
        sys.exit(f"\nSTOPPED: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; the same command carries on from here.")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        require_disk_space()
        raise
