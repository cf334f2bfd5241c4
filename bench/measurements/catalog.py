"""How long the catalog takes to answer: `/specs`, and a search, with GitHub's document and with 10,000 functions."""

from harness.figures import Aim, Figure, Samples
from harness.plan import Plan
from harness.polyd import Polyd
from measurements.asleep import ALONE, FUNCTIONS, sleeping_crowd
from measurements.github import train_github

NAME = "catalog"
ASKED = 10


def _ask(polyd: Polyd, path: str) -> tuple[Samples, Samples, int]:
    """First byte, whole answer and its size, over a connection that is there already."""
    connection = polyd.connect()
    answers = [connection.send(polyd.request("GET", path)) for _ in range(ASKED + 1)][1:]
    connection.close()
    return (Samples(tuple(answer.first_byte_ms for answer in answers), "ms"),
            Samples(tuple(answer.whole_ms for answer in answers), "ms"), len(answers[0].body))


def _look(polyd: Polyd, what: str, search: str) -> list[Figure]:
    first, whole, size = _ask(polyd, "/specs")
    untyped_first, untyped_whole, untyped_size = _ask(polyd, "/specs?noTypes=true")
    _, found, found_size = _ask(polyd, search)
    return [
        Figure(NAME, f"{what}: /specs, first byte", first, aim=Aim(at_most=50),
               note=f"{size / 2**20:.1f} MiB, whole in {whole.text()}"),
        Figure(NAME, f"{what}: /specs without types, first byte", untyped_first, aim=Aim(at_most=50),
               note=f"{untyped_size / 2**20:.1f} MiB, whole in {untyped_whole.text()}"),
        Figure(NAME, f"{what}: {search}", found, aim=Aim(at_most=10), note=f"{found_size / 1024:.0f} KiB"),
    ]


def _github(plan: Plan) -> list[Figure]:
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("github") / "data", settings=ALONE))
    training = train_github(plan, polyd)
    figures = _look(polyd, f"{training.functions} API functions", "/functions/api?search=webhook")
    polyd.stop()
    return figures


def _large(plan: Plan) -> list[Figure]:
    polyd, _ = sleeping_crowd(plan)
    figures = _look(polyd, f"{FUNCTIONS:,} server functions", "/functions/server?search=number99")
    polyd.stop()
    return figures


def measure(plan: Plan) -> list[Figure]:
    return [*_github(plan), *_large(plan)]
