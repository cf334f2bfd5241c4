"""What only Python has: signatures, threads, event loops, the logging module."""

import pytest
from host import CANCEL, ERROR, LOG, NESTED, RESULT, call_frame, encode
from languages import LANGUAGES

THREADS_MAX = 64


@pytest.fixture(params=[LANGUAGES[1]], ids=["python"])
def language(request):
    return request.param


@pytest.fixture
def load(start):
    def load(code, parameters=()):
        host = start()
        host.load(code, "f", parameters)
        return host

    return load


@pytest.mark.parametrize(
    "signature, arguments, expected",
    [
        ("a, b=2, c=3", {"a": 1, "c": 9}, [1, 2, 9]),
        ("a, b=2, c=3", {"c": 9}, [None, 2, 9]),
        ("a, b=2, c=3", [1], [1, 2, 3]),
        ("a, b=2, c=3", None, [None, 2, 3]),
        ("a, *, b=2, c", {"a": 1, "c": 3}, [1, 2, 3]),
        ("a, *, b=2, c", [1, 5, 6], [1, 5, 6]),
        ("a, b, /, c=3", {"a": 1, "b": 2}, [1, 2, 3]),
    ],
)
def test_a_missing_argument_takes_its_default_else_none(load, signature, arguments, expected):
    host = load(f"def f({signature}):\n    return [a, b, c]", ["a", "b", "c"])
    assert host.call(arguments).value == expected


def test_a_decorated_function_keeps_its_defaults(load):
    code = (
        "import functools\n"
        "def d(g):\n"
        "    @functools.wraps(g)\n"
        "    def h(*a, **k):\n"
        "        return g(*a, **k)\n"
        "    return h\n"
        "@d\n"
        "def f(a, b=2):\n"
        "    return [a, b]"
    )
    assert load(code, ["a", "b"]).call({"a": 1}).value == [1, 2]


@pytest.mark.parametrize("value", ["float('nan')", "b'x'", "object()", "{(1, 2): 3}"])
def test_values_that_are_not_json_are_an_error(load, value):
    assert load(f"def f():\n    return [{value}]").call().header["name"] == "BadResult"


def test_dataclasses_and_numbers_as_keys_are_carried(load):
    code = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class P:\n"
        "    x: int\n"
        "def f():\n"
        "    return {1: P(2)}"
    )
    assert load(code).call().value == {"1": {"x": 2}}


def test_in_an_async_function_a_nested_call_is_awaited(load):
    host = load(
        "import asyncio\nfrom openpoly import poly\nasync def f():\n"
        "    return await asyncio.gather(poly.a.b(1), poly.c.d(2))"
    )  # fmt: skip
    host.start(1)
    first, second = host.next(), host.next()
    assert [frame.header["sequence"] for frame in (first, second)] == [0, 1]
    host.reply(second, "two")
    host.reply(first, "one")
    assert host.next().value == ["one", "two"]


def test_an_event_loop_of_the_function_itself_can_await_nested_calls(load):
    host = load(
        "import asyncio\n"
        "from openpoly import poly\n"
        "async def g():\n"
        "    return await poly.a.b()\n"
        "def f():\n"
        "    return asyncio.run(g())"
    )
    host.start(1)
    host.reply(host.next(), 7)
    assert host.next().value == 7


def test_an_async_function_is_stopped_wherever_it_awaits(load):
    host = load(
        "import asyncio\n"
        "async def f(forever):\n"
        "    if forever:\n"
        "        await asyncio.Event().wait()\n"
        "    return 1",
        ["forever"]
    )
    host.send(call_frame(1, [True]), call_frame(2, [False]))
    assert host.next().value == 1
    host.send(encode(CANCEL, 1))
    answer = host.next()
    assert (answer.kind, answer.id, answer.header["name"]) == (ERROR, 1, "Cancelled")


def test_a_cancelled_call_cannot_be_rescued_by_a_broad_except(load):
    host = load(
        "from openpoly import poly\n"
        "def f():\n"
        "    try:\n"
        "        poly.a.b()\n"
        "    except BaseException:\n"
        "        return 1"
    )
    host.start(1)
    host.next()
    host.send(encode(CANCEL, 1))
    assert host.next().header["name"] == "Cancelled"


