"""The program `polyd` starts to run Python functions.

It says hello, then answers frames until the socket ends (docs/worker-protocol.md). The greeting goes
out before the rest is imported, so that a cold start overlaps with the host's own work.

Arguments name modules to import while no function is loaded: `main.py asyncio` makes a worker whose
first call of an `async def` need not wait for asyncio, at the price of the memory.
"""

import os
import sys

PROTOCOL_ERROR_EXIT = 76
BROKEN_EXIT = 70
USAGE_EXIT = 2
KEPT_VARIABLES = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"}


def take_settings(environment):
    """Reads what the harness needs and leaves only harmless variables for user code to see."""
    descriptor = environment.get("OPENPOLY_WORKER_FD", "")
    if not descriptor.isdecimal():
        os.write(2, b"worker: OPENPOLY_WORKER_FD must hold the number of an open socket\n")
        os._exit(USAGE_EXIT)
    frame_bytes_max = environment.get("OPENPOLY_FRAME_BYTES_MAX")
    for name in list(environment):
        if name not in KEPT_VARIABLES:
            del environment[name]
    return int(descriptor), None if frame_bytes_max is None else int(frame_bytes_max)


def run(descriptor, frame_bytes_max, modules):
    """Greets the host and answers it until the socket ends."""
    os.set_blocking(descriptor, True)
    os.set_inheritable(descriptor, False)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    from openpoly_worker import frames

    version = ".".join(str(part) for part in sys.version_info[:3])
    hello = f'{{"protocol":1,"language":"python","runtime":"cpython {version}","pid":{os.getpid()}}}'
    os.write(descriptor, frames.encode(frames.HELLO, 0, hello.encode()))

    from openpoly_worker.channel import Channel
    from openpoly_worker.worker import Worker

    sys.path.remove(here)
    del sys.argv[1:]
    channel = Channel(descriptor, frame_bytes_max or frames.FRAME_BYTES_MAX)
    worker = Worker(channel)
    for module in modules:
        __import__(module)
    try:
        channel.serve(worker.handle, worker.end_of_batch)
    except frames.ProtocolError as error:
        os.write(2, f"worker: protocol error: {error}\n".encode())
        os._exit(PROTOCOL_ERROR_EXIT)
    except BaseException:
        import traceback

        os.write(2, f"worker: broken: {traceback.format_exc()}".encode())
        os._exit(BROKEN_EXIT)
    os._exit(0)


def main():
    descriptor, frame_bytes_max = take_settings(os.environ)
    run(descriptor, frame_bytes_max, sys.argv[1:])


if __name__ == "__main__":
    main()
