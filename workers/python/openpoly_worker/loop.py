"""The one event loop that runs functions which are `async`, on a thread of its own."""

import asyncio
from _thread import start_new_thread


class Loop:
    """`flush` is called once for each turn in which a task asked for it."""

    def __init__(self, flush):
        self._flush = flush
        self._flush_is_scheduled = False
        self._loop = asyncio.new_event_loop()
        start_new_thread(self._run, ())

    def start_all(self, starts):
        """`starts` is a list of (context, make_coroutine, call); the task of each goes to call.task."""
        self._loop.call_soon_threadsafe(self._start_all, starts)

    def cancel(self, task):
        self._loop.call_soon_threadsafe(task.cancel)

    def wait_for(self, coroutine):
        """The outcome of `coroutine` for a thread that is not the loop's."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def flush_later(self):
        """For tasks of this loop."""
        if not self._flush_is_scheduled:
            self._flush_is_scheduled = True
            self._loop.call_soon(self._flush_now)

    def _flush_now(self):
        self._flush_is_scheduled = False
        self._flush()

    def _start_all(self, starts):
        for context, make_coroutine, call in starts:
            call.task = self._loop.create_task(make_coroutine(call), context=context)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
