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
from harness.figures import Finding, Remark
from harness.machine import BenchFailed
from harness.plan import Plan
from harness.report import markdown
from measurements import echo_servers
from suites import SUITES, Suite


def read_options() -> tuple[argparse.Namespace, Suite]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", choices=SUITES, default="general", help="which measurements (default: general)")
    parser.add_argument("--only", action="append", metavar="NAME", help="measure this alone; may be repeated")
    parser.add_argument("--quick", action="store_true", help="one short round of each: does everything work?")
    parser.add_argument("--binaries", type=Path, default=machine.ROOT / "build/release/bin",
                        help="the folder of polyd and poly (default: build/release/bin)")
    options = parser.parse_args()
    options.binaries = options.binaries.resolve()
    suite = SUITES[options.suite]
    if unknown := set(options.only or ()) - set(suite.measurements):
        parser.error(f"--only {', '.join(sorted(unknown))}: not one of {', '.join(suite.measurements)}")
    return options, suite


def require_parts(binaries: Path) -> None:
    programs = (binaries / "polyd", binaries / "poly", machine.NODE, machine.PYTHON, Path("/usr/sbin/nginx"))
    missing = [program for program in programs if not program.exists()] + echo_servers.missing_parts()
    if missing:
        raise BenchFailed(f"{missing[0]} is missing; `make bench` builds and installs what is needed")
    if not shutil.which("wrk"):
        raise BenchFailed("wrk is missing; `scripts/install-tools.sh bench` installs it")
    if len(os.sched_getaffinity(0)) < machine.CORES_NEEDED:
        raise BenchFailed("two cores are needed: one for what is measured, one for the load")


def take(name: str, measure, plan: Plan) -> list[Finding]:
    began = time.monotonic()
    print(f"{name}", file=sys.stderr, flush=True)
    with ExitStack() as cleanup:
        plan.cleanup = cleanup
        findings = measure(plan)
    print(f"  took {time.monotonic() - began:.0f} s, load average {machine.load_average()}", file=sys.stderr)
    return findings


def take_all(options: argparse.Namespace, suite: Suite, findings: list[Finding]) -> bool:
    """Whether all could be taken. One that could not does not cost those after it."""
    complete = True
    # In the build folder: a temporary folder may be memory, and the disk is part of what is measured.
    suite.result.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="work-", dir=suite.result.parent) as scratch:
        plan = Plan(options.binaries, Path(scratch), seconds=1 if options.quick else 3, rounds=1 if options.quick else 5,
                    starts=3 if options.quick else suite.starts, quick=options.quick)
        for name in options.only or suite.measurements:
            try:
                findings += take(name, suite.measurements[name], plan)
            except (BenchFailed, subprocess.CalledProcessError) as failure:
                complete = False
                print(f"bench: {name}: {failure}", file=sys.stderr)
                findings.append(Remark(name, f"{name}: FAILED, no figures: {failure}"))
    return complete


def write_result(suite: Suite, facts: dict, whole: bool, report: str, findings: list[Finding]) -> None:
    document = {"machine": facts, "whole": whole, "report": report,
                "findings": [{"kind": type(finding).__name__, **finding.as_json()} for finding in findings]}
    suite.result.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    options, suite = read_options()
    facts = machine.facts()
    findings: list[Finding] = []
    try:
        require_parts(options.binaries)
    except BenchFailed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    complete = take_all(options, suite, findings)
    facts["load_average_after"] = machine.load_average()
    report = markdown(facts, findings)
    write_result(suite, facts, complete and not options.quick and not options.only, report, findings)
    print(f"{report}\n\nwritten to {suite.result.relative_to(machine.ROOT)}")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
