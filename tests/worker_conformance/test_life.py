"""Transport, frames, and "Life of a worker"."""

import re
import struct

import pytest
from host import CALL, CANCEL, DRAIN, ERROR, HELLO, LOADED, LOG, NESTED, REPLY, RESULT, call_frame, encode, raw_frame


def test_hello_names_protocol_language_runtime_and_process(start, language):
    host = start()
    frame = host.next()
    assert (frame.kind, frame.id, frame.body) == (HELLO, 0, b"")
    assert frame.header["protocol"] == 1
    assert frame.header["language"] == language.name
    assert frame.header["runtime"]
    assert frame.header["pid"] == host.process.pid


def test_load_answers_loaded_with_nothing_in_it(start, language):
    frame = start().load(language.samples["nothing"])
    assert (frame.id, frame.header, frame.body) == (0, {}, b"")


def test_load_and_call_may_be_sent_at_once_before_hello(start, language):
    host = start()
    host.send_load(language.samples["identity"], parameters=["value"])
    host.start(1, [5])
    assert [frame.kind for frame in (host.next(), host.next())] == [HELLO, LOADED]
    assert host.next().value == 5


def test_a_second_load_is_refused_and_the_function_stays(worker, language):
    host = worker("text")
    host.send_load(language.samples["nothing"])
    frame = host.next()
    assert (frame.kind, frame.id, frame.header["name"]) == (ERROR, 0, "AlreadyLoaded")
    assert host.call().header == {"text": True}


def test_a_failed_load_says_what_and_where(start, language):
    host = start()
    host.wait_for(HELLO)
    host.send_load(language.samples["raise_at_load"])
    frame = host.next()
    assert (frame.kind, frame.id, frame.header["line"]) == (ERROR, 0, 2)
    assert frame.header["name"] and "not today" in frame.header["message"]


def test_code_that_is_none_is_a_load_error(start, language):
    host = start()
    host.wait_for(HELLO)
    host.send_load(language.samples["syntax"])
    frame = host.next()
    assert (frame.kind, frame.id) == (ERROR, 0)
    assert (frame.header["name"], frame.header.get("line")) == language.broken_code
    assert frame.header["message"]


def test_a_missing_function_is_a_load_error_that_names_the_others(start, language):
    host = start()
    host.wait_for(HELLO)
    host.send_load(language.samples["other_name"])
    frame = host.next()
    assert (frame.kind, frame.header["name"]) == (ERROR, "FunctionNotFound")
    assert '"f"' in frame.header["message"] and "g" in frame.header["message"].split(";")[1]


def test_a_function_of_another_language_is_refused(start, language):
    host = start()
    host.wait_for(HELLO)
    host.send_load("", language=language.other)
    assert host.next().header["name"] == "WrongLanguage"


@pytest.mark.joins_at_load
def test_a_package_that_is_not_there_is_a_load_error_that_names_it(start, language):
    host = start()
    host.wait_for(HELLO)
    host.send_load(language.samples["needs_package"])
    frame = host.next()
    assert frame.kind == ERROR
    assert "left" in frame.header["message"]


def test_ending_the_process_while_loading_is_a_load_error(start, language):
    host = start()
    host.wait_for(HELLO)
    host.send_load(language.samples["exit_at_load"])
    frame = host.next()
    assert (frame.kind, frame.header["name"]) == (ERROR, "Exit")


def test_calls_in_flight_are_answered_out_of_order(worker):
    host = worker("gate", parameters=["name"])
    host.send(*(call_frame(id, [id]) for id in range(1, 21)))
    gates = {frame.header["call"]: frame for frame in (host.wait_for(NESTED) for _ in range(20))}
    for id in reversed(range(1, 21)):
        host.reply(gates[id])
        answer = host.next()
        assert (answer.kind, answer.id, answer.value if not answer.header else answer.text) == (RESULT, id, id)


def test_many_calls_at_once_are_all_answered_once(worker):
    host = worker("identity", parameters=["value"])
    host.send(*(call_frame(id, [id * 7]) for id in range(1, 2001)))
    answers = [host.next() for _ in range(2000)]
    assert {answer.id: answer.value for answer in answers} == {id: id * 7 for id in range(1, 2001)}


def test_frames_may_arrive_byte_by_byte_and_many_at_once(worker):
    host = worker("identity", parameters=["value"])
    for byte in call_frame(1, ["slow"]):
        host.send(bytes([byte]))
    assert host.next().text == "slow"
    both = call_frame(2, ["a"]) + call_frame(3, ["b"])
    host.send(both[:-3])
    assert host.next().text == "a"
    host.send(both[-3:])
    assert host.next().text == "b"


def test_drain_finishes_what_is_in_flight_and_exits_0(worker):
    host = worker("gate", parameters=["name"])
    host.start(1, [1])
    gate = host.wait_for(NESTED)
    host.send(encode(DRAIN, 0))
    host.reply(gate)
    assert [(frame.kind, frame.id) for frame in host.rest()] == [(RESULT, 1)]
    assert host.exit_code() == 0


@pytest.mark.parametrize("is_loaded", [False, True])
def test_drain_of_an_idle_worker_exits_0(start, language, is_loaded):
    host = start()
    if is_loaded:
        host.load(language.samples["nothing"])
    host.send(encode(DRAIN, 0))
    assert host.exit_code() == 0


