"""Functions that throw, exit, hang, flood, grow or die: the caller gets a named error, and polyd and other calls go on."""

import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.eventually import eventually
from support.functions import deploy, execution_id, executions, instances, logs_of, run_server

POLYD_SETTINGS = {"POLY_RUNTIME_TIME_LIMIT_SECONDS": "20", "POLY_RUNTIME_MEMORY_MEBIBYTES_DEFAULT": "96"}

MEBIBYTE = 1 << 20


def resident_bytes(polyd):
    status = Path(f"/proc/{polyd.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def assert_polyd_goes_on(admin):
    function = deploy(admin, "fine", "function fine() { return 'fine'; }", context="health")
    assert run_server(admin, function).text == "fine"


def fails(admin, code, language="javascript", status=500, name="f", **arguments):
    """Runs a function that must fail with `status`; gives the message, which is also on record."""
    function = deploy(admin, name, code, language, context=f"faults.{language}")
    answer = run_server(admin, function, **arguments)
    assert answer.status == status, answer
    assert answer.json["statusCode"] == status
    record = executions(admin, resourceId=function, limit=1)[0]
    assert record["id"] == execution_id(answer)
    assert record["error"] == answer.message
    assert_polyd_goes_on(admin)
    return answer.message


# Errors


def test_what_a_function_throws_is_the_message_with_its_line(admin):
    message = fails(admin, "function f() {\n  throw new TypeError('no such customer');\n}")
    assert message == "TypeError: no such customer (line 2)"
    message = fails(admin, "interface Unused { a: string }\n\nexport function f(): void {\n  throw new Error('typed');\n}", "typescript")
    assert message == "typed (line 4)"
    message = fails(admin, "def f():\n    raise ValueError('no such customer')\n", "python")
    assert message == "ValueError: no such customer (line 2)"


WITH_STATUS = {
    "javascript": "function f(chosen) {\n  throw Object.assign(new Error('no such customer'), { statusCode: chosen });\n}",
    "python": "class Missing(Exception):\n    statusCode = None\ndef f(chosen):\n    error = Missing('no such customer')\n    error.statusCode = chosen\n    raise error\n",
}


@pytest.mark.parametrize("language", WITH_STATUS)
@pytest.mark.parametrize("chosen, answered", [(400, 400), (404, 404), (599, 599), (399, 500), (600, 500), (200, 500)])
def test_the_status_of_an_error_is_that_of_the_answer(admin, language, chosen, answered):
    assert "no such customer" in fails(admin, WITH_STATUS[language], language, answered, chosen=chosen)
    (record,) = executions(admin, path=f"faults.{language}.f", limit=1)
    assert record.get("httpStatus") == (answered if answered == chosen else None)


def test_a_status_that_polycustom_has_counts_for_an_error_too(admin):
    code = """import { polyCustom } from 'openpoly';
    export function f(): void {
      polyCustom.responseStatusCode = 409;
      throw new Error('it is there already');
    }"""
    fails(admin, code, "typescript", 409)


def test_what_a_nested_call_was_refused_with_is_the_status_when_nobody_catches_it(admin):
    thrower = "function gone() { throw Object.assign(new Error('gone'), { statusCode: 410 }); }"
    deploy(admin, "gone", thrower, context="inner")
    caller = "import poly, { vari } from 'openpoly';\nexport async function f(): Promise<void> { await %s; }"
    assert "gone" in fails(admin, caller % "poly.inner.gone()", "typescript", 410)
    fails(admin, caller % "poly.inner.nobody()", "typescript", 404)
    fails(admin, caller % "vari.inner.nothing.get()", "typescript", 404)
    caught = """import poly from 'openpoly';
    export async function f(): Promise<number> { return poly.inner.gone().catch((error: any) => error.statusCode); }"""
    assert run_server(admin, deploy(admin, "f", caught, "typescript", context="faults.caught")).json == 410


def test_the_stack_of_an_error_is_in_the_log_of_its_execution(admin):
    function = deploy(admin, "deep", "function deep() { inner(); }\nfunction inner() { throw new Error('deep'); }")
    lines = logs_of(admin, execution_id(run_server(admin, function)))
    (stack,) = [text for level, text in lines if level == "error"]
    assert "inner" in stack and "scenario.deep" in stack
    assert "workers/node" not in stack


@pytest.mark.parametrize("thrown, message", [("'just text'", "just text"), ("{ code: 7 }", "7"), ("undefined", "undefined"), ("null", "null")])
def test_whatever_is_thrown_has_a_message(admin, thrown, message):
    assert message in fails(admin, f"function f() {{ throw {thrown}; }}")


def test_a_rejected_promise_is_an_error(admin):
    assert "late refusal" in fails(admin, "async function f() { await null; return Promise.reject(new Error('late refusal')); }")


def test_an_error_in_a_timer_is_the_error_of_the_call_that_waits(admin):
    code = "function f() { return new Promise(() => { setTimeout(() => { throw new Error('in a timer'); }, 5); }); }"
    assert "in a timer" in fails(admin, code)


def test_an_unhandled_rejection_is_the_error_of_the_call_that_waits(admin):
    code = "function f() { Promise.reject(new Error('unheard')); return new Promise(() => {}); }"
    assert "unheard" in fails(admin, code)


UNSERIALISABLE = [
    ("javascript", "function f() { const a = {}; a.self = a; return a; }"),
    ("javascript", "function f() { return 10n; }"),
    ("python", "def f():\n    return object()\n"),
    ("python", "def f():\n    return {1, 2}\n"),
    ("python", "def f():\n    return float('nan')\n"),
]


@pytest.mark.parametrize("language, code", UNSERIALISABLE)
def test_a_result_that_json_cannot_carry_is_named(admin, language, code):
    assert "BadResult" in fails(admin, code, language)


# Ends of the process

ENDS = [
    ("javascript", "function f() { process.exit(3); }"),
    ("javascript", "function f() { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); }"),
    ("javascript", "function f() { process.abort(); }"),
    ("python", "import sys\ndef f():\n    sys.exit(3)\n"),
    ("python", "import os\ndef f():\n    os._exit(3)\n"),
    ("python", "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGKILL)\n"),
    ("python", "import ctypes\ndef f():\n    ctypes.string_at(0)\n"),
]


@pytest.mark.parametrize("language, code", ENDS)
def test_a_function_that_ends_its_process_is_told(admin, language, code):
    message = fails(admin, code, language)
    assert re.search("exit|killed|ended|signal", message), message


def test_the_call_after_a_process_ended_gets_a_new_one(admin):
    code = (
        "const born = process.hrtime.bigint().toString();"
        "function dies(die) { if (die) process.kill(process.pid, 'SIGKILL'); return born; }"
    )
    function = deploy(admin, "dies", code)
    first = run_server(admin, function, die=False).json
    assert run_server(admin, function, die=True).status in (201, 500)
    second = eventually(lambda: run_server(admin, function, die=False), "an answer")
    assert second.status == 201 and second.json != first


def test_a_worker_killed_from_outside_in_mid_call_is_told(admin):
    code = """
    async function longer(ms) {
      console.log(`sleeping ${ms}`);
      await new Promise((done) => setTimeout(done, ms));
      return ms;
    }"""
    function = deploy(admin, "longer", code)
    assert run_server(admin, function, ms=1).json == 1
    (instance,) = instances(admin, function)
    with ThreadPoolExecutor(1) as pool:
        client = admin.with_key(admin.key)
        waiting = pool.submit(run_server, client, function, ms=15000)
        logs = f"/functions/server/{function}/logs"
        eventually(lambda: admin.found(logs, query={"keyword": "sleeping 15000"})["logs"], "the call runs")
        os.kill(instance["pid"], signal.SIGKILL)
        answer = waiting.result(timeout=10)
        client.close()
    assert answer.status == 500 and "signal 9" in answer.message, answer
    assert run_server(admin, function, ms=1).json == 1
    assert instance["pid"] not in [one["pid"] for one in instances(admin, function)]


# Endless work


@pytest.mark.parametrize(
    "language, code",
    [
        ("javascript", "function f(ms) { if (ms) while (true) ; return 'free'; }"),
        ("python", "def f(ms):\n    while ms:\n        pass\n    return 'free'\n"),
    ],
)
def test_a_loop_for_ever_ends_at_the_time_limit_and_the_next_call_works(admin, language, code):
    function = deploy(admin, "f", code, language, context="loops", limitTime=1)
    answer = run_server(admin, function, ms=1)
    assert answer.status == 504 and "time limit" in answer.message, answer
    assert executions(admin, resourceId=function)[0]["status"] == "timeout"
    assert run_server(admin, function, ms=0).text == "free"


def test_other_calls_are_answered_while_a_function_computes(admin):
    loop = deploy(admin, "computes", "function computes() { while (true) ; }", limitTime=2)
    other = deploy(admin, "other", "function other() { return 1; }")
    client = admin.with_key(admin.key)
    computing = threading.Thread(target=run_server, args=(client, loop))
    computing.start()
    for _ in range(20):
        assert run_server(admin, other).json == 1
    computing.join()
    client.close()


# Too much of something


@pytest.mark.parametrize(
    "language, code",
    [
        ("javascript", "function floods() { const line = 'x'.repeat(99999); for (let i = 0; i < 1000; i += 1) console.log(line); return 1; }"),
        ("python", "def floods():\n    for _ in range(1000):\n        print('x' * 99999)\n    return 1\n"),
    ],
)
def test_a_function_that_prints_a_hundred_megabytes_has_a_bounded_log(admin, polyd, language, code):
    before = resident_bytes(polyd)
    function = deploy(admin, "floods", code, language, context=f"floods.{language}")
    answer = run_server(admin, function)
    assert (answer.status, answer.json) == (201, 1)
    lines = logs_of(admin, execution_id(answer))
    assert sum(len(text) + 1 for _, text in lines) <= 2 * MEBIBYTE
    assert max(len(text) for _, text in lines) <= 16_384
    assert any(level == "warn" and "left out" in text for level, text in lines)
    assert resident_bytes(polyd) - before < 150 * MEBIBYTE


GROWING = [
    ("javascript", "function f() { const all = []; while (true) all.push(new Array(1000).fill(all.length)); }"),
    ("javascript", "async function f() { const all = []; while (true) { all.push(Buffer.alloc(4 << 20, 1)); await new Promise((d) => setTimeout(d, 1)); } }"),
    ("python", "def f():\n    everything = []\n    while True:\n        everything.append(bytearray(4 << 20))\n"),
]


@pytest.mark.parametrize("language, code", GROWING)
def test_a_function_that_allocates_without_end_is_stopped(admin, polyd, language, code):
    message = fails(admin, code, language)
    assert re.search("memory|Memory|signal 6|signal 9|Abort", message), message
    assert resident_bytes(polyd) < 700 * MEBIBYTE


def test_a_result_larger_than_a_frame_is_named(start_polyd):
    client = start_polyd({"POLY_RUNTIME_MEMORY_MEBIBYTES_DEFAULT": "512"}).client()
    assert "ResultTooLarge" in fails(client, "function f() { return 'x'.repeat(70 << 20); }")
    client.close()


# Deploys that cannot work


@pytest.mark.parametrize(
    "language, code, line",
    [
        ("typescript", "export function f(): number {\n  return 1 +;\n}", "2"),
        ("javascript", "function f() {\n  return (;\n}", "2"),
        ("python", "def f(:\n    pass\n", "1"),
    ],
)
def test_a_syntax_error_is_told_at_the_deploy_with_its_line(admin, language, code, line):
    body = {"name": "f", "context": "broken", "code": code, "language": language}
    answer = admin.post("/functions/server", body)
    assert answer.status == 400 and line in answer.message, answer
    assert admin.get("/functions/server/broken.f", query={"usePathId": "true"}).status == 404


def test_a_module_that_fails_while_loading_is_an_error_of_the_call(admin):
    message = fails(admin, "throw new Error('broken module');\nfunction unloadable() {}", name="unloadable")
    assert "could not be loaded" in message and "broken module" in message


# Many at once


def test_two_hundred_sleeping_calls_at_once_all_succeed(admin):
    code = "async function sleeps(n) { await new Promise((done) => setTimeout(done, 300)); return n; }"
    function = deploy(admin, "sleeps", code)

    def one(n):
        client = admin.with_key(admin.key)
        try:
            return run_server(client, function, n=n)
        finally:
            client.close()

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(one, range(200)))
    assert [(answer.status, answer.json) for answer in answers] == [(201, n) for n in range(200)]
