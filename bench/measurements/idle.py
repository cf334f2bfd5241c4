"""polyd with nothing to do: its memory, its processes and its start, over nothing and over a large API; and the time that
training a large document takes."""

from harness.figures import Figure, Samples
from harness.machine import BenchFailed
from harness.plan import Plan
from harness.polyd import Polyd
from harness.processes import proportional_mib, resident_mib, tree_of
from measurements.github import train_github, training_figure

NAME = "idle"
# No waiting workers: what is counted is polyd, and whether any function keeps a process.
SETTINGS = {"POLY_RUNTIME_PREWARMED": "0"}


def _look(plan: Plan, data, what: str) -> list[Figure]:
    """Memory and start of polyd over what is in `data`; several starts, the memory of the last."""
    starts = []
    for _ in range(plan.rounds):
        polyd = plan.keep(Polyd(plan.binaries, data, settings=SETTINGS))
        starts.append(polyd.start_ms)
        polyd.wait_until_quiet()
        resident, proportional = resident_mib(polyd.pid), proportional_mib(polyd.pid)
        processes = len(tree_of(polyd.pid)) - 1
        polyd.stop()
    if processes:
        raise BenchFailed(f"{what}: polyd keeps {processes} processes though nothing was called")
    return [
        Figure(NAME, f"{what}: resident memory", Samples((resident,), "MiB"),
               note=f"proportional {proportional:.1f} MiB; no process beside polyd"),
        Figure(NAME, f"{what}: start until ready", Samples(tuple(starts), "ms")),
    ]


def _empty(plan: Plan) -> list[Figure]:
    return _look(plan, plan.folder("empty") / "data", "empty polyd")


def _github(plan: Plan) -> list[Figure]:
    data = plan.folder("github") / "data"
    polyd = plan.keep(Polyd(plan.binaries, data, settings=SETTINGS))
    training = train_github(plan, polyd)
    polyd.stop()
    return [
        training_figure(NAME, [training]),
        *_look(plan, data, f"{training.functions} API functions"),
    ]


def measure(plan: Plan) -> list[Figure]:
    return [*_empty(plan), *_github(plan)]
