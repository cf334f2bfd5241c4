"""One HTTP request at a time: to set up, to prove that answers are right before load, and to time single calls."""

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.load import Request
from harness.machine import BenchFailed

ANSWER_SECONDS_MAX = 120


class Refused(BenchFailed):
    """An answer with a status that is no success; `answered` is the status and the beginning of the body."""

    def __init__(self, request: Request, status: int, body: bytes):
        self.answered = f"{status}: {body[:500].decode(errors='replace')}"
        super().__init__(f"{request.method} {request.url} answered {self.answered}")



@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    first_byte_ms: float
    whole_ms: float

    def json(self) -> object:
        return json.loads(self.body)


class Connection:
    """A keep-alive connection to one server."""

    def __init__(self, url: str):
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname, address.port, timeout=ANSWER_SECONDS_MAX)
        self._connection.connect()

    def send(self, request: Request) -> Answer:
        address = urlsplit(request.url)
        target = address.path + (f"?{address.query}" if address.query else "")
        began = time.perf_counter()
        try:
            self._connection.request(request.method, target, request.body, request.headers)
            response = self._connection.getresponse()
            first_byte = time.perf_counter()
            body = response.read()
        except (OSError, http.client.HTTPException) as problem:
            raise BenchFailed(f"{request.method} {request.url} got no answer: {problem}") from problem
        ended = time.perf_counter()
        if not 200 <= response.status < 300:
            raise Refused(request, response.status, body)
        return Answer(response.status, body, (first_byte - began) * 1e3, (ended - began) * 1e3)

    def close(self) -> None:
        self._connection.close()


def send(request: Request) -> Answer:
    connection = Connection(request.url)
    try:
        return connection.send(request)
    finally:
        connection.close()
