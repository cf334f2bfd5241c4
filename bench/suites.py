"""Which measurements are taken together, and where their result is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.figures import Finding
from harness.machine import ROOT
from harness.plan import Plan
from measurements import (
    api_call,
    asleep,
    awake,
    burst,
    catalog,
    cold_start,
    idle,
    intake,
    proxied,
    server_function,
    spike,
    token_storm,
    training,
)


@dataclass(frozen=True)
class Suite:
    """`starts` is how many cold starts are taken of each language, if any; `result` is the file of the last run."""

    name: str
    measurements: dict[str, Callable[[Plan], list[Finding]]]
    starts: int
    result: Path


def _suite(name: str, starts: int, *modules) -> Suite:
    result = ROOT / "build" / "bench" / f"{name}.json"
    return Suite(name, {module.NAME: module.measure for module in modules}, starts, result)


SUITES = {suite.name: suite for suite in (
    _suite("general", 30, api_call, server_function, cold_start, idle, asleep, intake, catalog),
    _suite("runtime", 100, server_function, cold_start, burst, asleep, awake, spike),
    _suite("outbound", 0, proxied, training, token_storm),
)}
