"""How API functions behave as clients: retries, rate, concurrency, circuit breaker, cache, timeouts, idempotency keys."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest
from support.functions import make_api_function, run_api, try_api
from support.scripted import Reply, Scripted

POLYD_SETTINGS = {"POLY_LOOPS": "2"}
QUICKLY = {"firstDelaySeconds": 0.01}


@pytest.fixture(scope="module")
def made(admin):
    """Creates a function with a policy, named after the scenario's numbers."""
    names = iter(range(1000))

    def make(upstream, policy, path="/", **fields):
        return make_api_function(admin, f"polite{next(names)}", upstream.address + path, policy=policy, **fields)

    return make


def statuses(*wanted, headers=None):
    """Answers with these statuses one after the other, and with the last one for ever."""
    return lambda _, number: Reply(wanted[min(number, len(wanted)) - 1], headers=headers or {})


def gathered(client, function, pages, **arguments):
    """Runs a function for several of its pages; gives the envelope."""
    answer = client.post(f"/functions/api/{function}/execute", arguments, headers={"x-openpoly-pages": str(pages)})
    assert answer.status == 201, answer
    return answer.json


def at_once(polyd, function, count):
    """Runs `count` calls beside each other; gives polyd's answers."""

    def call(_):
        client = polyd.client()
        try:
            return try_api(client, function)
        finally:
            client.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


# Retries


def test_a_request_is_sent_again_until_it_is_answered_well(admin, made):
    with Scripted(statuses(503, 502, 200)) as upstream:
        answer = run_api(admin, made(upstream, {"retry": {"attempts": 3, **QUICKLY}}))
        assert (answer["status"], len(upstream.requests)) == (200, 3)


def test_the_last_answer_is_given_when_all_attempts_are_made(admin, made):
    with Scripted(statuses(503)) as upstream:
        answer = run_api(admin, made(upstream, {"retry": {"attempts": 2, **QUICKLY}}))
        assert (answer["status"], len(upstream.requests)) == (503, 2)


def test_a_status_that_is_not_declared_is_an_answer(admin, made):
    with Scripted(statuses(500, 200)) as upstream:
        answer = run_api(admin, made(upstream, {"retry": {"statuses": [503], **QUICKLY}}))
        assert (answer["status"], len(upstream.requests)) == (500, 1)


def test_a_request_that_is_not_idempotent_is_sent_once_unless_the_function_says_otherwise(admin, made):
    for retry, sent in (({}, 1), ({"onlyIdempotent": False}, 2)):
        with Scripted(statuses(503, 200)) as upstream:
            run_api(admin, made(upstream, {"retry": {**QUICKLY, **retry}}, method="POST"))
            assert len(upstream.requests) == sent


def test_all_attempts_of_a_call_carry_one_idempotency_key_and_calls_different_ones(admin, made):
    with Scripted(statuses(503, 200, 200)) as upstream:
        policy = {"retry": QUICKLY, "idempotencyKey": {"header": "X-Once"}}
        function = made(upstream, policy, method="POST")
        for _ in range(2):
            assert run_api(admin, function)["status"] == 200
        first, again, other = (headers["x-once"] for _, _, headers in upstream.requests)
        assert first == again != other


@pytest.mark.parametrize("said", [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)])
def test_a_request_waits_as_long_as_the_answer_asks_for(admin, made, said):
    with Scripted(lambda _, number: Reply(200) if number > 1 else Reply(429, headers={"retry-after": said()})) as upstream:
        began = time.monotonic()
        assert run_api(admin, made(upstream, {"retry": QUICKLY}))["status"] == 200
        assert time.monotonic() - began >= 0.9


def test_an_answer_that_asks_for_too_long_a_wait_is_given_at_once(admin, made):
    with Scripted(statuses(429, headers={"retry-after": "61"})) as upstream:
        answer = run_api(admin, made(upstream, {"retry": {"retryAfterSecondsMax": 60}}))
        assert (answer["status"], answer["headers"]["retry-after"], len(upstream.requests)) == (429, "61", 1)


