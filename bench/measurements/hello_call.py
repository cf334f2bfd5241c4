"""One call of a hello-world function, checked."""

from harness.http_call import Connection
from harness.machine import BenchFailed
from harness.polyd import Polyd

ARGUMENTS = {"name": "world"}


def hello_ms(polyd: Polyd, connection: Connection, function_id: str) -> float:
    """How long the whole answer took, over a connection that is there already."""
    answer = connection.send(polyd.execute_request(function_id, "server", ARGUMENTS))
    if answer.json() != {"hello": "world"}:
        raise BenchFailed(f"a function answered {answer.body!r}")
    return answer.whole_ms