def test_calls_beyond_the_threads_wait_and_can_be_cancelled_there(load):
    host = load("from openpoly import poly\ndef f(n):\n    poly.test.gate(n)\n    return n", ["n"])
    count = THREADS_MAX + 2
    host.send(*(call_frame(id, [id]) for id in range(1, count + 1)))
    gates = [host.wait_for(NESTED) for _ in range(THREADS_MAX)]
    assert {gate.header["call"] for gate in gates} == set(range(1, THREADS_MAX + 1))
    host.send(encode(CANCEL, count))
    assert (host.next().id, host._unread) == (count, type(host._unread)())
    for gate in gates:
        host.reply(gate)
    host.reply(host.wait_for(NESTED))
    assert {host.wait_for(RESULT).id for _ in range(THREADS_MAX + 1)} == set(range(1, count))


@pytest.mark.parametrize(
    "run",
    [
        "t = threading.Thread(target=say); t.start(); t.join()",
        "pool.submit(say).result()",
        "asyncio.run(asyncio.to_thread(say))",
    ],
)
def test_threads_of_a_function_speak_for_its_call(load, run):
    host = load(
        "import asyncio, threading\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from openpoly import polyCustom\n"
        "pool = ThreadPoolExecutor(1)\n"
        "def say():\n"
        "    print(polyCustom.executionId)\n"
        "def f():\n"
        f"    {run}"
    )
    for id in (1, 2):
        host.start(id)
        line, answer = host.until_answer(id)
        assert (line.kind, line.id, line.text) == (LOG, id, f"execution-{id}")


def test_an_error_in_a_thread_is_logged_for_its_call(load):
    host = load(
        "import threading\n"
        "def g():\n"
        "    raise ValueError('lost')\n"
        "def f():\n"
        "    t = threading.Thread(target=g)\n"
        "    t.start()\n"
        "    t.join()"
    )
    host.start(1)
    *lines, answer = host.until_answer(1)
    assert answer.kind == RESULT
    assert {(line.id, line.header["level"]) for line in lines} == {(1, "error")}
    assert lines[-1].text == "ValueError: lost"
    assert any("raise ValueError('lost')" in line.text for line in lines)


def test_warnings_of_the_logging_module_keep_their_level_without_any_setup(load):
    host = load("import logging\ndef f():\n    logging.getLogger('shop').warning('low stock')")
    host.start(1)
    line = host.next()
    assert (line.header["level"], line.text) == ("warn", "low stock")


def test_bytes_written_to_standard_output_are_logged(load):
    host = load("import sys\ndef f():\n    sys.stdout.buffer.write('grüße\\n'.encode())")
    host.start(1)
    assert host.next().text == "grüße"


def test_context_variables_of_one_call_are_not_seen_by_the_next(load):
    host = load(
        "from contextvars import ContextVar\n"
        "v = ContextVar('v', default=0)\n"
        "v.set(5)\n"
        "def f():\n"
        "    v.set(v.get() + 1)\n"
        "    return v.get()"
    )
    assert [host.call(id=id).value for id in (1, 2)] == [6, 6]


def test_dunder_names_are_no_paths(load):
    host = load(
        "from openpoly import poly\n"
        "import copy\n"
        "def f():\n"
        "    return [hasattr(poly.a, '__len__'), repr(poly.a.b)]"
    )
    assert host.call().value == [False, "poly.a.b"]


def test_arguments_by_name_to_a_nested_call_are_refused(load):
    answer = load("from openpoly import poly\ndef f():\n    poly.a.b(x=1)").call()
    assert (answer.header["name"], answer.header["message"]) == ("TypeError", "poly.a.b takes its arguments by position")


def test_an_error_that_cannot_be_read_is_still_an_answer(load):
    host = load(
        "class E(Exception):\n"
        "    @property\n"
        "    def statusCode(self):\n"
        "        raise ValueError\n"
        "def f():\n"
        "    raise E('x')"
    )
    answer = host.call()
    assert (answer.kind, answer.header) == (ERROR, {"name": "E", "message": "the error cannot be read: ValueError"})


def test_modules_named_at_start_are_imported_and_then_forgotten(start, language):
    language.command.append("asyncio")
    try:
        host = start()
    finally:
        language.command.pop()
    host.load("import sys\ndef f():\n    return ['asyncio' in sys.modules, sys.argv[1:]]")
    assert host.call().value == [True, []]