def test_an_attempt_that_hangs_is_given_up_for_the_next(admin, made):
    hanging = threading.Event()
    with Scripted(lambda _, number: Reply(after=hanging if number == 1 else None)) as upstream:
        answer = run_api(admin, made(upstream, {"attemptSeconds": 0.2, "retry": QUICKLY}))
        assert (answer["status"], len(upstream.requests)) == (200, 2)
        hanging.set()


def test_a_call_ends_at_its_time_limit(admin, made):
    hanging = threading.Event()
    with Scripted(lambda *_: Reply(after=hanging)) as upstream:
        answer = try_api(admin, made(upstream, {"timeoutSeconds": 0.3, "attemptSeconds": 0.2, "retry": {"attempts": 9}}))
        assert answer.status == 504, answer
        assert len(upstream.requests) <= 3
        hanging.set()


# How much at once


def test_calls_beyond_the_rate_limit_are_refused_when_they_may_not_wait(admin, made):
    with Scripted(statuses(200)) as upstream:
        function = made(upstream, {"rateLimit": {"requests": 2, "perSeconds": 3600, "waitSecondsMax": 0}})
        assert [try_api(admin, function).status for _ in range(2)] == [201, 201]
        answer = try_api(admin, function)
        assert (answer.status, answer.json["code"]) == (429, "rate_limited"), answer
        assert "'scenario.polite" in answer.message and len(upstream.requests) == 2


def test_one_rate_limit_holds_for_the_calls_of_all_loops(polyd, made):
    with Scripted(statuses(200)) as upstream:
        function = made(upstream, {"rateLimit": {"requests": 5, "perSeconds": 3600, "waitSecondsMax": 0}})
        answers = [answer.status for answer in at_once(polyd, function, 20)]
        assert (answers.count(201), answers.count(429), len(upstream.requests)) == (5, 15, 5)


def test_calls_beyond_the_rate_limit_wait_for_their_turn(polyd, made):
    with Scripted(statuses(200)) as upstream:
        function = made(upstream, {"rateLimit": {"requests": 1, "perSeconds": 0.1}})
        began = time.monotonic()
        assert {answer.status for answer in at_once(polyd, function, 6)} == {201}
        assert time.monotonic() - began >= 0.5


def test_functions_share_the_rate_limit_of_a_host(admin, made):
    limit = {"rateLimit": {"requests": 2, "perSeconds": 3600, "scope": "host", "waitSecondsMax": 0}}
    with Scripted(statuses(200)) as upstream, Scripted(statuses(200)) as other:
        first, second = made(upstream, limit), made(upstream, limit)
        elsewhere = made(other, limit)
        order = (first, second, first, second, elsewhere)
        assert [try_api(admin, function).status for function in order] == [201, 201, 429, 429, 201]


def test_no_more_calls_run_at_once_than_the_function_allows(polyd, made):
    with Scripted(statuses(200)) as upstream:
        function = made(upstream, {"concurrency": 2})
        assert {answer.status for answer in at_once(polyd, function, 20)} == {201}
        assert len(upstream.requests) == 20 and upstream.most_at_once <= 2


def test_a_call_that_finds_no_room_in_its_time_is_refused(polyd, admin, made):
    release = threading.Event()
    with Scripted(lambda *_: Reply(after=release)) as upstream:
        function = made(upstream, {"concurrency": 1, "timeoutSeconds": 1})
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(at_once, polyd, function, 1)
            upstream.wait_for(1)
            answer = try_api(admin, function)
            release.set()
            held.result()
        assert answer.status in (429, 504) and "scenario.polite" in answer.message, answer
        assert upstream.most_at_once == 1


# Circuit breaker


