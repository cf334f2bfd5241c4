"""A document of any style made into functions by the real command line, and what was said of it."""

import collections
import json
import time
from dataclasses import dataclass

from training import poly

HOST = "http://127.0.0.1:1"  # nothing is called


@dataclass
class Trained:
    model: dict
    answer: dict
    seconds: float

    @property
    def report(self):
        return self.model["report"]

    @property
    def refused(self):
        """How many operations could not become functions, by reason."""
        return collections.Counter(each["reason"] for each in self.report["refused"])

    @property
    def changed(self):
        """How many functions lack something of their operations, by what was left out."""
        return collections.Counter(each["reason"] for each in self.report["warnings"])


def train(document, polyd, folder):
    """`poly model generate` and `poly model train` of a Document, under its name."""
    file = folder / f"{document.name}.model.json"
    started = time.monotonic()
    poly(polyd, "model", "generate", document.file, "--context", document.name, "--host-url", HOST, "--output", file)
    answer = json.loads(poly(polyd, "model", "train", file, "--json"))
    return Trained(json.loads(file.read_text(encoding="utf-8")), answer, time.monotonic() - started)
