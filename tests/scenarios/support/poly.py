"""The command line program `poly` as a scenario runs it: words in, exit status, standard output and error out."""

import json
import subprocess

from support.places import NODE, POLY
from support.polyd import SANITIZER_REPORT
from support.service import environment_with

COMMAND_SECONDS_MAX = 120


class Ended:
    def __init__(self, words, status, output, errors):
        self.words = words
        self.status = status
        self.output = output
        self.errors = errors

    @property
    def document(self):
        return json.loads(self.output)

    def __repr__(self):
        return f"poly {' '.join(self.words)} -> {self.status}\n{self.output[:2000]}\n{self.errors[:2000]}"


class Poly:
    """`poly` in a folder of its own, which is also its home."""

    def __init__(self, folder, settings):
        self.folder = folder
        self._environment = environment_with(
            {"HOME": str(folder), "PATH": f"{NODE.parent}:/usr/bin:/bin", "NO_COLOR": "1", **settings}
        )
        self._environment.pop("XDG_CONFIG_HOME", None)

    def run(self, *words, typed=""):
        words = [str(word) for word in words]
        ended = subprocess.run(
            [str(POLY), *words],
            cwd=self.folder,
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        assert not SANITIZER_REPORT.search(ended.stderr), ended.stderr
        return Ended(words, ended.returncode, ended.stdout, ended.stderr)

    def json(self, *words, typed="", status=0):
        """Runs a command with --json, which must end with `status`, and gives its one document."""
        ended = self.run(*words, "--json", typed=typed)
        assert ended.status == status, ended
        return ended.document

    def write(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file
