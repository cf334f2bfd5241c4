"""An API function with everything on (key, argument check, a secret in a header, execution record) against nginx that
hands the same request to the same upstream."""

import json

from harness.contest import Contender, contest
from harness.figures import Aim, Figure
from harness.http_call import send
from harness.load import Request
from harness.machine import ALL_CORES, LOAD_CORE, SERVER_CORE, BenchFailed
from harness.nginx import start_proxy, start_upstream
from harness.plan import Plan
from harness.polyd import KEY, Polyd
from measurements.payload import compact, customer

NAME = "api"
CONNECTIONS = (16, 64)
ARGUMENTS = {"customer": 4711, "reason": "the newsletter"}
BODY = compact(ARGUMENTS).encode()


def _train(polyd: Polyd, upstream_port: int) -> str:
    polyd.call("POST", "/variables", {"context": "bench", "name": "token", "value": "a secret of the vault", "secrecy": "SECRET"})
    function = {
        "context": "bench", "name": "lookUp",
        "arguments": [
            {"name": "customer", "type": "number", "typeSchema": {"type": "integer", "minimum": 1}},
            {"name": "reason", "type": "string", "typeSchema": {"type": "string", "maxLength": 100}},
            {"name": "token", "type": "string", "required": False, "variable": "bench.token"},
        ],
        "source": {
            "url": f"http://127.0.0.1:{upstream_port}/customers", "method": "POST",
            "headers": [{"key": "X-Api-Key", "value": "{{token}}"}],
            "body": {"mode": "raw", "language": "json", "raw": '{"customer":{{customer}},"reason":"{{reason}}"}'},
        },
    }
    return polyd.call("POST", "/functions/api", function)["id"]


def _require_right_answer(contender: Contender, expected: dict) -> None:
    answer = json.loads(send(contender.request).body)
    data = answer["data"] if isinstance(answer.get("data"), dict) else answer
    if data != expected:
        raise BenchFailed(f"{contender.name} answered something else than the upstream's customer")


def _contenders(plan: Plan, loops: int, upstream_port: int) -> tuple[Contender, Contender]:
    """polyd with so many loops and nginx with so many workers, on the same cores."""
    cores = SERVER_CORE if loops == 1 else ALL_CORES
    load_cores = LOAD_CORE if loops == 1 else ALL_CORES
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("api") / "data", cores, {"POLY_LOOPS": str(loops)}))
    function = _train(polyd, upstream_port)
    proxy, port = start_proxy(plan.folder("proxy") / "nginx", cores, loops, upstream_port)
    plan.keep(proxy)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    ours = Contender(f"polyd, {loops} loops", polyd, polyd.execute_request(function, "api", ARGUMENTS), load_cores,
                     polyd.wait_until_written)
    peer = Contender(f"nginx, {loops} workers", proxy, Request(f"http://127.0.0.1:{port}/customers", "POST", BODY, headers),
                     load_cores)
    for contender in (ours, peer):
        _require_right_answer(contender, customer())
    return ours, peer


def _records_kept(polyd: Polyd, calls: int) -> str:
    dropped = polyd.metric("poly_store_rows_dropped_total")
    return f"{100 * (1 - dropped / calls):.1f} % of the execution records were kept" if dropped else "every execution was recorded"


def measure(plan: Plan) -> list[Figure]:
    upstream, upstream_port = start_upstream(plan.folder("upstream") / "nginx", LOAD_CORE, compact(customer()))
    plan.keep(upstream)
    figures = []
    for loops in (1,) if plan.quick else (1, 2):
        for connections in CONNECTIONS:
            ours, peer = _contenders(plan, loops, upstream_port)
            contest([ours, peer], connections, plan.seconds, plan.rounds)
            where = f"API function, c={connections}, {loops} loop{'s' if loops > 1 else ''}"
            name = f"nginx proxy_pass, {loops} worker{'s' if loops > 1 else ''}"
            kept = _records_kept(ours.program, sum(load.requests for load in ours.loads))
            figures += [
                Figure(NAME, f"{where}: per CPU-second", ours.per_cpu_second(), name, peer.per_cpu_second(), Aim(at_least=0.7), kept),
                Figure(NAME, f"{where}: per second", ours.per_second(), name, peer.per_second()),
                Figure(NAME, f"{where}: p50", ours.p50(), name, peer.p50()),
                Figure(NAME, f"{where}: p99", ours.p99(), name, peer.p99()),
            ]
            ours.program.stop()
            peer.program.stop()
    return figures
