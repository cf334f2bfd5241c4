"""200 different functions awake at once: the memory that one instance takes, shared pages counted in shares (PSS)."""

from harness.figures import Figure, Finding, Samples
from harness.machine import BenchFailed
from harness.plan import Plan
from harness.polyd import Polyd
from harness.processes import proportional_mib, resident_mib, tree_of
from measurements.hello_call import hello_ms
from measurements.languages import JAVASCRIPT, PYTHON_LANGUAGE, Language
from measurements.sleeping import start_sleeping

NAME = "awake"
# Nobody waits, so that every process belongs to a function; and nobody sleeps before all are awake.
SETTINGS = {"POLY_RUNTIME_PREWARMED": "0", "POLY_RUNTIME_PREWARMED_MAX": "0", "POLY_RUNTIME_IDLE_SECONDS": "3600",
            "POLY_RUNTIME_WORKERS_MAX": "500"}


def _wake(polyd: Polyd, functions: list[str]) -> None:
    connection = polyd.connect()
    for function in functions:
        hello_ms(polyd, connection, function)
    connection.close()
    polyd.wait_until_quiet()
    awake = sum(polyd.instances(function) for function in functions)
    if awake != len(functions):
        raise BenchFailed(f"of {len(functions)} functions that were called, {awake} have an instance")


def _awake(plan: Plan, language: Language) -> list[Finding]:
    count = plan.pick(full=200, quick=5)
    plan.tell(f"{language.name}: {count} functions awake")
    polyd, functions = start_sleeping(plan, "hello", language.name, language.hello, count, SETTINGS)
    _wake(polyd, functions)
    workers = [pid for pid in tree_of(polyd.pid) if pid != polyd.pid]
    proportional = sum(map(proportional_mib, workers)) / count
    resident = sum(map(resident_mib, workers)) / count
    gateway = proportional_mib(polyd.pid)
    polyd.stop()
    where = f"{count} functions awake, {language.name}"
    return [
        Figure(NAME, f"{where}: proportional memory of an instance", Samples((proportional,), "MiB"),
               note=f"resident {resident:.1f} MiB each, {len(workers)} processes beside polyd"),
        Figure(NAME, f"{where}: proportional memory of polyd", Samples((gateway,), "MiB")),
    ]


def measure(plan: Plan) -> list[Finding]:
    return [finding for language in (JAVASCRIPT, PYTHON_LANGUAGE) for finding in _awake(plan, language)]
