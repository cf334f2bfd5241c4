"""Server functions end to end: languages, results, calls of other functions, permissions, redeploys and instances."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.eventually import eventually
from support.functions import (
    CONTEXT,
    deploy,
    execution_id,
    executions,
    instances,
    logs_of,
    make_api_function,
    run_server,
)

POLYD_SETTINGS = {"POLY_RUNTIME_IDLE_SECONDS": "1"}
LATER_MILLISECONDS = 1500


def workers_of(polyd):
    """The ids of the processes that polyd started and that still run."""
    children = Path(f"/proc/{polyd.process.pid}/task")
    found = set()
    for task in children.iterdir():
        found.update((task / "children").read_text(encoding="ascii").split())
    return found


# Languages and results

ADDITIONS = {
    "typescript": "export function add(a: number, b: number): number { return a + b; }",
    "typescript async": "export async function add(a: number, b: number): Promise<number> { return a + b; }",
    "javascript": "function add(a, b) { return a + b; }",
    "javascript async": "async function add(a, b) { await null; return a + b; }",
    "python": "def add(a: int, b: int) -> int:\n    return a + b\n",
    "python async": "import asyncio\nasync def add(a: int, b: int) -> int:\n    await asyncio.sleep(0)\n    return a + b\n",
}


@pytest.mark.parametrize("case", ADDITIONS)
def test_a_function_of_each_language_runs(admin, case):
    language = case.split()[0]
    function = deploy(admin, "add", ADDITIONS[case], language, context=case.replace(" ", "."))
    answer = run_server(admin, function, a=2, b=3)
    assert (answer.status, answer.json) == (201, 5)
    assert answer.headers["content-type"].startswith("application/json")


RESULTS = [
    ("text", "'Grüße'", "'Grüße'", "text/plain", "Grüße"),
    ("number", "1.5", "1.5", "application/json", "1.5"),
    ("object", "{ a: [1, null] }", "{'a': [1, None]}", "application/json", '{"a":[1,null]}'),
    ("boolean", "true", "True", "application/json", "true"),
    ("list", "[]", "[]", "application/json", "[]"),
]


@pytest.mark.parametrize("name, script, python, content_type, body", RESULTS)
def test_a_result_keeps_its_form_over_http(admin, name, script, python, content_type, body):
    for language, code in (("javascript", f"function {name}() {{ return {script}; }}"), ("python", f"def {name}():\n    return {python}\n")):
        function = deploy(admin, name, code, language, context=f"results.{language}")
        answer = run_server(admin, function)
        assert answer.status == 201
        assert answer.headers["content-type"].startswith(content_type)
        assert answer.text.replace(", ", ",").replace(": ", ":") == body


def test_a_function_that_returns_nothing_has_no_body(admin):
    for language, code in (("javascript", "function nothing() {}"), ("python", "def nothing() -> None:\n    pass\n")):
        answer = run_server(admin, deploy(admin, "nothing", code, language, context=language))
        assert (answer.status, answer.body) == (201, b"")


def test_status_type_and_headers_of_an_answer_are_the_functions_choice(admin):
    script = """
    import { polyCustom } from 'openpoly';
    export function choose(): string {
      polyCustom.responseStatusCode = 418;
      polyCustom.responseContentType = 'text/csv';
      polyCustom.responseHeaders = { 'x-rows': '2' };
      return 'a;b';
    }"""
    python = """
from polyapi import polyCustom

def choose() -> str:
    polyCustom["responseStatusCode"] = 418
    polyCustom["responseContentType"] = "text/csv"
    polyCustom["responseHeaders"] = {"x-rows": "2"}
    return "a;b"
