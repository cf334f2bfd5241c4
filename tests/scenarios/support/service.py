"""A program that prints `ready URL` on standard output when it answers and ends on SIGTERM, as polyd and the upstreams do.

What it writes on standard error goes to a file, so that a talkative program never waits for its reader.
"""

import os
import queue
import signal
import subprocess
import threading
import time

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60
POLL_SECONDS = 0.01


class Service:
    def __init__(self, command, environment, error_file):
        self.error_file = error_file
        with error_file.open("wb") as errors:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=environment,
                start_new_session=True,
            )
        self.lines = []
        self._ready = queue.Queue()
        self._reader = threading.Thread(target=self._read_lines, daemon=True)
        self._reader.start()
        address = self._ready.get(timeout=READY_SECONDS_MAX)
        assert address, f"{command[0]} ended with {self.wait()} before it was ready:\n{self.errors()}"
        self.address = address

    def _read_lines(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("ready "):
                self._ready.put(line.split()[1])
        self._ready.put(None)

    def errors(self):
        """What the program wrote on standard error so far."""
        return self.error_file.read_text(encoding="utf-8", errors="replace")

    def wait_for_error_line(self, part):
        """Returns once `part` stands on standard error."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while part not in self.errors():
            assert time.monotonic() < deadline, f"{part!r} was never said:\n{self.errors()}"
            assert self.process.poll() is None, f"ended before {part!r} was said:\n{self.errors()}"
            threading.Event().wait(POLL_SECONDS)

    def terminate(self):
        self.process.terminate()

    def wait(self):
        try:
            status = self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._reader.join(STOP_SECONDS_MAX)
        return status

    def stop(self):
        """Asks the program to end and gives its exit status."""
        self.terminate()
        return self.wait()

    def kill(self):
        """Ends the program at once, as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS_MAX)


def environment_with(changes):
    """The environment of this process, without what others set for polyd, and with `changes`; None takes a name away."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLY_")}
    return {**kept, **{name: value for name, value in changes.items() if value is not None}}
