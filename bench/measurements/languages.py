"""The languages of server functions: a hello world in each, and the bare programs that its start is held against."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.figures import Finding, Remark
from harness.machine import JAVA, NODE, PEERS, PYTHON, BenchFailed
from harness.plan import Plan
from harness.polyd import DeployRefused

COMPILE_SECONDS_MAX = 120


@dataclass(frozen=True)
class Language:
    """`peers` are bare programs with the share of their start that ours may take. An optional language is left out, and
    said to be, when polyd refuses it."""

    name: str
    hello: str
    peers: dict[str, float | None]
    cold_ms_max: float | None = None
    optional: bool = False


JAVASCRIPT = Language("javascript", "export default function hello(name) { return { hello: name }; }\n", {"node": 0.1}, 15)
PYTHON_LANGUAGE = Language("python", "def hello(name: str) -> dict:\n    return {'hello': name}\n",
                           {"node": 0.1, "python3": None}, 15)
JAVA_LANGUAGE = Language("java", """import java.util.Map;

public class Hello {
    public static Map<String, String> hello(String name) {
        return Map.of("hello", name);
    }
}
""", {"java": 0.25}, optional=True)
GO = Language("go", """package function

func hello(name string) map[string]string {
	return map[string]string{"hello": name}
}
""", {"a Go program": None}, optional=True)
LANGUAGES = (JAVASCRIPT, PYTHON_LANGUAGE, JAVA_LANGUAGE, GO)


def in_every_language(plan: Plan, measurement: str, measure: Callable[[Plan, Language], list[Finding]]) -> list[Finding]:
    findings: list[Finding] = []
    for language in LANGUAGES:
        try:
            findings += measure(plan, language)
        except DeployRefused as refusal:
            if not language.optional:
                raise
            findings.append(Remark(measurement, f"{measurement}, {language.name}: left out, {refusal}"))
    return findings


def bare_program(plan: Plan, peer: str) -> list:
    """The command that says hello to the world and ends; compiled first where it has to be."""
    if peer == "node":
        return [NODE, PEERS / "hello.cjs"]
    if peer == "python3":
        return [PYTHON, PEERS / "hello.py"]
    folder = plan.folder("hello")
    if peer == "java":
        _compile([_compiler("javac"), "-d", folder, PEERS / "Hello.java"])
        return [JAVA, "-cp", folder, "Hello"]
    _compile([_compiler("go"), "build", "-o", folder / "hello", PEERS / "hello.go"])
    return [folder / "hello"]


def _compiler(name: str) -> Path:
    found = shutil.which(name)
    if not found:
        raise BenchFailed(f"{name} is missing, though polyd runs functions of its language")
    return Path(found)


def _compile(command: list) -> None:
    finished = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                              timeout=COMPILE_SECONDS_MAX)
    if finished.returncode != 0:
        raise BenchFailed(f"{command[0]} ended with {finished.returncode}: {finished.stderr[-2000:]}")
