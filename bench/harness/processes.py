"""Programs under measurement: started on given cores, told apart as a tree, their CPU time and memory read from /proc."""

import os
import subprocess
import time
from pathlib import Path

from harness.machine import BenchFailed

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
STOP_SECONDS_MAX = 20
QUIET_WINDOW_SECONDS = 0.15
QUIET_SECONDS_MAX = 60
# Timers that tick and the clock's own grain; more than one tick in the window is work.
QUIET_TICKS_MAX = 1


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rsplit(")", 1)[1].split()


def tree_of(root: int) -> list[int]:
    """`root` and everything below it that is alive."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (stat := _stat(int(entry))):
            children.setdefault(int(stat[1]), []).append(int(entry))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children.get(pid, []))
    return found


def _wants_the_processor(pid: int) -> bool:
    """Whether a thread runs, waits for a core or for the disk; on a busy machine it may do so for long and get nothing."""
    try:
        states = [Path(f"/proc/{pid}/task/{thread}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
                  for thread in os.listdir(f"/proc/{pid}/task")]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return any(state in "RD" for state in states)


def cpu_ticks(pid: int) -> int:
    """User and system time of one process with all its threads."""
    stat = _stat(pid)
    return int(stat[11]) + int(stat[12]) if stat else 0


class CpuTime:
    """The CPU time of a tree: of its root alone, and of everything below it."""

    def __init__(self, root: int):
        ticks = {pid: cpu_ticks(pid) for pid in tree_of(root)}
        self.root = ticks.pop(root) / TICKS_PER_SECOND
        self.below = sum(ticks.values()) / TICKS_PER_SECOND

    @property
    def total(self) -> float:
        return self.root + self.below


def proportional_mib(pid: int) -> float:
    return _rollup_kib(pid, "Pss:") / 1024


def resident_mib(pid: int) -> float:
    return _rollup_kib(pid, "Rss:") / 1024


def _rollup_kib(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    raise BenchFailed(f"/proc/{pid}/smaps_rollup has no {field}")


class Program:
    """A running program and everything that it started."""

    def __init__(self, name: str, command: list, cores: str, log: Path, environment: dict[str, str] | None = None,
                 stdout=None):
        self.name = name
        self.log = log
        with log.open("ab") as output:
            # taskset becomes the program, so that its id is the program's.
            self.process = subprocess.Popen(
                ["taskset", "-c", cores, *map(str, command)],
                stdout=stdout or output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, **(environment or {})},
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> CpuTime:
        return CpuTime(self.pid)

    def require_running(self) -> None:
        if self.process.poll() is not None:
            raise BenchFailed(f"{self.name} ended with status {self.process.returncode}; see {self.log}")

    def wait_until_quiet(self) -> None:
        """Until the tree does no work: what it put off is done."""
        deadline = time.monotonic() + QUIET_SECONDS_MAX
        while time.monotonic() < deadline:
            before = tree_of(self.pid)
            ticks = sum(map(cpu_ticks, before))
            wanted = any(map(_wants_the_processor, before))
            time.sleep(QUIET_WINDOW_SECONDS)
            self.require_running()
            after = tree_of(self.pid)
            worked = sum(map(cpu_ticks, after)) - ticks > QUIET_TICKS_MAX
            if before == after and not worked and not wanted and not any(map(_wants_the_processor, after)):
                return
        raise BenchFailed(f"{self.name} still works {QUIET_SECONDS_MAX} s after its last request")

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
