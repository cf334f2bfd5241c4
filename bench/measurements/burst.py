"""Many different sleeping functions called at the same moment, more than workers wait: how long the slowest call takes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from harness.figures import Aim, Figure, Finding, Samples
from harness.plan import Plan
from harness.polyd import Polyd
from measurements.hello_call import hello_ms
from measurements.languages import Language, in_every_language
from measurements.sleeping import start_sleeping

NAME = "burst"
FUNCTIONS = 20
SLOWEST_MS_MAX = 1000


def _call_at_once(polyd: Polyd, functions: list[str]) -> list[float]:
    connections = [polyd.connect() for _ in functions]
    barrier = Barrier(len(functions))

    def call(connection, function: str) -> float:
        barrier.wait()
        return hello_ms(polyd, connection, function)

    with ThreadPoolExecutor(len(functions)) as threads:
        taken = list(threads.map(call, connections, functions))
    for connection in connections:
        connection.close()
    return taken


def _bursts(plan: Plan, language: Language) -> list[Finding]:
    bursts = plan.pick(full=10, quick=1)
    plan.tell(f"{language.name}: {bursts} bursts over {FUNCTIONS} sleeping functions")
    taken: list[float] = []
    for _ in range(bursts):
        # polyd anew each time: after a burst more workers wait than a quiet server has.
        polyd, functions = start_sleeping(plan, "hello", language.name, language.hello, FUNCTIONS, {})
        taken += _call_at_once(polyd, functions)
        polyd.stop()
    where = f"{FUNCTIONS} sleeping functions called at once, {language.name}"
    return [
        Figure(NAME, f"{where}: slowest call of {bursts} bursts", Samples((max(taken),), "ms"), aim=Aim(at_most=SLOWEST_MS_MAX)),
        Figure(NAME, f"{where}: p50", Samples(tuple(taken), "ms")),
    ]


def measure(plan: Plan) -> list[Finding]:
    return in_every_language(plan, NAME, _bursts)
