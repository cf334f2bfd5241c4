"""Output of user code becomes log lines of the call that wrote them, within the limits of
docs/worker-protocol.md."""

import io
import sys
import time
from _contextvars import ContextVar
from _thread import RLock

from .call import current_call

LINE_BYTES_MAX = 16_384
CALL_LOG_BYTES_MAX = 1_048_576

# Set while a record of the logging module is written: it knows its level better than the stream.
record_level = ContextVar("openpoly_record_level", default=None)


class LogBook:
    """The log of one execution. `send(level, text)` puts a line on its way; False when it cannot."""

    def __init__(self, send, bytes_max):
        self._send = send
        self._bytes_left = bytes_max
        self._unfinished = {}  # level → (text written without its newline yet, bytes already cut from it)
        self._left_out_lines = 0
        self._left_out_bytes = 0

    def write(self, level, text):
        """Text as it comes from a stream: a line ends at a newline."""
        begun, cut_bytes = self._unfinished.get(level, ("", 0))
        *lines, rest = (begun + text).split("\n")
        for line in lines:
            self.line(level, line, cut_bytes)
            cut_bytes = 0
        if len(rest) > LINE_BYTES_MAX:
            cut_bytes += len(rest[LINE_BYTES_MAX:].encode("utf-8", "replace"))
        self._unfinished[level] = rest[:LINE_BYTES_MAX], cut_bytes

    def line(self, level, text, cut_bytes=0):
        """`cut_bytes` were said on this line and are gone already."""
        encoded = text.encode("utf-8", "replace")
        kept = _cut(encoded) if len(encoded) > LINE_BYTES_MAX else encoded
        bytes_with_newline = len(kept) + 1
        if bytes_with_newline > self._bytes_left or not self._send(level, kept):
            self._left_out_lines += 1
            self._left_out_bytes += len(encoded) + cut_bytes
            return
        self._bytes_left -= bytes_with_newline

    def close(self):
        for level, (rest, cut_bytes) in self._unfinished.items():
            if rest:
                self.line(level, rest, cut_bytes)
        self._unfinished.clear()
        self.tell_left_out()

    def tell_left_out(self):
        if self._left_out_lines:
            text = f"{self._left_out_lines} lines of log ({self._left_out_bytes} bytes) were left out"
            if self._send("warn", text.encode()):
                self._left_out_lines = self._left_out_bytes = 0


def _cut(encoded):
    """Cut between two characters."""
    end = LINE_BYTES_MAX
    while end > 0 and encoded[end] & 0xC0 == 0x80:
        end -= 1
    return encoded[:end]


class Capture:
    """Puts our doors in place of standard output and error. `send_log` is the channel's."""

    def __init__(self, send_log):
        self._send_log = send_log
        self._unattributed = LogBook(self._sender(0), float("inf"))
        self._unattributed_lock = RLock()
        sys.stdout = CapturedStream("info", self.write)
        sys.stderr = CapturedStream("error", self.write)

    def write(self, level, text):
        level = record_level.get() or level
        call = current_call()
        if call is None:
            self.write_unattributed(level, text)
        elif call.wants_logs:
            with call.lock:
                is_late = call.is_answered
                if not is_late:
                    if call.log_book is None:
                        call.log_book = LogBook(self._sender(call.id), CALL_LOG_BYTES_MAX)
                    call.log_book.write(level, text)
            if is_late:
                self.write_unattributed(level, text)

    def write_unattributed(self, level, text):
        with self._unattributed_lock:
            self._unattributed.tell_left_out()
            self._unattributed.write(level, text)

    def _sender(self, id):
        def send(level, encoded):
            header = b'{"level":"%b","at":%d}' % (level.encode(), time.time() * 1000)
            return self._send_log(id, header, encoded)

        return send


class CapturedStream(io.TextIOBase):
    """Stands in for sys.stdout or sys.stderr."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, level, write):
        self._level = level
        self._write = write

    @property
    def buffer(self):
        return _BytesOf(self)

    def writable(self):
        return True

    def write(self, text):
        self._write(self._level, text)
        return len(text)


class _BytesOf(io.RawIOBase):
    """What code that writes bytes finds at `.buffer`."""

    def __init__(self, stream):
        self._stream = stream

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        self._stream.write(data.decode("utf-8", "replace"))
        return len(data)
