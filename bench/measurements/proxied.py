"""An API function with everything on beside nginx and a bare Node.js proxy, with one loop and with two, at two sizes of the
answer: all six servers in one contest, so that the step from one loop to two is measured in the same minutes too."""

from harness.contest import Contender, contest
from harness.figures import Aim, Figure, Finding, Samples, Standing
from harness.plan import Plan
from measurements.api_contenders import (
    Upstream,
    records_kept,
    require_right_answer,
    several,
    start_crm,
    start_nginx,
    start_node,
    start_polyd,
)
from measurements.payload import customer, customers

NAME = "proxied"
CONNECTIONS = (16, 64)
LOOPS = (1, 2)
ANSWERS = {"1 KiB": customer, "64 KiB": customers}
# The share of nginx's requests per CPU-second, where one is aimed at.
AIMS = {"1 KiB": Aim(at_least=0.7)}
COLUMNS = ("per second", "CPU a request", "p50", "p99")


def _row(contender: Contender) -> tuple[Samples, ...]:
    return contender.per_second(), contender.cpu_each(), contender.p50(), contender.p99()


def scaling(contenders: dict[int, Contender]) -> Samples:
    """Requests per second with two loops, in those of the same round with one."""
    one, two = (contenders[loops].per_second().values for loops in LOOPS)
    return Samples(tuple(second / first for first, second in zip(one, two)), "×")


def _contest(plan: Plan, size: str, connections: int, upstream: Upstream) -> list[Finding]:
    plan.tell(f"starting the servers for answers of {size} and {connections} connections")
    ours = {loops: start_polyd(plan, loops, upstream) for loops in LOOPS}
    nginx = {loops: start_nginx(plan, loops, upstream) for loops in LOOPS}
    node = {loops: start_node(plan, loops, upstream) for loops in LOOPS}
    contenders = [each[loops] for loops in LOOPS for each in (ours, nginx, node)]
    for contender in contenders:
        require_right_answer(contender, upstream)
    plan.tell(f"{size}, {connections} connections: {plan.rounds} rounds of {len(contenders)} servers, {plan.seconds} s each")
    contest(contenders, connections, plan.seconds, plan.rounds)
    kept = {loops: records_kept(contender) for loops, contender in ours.items()}
    for contender in contenders:
        require_right_answer(contender, upstream)
        contender.program.stop()
    where = f"API function, {size}, c={connections}"
    findings: list[Finding] = []
    for loops in LOOPS:
        what = f"{where}, {several(loops, 'loop')}: per CPU-second"
        mine = ours[loops].per_cpu_second()
        findings += [
            Figure(NAME, what, mine, nginx[loops].name, nginx[loops].per_cpu_second(), AIMS.get(size), kept[loops]),
            Figure(NAME, what, mine, node[loops].name, node[loops].per_cpu_second()),
        ]
    findings += [
        Figure(NAME, f"{where}: per second, 2 loops to 1", scaling(ours), "nginx proxy_pass", scaling(nginx)),
        Figure(NAME, f"{where}: per second, 2 loops to 1", scaling(ours), "bare Node proxy", scaling(node)),
        Standing(NAME, where, COLUMNS, {contender.name: _row(contender) for contender in contenders}),
    ]
    return findings


def measure(plan: Plan) -> list[Finding]:
    findings: list[Finding] = []
    for size, answer in ANSWERS.items():
        upstream = start_crm(plan, answer())
        for connections in CONNECTIONS:
            findings += _contest(plan, size, connections, upstream)
    return findings
