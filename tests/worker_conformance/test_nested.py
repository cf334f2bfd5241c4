"""Nested operations, variables and client functions."""

import pytest
from host import ERROR, NESTED, RESULT


def answer_all(host, id, replies):
    """Answers the nested calls of call `id` in turn and gives (questions, answer)."""
    questions = []
    while True:
        frame = host.next()
        if frame.kind != NESTED:
            assert frame.id == id
            return questions, frame
        questions.append(frame)
        host.reply(frame, replies[len(questions) - 1])


def test_nested_calls_are_numbered_from_0_and_name_their_call(worker):
    host = worker("two_questions", parameters=["a", "b"])
    for id in (5, 6):
        host.start(id, [1, "x"])
        questions, answer = answer_all(host, id, [{"status": 200, "data": {"n": 1}, "headers": {}}, None])
        assert [question.header for question in questions] == [
            {"call": id, "sequence": 0, "op": "call", "path": "crm.contacts.get"},
            {"call": id, "sequence": 1, "op": "call", "path": "shop.order"},
        ]
        assert [question.value for question in questions] == [[1], ["x", {"deep": [1]}]]
        assert answer.value == [{"status": 200, "data": {"n": 1}, "headers": {}}, None]


def test_open_nested_calls_have_different_ids(worker):
    host = worker("gate", parameters=["name"])
    for id in range(1, 11):
        host.start(id, [id])
    assert len({host.wait_for(NESTED).id for _ in range(10)}) == 10


def test_an_error_reply_is_raised_where_the_call_was_made(worker):
    host = worker("question_caught")
    host.start(1)
    host.reply(host.next(), error={"message": "no contact 9", "statusCode": 404, "code": "NOT_FOUND"})
    assert host.next().value == ["PolyError", "no contact 9", 404, "NOT_FOUND"]


def test_an_error_reply_nobody_catches_is_the_error_of_the_call(worker):
    host = worker("gate", parameters=["name"])
    host.start(1, ["a"])
    host.reply(host.next(), error={"message": "closed", "statusCode": 503})
    answer = host.next()
    assert (answer.kind, answer.id, answer.header["name"]) == (ERROR, 1, "PolyError")
    assert (answer.header["message"], answer.header["statusCode"]) == ("closed", 503)


def test_variables_are_read_updated_and_referred_to(worker):
    host = worker("variables")
    host.start(1)
    questions, answer = answer_all(host, 1, ["v", None])
    assert [(q.header["op"], q.header["path"], q.value) for q in questions] == [
        ("variable.get", "shop.key", []),
        ("variable.update", "shop.key", [{"n": 1}]),
    ]
    reference = {"type": "PolyVariable", "pathIdentifier": "shop.key"}
    assert answer.value == ["v", {**reference, "path": "a.b"}, reference]


def client(language, code, of=None):
    return {"path": "tools.twice", "name": "twice", "language": of or language.name, "parameters": ["n"], "code": code}


@pytest.mark.joins_at_load
def test_a_client_function_runs_in_the_worker(worker, language):
    host = worker("uses_client", parameters=["n"], clients=[client(language, language.samples["client"])])
    host.start(1, [21])
    frame = host.next()
    assert (frame.kind, frame.value) == (RESULT, 42)
    assert host.call([4], id=2).value == 8


@pytest.mark.joins_at_load
def test_a_client_function_asks_the_host_as_the_call_that_uses_it(worker, language):
    host = worker("uses_client", parameters=["n"], clients=[client(language, language.samples["client_asks"])])
    host.start(3, [21])
    questions, answer = answer_all(host, 3, ["contact"])
    assert questions[0].header == {"call": 3, "sequence": 0, "op": "call", "path": "crm.get"}
    assert answer.value == ["contact", 42]


def test_a_client_function_of_another_language_is_a_clear_error(worker, language):
    host = worker("uses_client", parameters=["n"], clients=[client(language, "", of=language.other)])
    answer = host.call([1])
    assert (answer.kind, answer.header["name"]) == (ERROR, "WrongLanguage")
    assert "tools.twice" in answer.header["message"] and language.other in answer.header["message"]


@pytest.mark.joins_at_load
def test_a_client_function_that_does_not_compile_is_the_error_of_the_call_that_uses_it(worker, language):
    host = worker("uses_client", parameters=["n"], clients=[client(language, language.samples["syntax"])])
    answer = host.call([1])
    name, line = language.broken_code
    assert (answer.kind, answer.header["name"]) == (ERROR, name)
    assert line in (None, answer.header["line"])