"""
    for language, code in (("typescript", script), ("python", python)):
        answer = run_server(admin, deploy(admin, "choose", code, language, context=f"choice.{language}"))
        assert (answer.status, answer.text) == (418, "a;b")
        assert (answer.headers["content-type"], answer.headers["x-rows"]) == ("text/csv", "2")


def test_arguments_are_checked_against_the_types_of_the_source(admin):
    code = "interface Order { id: number; tags: string[] }\nexport function take(order: Order, note?: string): number { return order.id; }"
    function = deploy(admin, "take", code, "typescript")
    assert run_server(admin, function, order={"id": 7, "tags": []}).json == 7
    answer = run_server(admin, function, order={"id": "7", "tags": []})
    assert answer.status == 400 and "$.order.id" in answer.message and "number" in answer.message
    answer = run_server(admin, function)
    assert answer.status == 400 and "$.order: is missing" in answer.message


def test_concurrent_calls_of_one_instance_do_not_mix(admin):
    code = """
    const { polyCustom } = require('openpoly');
    async function echo(n) {
      const id = polyCustom.executionId;
      console.log(`before ${n}`);
      await new Promise((done) => setTimeout(done, 20 - n));
      console.log(`after ${n}`);
      if (polyCustom.executionId !== id) throw new Error('mixed');
      return n;
    }"""
    function = deploy(admin, "echo", code)
    def one(n):
        client = admin.with_key(admin.key)
        try:
            return n, run_server(client, function, n=n)
        finally:
            client.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(16)))
    for n, answer in answers:
        assert answer.json == n
        assert [text for _, text in logs_of(admin, execution_id(answer))] == [f"before {n}", f"after {n}"]


# Calls of other functions


@pytest.fixture(scope="module")
def echo_api(admin, misbehaving):
    return make_api_function(
        admin, "echoed", misbehaving.address + "/echo?word={{word}}", arguments=["word"], context="outside"
    )


NESTED = {
    "typescript": """
        import poly, { vari } from 'openpoly';
        export async function outer(word: string): Promise<any> {
          const answer = await poly.outside.echoed(word);
          const doubled = await poly.inside.double(answer.data.query.word);
          return { status: answer.status, doubled, greeting: await vari.inside.greeting.get() };
        }""",
    "python": """
from polyapi import poly, vari

def outer(word: str) -> dict:
    answer = poly.outside.echoed(word)
    doubled = poly.inside.double(answer["data"]["query"]["word"])
    return {"status": answer["status"], "doubled": doubled, "greeting": vari.inside.greeting.get()}