def test_an_open_circuit_sends_nothing_until_one_request_has_tried(admin, made):
    well = threading.Event()
    with Scripted(lambda *_: Reply(200 if well.is_set() else 500)) as upstream:
        function = made(upstream, {"circuitBreaker": {"failures": 3, "openSeconds": 0.5}})
        assert [run_api(admin, function)["status"] for _ in range(3)] == [500] * 3
        answer = try_api(admin, function)
        assert (answer.status, answer.json["code"], len(upstream.requests)) == (503, "circuit_open", 3), answer
        well.set()
        deadline = time.monotonic() + 30
        while (answer := try_api(admin, function)).status == 503:
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        assert answer.status == 201 and len(upstream.requests) == 4
        assert run_api(admin, function)["status"] == 200


def test_a_system_that_cannot_be_reached_opens_the_circuit(admin):
    function = make_api_function(
        admin, "unreachable", "http://127.0.0.1:1/", policy={"circuitBreaker": {"failures": 2, "openSeconds": 60}}
    )
    assert [try_api(admin, function).status for _ in range(4)] == [502, 502, 503, 503]


# Cache


def test_an_answer_is_kept_for_the_declared_time_and_its_arguments(admin, made):
    with Scripted(lambda _, number: Reply(body=str(number).encode())) as upstream:
        function = made(upstream, {"cache": {"seconds": 60}}, path="/{{id}}", arguments=["id"])
        assert [run_api(admin, function, id=each)["data"] for each in (1, 1, 2, 1)] == [1, 1, 2, 1]
        assert len(upstream.requests) == 2


def test_an_old_answer_is_used_again_when_the_upstream_confirms_it(admin, made):
    def reply(headers, _):
        current = headers.get("if-none-match") == '"v1"'
        return Reply(304 if current else 200, b'{"version":1}', {"etag": '"v1"', "cache-control": "no-cache"})

    with Scripted(reply) as upstream:
        function = made(upstream, {"cache": {}})
        answers = [run_api(admin, function) for _ in range(3)]
        assert answers[0] == answers[1] == answers[2]
        assert answers[0]["status"] == 200 and answers[0]["data"] == {"version": 1}
        assert [headers.get("if-none-match") for _, _, headers in upstream.requests] == [None, '"v1"', '"v1"']


def test_an_answer_lasts_as_long_as_it_says_and_one_that_must_not_be_kept_is_not(admin, made):
    for control, sent in (("max-age=60", 1), ("no-store, max-age=60", 3), ("", 3)):
        with Scripted(statuses(200, headers={"cache-control": control} if control else {})) as upstream:
            function = made(upstream, {"cache": {}})
            for _ in range(3):
                run_api(admin, function)
            assert len(upstream.requests) == sent, control


def test_failures_are_not_kept(admin, made):
    with Scripted(statuses(404, 500, 200)) as upstream:
        function = made(upstream, {"cache": {"seconds": 60}})
        assert [run_api(admin, function)["status"] for _ in range(4)] == [404, 500, 200, 200]


# Limits and metrics


def test_a_function_may_ask_for_smaller_answers_than_the_server_allows(admin, made):
    with Scripted(lambda *_: Reply(body=b'"' + b"x" * (1 << 20) + b'"')) as upstream:
        assert try_api(admin, made(upstream, {"responseMebibytesMax": 1})).status == 413
        assert try_api(admin, made(upstream, {"responseMebibytesMax": 2})).status == 201


def test_what_policies_do_stands_in_the_metrics(admin, made):
    with Scripted(statuses(503, 200)) as upstream:
        function = made(upstream, {"retry": QUICKLY, "cache": {"seconds": 60}})
        for _ in range(2):
            run_api(admin, function)
        path = "scenario." + admin.found(f"/functions/api/{function}")["name"]
        told = admin.get("/metrics").text
        assert f'openpoly_outbound_retries_total{{function="{path}"}} 1' in told
        assert f'openpoly_outbound_cache_total{{function="{path}",outcome="hit"}} 1' in told
        assert f'openpoly_outbound_cache_total{{function="{path}",outcome="miss"}} 1' in told


