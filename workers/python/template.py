"""The program from which Python workers are forked: it has imported what every worker imports, and runs nothing of
anybody. A forked worker is started, sealed and greeted as if it were a process of its own.

Its argument is the path of libpoly-sandbox.so, which narrows what a child may do (docs/sandbox.md).

`polyd` asks over the socket OPENPOLY_WORKER_FD: `fork <number>` and a newline, then the arguments of
poly_sandbox_enter(), each on a line, with two descriptors (the worker's socket and the pipe for its output). The child
answers `forked <number> <pid>`; when it is gone the template says `ended <pid> <status of waitpid>`. A request that
cannot be done is answered `failed <number> <reason>`. The end of the socket means: exit, and take the children along.
"""

import array
import ctypes
import gc
import os
import select
import signal
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import asyncio  # noqa: F401  (so that no worker waits for it)

import main as worker_program
from openpoly_worker import channel, frames, worker  # noqa: F401

sys.path.remove(HERE)
del sys.modules["main"]

WORKER_FD = 3
REQUEST_BYTES_MAX = 16_384
DESCRIPTORS = 2
LAUNCH_FAILED_EXIT = 126


class Template:
    def __init__(self, control, library):
        self._control = control
        # It may return in another process: the lock of the interpreter has to be held meanwhile.
        self._enter_sandbox = ctypes.PyDLL(library).poly_sandbox_enter
        self._children = set()
        self._wakeup, self._wakeup_end = os.pipe()
        os.set_blocking(self._wakeup_end, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wakeup_end, warn_on_full_buffer=False)

    def serve(self):
        """Returns what the forked child is to do, in the child; never returns in the template."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wakeup, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._wakeup:
                    os.read(self._wakeup, REQUEST_BYTES_MAX)
                    self._reap()
                    continue
                child = self._take_request()
                if child is not None:
                    return child

    def _take_request(self):
        request, descriptors = self._receive()
        if not request:
            for child in self._children:
                _kill_group(child)
            os._exit(0)
        first, arguments = request.split(b"\n", 1)
        number = first.decode().split()[1]
        try:
            child = os.fork()
        except OSError as error:
            self._say(f"failed {number} {error}")
            child = None
        if child == 0:
            return lambda: self._become_worker(number, arguments, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        if child is not None:
            self._children.add(child)
        return None

    def _receive(self):
        descriptors = array.array("i")
        room = socket.CMSG_SPACE(DESCRIPTORS * descriptors.itemsize)
        request, ancillary, _, _ = self._control.recvmsg(REQUEST_BYTES_MAX, room)
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(content)
        return request, list(descriptors)

    def _say(self, text):
        try:
            self._control.sendall(f"{text}\n".encode())
        except OSError:
            pass  # polyd is gone: the next read ends this process

    def _reap(self):
        while self._children:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if child == 0:
                return
            self._children.discard(child)
            self._say(f"ended {child} {status}")

    def _become_worker(self, number, arguments, worker_socket, output):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        self._say(f"forked {number} {os.getpid()}")
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(worker_socket, WORKER_FD)  # takes the place of the control socket
        self._control.detach()
        os.closerange(WORKER_FD + 1, max(worker_socket, output, self._wakeup, self._wakeup_end) + 1)
        if self._enter_sandbox(arguments) != 0:
            os._exit(LAUNCH_FAILED_EXIT)
        if b"\nscratch=" in arguments:
            os.environ["TMPDIR"] = os.getcwd()


def _kill_group(child):
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main():
    descriptor, frame_bytes_max = worker_program.take_settings(os.environ)
    if descriptor != WORKER_FD:
        os.write(2, f"template: the socket must be descriptor {WORKER_FD}\n".encode())
        os._exit(worker_program.USAGE_EXIT)
    os.set_inheritable(descriptor, False)
    gc.collect()
    gc.freeze()  # pages that nobody collects stay shared with the children
    become_worker = Template(socket.socket(fileno=descriptor), sys.argv[1]).serve()
    become_worker()
    worker_program.run(WORKER_FD, frame_bytes_max, [])


if __name__ == "__main__":
    main()
