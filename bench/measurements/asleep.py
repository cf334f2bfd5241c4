"""10,000 deployed functions that nobody calls: what polyd holds for them, how it starts, and how fast a random one wakes."""

import random

from harness.figures import Aim, Figure, Finding, Samples
from harness.machine import BenchFailed
from harness.plan import Plan
from harness.polyd import Polyd
from harness.processes import proportional_mib, resident_mib, tree_of
from measurements.sleeping import start_sleeping

NAME = "asleep"
FUNCTIONS = 10_000
CALLS = 50
MEMORY_MIB_MAX = 150
FIRST_CALL_MS_MAX = 15
CODE = """export default function greet(customer: { id: number; name: string }, language?: string): { text: string } {
  return { text: `${language === 'de' ? 'Hallo' : 'Hello'} ${customer.name} (${customer.id})` };
}
"""
# No waiting workers: what is counted is polyd, and whether any function keeps a process.
ALONE = {"POLY_RUNTIME_PREWARMED": "0", "POLY_RUNTIME_PREWARMED_MAX": "0"}


def sleeping_crowd(plan: Plan) -> tuple[Polyd, list[str]]:
    """polyd alone over all the sleeping functions."""
    return start_sleeping(plan, "greet", "typescript", CODE, FUNCTIONS, ALONE)


def _memory_and_start(plan: Plan, polyd: Polyd) -> list[Finding]:
    plan.tell(f"{FUNCTIONS:,} functions: memory, and {plan.rounds} starts")
    if len(tree_of(polyd.pid)) > 1:
        raise BenchFailed("polyd keeps processes though nothing was called")
    resident, proportional = resident_mib(polyd.pid), proportional_mib(polyd.pid)
    starts = [polyd.start_ms]
    polyd.stop()
    while len(starts) < plan.rounds:
        again = plan.keep(Polyd(plan.binaries, polyd.data, settings=ALONE))
        starts.append(again.start_ms)
        again.stop()
    what = f"{FUNCTIONS:,} server functions asleep"
    return [
        Figure(NAME, f"{what}: resident memory", Samples((resident,), "MiB"), aim=Aim(at_most=MEMORY_MIB_MAX),
               note=f"proportional {proportional:.1f} MiB; no process beside polyd"),
        Figure(NAME, f"{what}: start until ready", Samples(tuple(starts), "ms")),
    ]


def _first_call_ms(polyd: Polyd, function: str) -> float:
    polyd.wait_until_quiet()
    connection = polyd.connect()
    try:
        answer = connection.send(polyd.execute_request(function, "server", {"customer": {"id": 7, "name": "Ada"}}))
    finally:
        connection.close()
    if answer.json() != {"text": "Hello Ada (7)"}:
        raise BenchFailed(f"a function answered {answer.body!r}")
    return answer.whole_ms


def _first_calls(plan: Plan, polyd: Polyd, functions: list[str]) -> list[Finding]:
    calls = plan.pick(full=CALLS, quick=3)
    plan.tell(f"{FUNCTIONS:,} functions: {calls} of them, by chance, called for the first time")
    awake = plan.keep(Polyd(plan.binaries, polyd.data))
    taken = Samples(tuple(_first_call_ms(awake, function) for function in random.sample(functions, calls)), "ms")
    awake.stop()
    what = f"one of {FUNCTIONS:,} sleeping functions, first call"
    return [
        Figure(NAME, f"{what}: p50", taken, aim=Aim(at_most=FIRST_CALL_MS_MAX)),
        Figure(NAME, f"{what}: p99", Samples((taken.percentile(99),), "ms")),
    ]


def measure(plan: Plan) -> list[Finding]:
    polyd, functions = sleeping_crowd(plan)
    return [*_memory_and_start(plan, polyd), *_first_calls(plan, polyd, functions)]
