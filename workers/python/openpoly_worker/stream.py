"""A result that comes piece by piece: what a generator of the function gives is sent as it comes, and no
faster than the host takes it."""

from _thread import allocate_lock

from .errors import Cancelled, Named
from .values import response_header, to_json
from .waits import wait_here

# What may be sent before the host has taken some of it.
WINDOW_BYTES = 1024 * 1024
CHUNK_BYTES_MAX = 256 * 1024

BYTES_TYPE = "application/octet-stream"
TEXT_TYPE = "text/plain; charset=utf-8"
LINES_TYPE = "application/x-ndjson"


def is_stream(value):
    """Generators of both kinds, and whatever else gives one value after the other."""
    return hasattr(value, "__next__") or hasattr(value, "__aiter__")


class ResultStream:
    """`send(header, body)` sends a chunk."""

    def __init__(self, call, send):
        self._call = call
        self._send = send
        self._is_begun = False
        self._lock = allocate_lock()  # of what the reader's thread changes
        self._window = WINDOW_BYTES
        self._is_abandoned = False
        self._wait = None

    def send_all(self, values):
        try:
            for value in values:
                self._send_now(*_encode(value))
            if not self._is_begun:
                self._send_now(b"", LINES_TYPE)
        finally:
            if hasattr(values, "close"):
                values.close()

    async def send_all_awaited(self, values):
        """The same inside an event loop, for generators of both kinds."""
        try:
            if hasattr(values, "__aiter__"):
                async for value in values:
                    await self._send_awaited(*_encode(value))
            else:
                for value in values:
                    await self._send_awaited(*_encode(value))
            if not self._is_begun:
                await self._send_awaited(b"", LINES_TYPE)
        finally:
            if hasattr(values, "aclose"):
                await values.aclose()

    def more(self, count):
        """The host has taken so many bytes."""
        with self._lock:
            self._window += count
            wait, self._wait = self._wait, None
        if wait is not None:
            wait.settle(None, None)

    def abandon(self):
        """Nobody waits for the rest: whoever gives the values is told to end."""
        with self._lock:
            self._is_abandoned = True
            wait, self._wait = self._wait, None
        if wait is not None:
            wait.settle(None, Cancelled("the call was cancelled"))

    def _send_now(self, data, content_type):
        for wait in self._chunks_sent(data, content_type):
            wait.outcome()

    async def _send_awaited(self, data, content_type):
        for wait in self._chunks_sent(data, content_type):
            await wait.outcome()

    def _chunks_sent(self, data, content_type):
        """Sends `data`, and gives what must be waited for before it goes on."""
        rest = memoryview(data)
        while True:
            count, wait = self._take_room(len(rest))
            if wait is not None:
                yield wait
                continue
            self._send(b"" if self._is_begun else self._header(content_type), rest[:count])
            self._is_begun = True
            rest = rest[count:]
            if not rest:
                return

    def _take_room(self, wanted):
        """(how much may be sent, nothing), or (nothing, what to wait for)."""
        with self._lock:
            if self._is_abandoned:
                raise Cancelled("the call was cancelled")
            if self._window == 0:
                self._wait = wait_here(self._call)
                return 0, self._wait
            count = min(wanted, self._window, CHUNK_BYTES_MAX)
            self._window -= count
            return count, None

    def _header(self, content_type):
        custom = self._call.custom_if_used
        return to_json({"contentType": content_type, **(response_header(custom) if custom else {})})


def _encode(value):
    """(bytes, content type) of one value."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace"), TEXT_TYPE
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value), BYTES_TYPE
    try:
        return to_json(value) + b"\n", LINES_TYPE
    except (TypeError, ValueError) as error:
        raise Named("BadResult", f"the function gave a value that JSON cannot carry: {error}") from None
