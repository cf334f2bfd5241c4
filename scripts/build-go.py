#!/usr/bin/python3
"""Builds what functions in Go need into build/go: the waiting worker, the toolchain, and the compiled packages that it
makes programs with (the standard library without C, and the harness). Quick when nothing has changed.
Usage: build-go.py [program go]
"""

import glob
import os
import subprocess
import sys
from pathlib import Path

import build_stamp

ROOT = Path(__file__).resolve().parents[1]
OUT = (ROOT / "build/go").resolve()  # written into the list of packages, and seen so from the sandbox
HARNESS = ROOT / "workers/go/openpoly"
TOOLCHAIN = ROOT / "toolchains/go"
PACKAGE_LIST = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"


def main():
    with build_stamp.out_of_date(OUT, inputs()) as is_due:
        if not is_due:
            return
        go = sys.argv[1] if len(sys.argv) > 1 else installed_go()
        build(go, HARNESS, "./waiting", "openpoly-worker")
        build(go, TOOLCHAIN, ".", "openpoly-toolchain")
        put("packages.cfg", run(go, HARNESS, "list", "-export", "-deps", "-f", PACKAGE_LIST, "std", "openpoly"))


def installed_go():
    found = sorted(glob.glob("/usr/lib/go-1.*/bin/go"))
    if not found:
        sys.exit("build-go: there is no Go; install golang-go")
    return found[-1]


def inputs():
    return [Path(__file__), *(file for folder in (HARNESS, TOOLCHAIN) for file in folder.rglob("*") if file.suffix in (".go", ".mod", ".s"))]


def build(go, folder, package, program):
    unfinished = OUT / f"{program}.new"
    run(go, folder, "build", "-ldflags=-s -w", "-o", unfinished, package)
    os.replace(unfinished, OUT / program)


def put(name, text):
    unfinished = OUT / f"{name}.new"
    unfinished.write_text(text)
    os.replace(unfinished, OUT / name)


def run(go, folder, *words):
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "CGO_ENABLED": "0", "GOCACHE": str(OUT / "cache"), "GOPATH": str(OUT / "path"),
        "GOPROXY": "off", "GOWORK": "off",
    }  # fmt: skip
    finished = subprocess.run([str(go), *map(str, words)], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        sys.exit(f"build-go: go {words[0]} failed:\n{finished.stderr}")
    return finished.stdout


if __name__ == "__main__":
    main()
