"""The Python toolchain: a program that polyd starts when a Python function is deployed.

It speaks docs/worker-protocol.md with its one function built in, so it is loaded from the start, and
a call's body is a request such as `{"op":"describe",...}`. It reads source and never runs it.
"""

import json
import os
import platform
import socket
import sys
import threading
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "workers/python")]

from describe import BadRequest, describe  # noqa: E402
from openpoly_worker import frames  # noqa: E402

READ_BYTES = 64 * 1024
# Syntax trees are walked recursively; a chain of a few thousand terms or branches is still a source.
DEPTH_MAX = 10_000
STACK_BYTES = 256 * 1024 * 1024
OPERATIONS = {"ping": lambda request: {"ok": True}, "describe": describe}


def answer(call_id, body):
    try:
        request = json.loads(body)
        operation = OPERATIONS.get(request.get("op")) if isinstance(request, dict) else None
        if operation is None:
            raise BadRequest(f"op: must be one of {', '.join(OPERATIONS)}")
        return frames.encode(frames.RESULT, call_id, body=json.dumps(operation(request)).encode())
    except Exception as error:
        header = {"name": type(error).__name__, "message": str(error), "stack": traceback.format_exc()}
        return frames.encode(frames.ERROR, call_id, json.dumps(header).encode())


def serve(host):
    runtime = f"python {platform.python_version()}"
    hello = {"protocol": 1, "language": "python", "runtime": runtime, "pid": os.getpid()}
    host.sendall(frames.encode(frames.HELLO, 0, json.dumps(hello).encode()) + frames.encode(frames.LOADED, 0))
    reader = frames.FrameReader()
    while chunk := host.recv(READ_BYTES):
        for kind, call_id, _, body in reader.push(chunk):
            if kind == frames.CALL:
                host.sendall(answer(call_id, body))
            elif kind == frames.DRAIN:
                return
            elif kind != frames.CANCEL:
                raise frames.ProtocolError(f"a toolchain takes no frame of kind {kind}")


def run(descriptor, outcomes):
    try:
        serve(socket.socket(fileno=descriptor))
        outcomes.append(0)
    except (frames.ProtocolError, OSError) as error:
        outcomes.append(f"the toolchain stops: {error}")


def main():
    descriptor = os.environ.get("OPENPOLY_WORKER_FD", "")
    if not descriptor.isdecimal():
        sys.exit("OPENPOLY_WORKER_FD must name the socket to polyd")
    sys.setrecursionlimit(DEPTH_MAX)
    threading.stack_size(STACK_BYTES)
    outcomes = []
    server = threading.Thread(target=run, args=(int(descriptor), outcomes))
    server.start()
    server.join()
    sys.exit(outcomes[0] if outcomes else 1)


main()
