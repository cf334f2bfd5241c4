"""A thousand calls at the same moment of an API function that needs an OAuth 2 token which nobody has: one of them asks for
it, and all are answered with it. Then the same again, with the token there."""

from harness.figures import Aim, Figure, Finding, Samples
from harness.http_call import send
from harness.load import Request
from harness.machine import ALL_CORES, LOAD_CORE, NODE, PEERS, BenchFailed
from harness.nginx import start_upstream
from harness.plan import Plan
from harness.polyd import Polyd
from harness.ports import free_port, wait_until_open
from harness.processes import Program
from harness.spike import Exchange, spike
from measurements.payload import compact, customer

NAME = "storm"
CALLS = 1000
CLIENT_ID = "bench"
CLIENT_SECRET = "the-secret-of-the-client"
TOKEN = "the-token-of-the-storm"
# As long as an endpoint across a continent may take; meanwhile the other calls arrive.
TOKEN_MILLISECONDS = 200
FUNCTION = {
    "context": "bench", "name": "lookUp",
    "arguments": [
        {"name": "customer", "type": "number", "typeSchema": {"type": "integer", "minimum": 1}},
        {"name": "clientSecret", "type": "string", "required": False, "variable": "bench.clientSecret"},
    ],
}


def _start_token_server(plan: Plan) -> str:
    port = free_port()
    command = [NODE, PEERS / "token_server.cjs", port, CLIENT_ID, CLIENT_SECRET, TOKEN, TOKEN_MILLISECONDS]
    program = plan.keep(Program("the token server", command, LOAD_CORE, plan.folder("tokens") / "log"))
    wait_until_open(program, port)
    return f"http://127.0.0.1:{port}/token"


def _token_requests(token_url: str) -> int:
    return send(Request(token_url)).json()["requests"]


def _start_polyd(plan: Plan, token_url: str, upstream_port: int) -> tuple[Polyd, str]:
    """With as many loops as there are cores, which is the default."""
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("storm") / "data", ALL_CORES))
    variable = {"context": "bench", "name": "clientSecret", "value": CLIENT_SECRET, "secrecy": "SECRET"}
    polyd.call("POST", "/variables", variable)
    settings = {"tokenUrl": token_url, "clientId": CLIENT_ID, "clientSecret": "{{clientSecret}}"}
    auth = {"type": "oauth2", "oauth2": [{"key": key, "value": value} for key, value in settings.items()]}
    source = {"url": f"http://127.0.0.1:{upstream_port}/customers/{{{{customer}}}}", "method": "GET", "auth": auth}
    return polyd, polyd.call("POST", "/functions/api", {**FUNCTION, "source": source})["id"]


def _answered_ms(polyd: Polyd, function: str) -> float:
    """Until the last of all calls has its answer, which has to be the upstream's."""
    exchange = Exchange(polyd.execute_request(function, "api", {"customer": 4711}), (200, customer()),
                        lambda answer: (answer.get("status"), answer.get("data")))
    calls = spike([exchange] * CALLS, 0)
    if refused := [call.status for call in calls if not 200 <= call.status < 300]:
        raise BenchFailed(f"{len(refused)} of {CALLS} calls were refused, the first with {refused[0]}")
    if len(calls) != CALLS:
        raise BenchFailed(f"{CALLS - len(calls)} of {CALLS} calls had no answer")
    return max(call.ended_seconds for call in calls) * 1e3


def _storm(plan: Plan, upstream_port: int) -> tuple[float, float, int]:
    """How long the storm took, and the one after it; and how often a token was asked for."""
    token_url = _start_token_server(plan)
    polyd, function = _start_polyd(plan, token_url, upstream_port)
    without, requests = _answered_ms(polyd, function), _token_requests(token_url)
    with_token = _answered_ms(polyd, function)
    if (again := _token_requests(token_url)) != requests:
        raise BenchFailed(f"with a token that holds an hour, {again - requests} more were asked for")
    polyd.stop()
    return without, with_token, requests


def measure(plan: Plan) -> list[Finding]:
    upstream, port = start_upstream(plan.folder("upstream") / "nginx", LOAD_CORE, compact(customer()),
                                    ("Authorization", f"Bearer {TOKEN}"))
    plan.keep(upstream)
    plan.tell(f"{CALLS:,} calls at once without a token, {plan.rounds} times")
    without, with_token, requests = zip(*(_storm(plan, port) for _ in range(plan.rounds)))
    if wrong := [count for count in requests if count != 1]:
        raise BenchFailed(f"{CALLS} calls at once asked {wrong[0]} times for a token, and not once")
    where = f"{CALLS:,} calls at once with OAuth 2"
    return [
        Figure(NAME, f"{where}: token requests", Samples(requests, "requests"), aim=Aim(at_most=1)),
        Figure(NAME, f"{where}: until all are answered", Samples(without, "ms"),
               note=f"of it {TOKEN_MILLISECONDS} ms are the token endpoint's"),
        Figure(NAME, f"{where}: until all are answered, the token is there", Samples(with_token, "ms")),
    ]
