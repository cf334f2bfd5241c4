"""The call of a function that has no instance, until its answer, against starting a bare program that says the same.

A few functions take turns: each has gone to sleep again when it is called the next time.
"""

import subprocess
import time

from harness.figures import Aim, Figure, Finding, Samples
from harness.machine import BenchFailed
from harness.plan import Plan
from harness.polyd import Polyd
from measurements.hello_call import hello_ms
from measurements.languages import Language, bare_program, in_every_language
from measurements.sleeping import start_sleeping

NAME = "cold"
FUNCTIONS = 10
# Without a waiting worker the figure only says what waiting saves.
STARTS_SHARE_UNPREPARED = 5
SLOWEST_MS_MAX = 1000
# The default, except that one second of sleep does, and for the second measurement no worker waits.
PREPARED = {"POLY_LOOPS": "1", "POLY_RUNTIME_IDLE_SECONDS": "1"}
UNPREPARED = {**PREPARED, "POLY_RUNTIME_PREWARMED": "0", "POLY_RUNTIME_PREWARMED_MAX": "0"}


def _process_ms(command: list) -> float:
    began = time.perf_counter()
    finished = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    ended = time.perf_counter()
    if b"world" not in finished.stdout:
        raise BenchFailed(f"{command[0]} printed {finished.stdout!r}")
    return (ended - began) * 1e3


def _first_call_ms(polyd: Polyd, function: str) -> float:
    polyd.wait_until_asleep(function)
    # A waiting worker that was used is replaced; this call is not to find its successor half started.
    polyd.wait_until_quiet()
    connection = polyd.connect()
    try:
        return hello_ms(polyd, connection, function)
    finally:
        connection.close()


def _samples(milliseconds: list[float]) -> Samples:
    return Samples(tuple(milliseconds), "ms")


def _prepared(plan: Plan, language: Language) -> list[Finding]:
    plan.tell(f"{language.name}: {plan.starts} cold starts, a worker waits")
    polyd, functions = start_sleeping(plan, "hello", language.name, language.hello, FUNCTIONS, PREPARED)
    commands = {peer: bare_program(plan, peer) for peer in language.peers}
    ours: list[float] = []
    peers: dict[str, list[float]] = {peer: [] for peer in language.peers}
    for turn in range(plan.starts):
        for peer, command in commands.items():
            peers[peer].append(_process_ms(command))
        ours.append(_first_call_ms(polyd, functions[turn % FUNCTIONS]))
    polyd.stop()
    return _compared(f"cold start, {language.name}", language, _samples(ours),
                     {peer: _samples(taken) for peer, taken in peers.items()})


def _compared(where: str, language: Language, ours: Samples, peers: dict[str, Samples]) -> list[Finding]:
    p99 = Samples((ours.percentile(99),), "ms")
    figures = [Figure(NAME, f"{where}: slowest of {len(ours.values)}", Samples((max(ours.values),), "ms"),
                      aim=Aim(at_most=SLOWEST_MS_MAX))]
    if language.cold_ms_max:
        figures.append(Figure(NAME, f"{where}: p50 itself", ours, aim=Aim(at_most=language.cold_ms_max)))
    for name, peer in peers.items():
        share = language.peers[name]
        figures += [
            Figure(NAME, f"{where}: p50", ours, f"start {name}", peer, Aim(at_most=share) if share else None),
            Figure(NAME, f"{where}: p99", p99, f"start {name}", Samples((peer.percentile(99),), "ms")),
        ]
    return figures


def _unprepared(plan: Plan, language: Language) -> list[Finding]:
    starts = max(1, plan.starts // STARTS_SHARE_UNPREPARED)
    plan.tell(f"{language.name}: {starts} cold starts, no worker waits")
    polyd, functions = start_sleeping(plan, "hello", language.name, language.hello, FUNCTIONS, UNPREPARED)
    ours = [_first_call_ms(polyd, functions[turn % FUNCTIONS]) for turn in range(starts)]
    polyd.stop()
    return [Figure(NAME, f"cold start, {language.name}, no worker waits", _samples(ours))]


def measure(plan: Plan) -> list[Finding]:
    return in_every_language(plan, NAME, lambda plan, language: [*_prepared(plan, language), *_unprepared(plan, language)])
