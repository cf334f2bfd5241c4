"""The host's side of docs/worker-protocol.md, just enough of it to put a worker to the test."""

import json
import os
import socket
import struct
import subprocess
import tempfile
import time
from collections import deque
from typing import NamedTuple

LOAD, CALL, CANCEL, DRAIN, REPLY, MORE, PROGRAM = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07
HELLO, LOADED, RESULT, ERROR, LOG, NESTED, CHUNK = 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47
DEADLINE_SECONDS = 10


class Frame(NamedTuple):
    kind: int
    id: int
    header: dict
    body: bytes

    @property
    def value(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


def encode(kind, id, header=None, body=b""):
    encoded = b"" if header is None else json.dumps(header).encode()
    return raw_frame(kind, id, struct.pack("<I", len(encoded)) + encoded + body)


def raw_frame(kind, id, payload):
    return struct.pack("<IBI", 5 + len(payload), kind, id) + payload


# The number under which polyd hands the socket over, whatever this process has open.
WORKER_FD = 3


class Host:
    """One worker process and the socket to it."""

    def __init__(self, command, environment=None):
        self.socket, other = socket.socketpair()
        self.socket.settimeout(DEADLINE_SECONDS)
        variables = {"PATH": os.environ["PATH"], "OPENPOLY_WORKER_FD": str(WORKER_FD), **(environment or {})}
        self.process = subprocess.Popen(
            command, pass_fds=[WORKER_FD], preexec_fn=lambda: os.dup2(other.fileno(), WORKER_FD), env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        other.close()
        self._bytes = b""
        self._unread = deque()

    def close(self):
        self.socket.close()
        self.process.kill()
        self.process.communicate()

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def next(self):
        """The next frame, of whatever kind."""
        if self._unread:
            return self._unread.popleft()
        return self._receive()

    def wait_for(self, kind, id=None):
        """The next frame of this kind (and id); others stay for later."""
        for frame in self._unread:
            if frame.kind == kind and id in (None, frame.id):
                self._unread.remove(frame)
                return frame
        while True:
            frame = self._receive()
            if frame.kind == kind and id in (None, frame.id):
                return frame
            self._unread.append(frame)

    def until_answer(self, id):
        """All frames up to the answer of call `id`, which is the last."""
        frames = []
        while True:
            frames.append(self.next())
            if frames[-1].id == id and frames[-1].kind in (RESULT, ERROR):
                return frames

    def load(self, code, name="f", parameters=(), **header):
        self.wait_for(HELLO)
        self.send_load(code, name, parameters, **header)
        frame = self.next()
        assert frame.kind == LOADED, frame
        return frame

    def send_load(self, code, name="f", parameters=(), clients=(), path="test.f", language=None):
        header = {
            "functionId": "7c0c6b4e-0000-4000-8000-000000000000", "path": path, "name": name,
            "language": language or self.language, "parameters": list(parameters), "clientFunctions": list(clients),
        }  # fmt: skip
        if isinstance(code, bytes):
            self.send_program(code)
            code = ""
        self.send(encode(LOAD, 0, header, code.encode()))

    def send_program(self, program):
        with tempfile.TemporaryFile() as file:
            file.write(program)
            file.flush()
            socket.send_fds(self.socket, [encode(PROGRAM, 0)], [file.fileno()])

    def start(self, id, arguments=None, logs=True, **custom):
        self.send(call_frame(id, arguments, logs, **custom))

    def call(self, arguments=None, id=1, **custom):
        self.start(id, arguments, **custom)
        return self.until_answer(id)[-1]

    def reply(self, nested, value=None, error=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send(encode(REPLY, nested.id, None if error is None else {"error": error}, body))

    def exit_code(self):
        return self.process.wait(DEADLINE_SECONDS)

    def rest(self):
        """Frames that come before the end of the socket."""
        frames = list(self._unread)
        self._unread.clear()
        try:
            while True:
                frames.append(self._receive())
        except (EOFError, ConnectionError):
            return frames

    def _receive(self):
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            if len(self._bytes) >= 4:
                end = 4 + struct.unpack_from("<I", self._bytes)[0]
                if len(self._bytes) >= end:
                    frame, self._bytes = self._bytes[:end], self._bytes[end:]
                    return _decode(frame)
            assert time.monotonic() < deadline, "no frame came"
            chunk = self.socket.recv(1 << 22)
            if not chunk:
                raise EOFError("the worker closed the socket")
            self._bytes += chunk


def call_frame(id, arguments=None, logs=True, **custom):
    body = b"" if arguments is None else json.dumps(arguments).encode()
    return encode(CALL, id, {"executionId": f"execution-{id}", "logs": logs, "polyCustom": custom}, body)


def _decode(frame):
    _, kind, id = struct.unpack_from("<IBI", frame)
    payload = frame[9:]
    header_end = 4 + struct.unpack_from("<I", payload)[0] if payload else 0
    header = json.loads(payload[4:header_end] or b"{}")
    assert isinstance(header, dict)
    return Frame(kind, id, header, payload[header_end:])
