"""What functions ask of the host while they run (`nested` frames), and the answers on their way back.

The same question blocks the thread that asks it, or gives an awaitable where an event loop runs.
"""

from itertools import count

from . import frames
from .call import current_call
from .errors import Cancelled, PolyError
from .values import from_json, to_json
from .waits import wait_here

QUESTION_ID_MAX = 0xFFFF_FFFF


class Questions:
    def __init__(self, channel):
        self._channel = channel
        self._open = {}  # id → Blocking or Awaited
        self._ids = count(1)

    def ask(self, op, path, values):
        """The host's answer to `op` on `path`, asked on behalf of the running call."""
        call = current_call()
        if call is None:
            raise RuntimeError(f"{path} can be reached only while a call is answered")
        body = to_json(values)
        question = wait_here(call)
        with call.lock:
            if call.is_answered or call.is_cancelled:
                raise Cancelled(f"{path} cannot be reached: its call has been answered")
            self._send(call, question, op, path, body)
        self._channel.flush()
        return question.outcome()

    def answer(self, id, header, body):
        question = self._open.pop(id, None)
        if question is None:
            return  # its call was answered first
        question.call.open_questions.discard(id)
        error = header.get("error")
        if error is not None:
            raised = PolyError(error.get("message"), error.get("statusCode"), error.get("code"))
            question.settle(None, raised)
            return
        try:
            value = from_json(body) if body else None
        except ValueError as broken:
            raise frames.ProtocolError(f"the body of a reply is not JSON: {broken}") from None
        question.settle(value, None)

    def abandon(self, call):
        """Nobody waits for `call` any more: code of it that still waits for the host is woken to end."""
        for id in list(call.open_questions or ()):
            question = self._open.pop(id, None)
            if question is not None:
                question.settle(None, Cancelled("the call was cancelled"))

    def _send(self, call, question, op, path, body):
        id = next(self._ids) & QUESTION_ID_MAX
        header = to_json({"call": call.id, "sequence": call.nested_count, "op": op, "path": path})
        call.nested_count += 1
        if call.open_questions is None:
            call.open_questions = set()
        call.open_questions.add(id)
        self._open[id] = question
        try:
            self._channel.send(frames.NESTED, id, header, body)
        except frames.FrameTooLarge:
            del self._open[id]
            call.open_questions.discard(id)
            raise
