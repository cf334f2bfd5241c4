"""A warm server function through the gateway against bare Node.js, functions-framework and workerd, 1 KiB of JSON in and out.

All servers and the load may use both cores: polyd and its worker are two processes, and a user has both cores too.
"""

from harness.contest import Contender, contest
from harness.figures import Aim, Figure, Finding, Samples, Standing
from harness.http_call import send
from harness.machine import ALL_CORES, BenchFailed
from harness.plan import Plan
from harness.polyd import Polyd
from measurements.echo_servers import start_bare_node, start_functions_framework, start_workerd
from measurements.payload import customer

NAME = "function"
CONNECTIONS = (1, 16, 64)
CODE = {
    "javascript": "export default function echo(customer) { return customer; }\n",
    "python": "def echo(customer: dict) -> dict:\n    return customer\n",
}
# One instance, so that one process stands against one Node.js.
SETTINGS = {"POLY_LOOPS": "1", "POLY_RUNTIME_INSTANCES_DEFAULT": "1", "POLY_RUNTIME_PREWARMED": "0",
            "POLY_RUNTIME_PREWARMED_MAX": "0"}
# Of each peer: the share of its requests per second, and of its CPU time for one.
AIMS = {
    "bare Node, constant": (Aim(at_least=1.0), Aim(at_most=1.2)),
    "bare Node, echo": (Aim(at_least=1.0), Aim(at_most=1.2)),
    "functions-framework": (Aim(at_least=8.0), None),
}
P99_CONNECTIONS = 16
P99_MS_MAX = 5
COLUMNS = ("per second", "p50", "p99", "CPU a request", "of it the gateway", "of it the worker")


def _ours(plan: Plan, language: str) -> Contender:
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("function") / "data", ALL_CORES, SETTINGS))
    function = polyd.deploy("echo", language, CODE[language])
    request = polyd.execute_request(function, "server", {"customer": customer()})
    return Contender(f"polyd, {language}", polyd, request, ALL_CORES, polyd.wait_until_written)


def _require_right_answer(contender: Contender) -> None:
    if send(contender.request).json() != customer():
        raise BenchFailed(f"{contender.name} did not answer what it was sent")


def _row(contender: Contender, ours: bool) -> tuple[Samples | None, ...]:
    parts = (contender.cpu_each_of_root(), contender.cpu_each_below()) if ours else (None, None)
    return (contender.per_second(), contender.p50(), contender.p99(), contender.cpu_each(), *parts)


def _compared(ours: Contender, peers: list[Contender], connections: int) -> list[Finding]:
    where = f"{ours.name}, c={connections}"
    figures: list[Finding] = []
    for peer in peers:
        rate_aim, cpu_aim = AIMS.get(peer.name, (None, None))
        figures += [
            Figure(NAME, f"{where}: per second", ours.per_second(), peer.name, peer.per_second(), rate_aim),
            Figure(NAME, f"{where}: CPU a request", ours.cpu_each(), peer.name, peer.cpu_each(), cpu_aim),
        ]
    if connections == P99_CONNECTIONS:
        figures.append(Figure(NAME, f"{where}: p99", ours.p99(), aim=Aim(at_most=P99_MS_MAX)))
    return figures


def _contest(plan: Plan, connections: int) -> list[Finding]:
    plan.tell(f"starting the servers for {connections} connections")
    ours = [_ours(plan, language) for language in CODE]
    peers = [start_bare_node(plan, "constant"), start_bare_node(plan, "echo"), start_functions_framework(plan),
             start_workerd(plan)]
    contenders = [*ours, *peers]
    for contender in contenders:
        _require_right_answer(contender)
    plan.tell(f"{connections} connections: {plan.rounds} rounds of {len(contenders)} servers, {plan.seconds} s each")
    contest(contenders, connections, plan.seconds, plan.rounds)
    for contender in contenders:
        _require_right_answer(contender)
        contender.program.stop()
    standing = Standing(NAME, f"echo of 1 KiB, c={connections}", COLUMNS,
                        {contender.name: _row(contender, contender in ours) for contender in contenders})
    return [finding for each in ours for finding in _compared(each, peers, connections)] + [standing]


def measure(plan: Plan) -> list[Finding]:
    return [finding for connections in CONNECTIONS for finding in _contest(plan, connections)]
