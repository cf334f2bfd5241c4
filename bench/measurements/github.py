"""GitHub's own API document, trained as a user would train it: the catalog of memory and catalog measurements, and a
measurement itself."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from harness.figures import Aim, Figure, Samples
from harness.machine import ROOT, BenchFailed
from harness.plan import Plan
from harness.polyd import KEY, Polyd

DOCUMENT = ROOT / "node_modules/@octokit/openapi/generated/api.github.com.json"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
SECONDS_MAX = 2


@dataclass(frozen=True)
class Training:
    functions: int
    generate_seconds: float
    train_seconds: float

    @property
    def seconds(self) -> float:
        return self.generate_seconds + self.train_seconds


def _operations() -> int:
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    return sum(method in METHODS for path in paths.values() for method in path)


def _poly(plan: Plan, polyd: Polyd, *words: object) -> float:
    environment = {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": KEY, "PATH": "/usr/bin:/bin", "HOME": str(plan.scratch)}
    began = time.perf_counter()
    finished = subprocess.run([plan.binaries / "poly", *map(str, words)], env=environment, capture_output=True, text=True,
                              check=False)
    if finished.returncode != 0:
        raise BenchFailed(f"poly {' '.join(map(str, words))} ended with {finished.returncode}: {finished.stderr[-2000:]}")
    return time.perf_counter() - began


def train_github(plan: Plan, polyd: Polyd, context: str = "github") -> Training:
    model: Path = plan.folder("model") / "model.json"
    generate = _poly(plan, polyd, "model", "generate", DOCUMENT, "--context", context, "--output", model)
    train = _poly(plan, polyd, "model", "train", model)
    functions, operations = len(polyd.call("GET", "/functions/api")), _operations()
    if functions != operations:
        raise BenchFailed(f"{operations} operations of the document became {functions} functions of the catalog")
    return Training(functions, generate, train)


def training_figure(name: str, trainings: list[Training]) -> Figure:
    reading, publishing = (Samples(tuple(seconds), "s").text() for seconds in
                           zip(*((each.generate_seconds, each.train_seconds) for each in trainings)))
    return Figure(name, "GitHub's OpenAPI document to trained catalog", Samples(tuple(each.seconds for each in trainings), "s"),
                  aim=Aim(at_most=SECONDS_MAX),
                  note=f"{trainings[0].functions} functions; reading {reading}, publishing {publishing}")
