"""An API function with everything on (key, argument check, a secret in a header, execution record), and the proxies that
hand the same request to the same upstream. The upstream refuses a request without the secret.

A server with one loop (worker, process) has a core for itself, and load and upstream share the other; one with two shares
both cores with the load.
"""

import json
from dataclasses import dataclass

from harness.contest import Contender
from harness.http_call import send
from harness.load import Request
from harness.machine import ALL_CORES, LOAD_CORE, NODE, PEERS, SERVER_CORE, BenchFailed
from harness.nginx import start_proxy, start_upstream
from harness.plan import Plan
from harness.polyd import JSON_TYPE, KEY, Polyd
from harness.ports import free_port, wait_until_open
from harness.processes import Program
from measurements.payload import compact

ARGUMENTS = {"customer": 4711, "reason": "the newsletter"}
BODY = compact(ARGUMENTS).encode()
SECRET = "a secret of the vault"
SECRET_HEADER = "X-Api-Key"


@dataclass(frozen=True)
class Upstream:
    port: int
    answer: object


def start_crm(plan: Plan, answer: object) -> Upstream:
    nginx, port = start_upstream(plan.folder("upstream") / "nginx", LOAD_CORE, compact(answer), (SECRET_HEADER, SECRET))
    plan.keep(nginx)
    return Upstream(port, answer)


def several(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _cores(loops: int) -> tuple[str, str]:
    """Those of the server, and those of its load."""
    return (SERVER_CORE, LOAD_CORE) if loops == 1 else (ALL_CORES, ALL_CORES)


def _train(polyd: Polyd, upstream: Upstream) -> str:
    polyd.call("POST", "/variables", {"context": "bench", "name": "token", "value": SECRET, "secrecy": "SECRET"})
    function = {
        "context": "bench", "name": "lookUp",
        "arguments": [
            {"name": "customer", "type": "number", "typeSchema": {"type": "integer", "minimum": 1}},
            {"name": "reason", "type": "string", "typeSchema": {"type": "string", "maxLength": 100}},
            {"name": "token", "type": "string", "required": False, "variable": "bench.token"},
        ],
        "source": {
            "url": f"http://127.0.0.1:{upstream.port}/customers", "method": "POST",
            "headers": [{"key": SECRET_HEADER, "value": "{{token}}"}],
            "body": {"mode": "raw", "language": "json", "raw": '{"customer":{{customer}},"reason":"{{reason}}"}'},
        },
    }
    return polyd.call("POST", "/functions/api", function)["id"]


def start_polyd(plan: Plan, loops: int, upstream: Upstream) -> Contender:
    cores, load_cores = _cores(loops)
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("api") / "data", cores, {"POLY_LOOPS": str(loops)}))
    request = polyd.execute_request(_train(polyd, upstream), "api", ARGUMENTS)
    return Contender(f"polyd, {several(loops, 'loop')}", polyd, request, load_cores, polyd.wait_until_written)


def _proxy(plan: Plan, name: str, program: Program, port: int, load_cores: str) -> Contender:
    """The request is the one that the API function makes of its arguments, with the secret and the caller's key."""
    headers = {"Authorization": f"Bearer {KEY}", SECRET_HEADER: SECRET, **JSON_TYPE}
    request = Request(f"http://127.0.0.1:{port}/customers", "POST", BODY, headers)
    return Contender(name, plan.keep(program), request, load_cores)


def start_nginx(plan: Plan, workers: int, upstream: Upstream) -> Contender:
    cores, load_cores = _cores(workers)
    program, port = start_proxy(plan.folder("proxy") / "nginx", cores, workers, upstream.port)
    return _proxy(plan, f"nginx proxy_pass, {several(workers, 'worker')}", program, port, load_cores)


def start_node(plan: Plan, processes: int, upstream: Upstream) -> Contender:
    cores, load_cores = _cores(processes)
    port = free_port()
    command = [NODE, PEERS / "node_proxy.cjs", port, upstream.port, processes]
    contender = _proxy(plan, f"bare Node proxy, {'1 process' if processes == 1 else f'{processes} processes'}",
                       Program("bare Node proxy", command, cores, plan.folder("node") / "log"), port, load_cores)
    wait_until_open(contender.program, port)
    return contender


def require_right_answer(contender: Contender, upstream: Upstream) -> None:
    answer = json.loads(send(contender.request).body)
    data = answer["data"] if isinstance(contender.program, Polyd) else answer
    if data != upstream.answer:
        raise BenchFailed(f"{contender.name} answered something else than the upstream")


def records_kept(contender: Contender) -> str:
    dropped = contender.program.metric("poly_store_rows_dropped_total")
    calls = sum(load.requests for load in contender.loads)
    return f"{100 * (1 - dropped / calls):.1f} % of the execution records were kept" if dropped else "every execution was recorded"
