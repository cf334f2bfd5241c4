"""Whether what a build script makes is up to date, for one run of it at a time."""

import contextlib
import fcntl
import os
import time


@contextlib.contextmanager
def out_of_date(out, inputs):
    """True when one of the input files is newer than the last build into the folder `out`, which is made when missing.
    A build that ends well is up to date; what changed while it ran is built by the next."""
    out.mkdir(parents=True, exist_ok=True)
    stamp = out / "stamp"
    with open(out / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = time.time_ns()
        newest = max(file.stat().st_mtime_ns for file in inputs)
        is_due = not stamp.exists() or newest >= stamp.stat().st_mtime_ns
        yield is_due
        if is_due:
            stamp.touch()
            os.utime(stamp, ns=(started, started))
