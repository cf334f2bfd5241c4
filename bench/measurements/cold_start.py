"""The first call of a function that has no instance, against starting an interpreter on a hello world.

The aim is the same for both languages: a share of what starting Node.js takes.
"""

import subprocess
import time
from dataclasses import dataclass

from harness.figures import Aim, Figure, Samples
from harness.machine import NODE, PYTHON, BenchFailed
from harness.plan import Plan
from harness.polyd import Polyd

NAME = "cold"


@dataclass(frozen=True)
class Language:
    name: str
    code: str
    peers: tuple[str, ...]


COMMANDS = {"node": [NODE, "peers/hello.cjs"], "python3": [PYTHON, "peers/hello.py"]}
LANGUAGES = (
    Language("javascript", "export default function hello(name) { return { hello: name }; }\n", ("node",)),
    Language("python", "def hello(name: str) -> dict:\n    return {'hello': name}\n", ("node", "python3")),
)


def _process_ms(peer: str) -> float:
    began = time.perf_counter()
    finished = subprocess.run(COMMANDS[peer], stdout=subprocess.PIPE, check=True)
    ended = time.perf_counter()
    if b"world" not in finished.stdout:
        raise BenchFailed(f"{peer} printed {finished.stdout!r}")
    return (ended - began) * 1e3


def _first_call_ms(polyd: Polyd, function_id: str) -> float:
    connection = polyd.connect()
    try:
        answer = connection.send(polyd.execute_request(function_id, "server", {"name": "world"}))
    finally:
        connection.close()
    if b"world" not in answer.body:
        raise BenchFailed(f"a function answered {answer.body!r}")
    return answer.whole_ms


def _deploy(polyd: Polyd, language: Language, number: int) -> str:
    """Under a name of its own, which the function in the source has to have too."""
    name = f"hello{number}"
    return polyd.deploy(name, language.name, language.code.replace("hello(", f"{name}("))


def _measure(plan: Plan, language: Language, prewarmed: int) -> list[Figure]:
    settings = {"POLY_LOOPS": "1", "POLY_RUNTIME_PREWARMED": str(prewarmed)}
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("cold") / "data", settings=settings))
    functions = [_deploy(polyd, language, number) for number in range(plan.starts)]
    polyd.wait_until_quiet()
    ours: list[float] = []
    peers: dict[str, list[float]] = {peer: [] for peer in language.peers}
    for function in functions:
        for peer, taken in peers.items():
            taken.append(_process_ms(peer))
        ours.append(_first_call_ms(polyd, function))
        # The waiting worker that was used is replaced; the next call is not to find its successor half started.
        polyd.wait_until_quiet()
    polyd.stop()
    where = f"cold start, {language.name}, {'a worker waits' if prewarmed else 'no worker waits'}"
    return _figures(where, prewarmed > 0, _samples(ours), {peer: _samples(taken) for peer, taken in peers.items()})


def _samples(milliseconds: list[float]) -> Samples:
    return Samples(tuple(milliseconds), "ms")


def _figures(where: str, worker_waits: bool, ours: Samples, peers: dict[str, Samples]) -> list[Figure]:
    figures = []
    if worker_waits:
        figures.append(Figure(NAME, f"{where}: p50 itself", ours, aim=Aim(at_most=15)))
    for name, peer in peers.items():
        aim = Aim(at_most=0.1) if worker_waits and name == "node" else None
        figures += [
            Figure(NAME, f"{where}: p50", ours, f"start {name}", peer, aim),
            Figure(NAME, f"{where}: p99", _samples([ours.percentile(99)]), f"start {name}", _samples([peer.percentile(99)])),
        ]
    return figures


def measure(plan: Plan) -> list[Figure]:
    return [figure for language in LANGUAGES for prewarmed in (1, 0) for figure in _measure(plan, language, prewarmed)]
