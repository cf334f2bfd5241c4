"""What only JavaScript has: module shapes, promises, timers, source maps."""

import base64
import json

import pytest
from host import CALL, ERROR, HELLO, LOADED, LOG, NESTED, RESULT, encode
from languages import LANGUAGES


@pytest.fixture(params=[LANGUAGES[0]], ids=["javascript"])
def language(request):
    return request.param


@pytest.fixture
def load(start):
    def load(code, parameters=(), name="f"):
        host = start()
        host.load(code, name, parameters)
        return host

    return load


@pytest.mark.parametrize(
    "code",
    [
        "exports.f = (n) => n + 1;",
        "exports.default = (n) => n + 1;",
        "module.exports = (n) => n + 1;",
        "module.exports = { f: (n) => n + 1 };",
        "function f(n) { return n + 1; }",
        "const f = async (n) => n + 1; // the end",
        '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.f = f;\nfunction f(n) { return n + 1; }',
    ],
)
def test_a_function_is_found_however_the_module_offers_it(load, code):
    assert load(code, ["n"]).call([1]).value == 2


def test_a_global_of_that_name_is_not_taken_for_the_function(start):
    host = start()
    host.wait_for(HELLO)
    host.send_load("exports.g = () => 1;", name="fetch")
    assert host.next().header["name"] == "FunctionNotFound"


def test_a_name_that_is_no_identifier_can_still_be_exported(load):
    assert load("exports['delete'] = () => 1;", name="delete").call().value == 1
    assert load("exports['a-b'] = () => 1;", name="a-b").call().value == 1


@pytest.mark.parametrize("module", ["openpoly", "polyapi"])
def test_transpiled_default_and_named_imports_find_the_catalog(load, module):
    host = load(
        f"""
        const openpoly_1 = require('{module}');
        const interop = openpoly_1.__esModule ? openpoly_1 : {{ default: openpoly_1 }};
        exports.f = async () => [
          await interop.default.a.b(), await openpoly_1.poly.c.d(), openpoly_1.vari.e.inject(), openpoly_1.polyCustom.executionId,
        ];"""
    )
    host.start(1)
    host.reply(host.next(), 1)
    host.reply(host.next(), 2)
    assert host.next().value == [1, 2, {"type": "PolyVariable", "pathIdentifier": "e"}, "execution-1"]


def test_poly_itself_can_be_awaited_printed_and_written_as_json(load):
    host = load("const { poly } = require('openpoly'); exports.f = async () => { await poly.a; JSON.stringify({ poly }); return 1; };")
    assert host.call().value == 1


def test_null_is_a_value_and_undefined_is_none(load):
    assert load("exports.f = () => null;").call().body == b"null"


@pytest.mark.parametrize(
    "expression, message",
    [("'text'", "text"), ("{ message: 'plain' }", "plain"), ("{ a: 1 }", '{"a":1}'), ("undefined", "undefined"), ("10n", "10")],
)
def test_anything_can_be_thrown(load, expression, message):
    header = load(f"exports.f = async () => {{ throw {expression}; }};").call().header
    assert (header["name"], header["message"]) == ("Error", message)


def test_an_error_that_cannot_be_read_is_still_an_answer(load):
    code = "exports.f = () => { const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw 1; } }); throw e; };"
    answer = load(code).call()
    assert (answer.kind, answer.header["message"]) == (ERROR, "what the function threw cannot be read")


def test_an_exit_that_the_function_catches_is_an_exit_all_the_same(load):
    answer = load("exports.f = () => { try { process.exit(2); } catch { return 'caught'; } };").call()
    assert (answer.kind, answer.header["message"]) == (ERROR, "the function called process.exit(2)")


