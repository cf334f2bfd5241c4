"""One toolchain of each language and one schema judge serve all tests, as one serves all deploys."""

import json
import subprocess
from pathlib import Path

import pytest
from toolchain import NODE, ROOT, Toolchain


@pytest.fixture(scope="session")
def typescript():
    toolchain = Toolchain("typescript")
    yield toolchain
    assert toolchain.close() == 0


@pytest.fixture(scope="session")
def descriptions():
    toolchain = Toolchain("descriptions")
    yield toolchain
    assert toolchain.close() == 0


@pytest.fixture(scope="session")
def python():
    toolchain = Toolchain("python")
    yield toolchain
    assert toolchain.close() == 0


@pytest.fixture(scope="session")
def java_parts():
    subprocess.run(["/usr/bin/python3", str(ROOT / "scripts/build-java.py")], check=True)


@pytest.fixture(scope="session")
def java(java_parts):
    toolchain = Toolchain("java")
    yield toolchain
    assert toolchain.close() == 0


@pytest.fixture(scope="session")
def go_parts():
    subprocess.run(["/usr/bin/python3", str(ROOT / "scripts/build-go.py")], check=True)


@pytest.fixture(scope="session")
def go(go_parts):
    toolchain = Toolchain("go")
    yield toolchain
    assert toolchain.close() == 0


@pytest.fixture(scope="session")
def accepts():
    """`accepts(schema, value)`: what both drafts that a schema may be read by agree on."""
    script = Path(__file__).with_name("validator.mjs")
    judge = subprocess.Popen([str(NODE), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def verdict(schema, value):
        judge.stdin.write(json.dumps({"schema": schema, "value": value}) + "\n")
        judge.stdin.flush()
        by_draft_07, by_draft_2020 = json.loads(judge.stdout.readline())
        assert by_draft_07 == by_draft_2020, (schema, value)
        return by_draft_07

    yield verdict
    judge.stdin.close()
    assert judge.wait(30) == 0