""",
}


@pytest.mark.parametrize("language", NESTED)
def test_a_function_calls_functions_and_reads_variables_and_all_runs_are_linked(admin, echo_api, language):
    if admin.get("/variables/inside.greeting", query={"usePathId": "true"}).status == 404:
        admin.made("/variables", {"name": "greeting", "context": "inside", "value": "hello", "secrecy": "NONE"})
    double = deploy(admin, "double", "function double(word) { console.log('doubling'); return word + word; }", context="inside")
    outer = deploy(admin, "outer", NESTED[language], language, context=language)
    answer = run_server(admin, outer, word="ab")
    assert answer.status == 201, answer
    assert answer.json == {"status": 200, "doubled": "abab", "greeting": "hello"}
    nested = executions(admin, parentId=execution_id(answer))
    assert {record["path"] for record in nested} == {"outside.echoed", "inside.double"}
    inner = next(record for record in nested if record["path"] == "inside.double")
    assert logs_of(admin, inner["id"]) == [("info", "doubling")]
    assert double == inner["resourceId"]


def test_the_execution_that_a_caller_names_is_the_parent(admin):
    function = deploy(admin, "child", "function child() { return 1; }")
    first = execution_id(run_server(admin, function))
    second = execution_id(run_server(admin, function, headers={"x-poly-execution-id": first}))
    assert [record["id"] for record in executions(admin, parentId=first)] == [second]


def test_a_failing_nested_call_can_be_caught_and_says_what_happened(admin):
    deploy(admin, "breaks", "function breaks() { throw new Error('inner trouble'); }", context="inside")
    code = """
    const { poly } = require('openpoly');
    async function catcher() { try { await poly.inside.breaks(); } catch (e) { return e.message; } }"""
    assert "inner trouble" in run_server(admin, deploy(admin, "catcher", code)).text
    missing = "const { poly } = require('openpoly'); async function seeker() { return await poly.no.such(); }"
    answer = run_server(admin, deploy(admin, "seeker", missing))
    assert answer.status == 404 and "no.such" in answer.message, answer


def test_variables_are_changed_and_secrets_only_injected(admin, echo_api):
    for name, secrecy in (("counter", "NONE"), ("secret", "SECRET")):
        admin.made("/variables", {"name": name, "context": "store", "value": "one", "secrecy": secrecy})
    code = """
    import poly, { vari } from 'openpoly';
    export async function vault(): Promise<any> {
      await vari.store.counter.update({ n: 2 });
      let refusal = '';
      try { await vari.store.secret.get(); } catch (error: any) { refusal = error.message; }
      const sent = await poly.outside.echoed(vari.store.secret.inject());
      return { counter: await vari.store.counter.get(), refusal, sent: sent.data.query.word };
    }"""
    answer = run_server(admin, deploy(admin, "vault", code, "typescript")).json
    assert answer["counter"] == {"n": 2}
    assert "secret" in answer["refusal"]
    assert answer["sent"] == "one"


# Permissions


def key_with(admin, name, *permissions):
    return admin.made("/api-keys", {"name": name, "permissions": dict.fromkeys(permissions, True)})["key"]


UPDATES = """
const { vari } = require('openpoly');
async function raise() { await vari.guarded.level.update(2); return await vari.guarded.level.get(); }"""


def test_a_nested_change_needs_the_permission_of_the_caller(admin):
    admin.made("/variables", {"name": "level", "context": "guarded", "value": 1, "secrecy": "NONE"})
    function = deploy(admin, "raise", UPDATES)
    weak = admin.with_key(key_with(admin, "runs only", "execute"))
    answer = run_server(weak, function)
    assert answer.status in (403, 500) and "manageNonSecretVariables" in answer.message, answer
    assert run_server(admin, function).json == 2


def test_a_function_with_an_execution_key_acts_with_its_permissions(admin):
    if admin.get("/variables/guarded.own", query={"usePathId": "true"}).status == 404:
        admin.made("/variables", {"name": "own", "context": "guarded", "value": 1, "secrecy": "NONE"})
    strong = key_with(admin, "changes variables", "execute", "manageNonSecretVariables")
    weak = key_with(admin, "also runs only", "execute")
    code = UPDATES.replace("raise", "keyed").replace("level", "own")
    function = deploy(admin, "keyed", code, executionApiKey=strong)
    assert run_server(admin.with_key(weak), function).json == 2
    assert deploy(admin, "keyed", code, executionApiKey=weak) == function
    answer = run_server(admin, function)
    assert answer.status in (403, 500) and "manageNonSecretVariables" in answer.message, answer


def test_an_execution_key_that_is_gone_stops_the_function(admin):
    made = admin.made("/api-keys", {"name": "short-lived", "permissions": {"execute": True}})
    function = deploy(admin, "orphan", "function orphan() { return 1; }", executionApiKey=made["key"])
    assert run_server(admin, function).status == 201
    assert admin.delete(f"/api-keys/{made['id']}").status in (200, 204)
    answer = run_server(admin, function)
    assert answer.status == 403 and "execution key" in answer.message, answer


# Depth, time, background


def test_a_function_that_calls_itself_for_ever_ends_at_the_depth_limit(admin):
    code = f"const {{ poly }} = require('openpoly'); async function deeper(n) {{ return await poly.{CONTEXT}.deeper(n + 1); }}"
    function = deploy(admin, "deeper", code)
    answer = run_server(admin, function, n=0)
    assert answer.status == 429 and "20 deep" in answer.message, answer
    assert len(executions(admin, resourceId=function)) == 21


def test_a_time_limit_ends_a_call_and_not_the_next_one(admin):
    code = "async function waits(ms) { await new Promise((done) => setTimeout(done, ms)); return 'done'; }"
    function = deploy(admin, "waits", code, limitTime=1)
    began = time.monotonic()
    answer = run_server(admin, function, ms=20000)
    assert answer.status == 504 and "1" in answer.message, answer
    assert time.monotonic() - began < 4
    assert run_server(admin, function, ms=1).text == "done"


def test_an_async_function_answers_at_once_and_runs_on(admin):
    code = f"""
    async function later() {{
      await new Promise((done) => setTimeout(done, {LATER_MILLISECONDS}));
      console.log('arrived');
    }}"""
    function = deploy(admin, "later", code, serverSideAsync=True)
    answer = run_server(admin, function)
    assert (answer.status, set(answer.json)) == (201, {"executionId"})
    run = answer.json["executionId"]
    assert run == execution_id(answer)
    assert admin.get(f"/executions/{run}").status == 404, "what still runs has no record yet"
    eventually(lambda: admin.get(f"/executions/{run}").status == 200, "the run is recorded")
    record = admin.found(f"/executions/{run}")
    assert record["status"] == "ok" and record["durationMs"] >= LATER_MILLISECONDS
    assert logs_of(admin, run) == [("info", "arrived")]


# Logs


def test_lines_are_kept_with_their_level_for_their_execution_only(admin):
    script = "function says(n) { console.log('l', n); console.warn('w'); console.error('e\\nf'); console.debug({ a: 1 }); }"
    function = deploy(admin, "says", script)
    first, second = (execution_id(run_server(admin, function, n=n)) for n in (1, 2))
    lines = logs_of(admin, first)
    assert lines[:3] == [("info", "l 1"), ("warn", "w"), ("error", "e\nf")]
    assert lines[3][0] == "debug"
    everything = admin.found(f"/functions/server/{function}/logs")
    assert everything["logsEnabled"] is True
    assert {line["executionId"] for line in everything["logs"]} == {first, second}
    found = admin.found(f"/functions/server/{function}/logs", query={"keyword": "L 2"})["logs"]
    assert [line["value"] for line in found] == ["l 2"]
    assert admin.delete(f"/functions/server/{function}/logs").status in (200, 204)
    assert admin.found(f"/functions/server/{function}/logs")["logs"] == []


def test_logs_can_be_turned_off(admin):
    function = deploy(admin, "silent", "function silent() { console.log('unheard'); return 1; }", logsEnabled=False)
    assert logs_of(admin, execution_id(run_server(admin, function))) == []


# Deploys and instances


def test_a_redeploy_takes_effect_and_keeps_the_id(admin):
    function = deploy(admin, "version", "function version() { return 1; }")
    assert run_server(admin, function).json == 1
    for number in range(2, 6):
        assert deploy(admin, "version", f"function version() {{ return {number}; }}") == function
        assert run_server(admin, function).json == number, "the call after the answer of a deploy runs the new code"


def test_calls_during_a_redeploy_all_succeed(admin):
    function = deploy(admin, "steady", "async function steady() { await null; return 0; }")
    wrong, stop = [], threading.Event()

    def caller():
        client = admin.with_key(admin.key)
        while not stop.is_set():
            answer = run_server(client, function)
            if answer.status != 201:
                wrong.append(answer)
        client.close()

    threads = [threading.Thread(target=caller) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        deploy(admin, "steady", f"async function steady() {{ await null; return {number}; }}")
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert run_server(admin, function).json == 5


def test_state_of_a_function_lives_in_its_instance_and_an_idle_one_is_put_away(admin):
    code = "let calls = 0; function counts() { calls += 1; return calls; }"
    function = deploy(admin, "counts", code)
    assert run_server(admin, function).json == 1
    (instance,) = instances(admin, function)
    assert run_server(admin, function).json == 2
    eventually(lambda: not Path(f"/proc/{instance['pid']}").exists(), "the idle instance is put away")
    assert run_server(admin, function).json == 1
    cold = [record.get("cold", False) for record in reversed(executions(admin, resourceId=function))]
    assert cold == [True, False, True]


def test_a_deleted_function_can_not_be_called(admin):
    function = deploy(admin, "gone", "function gone() { return 1; }")
    assert run_server(admin, function).status == 201
    assert admin.delete(f"/functions/server/{function}").status in (200, 204)
    assert run_server(admin, function).status == 404


def test_functions_are_called_by_their_dotted_path(admin):
    deploy(admin, "byPath", "function byPath() { return 'found'; }", context="some.where")
    answer = admin.post("/functions/server/some.where.byPath/execute", {}, query={"usePathId": "true"})
    assert answer.text == "found"


def test_user_code_sees_no_key_no_socket_and_no_environment_of_polyd(admin, polyd):
    code = "function peek() { return { env: process.env, argv: process.argv }; }"
    answer = run_server(admin, deploy(admin, "peek", code))
    assert admin.key not in answer.text and "POLY_" not in answer.text and "OPENPOLY" not in answer.text
    python = "import os\n\ndef peek() -> dict:\n    return dict(os.environ)\n"
    answer = run_server(admin, deploy(admin, "peek", python, "python", context="python"))
    assert admin.key not in answer.text and "POLY_" not in answer.text and "OPENPOLY" not in answer.text
    assert workers_of(polyd), "the workers are children of polyd"
