"""One call in flight, and which call the running code belongs to."""

from _contextvars import ContextVar
from _thread import allocate_lock

_running = ContextVar("openpoly_call", default=None)


class Call:
    """Whoever sends a frame of a call holds its `lock`, so that nothing follows its answer."""

    __slots__ = (
        "id", "header", "lock", "is_answered", "is_started", "is_cancelled",
        "nested_count", "open_questions", "log_book", "task", "stream", "_custom",
    )  # fmt: skip

    def __init__(self, id, header):
        self.id = id
        self.header = header
        self.lock = allocate_lock()
        self.is_answered = False
        self.is_started = False
        self.is_cancelled = False
        self.nested_count = 0
        self.open_questions = None  # ids, once something was asked
        self.log_book = None  # made by the first line of log
        self.task = None  # of an `async def`
        self.stream = None  # of a result that comes piece by piece
        self._custom = None  # made when the function first looks at it

    @property
    def wants_logs(self):
        return self.header.get("logs") is True

    @property
    def custom_if_used(self):
        return self._custom

    @property
    def custom(self):
        """What the function sees as `polyCustom`, as a dict."""
        if self._custom is None:
            values = dict(self.header.get("polyCustom") or {})
            values["executionId"] = self.header.get("executionId")
            self._custom = values
        return self._custom


def current_call():
    """The call on whose behalf this line runs, or None."""
    return _running.get()


def become(call):
    """From here on, in this context, code runs on behalf of `call`."""
    _running.set(call)
