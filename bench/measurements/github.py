"""GitHub's own API document, trained as a user would train it: the catalog of memory and catalog measurements."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from harness.machine import ROOT, BenchFailed
from harness.plan import Plan
from harness.polyd import KEY, Polyd

DOCUMENT = ROOT / "node_modules/@octokit/openapi/generated/api.github.com.json"


@dataclass(frozen=True)
class Training:
    functions: int
    generate_seconds: float
    train_seconds: float


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
    return Training(len(polyd.call("GET", "/functions/api")), generate, train)
