"""An API function with everything on against nginx that hands the same request to the same upstream: the line of the
general suite. `make bench-outbound` looks at more."""

from harness.contest import contest
from harness.figures import Aim, Figure
from harness.plan import Plan
from measurements.api_contenders import Upstream, records_kept, require_right_answer, several, start_crm, start_nginx, start_polyd
from measurements.payload import customer

NAME = "api"
CONNECTIONS = (16, 64)


def _contest(plan: Plan, loops: int, connections: int, upstream: Upstream) -> list[Figure]:
    ours, peer = start_polyd(plan, loops, upstream), start_nginx(plan, loops, upstream)
    for contender in (ours, peer):
        require_right_answer(contender, upstream)
    contest([ours, peer], connections, plan.seconds, plan.rounds)
    kept = records_kept(ours)
    for contender in (ours, peer):
        contender.program.stop()
    where = f"API function, c={connections}, {several(loops, 'loop')}"
    return [
        Figure(NAME, f"{where}: per CPU-second", ours.per_cpu_second(), peer.name, peer.per_cpu_second(), Aim(at_least=0.7), kept),
        Figure(NAME, f"{where}: per second", ours.per_second(), peer.name, peer.per_second()),
        Figure(NAME, f"{where}: p50", ours.p50(), peer.name, peer.p50()),
        Figure(NAME, f"{where}: p99", ours.p99(), peer.name, peer.p99()),
    ]


def measure(plan: Plan) -> list[Figure]:
    upstream = start_crm(plan, customer())
    return [figure for loops in ((1,) if plan.quick else (1, 2)) for connections in CONNECTIONS
            for figure in _contest(plan, loops, connections, upstream)]
