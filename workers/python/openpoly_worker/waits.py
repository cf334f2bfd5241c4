"""How code waits for something that the reader brings: a blocked thread, or an awaitable where an event
loop runs."""

import sys
from _thread import allocate_lock

from .errors import Cancelled


def wait_here(call):
    """A wait of `call` that fits whoever asks; `outcome()` blocks, or gives the awaitable."""
    loop = running_loop()
    return Blocking(call) if loop is None else Awaited(call, loop)


def running_loop():
    """The event loop this thread is inside of, or None; asks nothing of asyncio before it is used."""
    asyncio = sys.modules.get("_asyncio")
    return None if asyncio is None else asyncio._get_running_loop()


class Blocking:
    def __init__(self, call):
        self.call = call
        self._value = self._error = None
        self._settled = allocate_lock()
        self._settled.acquire()

    def settle(self, value, error):
        self._value, self._error = value, error
        self._settled.release()

    def outcome(self):
        self._settled.acquire()
        if self._error is not None:
            raise self._error
        return self._value


class Awaited:
    def __init__(self, call, loop):
        self.call = call
        self._loop = loop
        self._future = loop.create_future()

    def settle(self, value, error):
        try:
            self._loop.call_soon_threadsafe(self._settle, value, error)
        except RuntimeError:
            pass  # the function closed its own loop: nobody can wait any more

    def _settle(self, value, error):
        if self._future.done():
            return
        if error is None:
            self._future.set_result(value)
        elif isinstance(error, Cancelled):
            self._future.cancel()
        else:
            self._future.set_exception(error)

    def outcome(self):
        return self._future
