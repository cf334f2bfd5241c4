"""A toolchain is a worker whose function is built in: these hold for all languages."""

import pytest
from toolchain import CALL, DRAIN, HELLO, LOADED, RESULT, Toolchain

SOURCES = {
    "typescript": "export function add(a: number) {}",
    "python": "def add(a: float): pass",
    "java": "public class Add { public void add(double a) {} }",
    "go": "package add\nfunc add(a float64) {}",
}


@pytest.fixture(params=SOURCES)
def language(request):
    return request.param


@pytest.fixture
def toolchain(language, java_parts, go_parts):
    toolchain = Toolchain(language)
    yield toolchain
    toolchain.close()


def describe(spoken, /, **changes):
    return {"op": "describe", "kind": "server", "name": "add", "language": spoken, "source": SOURCES[spoken], **changes}


def test_it_says_hello_and_is_loaded_from_the_start(toolchain, language):
    (hello_kind, hello_id, hello, _), (loaded_kind, loaded_id, _, _) = toolchain.greeting
    assert (hello_kind, hello_id, loaded_kind, loaded_id) == (HELLO, 0, LOADED, 0)
    assert (hello["protocol"], hello["language"], hello["pid"]) == (1, language, toolchain.process.pid)


def test_ping_is_answered(toolchain):
    assert toolchain.ask({"op": "ping"}) == {"ok": True}


def test_calls_in_flight_are_each_answered_under_their_own_id(toolchain, language):
    ids = [toolchain.send_request(describe(language, name=f"missing{number}")) for number in range(20)]
    answers = [toolchain.read() for _ in ids]
    assert sorted(call_id for _, call_id, _, _ in answers) == ids
    for kind, call_id, _, body in answers:
        assert kind == RESULT
        assert f"'missing{call_id - 1}'" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"op": "run"}, "op: must be one of"),
        ({"kind": "other"}, "kind: must be 'server' or 'client'"),
        ({"name": "a b"}, "name: must be the name of a function"),
        ({"language": "cobol"}, "language: must be"),
        ({"source": 7}, "source: must be text"),
        ({"typeSchemas": {"A": 7}}, "typeSchemas: must be an object of JSON Schemas"),
    ],
)
def test_a_bad_request_is_an_error_naming_the_field_and_the_process_lives(toolchain, language, changes, message):
    assert message in toolchain.ask_in_vain(describe(language, **changes))["message"]
    assert toolchain.ask(describe(language))["ok"]


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"describe"'])
def test_a_body_that_is_no_request_is_an_error_and_the_process_lives(toolchain, body):
    toolchain.ask_in_vain(body)
    assert toolchain.ask({"op": "ping"}) == {"ok": True}


def test_source_of_one_mebibyte_is_read_and_one_byte_more_is_refused(toolchain, language):
    comment = {"typescript": "//", "python": "# ", "java": "//", "go": "//"}[language]
    source = f"{SOURCES[language]}\n{comment}"
    fitting = source + "x" * (1024 * 1024 - len(source))
    assert toolchain.ask(describe(language, source=fitting))["ok"]
    refused = toolchain.ask(describe(language, source=fitting + "x"))
    assert refused == {"ok": False, "errors": [{"message": "the source is larger than 1048576 bytes", "line": 1, "column": 1}]}


def test_source_too_deep_for_the_compiler_fails_and_the_process_lives(toolchain, language):
    for nested in ("(" * 100_000 + ")" * 100_000, "a" + ".b" * 20_000):
        assert not toolchain.ask(describe(language, source=f"{SOURCES[language]}\n{nested}"))["ok"]
        assert toolchain.ask(describe(language))["ok"]


def test_drain_ends_the_process_after_the_calls_in_flight(toolchain):
    call_id = toolchain.send_request({"op": "ping"})
    toolchain.send(DRAIN, 0)
    assert toolchain.read()[:2] == (RESULT, call_id)
    assert toolchain.process.wait(30) == 0


def test_the_end_of_the_socket_ends_the_process(toolchain):
    assert toolchain.close() == 0


def test_bytes_that_are_no_frame_end_the_process_with_a_failure(toolchain):
    toolchain.socket.sendall(b"\x01\x00\x00\x00" + bytes([CALL]))
    assert toolchain.process.wait(30) != 0


def test_source_is_never_run(toolchain, language, tmp_path):
    trace = tmp_path / "trace"
    sources = {
        "typescript": f"import fs from 'fs'; fs.writeFileSync('{trace}', 'x'); export function add() {{}}",
        "python": f"open('{trace}', 'w').write('x')\ndef add(): pass",
        "java": (
            f'public class Add {{ static {{ try {{ new java.io.FileWriter("{trace}").close(); }} catch (java.io.IOException e) {{}} }}\n'
            "public void add() {} }"
        ),
        "go": f'package add; import "os"; var _ = os.WriteFile("{trace}", nil, 0o600); func add() {{}}',
    }
    assert toolchain.ask(describe(language, source=sources[language]))["ok"]
    assert not trace.exists()
