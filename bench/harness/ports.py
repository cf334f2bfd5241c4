"""Ports for peers that cannot take port 0, and the wait until one answers."""

import socket
import time

from harness.machine import BenchFailed
from harness.processes import Program

READY_SECONDS_MAX = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_open(program: Program, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        program.require_running()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.005)
    raise BenchFailed(f"{program.name} does not listen on port {port} after {READY_SECONDS_MAX} s; see {program.log}")
