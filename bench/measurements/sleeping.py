"""Functions that are deployed and asleep: polyd has been started anew since, so that nothing of the deploy lives on."""

from harness.plan import Plan
from harness.polyd import Polyd
from measurements.copies import copy_function


def start_sleeping(plan: Plan, name: str, language: str, code: str, count: int,
                   settings: dict[str, str]) -> tuple[Polyd, list[str]]:
    """polyd at rest over `count` functions of the same code, and their ids."""
    data = plan.folder("sleeping") / "data"
    polyd = plan.keep(Polyd(plan.binaries, data, settings={"POLY_RUNTIME_PREWARMED": "0"}))
    function = polyd.deploy(name, language, code)
    polyd.stop()
    functions = [function, *copy_function(data, function, count - 1)]
    polyd = plan.keep(Polyd(plan.binaries, data, settings=settings))
    polyd.wait_until_quiet()
    return polyd, functions
