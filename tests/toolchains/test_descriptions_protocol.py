"""The reader of foreign descriptions as a process: it answers, names what is wrong with a request, and lives on."""

import pytest
from toolchain import CALL, DRAIN, HELLO, LOADED, RESULT, Toolchain

CURL = {"kind": "curl", "files": {"a.sh": "curl https://a.example/x"}, "entry": "a.sh"}


@pytest.fixture
def toolchain():
    toolchain = Toolchain("descriptions")
    yield toolchain
    toolchain.close()


def test_it_says_hello_and_is_loaded_from_the_start(toolchain):
    (hello_kind, hello_id, hello, _), (loaded_kind, loaded_id, _, _) = toolchain.greeting
    assert (hello_kind, hello_id, loaded_kind, loaded_id) == (HELLO, 0, LOADED, 0)
    assert (hello["protocol"], hello["language"], hello["pid"]) == (1, "descriptions", toolchain.process.pid)


def test_ping_is_answered(toolchain):
    assert toolchain.ask({"op": "ping"}) == {"ok": True}


def test_calls_in_flight_are_answered_in_order_and_drain_waits_for_them(toolchain):
    ids = [toolchain.send_request(CURL) for _ in range(10)]
    toolchain.send(DRAIN, 0)
    frames = [toolchain.read() for _ in ids]
    assert [(kind, call_id) for kind, call_id, _, _ in frames] == [(RESULT, call_id) for call_id in ids]
    assert toolchain.process.wait(30) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "raml"}, "kind: must be one of"),
        ({"kind": "__proto__"}, "kind: must be one of"),
        ({"files": []}, "files: must be an object of texts"),
        ({"files": {"a.sh": 7}}, "files: a.sh must be text"),
        ({"files": {str(number): "" for number in range(2001)}}, "files: at most 2000"),
        ({"entry": "b.sh"}, "entry: must be the path of one of files"),
        ({"entry": "toString"}, "entry: must be the path of one of files"),
        ({"options": []}, "options: must be an object"),
    ],
)
def test_a_bad_request_is_an_error_naming_the_field_and_the_process_lives(toolchain, changes, message):
    assert message in toolchain.ask_in_vain(CURL | changes)["message"]
    assert toolchain.ask(CURL)["requests"]


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"curl"'])
def test_a_body_that_is_no_request_is_an_error_and_the_process_lives(toolchain, body):
    toolchain.ask_in_vain(body)
    assert toolchain.ask({"op": "ping"}) == {"ok": True}


def test_the_end_of_the_socket_ends_the_process(toolchain):
    assert toolchain.close() == 0


def test_bytes_that_are_no_frame_end_the_process_with_a_failure(toolchain):
    toolchain.socket.sendall(b"\x01\x00\x00\x00" + bytes([CALL]))
    assert toolchain.process.wait(30) != 0
