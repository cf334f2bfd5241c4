#!/usr/bin/python3
"""Writes the report of the last whole run of each suite into docs/benchmarks.md, so that no figure is typed by hand.

A suite that was not run whole (`--quick`, `--only`, or with a failure) keeps the figures that are there.
"""

import json
import sys

from harness.machine import ROOT
from suites import SUITES, Suite

PAGE = ROOT / "docs" / "benchmarks.md"


def replaced(page: str, suite: Suite, report: str) -> str:
    begin, end = f"<!-- figures of {suite.name} -->\n", f"<!-- end of {suite.name} -->\n"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"{PAGE} has no place for the figures of {suite.name}: {begin.strip()} … {end.strip()}")
    before, rest = page.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}{report}\n{end}{after}"


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    written = []
    for suite in SUITES.values():
        result = json.loads(suite.result.read_text(encoding="utf-8")) if suite.result.exists() else {"whole": False}
        if result["whole"]:
            page = replaced(page, suite, result["report"])
            written.append(suite.name)
    PAGE.write_text(page, encoding="utf-8")
    print(f"{PAGE.name}: figures of {', '.join(written)}" if written else "no whole run to write down")
    return 0 if written else 1


if __name__ == "__main__":
    sys.exit(main())
