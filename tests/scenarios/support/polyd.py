"""polyd as a scenario sees it: the real program over a data folder, and a client with the key of its admin."""

import re
import subprocess
import uuid

from support.client import Client
from support.places import POLYD
from support.service import Service, environment_with

SANITIZER_REPORT = re.compile(r"ERROR: (Address|Leak|Thread)Sanitizer|runtime error:|CHECK failed")
REFUSAL_SECONDS_MAX = 60


class Polyd(Service):
    """A running polyd. `settings` are environment variables; standard error goes beside the data folder.

    `launcher` are words that a program and its arguments are put behind, such as those that make it another user's.
    """

    def __init__(self, data, settings=None, arguments=(), key=None, launcher=()):
        self.data = data
        self.key = key or str(uuid.uuid4())
        environment = environment_with({"POLY_BOOTSTRAP_KEY": self.key, **(settings or {})})
        starts = len(list(data.parent.glob(f"{data.name}-errors-*")))
        super().__init__(
            [*launcher, POLYD, "serve", "--listen", "127.0.0.1:0", "--data", data, *arguments],
            environment,
            data.parent / f"{data.name}-errors-{starts}.log",
        )

    def client(self):
        return Client(self.address, self.key)

    def stop_well(self):
        """Stops polyd, which must end by itself, with status 0 and nothing found by a sanitizer."""
        status = self.stop()
        self.assert_sound()
        assert status == 0, f"polyd ended with {status}:\n{self.errors()}"

    def assert_sound(self):
        report = SANITIZER_REPORT.search(self.errors())
        assert not report, self.errors()[report.start() :]

    def restart(self, settings=None):
        """polyd again over the same data, after this one has ended."""
        return Polyd(self.data, settings, key=self.key)


def refusal(data, settings=None, arguments=(), launcher=()):
    """Starts a polyd that must refuse to start; gives its exit status and what it said on standard error."""
    listen = [] if "--listen" in arguments else ["--listen", "127.0.0.1:0"]
    ended = subprocess.run(
        [*launcher, str(POLYD), "serve", "--data", str(data), *listen, *map(str, arguments)],
        env=environment_with(settings or {}),
        capture_output=True,
        text=True,
        timeout=REFUSAL_SECONDS_MAX,
        check=False,
    )
    assert "ready" not in ended.stdout, ended.stdout
    return ended.returncode, ended.stderr
