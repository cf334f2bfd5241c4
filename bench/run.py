#!/usr/bin/python3
"""Measures OpenPoly against its peers in one run on this machine, and prints ratios.

Timing never fails the run; an answer that is wrong, an error status or a program that ends does. docs/benchmarks.md
says what each measurement is.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from harness import machine
from harness.figures import Figure, table
from harness.machine import BenchFailed
from harness.plan import Plan
from measurements import api_call, catalog, cold_start, idle, intake, server_function

MEASUREMENTS = {module.NAME: module for module in (api_call, server_function, cold_start, idle, intake, catalog)}
RESULT = machine.ROOT / "build" / "bench" / "latest.json"


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="measure this alone; may be repeated")
    parser.add_argument("--quick", action="store_true", help="one short round of each: does everything work?")
    parser.add_argument("--binaries", type=Path, default=machine.ROOT / "build/release/bin",
                        help="the folder of polyd and poly (default: build/release/bin)")
    options = parser.parse_args()
    options.binaries = options.binaries.resolve()
    return options


def require_parts(binaries: Path) -> None:
    for program in (binaries / "polyd", binaries / "poly", machine.NODE, machine.PYTHON, Path("/usr/sbin/nginx")):
        if not program.exists():
            raise BenchFailed(f"{program} is missing; `make bench` builds and installs what is needed")
    if not shutil.which("wrk"):
        raise BenchFailed("wrk is missing; `scripts/install-tools.sh bench` installs it")
    if len(os.sched_getaffinity(0)) < machine.CORES_NEEDED:
        raise BenchFailed("two cores are needed: one for what is measured, one for the load")


def take(name: str, plan: Plan) -> list[Figure]:
    began = time.monotonic()
    print(f"measuring {name} …", end="", file=sys.stderr, flush=True)
    with ExitStack() as cleanup:
        plan.cleanup = cleanup
        figures = MEASUREMENTS[name].measure(plan)
    print(f" {time.monotonic() - began:.0f} s, load average {machine.load_average()}", file=sys.stderr)
    return figures


def write_result(facts: dict, quick: bool, figures: list[Figure]) -> None:
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    document = {"machine": facts, "quick": quick, "figures": [figure.as_json() for figure in figures]}
    RESULT.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    options = read_options()
    facts = machine.facts()
    os.chdir(machine.ROOT / "bench")
    figures: list[Figure] = []
    try:
        require_parts(options.binaries)
        # In the build folder: a temporary folder may be memory, and the disk is part of what is measured.
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="work-", dir=RESULT.parent) as scratch:
            plan = Plan(options.binaries, Path(scratch), seconds=1 if options.quick else 3,
                        rounds=1 if options.quick else 5, starts=3 if options.quick else 30, quick=options.quick)
            for name in options.only or MEASUREMENTS:
                figures += take(name, plan)
    except (BenchFailed, subprocess.CalledProcessError) as failure:
        print(f"\nbench: {failure}", file=sys.stderr)
        return 1
    facts["load_average_after"] = machine.load_average()
    write_result(facts, options.quick, figures)
    print(f"{facts['cores']} cores of {facts['processor']}, {facts['memory_gib']} GiB, Linux {facts['kernel']}, "
          f"load average {facts['load_average_before']} before and {facts['load_average_after']} after\n")
    print(table(figures))
    print(f"\nwritten to {RESULT.relative_to(machine.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
