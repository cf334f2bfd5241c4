"""Packages of npm, PyPI and Maven Central: the commands of the example, word for word, and what they say when all is not well.

Needs those registries, as the tools of this machine are set up to reach them.
"""

import re
import shlex
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/packages"
COMMANDS = {line.split()[3]: shlex.split(line)[1:] for line in (EXAMPLE / "README.md").read_text().splitlines() if line.startswith("poly function add")}
CALLS = {re.search(r"packages\.(\w+)", line)[1]: shlex.split(line)[1:] for line in (EXAMPLE / "README.md").read_text().splitlines() if line.startswith("poly execute")}


@pytest.mark.parametrize(
    ("name", "locked", "answer"),
    [
        ("checkOrder", ["zod@3.23.8"], {"ok": False, "faults": ["customer: Invalid email", "lines: Array must contain at least 1 element(s)"]}),
        ("read_settings", ["PyYAML==6.0.1"], {"colour": "red"}),
        ("cheapest", ["com.google.code.gson:gson:2.10.1"], ["tea"]),
    ],
)
def test_the_example_does_what_its_readme_says(poly, name, locked, answer):
    words = COMMANDS[name]
    words[3] = str(EXAMPLE / words[3])
    added = poly.json(*words)
    assert added["layer"]["packages"] == len(locked)
    assert poly.json("function", "get", f"example.packages.{name}")["locked"] == locked
    assert poly.json(*CALLS[name]) == answer


@pytest.mark.parametrize(
    ("file", "requirement", "words"),
    [
        ("checkOrder.ts", "zod@99", "No matching version found for zod@99"),
        ("read_settings.py", "PyYAML==99", "No matching distribution found for pyyaml==99"),
        ("Products.java", "com.google.code.gson:gson:99", "com.google.code.gson:gson:jar:99"),
    ],
)
def test_a_version_that_is_not_there_is_said_in_the_words_of_its_registry(poly, file, requirement, words):
    name = {"checkOrder.ts": "checkOrder", "read_settings.py": "read_settings", "Products.java": "cheapest"}[file]
    added = poly.run("function", "add", name, str(EXAMPLE / file), "--context", "refused", "--server", "--requirement", requirement)
    assert added.status == 6, added
    assert words in added.errors


def test_a_package_without_a_version_is_found_by_its_import(poly):
    file = poly.write("odd.js", "const isOdd = require('is-odd'); function odd(n) { return isOdd(n); }")
    assert poly.run("function", "add", "odd", file, "--context", "found", "--server").status == 0
    assert {each.rpartition("@")[0] for each in poly.json("function", "get", "found.odd")["locked"]} == {"is-odd", "is-number"}
    assert poly.json("execute", "found.odd", "--arg", "n=3") is True
