"""Starts the programs of the demo, waits until each says that it is ready, and stops them again.

A service prints `ready http://HOST:PORT` on standard output when it answers. All it prints goes to its log file.
"""

import os
import queue
import socket
import subprocess
import threading
from collections import deque
from pathlib import Path

READY_SECONDS_MAX = 30
STOP_SECONDS_MAX = 15
LOG_TAIL_LINES = 30
PORTS_TRIED_MAX = 50


class ServiceFailed(Exception):
    """A program did not start, or did not end as it should."""


class Service:
    """One running program of the demo."""

    def __init__(self, name: str, command: list, log_file: Path, environment: dict[str, str] | None = None):
        self.name = name
        self.log_file = log_file
        self._log = log_file.open("w", encoding="utf-8")
        # A session of its own: Ctrl-C reaches the driver only, which then stops each service in order.
        self._process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
        self._address: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read_output, daemon=True)
        self._reader.start()
        self.address = self._wait_until_ready()

    def _read_output(self) -> None:
        for line in self._process.stdout:
            self._log.write(line)
            self._log.flush()
            if line.startswith("ready "):
                self._address.put(line.split()[1])
        self._address.put(None)

    def _wait_until_ready(self) -> str:
        try:
            address = self._address.get(timeout=READY_SECONDS_MAX)
        except queue.Empty:
            self.stop()
            raise ServiceFailed(f"{self.name} did not say 'ready' within {READY_SECONDS_MAX} s") from None
        if address is None:
            status = self._process.wait()
            self._log.close()
            raise ServiceFailed(f"{self.name} ended with status {status} before it was ready; see {self.log_file}")
        return address

    def stop(self) -> int:
        """Ends the program and returns its exit status; kills it when it does not end in time."""
        self._process.terminate()
        try:
            status = self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join(STOP_SECONDS_MAX)
        self._log.close()
        return status

    def wait(self) -> int:
        return self._process.wait()


def log_tail(log_file: Path) -> list[str]:
    if not log_file.exists():
        return []
    with log_file.open(encoding="utf-8", errors="replace") as lines:
        return [line.rstrip("\n") for line in deque(lines, maxlen=LOG_TAIL_LINES)]


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens to."""
    for port in range(first, first + PORTS_TRIED_MAX):
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ServiceFailed(f"the ports {first} to {first + PORTS_TRIED_MAX - 1} are all taken")