def test_the_end_of_the_socket_means_exit_now(worker):
    host = worker("gate", parameters=["name"])
    host.start(1, [1])
    host.wait_for(NESTED)
    host.socket.close()
    assert host.exit_code() == 0


GARBAGE = {
    "length below 5": struct.pack("<IBI", 4, CALL, 1),
    "length past the limit": struct.pack("<I", 64 * 1024 * 1024 + 1),
    "unknown kind": encode(0x33, 1),
    "kind of the other side": encode(RESULT, 1),
    "header is not JSON": raw_frame(CALL, 1, struct.pack("<I", 2) + b"{{"),
    "header is not an object": raw_frame(CALL, 1, struct.pack("<I", 2) + b"[]"),
    "header passes the end": raw_frame(CALL, 1, struct.pack("<I", 99) + b"{}"),
    "payload ends inside header_length": raw_frame(CALL, 1, b"\0\0"),
    "call before load": call_frame(1),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_frame_ends_the_worker_with_an_error(start, garbage):
    host = start()
    host.wait_for(HELLO)
    host.send(garbage)
    assert host.rest() == []
    assert host.exit_code() not in (0, None)
    assert b"protocol error" in host.process.stderr.read()


def test_a_call_id_in_flight_cannot_be_used_again(worker):
    host = worker("gate", parameters=["name"])
    host.send(call_frame(1, [1]), call_frame(1, [1]))
    host.rest()
    assert host.exit_code() not in (0, None)


def test_a_call_after_drain_is_a_protocol_error(worker):
    host = worker("gate", parameters=["name"])
    host.start(1, [1])
    host.send(encode(DRAIN, 0), call_frame(2, [1]))
    host.rest()
    assert host.exit_code() not in (0, None)


def test_the_end_of_the_socket_inside_a_frame_is_a_protocol_error(start):
    host = start()
    host.wait_for(HELLO)
    host.send(call_frame(1)[:-1])
    host.socket.close()
    assert host.exit_code() not in (0, None)


def test_cancel_wakes_a_call_that_waits_and_answers_cancelled(worker):
    host = worker("gate", parameters=["name"])
    host.send(call_frame(1, [1]), call_frame(2, [2]))
    gates = {frame.header["call"]: frame for frame in (host.wait_for(NESTED) for _ in range(2))}
    host.send(encode(CANCEL, 1))
    answer = host.next()
    assert (answer.kind, answer.id, answer.header["name"]) == (ERROR, 1, "Cancelled")
    host.reply(gates[1])
    host.reply(gates[2])
    answer = host.next()
    assert (answer.kind, answer.id) == (RESULT, 2)


def test_calls_that_log_ask_and_are_cancelled_all_at_once_do_not_disturb_each_other(worker):
    host = worker("gate_logging", parameters=["name"])
    count = 600
    cancelled = set(range(7, count + 1, 7))
    host.send(*(call_frame(id, [f"call-{id}"]) for id in range(1, count + 1)))
    host.send(*(encode(CANCEL, id) for id in sorted(cancelled)))
    lines, answers = {}, {}
    while len(answers) < count:
        frame = host.next()
        assert frame.id not in answers or frame.kind == NESTED
        if frame.kind == LOG:
            lines.setdefault(frame.id, []).append(frame.text)
        elif frame.kind == NESTED:
            assert frame.header["call"] not in answers
            host.reply(frame)
        else:
            answers[frame.id] = frame.header.get("name")
    for id, name in answers.items():
        expected = [f"call-{id} one", f"call-{id} two"]
        if name == "Cancelled":
            assert id in cancelled and lines.get(id, []) == expected[: len(lines.get(id, []))]
        else:
            assert (name, lines[id]) == (None, expected)
    host.send(encode(DRAIN, 0))
    assert host.rest() == []
    assert host.exit_code() == 0


def test_cancel_of_a_call_that_was_answered_changes_nothing(worker):
    host = worker("identity", parameters=["value"])
    assert host.call([1]).value == 1
    host.send(encode(CANCEL, 1), raw_frame(CANCEL, 7, b""), encode(REPLY, 9))
    assert host.call([2], id=2).value == 2


def test_ending_the_process_is_the_error_of_that_call_only(worker, language):
    host = worker("exit")
    for id in (1, 2):
        answer = host.call(id=id)
        assert (answer.kind, answer.header["name"]) == (ERROR, "Exit")
        assert answer.header["message"] == f"the function called {language.exits_as}(3)"


def test_a_worker_that_dies_closes_its_socket(worker):
    host = worker("dies")
    host.start(1)
    assert host.rest() == []
    assert host.exit_code() not in (0, None)


def test_code_finds_neither_the_variables_nor_the_socket_of_the_harness(worker):
    host = worker("environment", SECRET_OF_THE_HOST="1")
    assert not [name for name in host.call().value if "OPENPOLY" in name or "SECRET" in name]
    host = worker("child_descriptors")
    beyond_its_own_streams = re.compile(r" (?:[3-9]|\d\d+) -> socket:")
    assert not beyond_its_own_streams.search(host.call().text)
