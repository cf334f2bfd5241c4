"""Load that is there from one moment to the next: so many connections, each of which calls again as soon as it is answered.

Tells of each call when it ended, which wrk does not.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.load import Request
from harness.machine import BenchFailed

ANSWERS_SECONDS_MAX = 60
NO_ANSWER = 0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """`status` is NO_ANSWER when the connection broke first."""

    ended_seconds: float
    milliseconds: float
    status: int


@dataclass(frozen=True)
class Exchange:
    """`answer` is what `part` of every answer has to be."""

    request: Request
    answer: object
    part: Callable[[object], object] = lambda answer: answer

    def wire(self) -> bytes:
        address = urlsplit(self.request.url)
        headers = {"Host": address.netloc, "Content-Length": str(len(self.request.body)), **self.request.headers}
        lines = [f"{self.request.method} {address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.request.body


class _Caller(asyncio.Protocol):
    """One connection. It does not come back when the server ends it: the call in flight, if any, had no answer."""

    def __init__(self, exchange: Exchange, calls: list[Call]):
        self._wire = exchange.wire()
        self._exchange = exchange
        self._calls = calls
        self._received = b""
        self._began = self._until = self._sent = 0.0
        self._transport: asyncio.Transport | None = None
        self.wrong: bytes | None = None
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def begin(self, began: float, until: float) -> None:
        self._began, self._until = began, until
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._wire)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if separator and length and len(body) >= int(length.group(1)):
            self._answered(int(head.split(b" ", 2)[1]), body)

    def _answered(self, status: int, body: bytes) -> None:
        now = time.perf_counter()
        self._received = b""
        self._calls.append(Call(now - self._began, (now - self._sent) * 1e3, status))
        if 200 <= status < 300 and self._exchange.part(json.loads(body)) != self._exchange.answer:
            self.wrong = body
        if now >= self._until or self.wrong is not None:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, problem: Exception | None) -> None:
        now = time.perf_counter()
        if now < self._until and self.wrong is None:
            self._calls.append(Call(now - self._began, (now - self._sent) * 1e3, NO_ANSWER))
        if not self.done.done():
            self.done.set_result(None)


async def _run(exchanges: list[Exchange], seconds: float) -> list[Call]:
    calls: list[Call] = []
    loop = asyncio.get_running_loop()
    address = urlsplit(exchanges[0].request.url)
    callers = [(await loop.create_connection(lambda exchange=exchange: _Caller(exchange, calls),
                                             address.hostname, address.port))[1] for exchange in exchanges]
    began = time.perf_counter()
    for caller in callers:
        caller.begin(began, began + seconds)
    _, late = await asyncio.wait([caller.done for caller in callers], timeout=seconds + ANSWERS_SECONDS_MAX)
    if late:
        raise BenchFailed(f"{len(late)} calls had no answer {ANSWERS_SECONDS_MAX} s after the spike")
    if wrong := [caller.wrong for caller in callers if caller.wrong is not None]:
        raise BenchFailed(f"{len(wrong)} of {len(callers)} connections got a wrong answer, such as {wrong[0]!r}")
    return calls


def spike(exchanges: list[Exchange], seconds: float) -> list[Call]:
    """A connection for each exchange, all of which begin at the same moment. In no seconds each is called once."""
    return asyncio.run(_run(exchanges, seconds))
