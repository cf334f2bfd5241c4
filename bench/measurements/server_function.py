"""A warm server function through the gateway against bare Node.js, 1 KiB of JSON in and out.

All servers and the load may use both cores: polyd and its worker are two processes, and a user has both cores too.
"""

import json

from harness.contest import Contender, contest
from harness.figures import Aim, Figure
from harness.http_call import send
from harness.load import Request
from harness.machine import ALL_CORES, NODE, BenchFailed
from harness.plan import Plan
from harness.polyd import JSON_TYPE, Polyd
from harness.ports import free_port, wait_until_open
from harness.processes import Program
from measurements.payload import compact, customer

NAME = "function"
CONNECTIONS = (1, 16, 64)
CODE = "export default function echo(customer) { return customer; }\n"
# One instance, so that one Node.js stands against one Node.js.
SETTINGS = {"POLY_LOOPS": "1", "POLY_RUNTIME_INSTANCES_DEFAULT": "1", "POLY_RUNTIME_PREWARMED": "0"}


def _node(plan: Plan, mode: str) -> Contender:
    port = free_port()
    body = compact(customer())
    program = Program(f"bare Node, {mode}", [NODE, "peers/hello_server.cjs", port, mode, body], ALL_CORES,
                      plan.folder("node") / "log")
    plan.keep(program)
    wait_until_open(program, port)
    return Contender(f"bare Node, {mode}", program, Request(f"http://127.0.0.1:{port}/", "POST", body.encode(), JSON_TYPE), ALL_CORES)


def _ours(plan: Plan) -> Contender:
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("function") / "data", ALL_CORES, SETTINGS))
    function = polyd.deploy("echo", "javascript", CODE)
    request = polyd.execute_request(function, "server", {"customer": customer()})
    return Contender("polyd", polyd, request, ALL_CORES, polyd.wait_until_written)


def measure(plan: Plan) -> list[Figure]:
    figures = []
    for connections in CONNECTIONS:
        ours, constant, echo = contenders = [_ours(plan), _node(plan, "constant"), _node(plan, "echo")]
        for contender in contenders:
            if json.loads(send(contender.request).body) != customer():
                raise BenchFailed(f"{contender.name} did not answer what it was sent")
        contest(contenders, connections, plan.seconds, plan.rounds)
        for peer in (constant, echo):
            where = f"server function, c={connections}"
            figures += [
                Figure(NAME, f"{where}: per second", ours.per_second(), peer.name, peer.per_second(), Aim(at_least=1.0)),
                Figure(NAME, f"{where}: CPU a request, gateway and worker", ours.cpu_each(), peer.name, peer.cpu_each(), Aim(at_most=1.2)),
                Figure(NAME, f"{where}: p50", ours.p50(), peer.name, peer.p50()),
                Figure(NAME, f"{where}: p99", ours.p99(), peer.name, peer.p99()),
            ]
        figures += [
            Figure(NAME, f"server function, c={connections}: CPU a request, gateway alone", ours.cpu_each_of_root()),
            Figure(NAME, f"server function, c={connections}: CPU a request, worker alone", ours.cpu_each_below()),
        ]
        for contender in contenders:
            contender.program.stop()
    return figures
