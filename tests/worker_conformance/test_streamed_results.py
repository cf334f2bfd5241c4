"""Results that come piece by piece, in the languages whose workers stream."""

import json

import pytest
from host import CANCEL, CHUNK, ERROR, LOG, MORE, NESTED, RESULT, encode
from languages import LANGUAGES

MIB = 1024 * 1024
WINDOW_BYTES = MIB
CHUNK_BYTES_MAX = 256 * 1024
LINES = "application/x-ndjson"
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"


@pytest.fixture(params=[language for language in LANGUAGES if language.streams], ids=lambda language: language.name)
def language(request):
    return request.param


def received(frames):
    """(header of the first chunk, all bytes, the answer)."""
    *chunks, answer = [frame for frame in frames if frame.kind != LOG]
    assert {chunk.kind for chunk in chunks} == {CHUNK}
    assert all(chunk.header == {} for chunk in chunks[1:])
    return chunks[0].header, b"".join(chunk.body for chunk in chunks), answer


def take_until(host, id, bytes_max):
    """The chunks of call `id` until they have `bytes_max` bytes in all."""
    chunks, total = [], 0
    while total < bytes_max:
        chunks.append(host.wait_for(CHUNK, id))
        total += len(chunks[-1].body)
    return chunks


def more(host, id, count):
    host.send(encode(MORE, id, {"bytes": count}))


@pytest.mark.parametrize("sample", ["stream", "stream_plain", "stream_promised"])
def test_values_that_are_given_one_by_one_are_sent_as_lines_of_json(worker, sample):
    host = worker(sample, parameters=["values"])
    values = [1, {"ä": [None, "two\nlines"]}, [], True]
    host.start(1, [values])
    header, body, answer = received(host.until_answer(1))
    assert header == {"contentType": LINES}
    assert [json.loads(line) for line in body.decode().splitlines()] == values
    assert (answer.kind, answer.header, answer.body) == (RESULT, {"void": True}, b"")


def test_texts_are_sent_as_they_are(worker):
    host = worker("stream", parameters=["values"])
    host.start(1, [["grüße ", "a\nb"]])
    header, body, _ = received(host.until_answer(1))
    assert (header, body.decode()) == ({"contentType": TEXT}, "grüße a\nb")


def test_bytes_are_sent_as_they_are(worker):
    host = worker("stream_bytes", parameters=["count", "size"])
    host.start(1, [3, 1000])
    header, body, _ = received(host.until_answer(1))
    assert (header, body) == ({"contentType": BYTES}, b"\xff" * 3000)


def test_a_stream_without_values_begins_and_ends(worker):
    host = worker("stream", parameters=["values"])
    host.start(1, [[]])
    header, body, answer = received(host.until_answer(1))
    assert (header, body, answer.kind) == ({"contentType": LINES}, b"", RESULT)


def test_poly_custom_shapes_the_first_chunk(worker):
    host = worker("stream_custom")
    host.start(1)
    header, body, answer = received(host.until_answer(1))
    assert header == {"status": 202, "contentType": "text/csv", "headers": {"x-a": "b"}}
    assert (body, answer.header) == (b"a,b\n", {"void": True})


def test_a_stream_may_ask_between_its_values(worker):
    host = worker("stream_gate")
    host.start(1)
    assert host.next().body == b"before"
    host.reply(host.wait_for(NESTED), "x")
    assert host.next().body == b"after"
    assert host.next().kind == RESULT


def test_an_error_between_the_values_is_the_error_of_the_call(worker):
    host = worker("stream_fails")
    host.start(1)
    _, body, answer = received(host.until_answer(1))
    assert (body, answer.kind, answer.header["message"]) == (b"one", ERROR, "too far")


def test_a_value_json_cannot_carry_is_the_error_of_the_call(worker):
    host = worker("stream_not_json")
    host.start(1)
    answer = host.until_answer(1)[-1]
    assert (answer.kind, answer.header["name"]) == (ERROR, "BadResult")


def test_no_more_is_sent_than_the_window_until_the_host_takes_some(worker):
    host = worker("stream_bytes", parameters=["count", "size"])
    host.start(1, [5, MIB])
    chunks = take_until(host, 1, WINDOW_BYTES)
    assert sum(len(chunk.body) for chunk in chunks) == WINDOW_BYTES
    assert max(len(chunk.body) for chunk in chunks) <= CHUNK_BYTES_MAX
    # Another call is answered meanwhile, and nothing more of the first has come before it.
    host.start(2, [1, 1])
    assert host.next().id == 2
    assert host.next().id == 2
    more(host, 1, 1000)
    assert len(host.next().body) == 1000
    more(host, 1, 10 * MIB)
    _, body, answer = received(host.until_answer(1))
    assert (len(body), answer.kind) == (4 * MIB - 1000, RESULT)


def test_a_cancelled_stream_ends_the_function_where_it_waits_for_the_host(worker):
    host = worker("stream_endless")
    host.start(1)
    take_until(host, 1, WINDOW_BYTES)
    host.send(encode(CANCEL, 1))
    answer = host.wait_for(ERROR, 1)
    assert answer.header["name"] == "Cancelled"
    assert host.wait_for(LOG).text == "closed"


def test_more_for_a_call_that_was_answered_is_ignored(worker):
    host = worker("stream", parameters=["values"])
    host.start(1, [["x"]])
    host.until_answer(1)
    more(host, 1, 1)
    assert host.call([["x"]], id=2).kind == RESULT
