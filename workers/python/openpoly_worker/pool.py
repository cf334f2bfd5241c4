"""The threads that run functions which are not `async`. They are started when work waits and nobody
is idle, up to a bound; what comes beyond it waits its turn."""

from _queue import SimpleQueue
from _thread import get_ident, start_new_thread

THREADS_MAX = 64


class Pool:
    """Runs `work(item)` for each submitted item; `work` must not raise. `on_pause` is called when a
    thread is about to wait for more, `on_progress` when it goes on with the next item at once."""

    def __init__(self, work, on_pause, on_progress):
        self._work = work
        self._on_pause = on_pause
        self._on_progress = on_progress
        self._items = SimpleQueue()
        self._idle = set()  # idents; its operations are atomic
        self._free_slots = list(range(THREADS_MAX))  # popping one is the right to start a thread

    def submit(self, item):
        self._items.put(item)
        if len(self._idle) < self._items.qsize():
            self._start_thread()

    def _start_thread(self):
        try:
            slot = self._free_slots.pop()
        except IndexError:
            return  # all are busy: the item waits
        try:
            start_new_thread(self._run, ())
        except RuntimeError:
            self._free_slots.append(slot)
            if len(self._free_slots) == THREADS_MAX:
                raise  # nobody else would ever take the item

    def _run(self):
        items, idle, work, me = self._items, self._idle, self._work, get_ident()
        while True:
            idle.add(me)
            item = items.get()
            idle.discard(me)
            # Whoever submitted meanwhile may have counted on this thread.
            if not idle and not items.empty():
                self._start_thread()
            work(item)
            if items.empty():
                self._on_pause()
            else:
                self._on_progress()