def test_values_out_of_range_are_refused_with_their_fields(admin):
    policy = {"timeoutSeconds": 601, "retry": {"attempts": 0}, "rateLimit": {"requests": 0}}
    source = {"url": "http://127.0.0.1/", "method": "GET"}
    answer = admin.post("/functions/api", {"name": "rude", "context": "", "source": source, "policy": policy})
    assert answer.status == 400
    for field in ("policy.timeoutSeconds", "policy.retry.attempts", "policy.rateLimit.requests"):
        assert field in answer.text


# Pages


def test_pages_are_gathered_by_a_cursor_as_many_as_are_asked_for(admin, made):
    pages = {None: ([1, 2], "b"), "b": ([3], "c"), "c": ([4], None)}

    with Scripted(lambda *_: None) as upstream:

        def reply(_, number):
            after = upstream.requests[number - 1][1].partition("after=")[2] or None
            items, following = pages[after]
            return Reply(body=json.dumps({"data": items, "next": following}).encode())

        upstream.reply = reply
        pagination = {"style": "cursor", "items": "/data", "argument": "after", "next": "/next"}
        after = {"name": "after", "required": False, "removeIfNotPresentOnExecute": True}
        function = made(upstream, {"pagination": pagination}, path="/?after={{after}}", arguments=[after])
        assert run_api(admin, function)["data"] == {"data": [1, 2], "next": "b"}
        two = gathered(admin, function, 2)
        assert (two["data"], two["pages"], two["next"]) == ([1, 2, 3], 2, {"after": "c"})
        every = gathered(admin, function, 1000)
        assert (every["data"], every["pages"], "next" in every) == ([1, 2, 3, 4], 3, False)
        rest = gathered(admin, function, 5, **two["next"])
        assert rest["data"] == [4]


def test_pages_are_gathered_by_links_of_the_same_origin_only(admin, made):
    with Scripted(lambda *_: None) as upstream, Scripted(statuses(200)) as other:
        follow = {1: "<?page=2>; rel=next", 2: f'<{upstream.address}/list?page=3>; rel="next"', 3: ""}
        upstream.reply = lambda _, number: Reply(body=b'["%d"]' % number, headers={"link": follow[number]})
        function = made(upstream, {"pagination": {"style": "link"}}, path="/list")
        assert gathered(admin, function, 10)["data"] == ["1", "2", "3"]
        assert [target for _, target, _ in upstream.requests] == ["/list", "/list?page=2", "/list?page=3"]
        upstream.reply = lambda *_: Reply(body=b"[]", headers={"link": f"<{other.address}/>; rel=next"})
        answer = admin.post(f"/functions/api/{function}/execute", {}, headers={"x-openpoly-pages": "10"})
        assert answer.status == 502 and "another origin" in answer.message and other.requests == []


def test_a_page_that_fails_is_the_answer(admin, made):
    with Scripted(statuses(200, 500)) as upstream:
        upstream.reply = lambda _, number: Reply(200 if number == 1 else 500, b"[1]")
        pagination = {"style": "page", "argument": "page"}
        function = made(upstream, {"pagination": pagination}, path="/?page={{page}}", arguments=["page"])
        assert gathered(admin, function, 10, page=1)["status"] == 500
        assert [target for _, target, _ in upstream.requests] == ["/?page=1", "/?page=2"]


def test_pages_of_a_function_that_has_none_are_refused(admin, made):
    with Scripted(statuses(200)) as upstream:
        function = made(upstream, {})
        for pages in ("1", "0", "1001", "all"):
            answer = admin.post(f"/functions/api/{function}/execute", {}, headers={"x-openpoly-pages": pages})
            assert answer.status == 400, answer
        assert upstream.requests == []
