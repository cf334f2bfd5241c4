"""The life of a worker: loaded once, then calls in and answers out, until it is drained."""

import os
import sys
from _contextvars import copy_context

from . import frames
from .adaptations import install_adaptations
from .call import Call, become
from .capture import Capture
from .catalog import install_catalog
from .errors import Cancelled, Named, describe, is_error_status
from .loading import load_function
from .pool import Pool
from .questions import Questions
from .stream import ResultStream, is_stream
from .values import Signature, encode_result, from_json, to_json
from .waits import running_loop

LANGUAGE = "python"
SWITCH_SECONDS = 0.001  # how long a busy function may keep others from their turn


class Worker:
    def __init__(self, channel):
        self._channel = channel
        self._questions = Questions(channel)
        self._pool = Pool(self._run_in_thread, channel.flush, channel.flush_soon)
        self._loop_made = None
        self._function = None
        self._signature = None
        self._context = copy_context()  # what the module set while it was loaded
        self._calls = {}  # id → Call in flight; taking one out is the right to answer it
        self._async_starts = []  # collected until all that was readable has been handled
        self._is_draining = False
        self._handlers = {
            frames.CALL: self._call,
            frames.REPLY: self._reply,
            frames.MORE: self._more,
            frames.LOAD: self._load,
            frames.CANCEL: self._cancel,
            frames.DRAIN: self._drain,
        }
        sys.setswitchinterval(SWITCH_SECONDS)
        Capture(channel.send_log)
        install_adaptations()

    def handle(self, kind, id, header, body):
        handler = self._handlers.get(kind)
        if handler is None:
            raise frames.ProtocolError(f"frame of unknown kind {kind}")
        handler(id, _parse_header(header), body)
        if kind != frames.CALL and kind != frames.REPLY:
            self._channel.flush_soon()  # these answer by themselves; the reader never waits to write

    def end_of_batch(self):
        if self._async_starts:
            self._loop.start_all(self._async_starts)
            self._async_starts = []

    @property
    def _loop(self):
        if self._loop_made is None:
            from .loop import Loop

            self._loop_made = Loop(self._channel.flush)
        return self._loop_made

    def _load(self, id, header, body):
        try:
            if self._function is not None:
                raise Named("AlreadyLoaded", "this worker has its function and cannot load another")
            if header.get("language") != LANGUAGE:
                raise Named("WrongLanguage", f"this worker runs {LANGUAGE}, not {header.get('language')}")
            os.environ.update(header.get("environment") or {})
            sys.path.extend(header.get("layers") or ())  # the last: Python's own modules win
            clients = {client["path"]: self._client(client) for client in header.get("clientFunctions") or ()}
            install_catalog(self._questions.ask, clients, LANGUAGE)
            function = self._context.run(load_function, body.decode(), header["path"], header["name"])
        except BaseException as error:
            self._channel.send(frames.ERROR, 0, to_json(describe(error)))
            return
        self._function = function
        self._signature = Signature(function, header.get("parameters") or [])
        self._channel.send(frames.LOADED, 0)

    def _client(self, client):
        """A client function runs where it is called; its code is run when it is first used."""
        loaded = []

        def run(*values):
            if not loaded:
                loaded.append(load_function(client["code"], client["path"], client["name"]))
            value = loaded[0](*values)
            if hasattr(value, "__await__") and running_loop() is None:
                return self._loop.wait_for(value)
            return value

        return client["language"], run

    def _call(self, id, header, body):
        if self._function is None:
            raise frames.ProtocolError(f"call {id} came before a function was loaded")
        if self._is_draining:
            raise frames.ProtocolError(f"call {id} came after drain")
        if id in self._calls:
            raise frames.ProtocolError(f"call {id} is in flight already")
        call = self._calls[id] = Call(id, header)
        if self._signature.is_async:
            self._async_starts.append((self._context.copy(), lambda call: self._run_async(call, body), call))
        else:
            self._pool.submit((call, body))

    def _run_in_thread(self, item):
        self._context.copy().run(self._run, *item)

    def _run(self, call, body):
        become(call)
        call.is_started = True
        try:
            if call.is_cancelled:
                raise Cancelled
            positional, named = self._signature.arguments(body)
            value = self._function(*positional, **named)
            if hasattr(value, "__await__"):
                value = self._loop.wait_for(_awaited(value))
            if is_stream(value):
                self._stream(call, value)
            else:
                self._succeed(call, value, call.custom_if_used)
        except BaseException as error:
            self._fail(call, error)

    async def _run_async(self, call, body):
        become(call)
        try:
            if call.is_cancelled:
                raise Cancelled
            positional, named = self._signature.arguments(body)
            value = self._function(*positional, **named)
            if hasattr(value, "__await__"):
                value = await value
            if is_stream(value):
                await self._begin_stream(call).send_all_awaited(value)
                self._succeed(call, None, None)
            else:
                self._succeed(call, value, call.custom_if_used)
        except BaseException as error:
            self._fail(call, error)
        self._loop.flush_later()

    def _stream(self, call, values):
        stream = self._begin_stream(call)
        if hasattr(values, "__aiter__"):
            self._loop.wait_for(stream.send_all_awaited(values))
        else:
            stream.send_all(values)
        self._succeed(call, None, None)

    def _begin_stream(self, call):
        def send(header, body):
            with call.lock:
                if call.is_answered or call.is_cancelled:
                    raise Cancelled
                self._channel.send(frames.CHUNK, call.id, header, body)
            self._channel.flush_soon()

        call.stream = ResultStream(call, send)
        return call.stream

    def _succeed(self, call, value, custom):
        if call.is_cancelled:
            raise Cancelled
        header, body = encode_result(value, custom)
        try:
            self._answer(call, frames.RESULT, header, body)
        except frames.FrameTooLarge as error:
            raise Named("ResultTooLarge", f"the result is too large: {error}") from None

    def _fail(self, call, error):
        if call.is_cancelled:
            error = Named("Cancelled", "the call was cancelled")
        description = describe(error)
        chosen = (call.custom_if_used or {}).get("responseStatusCode")
        if "statusCode" not in description and is_error_status(chosen):
            description["statusCode"] = chosen
        self._answer(call, frames.ERROR, to_json(description))

    def _answer(self, call, kind, header, body=b""):
        with call.lock:
            if call.is_answered:
                return
            if call.log_book is not None:
                call.log_book.close()
            self._channel.send(kind, call.id, header, body)
            call.is_answered = True
        self._questions.abandon(call)
        del self._calls[call.id]
        self._exit_when_drained()

    def _cancel(self, id, header, body):
        """Python code cannot be stopped from outside: it ends where it waits, for the host or in its
        event loop, and what has not started never does."""
        call = self._calls.get(id)
        if call is None:
            return  # its answer is on the way
        with call.lock:
            call.is_cancelled = True
        if call.task is not None:
            self._loop.cancel(call.task)
        elif not call.is_started and not self._signature.is_async:
            self._fail(call, Cancelled())
        self._questions.abandon(call)
        if call.stream is not None:
            call.stream.abandon()

    def _more(self, id, header, body):
        call = self._calls.get(id)
        if call is not None and call.stream is not None:
            call.stream.more(header["bytes"])

    def _reply(self, id, header, body):
        self._questions.answer(id, header, body)

    def _drain(self, id, header, body):
        self._is_draining = True
        self._exit_when_drained()

    def _exit_when_drained(self):
        if self._is_draining and not self._calls:
            self._channel.exit_when_written()


async def _awaited(value):
    return await value


def _parse_header(header):
    if not header:
        return {}
    try:
        values = from_json(header)
    except ValueError as error:
        raise frames.ProtocolError(f"header is not JSON: {error}") from None
    if type(values) is not dict:
        raise frames.ProtocolError("header is not a JSON object")
    return values