@pytest.mark.parametrize(
    "mishap",
    [
        "Promise.reject(new Error('lost'))",
        "setTimeout(() => { throw new Error('lost'); }, 1)",
        "process.nextTick(() => { throw new Error('lost'); })",
    ],
)
def test_an_error_nobody_catches_is_the_error_of_its_call(load, mishap):
    host = load(f"exports.f = (bad) => {{ if (!bad) return 1; {mishap}; return new Promise(() => {{}}); }};", ["bad"])
    answer = host.call([True])
    assert (answer.kind, answer.id, answer.header["message"]) == (ERROR, 1, "lost")
    assert host.call([False], id=2).value == 1


def test_an_error_nobody_catches_after_the_answer_is_logged_for_no_call(load):
    host = load("exports.f = () => { setTimeout(() => { throw new Error('lost'); }, 1); return 1; };")
    assert host.call().value == 1
    line = host.wait_for(LOG)
    assert (line.id, line.header["level"]) == (0, "error")
    assert line.text.startswith("uncaught Error: lost") and "test.f:1" in line.text
    assert host.call(id=2).value == 1


def test_a_nested_call_that_outlives_its_call_ends_in_silence(load):
    host = load("const { poly } = require('openpoly'); exports.f = () => { poly.a.b(); return 1; };")
    host.start(1)
    question = host.next()
    assert host.next().value == 1
    host.reply(question, 5)
    host.start(2)
    assert [frame.kind for frame in host.until_answer(2)] == [NESTED, RESULT]


def test_positions_are_those_of_the_source_before_it_was_transpiled(load):
    # One segment: generated line 1, column 22 comes from line 10, column 5 of place.ts.
    mapping = {"version": 3, "sources": ["place.ts"], "names": [], "mappings": "sBASI"}
    inline = base64.b64encode(json.dumps(mapping).encode()).decode()
    code = f"exports.f = () => {{   throw new Error('x'); }};\n//# sourceMappingURL=data:application/json;base64,{inline}"
    header = load(code).call().header
    assert header["line"] == 10
    assert "test.f:10:5" in header["stack"]


def test_builtin_modules_are_there_and_others_are_refused_by_name(load):
    assert load("const path = require('path'); exports.f = () => path.join('a', 'b');").call().text == "a/b"
    assert load("exports.f = async () => (await import('node:path')).join('a', 'b');").call().text == "a/b"
    answer = load("exports.f = () => require('lodash');").call()
    assert "the package 'lodash' is not installed" in answer.header["message"]


def test_a_nested_call_too_large_for_a_frame_is_raised_where_it_was_made(start):
    host = start(OPENPOLY_FRAME_BYTES_MAX="20000")
    host.load("const { poly } = require('openpoly'); exports.f = async () => { try { await poly.a.b('x'.repeat(20000)); } catch (e) { return e.name; } };")
    assert host.call().text == "FrameTooLarge"


def test_a_function_cannot_be_an_argument_of_a_nested_call(load):
    answer = load("const { poly } = require('openpoly'); exports.f = async () => poly.a.b(1, () => 2);").call()
    assert "argument 1 of a.b is a function" in answer.header["message"]


def test_the_host_is_reached_only_on_behalf_of_a_call(start):
    host = start()
    host.wait_for(HELLO)
    host.send_load("const { poly } = require('openpoly'); poly.a.b(); exports.f = () => 1;")
    assert "only while a call is answered" in host.next().header["message"]


def test_argument_names_of_every_object_are_not_arguments(load):
    host = load("exports.f = (a) => a === undefined;", ["toString"])
    host.send(encode(CALL, 1, {}, b"{}"))
    answer = host.next()
    assert (answer.kind, answer.value) == (RESULT, True)


def test_a_worker_that_waits_says_nothing_and_its_rehearsal_leaves_nothing_behind(start):
    host = start()
    host.wait_for(HELLO)
    host.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        host.next()
    host.socket.settimeout(10)
    host.send_load(
        "exports.f = () => [process.listenerCount('uncaughtException'), Object.keys(require('openpoly')), process.env.X ?? null];"
    )
    assert host.next().kind == LOADED
    assert host.call().value == [1, ["__esModule", "default", "poly", "vari", "polyCustom"], None]
