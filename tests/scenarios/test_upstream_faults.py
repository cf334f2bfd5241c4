"""Systems that are down, slow, broken or hostile: polyd says what happened, and the next call works."""

import socket
import time

import pytest
from support.functions import executions, make_api_function, run_api, try_api
from support.raw_socket import connect

POLYD_SETTINGS = {"POLY_OUTBOUND_TOTAL_SECONDS": "1", "POLY_OUTBOUND_RESPONSE_MEBIBYTES_MAX": "1"}

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def call(admin, misbehaving):
    """Calls a path of the misbehaving system and gives polyd's answer."""
    made = {}

    def run(path):
        if path not in made:
            name = f"trouble{len(made)}"
            made[path] = make_api_function(admin, name, misbehaving.address + path, enabledRedirect=True)
        return try_api(admin, made[path])

    return run


def assert_still_works(call):
    answer = call("/echo")
    assert (answer.status, answer.json["status"]) == (201, 200), answer


def test_a_system_that_is_down_is_named(admin):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        function = make_api_function(admin, "down", f"http://{address}/secret-path?key=secret-key")
        answer = try_api(admin, function)
    assert answer.status == 502
    assert address in answer.message and "refused" in answer.message.lower()
    assert "secret-key" not in answer.message
    assert answer.json["statusCode"] == 502


def test_a_host_that_nobody_has_is_named(admin):
    answer = try_api(admin, make_api_function(admin, "nowhere", "http://nobody.invalid/"))
    assert answer.status == 502 and "nobody.invalid" in answer.message, answer


def test_an_answer_within_the_limit_is_waited_for(call):
    assert call("/slow?ms=300").json["data"] == {"waited": 300}


@pytest.mark.parametrize("path", ["/slow?ms=30000", "/hang"])
def test_a_system_that_takes_too_long_is_a_timeout(admin, call, path):
    began = time.monotonic()
    answer = call(path)
    took = time.monotonic() - began
    assert answer.status == 504 and "1000 ms" in answer.message, answer
    assert 0.9 < took < 3
    record = executions(admin, limit=1)[0]
    assert (record["status"], record["error"]) == ("timeout", answer.message)
    assert_still_works(call)


@pytest.mark.parametrize("path", ["/close-mid-body", "/reset"])
def test_a_connection_that_breaks_is_a_bad_gateway(call, path):
    answer = call(path)
    assert answer.status == 502 and "127.0.0.1" in answer.message, answer
    assert_still_works(call)


def test_more_bytes_than_were_promised_do_not_reach_the_next_answer(call):
    answer = call("/wrong-length")
    assert answer.status in (201, 502), answer
    if answer.status == 201:
        assert answer.json["data"] == '{"text":"l', "exactly the ten bytes that were promised"
    for _ in range(3):
        assert_still_works(call)


def test_an_answer_of_the_largest_size_is_taken_and_one_byte_more_is_not(call):
    assert len(call(f"/huge?bytes={MEBIBYTE}").json["data"]) == MEBIBYTE
    answer = call(f"/huge?bytes={MEBIBYTE + 1}")
    assert answer.status == 413 and str(MEBIBYTE) in answer.message, answer
    assert_still_works(call)


def test_a_redirect_loop_ends(call):
    answer = call("/redirect-loop")
    assert answer.status == 502 and "10 times" in answer.message, answer
    assert_still_works(call)


def test_a_redirect_to_no_address_is_named(call):
    answer = call("/redirect?to=http://%5B%5Bbad/")
    assert answer.status == 502 and "redirected" in answer.message, answer


def test_bytes_that_are_no_text_arrive_as_base64(call):
    assert call("/bad-utf8").json["data"] == "ImH//mIi"


def test_many_headers_are_passed_on_up_to_the_limit_of_a_head(call):
    few = call("/many-headers?n=60").json
    assert few["headers"]["x-header-59"] == "value-59"
    many = call("/many-headers?n=20000")
    assert many.status == 502 and "head" in many.message, many
    assert_still_works(call)


def test_a_compressed_answer_is_unpacked(call):
    answer = call("/gzip").json
    assert answer["data"] == {"compressed": True}
    assert "content-encoding" not in answer["headers"]


def test_a_failed_call_answers_with_its_execution(call):
    answer = call("/reset")
    assert answer.headers["x-poly-execution-id"]
    assert int(answer.headers["x-poly-execution-duration"]) >= 0


def test_a_slow_system_does_not_hold_up_calls_of_another(admin, misbehaving, polyd):
    slow = make_api_function(admin, "slow", misbehaving.address + "/slow?ms=800")
    quick = make_api_function(admin, "quick", misbehaving.address + "/echo")
    with connect(polyd.address) as waiting:
        waiting.sendall(
            f"POST /functions/api/{slow}/execute HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {polyd.key}\r\n"
            "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}".encode()
        )
        began = time.monotonic()
        for _ in range(5):
            run_api(admin, quick)
        assert time.monotonic() - began < 0.7
        assert b"201" in waiting.recv(64)

