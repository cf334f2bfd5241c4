"""Arguments in, results and errors out."""

import pytest
from host import CALL, ERROR, RESULT, encode

MIB = 1024 * 1024


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({"b": 2, "a": 1}, [1, 2]),
        ([1, 2], [1, 2]),
        ({"a": 1, "other": 3}, [1, None]),
        ([1], [1, None]),
        ([], [None, None]),
        (None, [None, None]),
        ({"a": {"deep": ["ü", 1.5, True, None]}, "b": ""}, [{"deep": ["ü", 1.5, True, None]}, ""]),
    ],
)
def test_arguments_come_by_name_or_by_position(worker, arguments, expected):
    assert worker("pair", parameters=["a", "b"]).call(arguments).value == expected


@pytest.mark.parametrize("body", [b"{", b"5", b'"text"', b"null", b"[1] 2"])
def test_arguments_that_cannot_be_read_are_an_error_of_the_call(worker, body):
    host = worker("pair", parameters=["a", "b"])
    host.send(encode(CALL, 1, {"executionId": "e", "logs": False}, body))
    answer = host.next()
    assert (answer.kind, answer.header["name"], answer.header["statusCode"]) == (ERROR, "BadArguments", 400)
    assert host.call([1, 2], id=2).kind == RESULT


@pytest.mark.parametrize("value", [0, -1.5, True, False, [], {}, [None], {"ä": [1, {"b": "c"}]}])
def test_a_value_is_answered_as_json(worker, value):
    answer = worker("identity", parameters=["value"]).call([value])
    assert (answer.kind, answer.header, answer.value) == (RESULT, {}, value)


def test_a_string_is_answered_as_raw_text(worker):
    answer = worker("text").call()
    assert (answer.header, answer.text) == ({"text": True}, 'grüße "you"')


def test_no_value_is_answered_as_void(worker):
    answer = worker("nothing").call()
    assert (answer.kind, answer.header, answer.body) == (RESULT, {"void": True}, b"")


@pytest.mark.parametrize("sample", ["not_json", "cycle"])
def test_a_value_json_cannot_carry_is_an_error_that_says_so(worker, sample):
    answer = worker(sample).call()
    assert (answer.kind, answer.header["name"]) == (ERROR, "BadResult")
    assert "JSON cannot carry" in answer.header["message"]


@pytest.mark.parametrize("sample, line", [("raise", 2), ("raise_async", 3)])
def test_what_is_thrown_is_answered_with_the_users_own_lines(worker, sample, line):
    answer = worker(sample).call()
    assert (answer.kind, answer.header["message"], answer.header["line"]) == (ERROR, "too far", line)
    assert answer.header["name"] in ("RangeError", "IndexError", "IndexOutOfBoundsException")
    assert "test.f" in answer.header["stack"]
    assert "workers/" not in answer.header["stack"] and "node:" not in answer.header["stack"]


def test_poly_custom_gives_what_the_call_gave_and_the_execution(worker):
    assert worker("custom_reads").call(who="ann").value == ["execution-1", "ann"]


@pytest.mark.parametrize("value, more, body", [([1], {}, b"[1]"), ("a,b", {"text": True}, b"a,b"), (None, {"void": True}, b"")])
def test_poly_custom_shapes_the_result(worker, value, more, body):
    answer = worker("custom_sets", parameters=["value"]).call([value])
    shape = {"status": 202, "contentType": "text/csv", "headers": {"x-a": "b"}}
    assert (answer.header, answer.body) == ({**shape, **more}, body)


def test_a_response_status_that_is_none_is_an_error_that_names_the_field(worker):
    answer = worker("custom_bad").call()
    assert (answer.kind, answer.header["name"]) == (ERROR, "BadResult")
    assert "polyCustom.responseStatusCode" in answer.header["message"]


def test_the_chosen_status_of_a_failing_call_stands_in_its_error(worker):
    assert worker("custom_raises").call().header["statusCode"] == 404


def test_poly_custom_belongs_to_one_call(worker):
    host = worker("custom_overlaps", parameters=["status"])
    host.start(1, [201], who="ann")
    host.start(2, [202], who="bob")
    gates = [host.next(), host.next()]
    for gate in gates:
        host.reply(gate)
    answers = {answer.id: (answer.header["status"], answer.text) for answer in (host.next(), host.next())}
    assert answers == {1: (201, "ann"), 2: (202, "bob")}


def test_a_result_at_the_frame_limit_passes_and_one_past_it_is_an_error(worker, language):
    limit = 20_000 + len(language.samples["sized"])
    host = worker("sized", parameters=["n"], OPENPOLY_FRAME_BYTES_MAX=str(limit))
    around = 5 + 4 + len('[""]')
    assert len(host.call([limit - around]).value[0]) == limit - around
    answer = host.call([limit - around + 1], id=2)
    assert (answer.kind, answer.header["name"]) == (ERROR, "ResultTooLarge")
    assert str(limit) in answer.header["message"]


def test_a_call_at_the_frame_limit_passes_and_one_past_it_ends_the_worker(worker, language):
    limit = 20_000 + len(language.samples["identity"])
    host = worker("identity", parameters=["value"], OPENPOLY_FRAME_BYTES_MAX=str(limit))
    around = len(encode(CALL, 1, {}, b'[[""]]')) - 4
    host.send(encode(CALL, 1, {}, b'[["%b"]]' % (b"x" * (limit - around))))
    assert len(host.next().value[0]) == limit - around
    past = encode(CALL, 2, {}, b'[["%b"]]' % (b"x" * (limit - around + 1)))
    host.send(past[:1000])
    assert host.rest() == []
    assert host.exit_code() not in (0, None)


def test_tens_of_megabytes_go_in_and_out(worker):
    host = worker("identity", parameters=["value"])
    text = "x" * (40 * MIB)
    host.send(encode(CALL, 1, {}, b'["%b"]' % text.encode()))
    assert host.next().body == text.encode()
