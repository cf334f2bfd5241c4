"""Events from outside: webhooks, the triggers on them, retries, error handlers and dead letters."""

import hashlib
import hmac
import json

import pytest
from support.eventually import eventually
from support.functions import CONTEXT, deploy, executions

TAKES = "function takes(event, headers, params) { return { event, headers, params }; }"


@pytest.fixture
def stranger(admin):
    """A client without a key, as other systems are."""
    client = admin.with_key(None)
    yield client
    client.close()


@pytest.fixture(scope="module")
def names():
    return iter(f"hook{number}" for number in range(1000))


@pytest.fixture
def webhook(admin, names):
    def make(**fields):
        return admin.made("/webhooks", {"name": next(names), "context": CONTEXT, **fields})

    return make


def bind(client, webhook, function, **fields):
    source = {"webhookHandleId": webhook["id"]}
    return client.made("/triggers", {"source": source, "destination": {"serverFunctionId": function}, **fields})["id"]


def events(client, **query):
    return client.found("/events", query=query)["results"]


@pytest.fixture(scope="module")
def takes(admin):
    """A server function that returns what it was given."""
    return deploy(admin, "takes", TAKES)


def test_a_webhook_without_triggers_says_yes(webhook, stranger):
    hook = webhook()
    answer = stranger.post(f"/webhooks/{hook['id']}", {"a": 1})
    assert (answer.status, answer.body) == (200, b"")


def test_a_waiting_trigger_gives_the_answer_of_its_function(admin, webhook, stranger, takes):
    hook = webhook(subpath="orders/{orderId}?mode={mode}", method="POST, PUT")
    bind(admin, hook, takes, waitForResponse=True)
    answer = stranger.put(f"/webhooks/{hook['id']}/orders/a%2Fb?mode=x&other=1", {"a": [1]}, headers={"X-Mine": "yes"})
    assert answer.status == 200, answer
    assert answer.json["event"] == {"a": [1]}
    assert answer.json["params"] == {"orderId": "a/b", "mode": "x", "other": "1"}
    headers = answer.json["headers"]
    assert headers["x-mine"] == "yes"
    assert headers["x-http-method"] == "PUT"
    assert headers["x-original-uri"] == f"/webhooks/{hook['id']}/orders/a%2Fb"
    assert stranger.put(f"/webhooks/{hook['id']}/orders", {}).status == 404


def test_a_function_behind_a_webhook_chooses_status_type_and_headers(admin, webhook, stranger):
    code = """
    const { polyCustom } = require('openpoly');
    function chooses() {
      polyCustom.responseStatusCode = 202;
      polyCustom.responseContentType = 'text/csv';
      polyCustom.responseHeaders = { 'x-rows': '1' };
      return 'a;b';
    }"""
    hook = webhook()
    bind(admin, hook, deploy(admin, "chooses", code), waitForResponse=True)
    answer = stranger.post(f"/webhooks/{hook['id']}", {})
    assert (answer.status, answer.text, answer.headers["x-rows"]) == (202, "a;b", "1")
    assert answer.headers["content-type"].startswith("text/csv")


def test_an_error_of_the_waiting_function_is_told_to_the_sender(admin, webhook, stranger):
    hook = webhook()
    function = deploy(admin, "refuses", "function refuses() { throw new Error('not today'); }")
    bind(admin, hook, function, waitForResponse=True)
    answer = stranger.post(f"/webhooks/{hook['id']}", {})
    assert answer.status == 500 and "not today" in answer.message, answer
    deploy(admin, "refuses", "function refuses() { throw Object.assign(new Error('never'), { statusCode: 422 }); }")
    answer = stranger.post(f"/webhooks/{hook['id']}", {})
    assert answer.status == 422 and "never" in answer.message, answer


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_webhook_takes_its_methods_and_no_other(admin, webhook, stranger, takes, method):
    hook = webhook(method=method)
    bind(admin, hook, takes, waitForResponse=True)
    path = f"/webhooks/{hook['id']}"
    answer = stranger.request(method, path)
    assert answer.status == 200 and answer.json["headers"]["x-http-method"] == method, answer
    others = {"POST", "PUT"} - {method}
    for other in others:
        answer = stranger.request(other, path, {})
        assert answer.status == 405 and method in answer.message, answer


def test_a_webhook_is_called_by_its_slug(admin, webhook, stranger, takes):
    hook = webhook(slug="new-orders")
    bind(admin, hook, takes, waitForResponse=True)
    assert hook["url"].endswith("/webhooks/new-orders")
    assert stranger.post("/webhooks/new-orders", {"n": 1}).json["event"] == {"n": 1}
    assert stranger.post("/webhooks/no-such-slug", {}).status == 404


def test_forms_xml_and_text_arrive_as_values(admin, webhook, stranger, takes):
    hook = webhook()
    bind(admin, hook, takes, waitForResponse=True)

    def sent(body, content_type):
        return stranger.post(f"/webhooks/{hook['id']}", body, headers={"content-type": content_type})

    assert sent(b"a=1&b=x%26y", "application/x-www-form-urlencoded").json["event"] == {"a": "1", "b": "x&y"}
    assert sent("Grüße".encode(), "text/plain").json["event"] == "Grüße"
    assert sent(b"{broken", "application/json").status == 400


def test_a_body_that_does_not_fit_the_schema_is_refused_with_its_place(webhook, stranger):
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    hook = webhook(eventPayloadTypeSchema=schema)
    answer = stranger.post(f"/webhooks/{hook['id']}", {"id": "seven"})
    assert answer.status == 400 and "id" in answer.message and "integer" in answer.message, answer
    assert stranger.post(f"/webhooks/{hook['id']}", {"id": 7}).status == 200


def test_a_webhook_that_wants_a_key_takes_no_other_call(admin, webhook, stranger):
    hook = webhook(requirePolyApiKey=True)
    path = f"/webhooks/{hook['id']}"
    assert stranger.post(path, {}).status == 401
    assert admin.with_key("00000000-0000-4000-8000-000000000000").post(path, {}).status == 401
    assert admin.post(path, {}).status == 200


def test_security_functions_decide_over_the_raw_body(admin, webhook, stranger):
    code = """
    const { createHmac } = require('node:crypto');
    function signed(body, headers) {
      return headers['x-signature'] === createHmac('sha256', 'key').update(body).digest('hex');
    }"""
    function = deploy(admin, "signed", code)
    hook = webhook(securityFunctions=[{"id": function, "message": "wrong signature"}])
    path = f"/webhooks/{hook['id']}"
    body = b'{ "spaces":  "kept" }'
    answer = stranger.post(path, body, headers={"content-type": "application/json", "x-signature": "00" * 32})
    assert (answer.status, answer.message) == (403, "wrong signature")
    right = hmac.new(b"key", body, hashlib.sha256).hexdigest()
    answer = stranger.post(path, body, headers={"content-type": "application/json", "x-signature": right})
    assert answer.status == 200, answer


def test_a_security_function_that_fails_or_is_gone_lets_nobody_in(admin, webhook, stranger):
    throws = deploy(admin, "throws", "function throws() { throw new Error('no'); }")
    hook = webhook(securityFunctions=[{"id": throws}])
    assert stranger.post(f"/webhooks/{hook['id']}", {}).status == 403
    assert admin.delete(f"/functions/server/{throws}").status in (200, 204)
    assert stranger.post(f"/webhooks/{hook['id']}", {}).status == 403


def test_the_configured_answer_wins_over_the_function(admin, webhook, stranger, takes):
    hook = webhook(responseStatus=202, responsePayload={"ok": True}, responseHeaders={"x-from": "webhook"})
    bind(admin, hook, takes, waitForResponse=True)
    answer = stranger.post(f"/webhooks/{hook['id']}", {})
    assert (answer.status, answer.json, answer.headers["x-from"]) == (202, {"ok": True}, "webhook")


def test_a_trigger_that_does_not_wait_runs_after_the_answer(admin, webhook, stranger):
    code = """
    async function slowly(event) {
      await new Promise((done) => setTimeout(done, 1500));
      return event.n;
    }"""
    function = deploy(admin, "slowly", code)
    hook = webhook()
    trigger = bind(admin, hook, function)
    assert stranger.post(f"/webhooks/{hook['id']}", {"n": 5}).status == 200
    (event,) = events(admin, triggerId=trigger)
    assert event["state"] in ("pending", "running"), "the answer came while the function still ran"
    (record,) = eventually(lambda: executions(admin, resourceId=function), "the event is delivered")
    assert record["status"] == "ok" and record["durationMs"] >= 1500
    eventually(lambda: not events(admin, triggerId=trigger), "a delivered event is done with")


def test_several_triggers_all_run_and_only_one_may_wait(admin, webhook, stranger, takes):
    hook = webhook()
    first = deploy(admin, "first", "function first() { return 1; }")
    second = deploy(admin, "second", "function second() { return 2; }")
    bind(admin, hook, takes, waitForResponse=True, name="answers")
    bind(admin, hook, first)
    bind(admin, hook, second)
    third = {"source": {"webhookHandleId": hook["id"]}, "destination": {"serverFunctionId": first}, "waitForResponse": True}
    answer = admin.post("/triggers", {**third, "name": "also answers"})
    assert answer.status == 409 and "answers" in answer.message, answer
    assert stranger.post(f"/webhooks/{hook['id']}", {"n": 1}).json["event"] == {"n": 1}
    for function in (first, second):
        eventually(lambda wanted=function: executions(admin, resourceId=wanted), "each trigger runs its function")


def test_a_disabled_trigger_and_a_disabled_webhook_take_nothing(admin, webhook, stranger):
    hook = webhook()
    function = deploy(admin, "unused", "function unused() { return 1; }")
    trigger = bind(admin, hook, function, waitForResponse=True)
    assert stranger.post(f"/webhooks/{hook['id']}", {}).text == "1"
    assert admin.patch(f"/triggers/{trigger}", {"enabled": False}).status == 200
    assert stranger.post(f"/webhooks/{hook['id']}", {}).body == b""
    assert admin.patch(f"/webhooks/{hook['id']}", {"enabled": False}).status == 200
    assert stranger.post(f"/webhooks/{hook['id']}", {}).status == 404


# Retries


def test_an_event_whose_function_fails_is_tried_again_until_it_succeeds(admin, webhook, stranger):
    admin.made("/variables", {"name": "broken", "context": "retry", "value": True, "secrecy": "NONE"})
    code = """
    const { vari } = require('openpoly');
    async function recovers(event) {
      if (await vari.retry.broken.get()) throw new Error('still broken');
      return event.n;
    }"""
    function = deploy(admin, "recovers", code)
    hook = webhook()
    trigger = bind(admin, hook, function)
    assert stranger.post(f"/webhooks/{hook['id']}", {"n": 9}).status == 200

    def failed_once():
        return [event for event in events(admin, triggerId=trigger) if event["attempts"] >= 1 and event.get("lastError")]

    (event,) = eventually(failed_once, "the first attempt has failed")
    assert event["state"] in ("pending", "running")
    assert "still broken" in event["lastError"]
    detail = admin.found(f"/events/{event['id']}")
    assert detail["payload"]["event"] == {"n": 9}
    assert admin.patch("/variables/retry.broken", {"value": False}, query={"usePathId": "true"}).status == 200
    eventually(lambda: not events(admin, triggerId=trigger), "a later attempt has succeeded")
    statuses = [record["status"] for record in reversed(executions(admin, resourceId=function))]
    assert statuses[0] == "error" and statuses[-1] == "ok"


def test_an_event_whose_trigger_is_disabled_is_a_dead_letter_that_can_be_replayed(admin, webhook, stranger):
    admin.made("/variables", {"name": "closed", "context": "dead", "value": True, "secrecy": "NONE"})
    code = """
    const { vari } = require('openpoly');
    async function opens() { if (await vari.dead.closed.get()) throw new Error('closed'); return 1; }"""
    function = deploy(admin, "opens", code)
    hook = webhook()
    trigger = bind(admin, hook, function)
    assert stranger.post(f"/webhooks/{hook['id']}", {"n": 1}).status == 200
    eventually(lambda: executions(admin, resourceId=function), "the first attempt was made")
    assert admin.patch(f"/triggers/{trigger}", {"enabled": False}).status == 200
    (dead,) = eventually(lambda: events(admin, state="dead", triggerId=trigger), "the event is given up")
    assert "disabled" in dead["lastError"]

    assert admin.patch(f"/triggers/{trigger}", {"enabled": True}).status == 200
    assert admin.patch("/variables/dead.closed", {"value": False}, query={"usePathId": "true"}).status == 200
    replayed = admin.post(f"/events/{dead['id']}/replay")
    assert (replayed.status, replayed.json["state"]) == (201, "pending"), replayed
    eventually(lambda: not events(admin, triggerId=trigger), "the replayed event is delivered")
    assert executions(admin, resourceId=function)[0]["status"] == "ok"
    assert admin.post(f"/events/{dead['id']}/replay").status == 404


def test_a_dead_letter_can_be_discarded(admin, webhook, stranger):
    function = deploy(admin, "never", "function never() { throw new Error('never'); }")
    hook = webhook()
    trigger = bind(admin, hook, function)
    assert stranger.post(f"/webhooks/{hook['id']}", {}).status == 200
    eventually(lambda: executions(admin, resourceId=function), "the first attempt was made")
    assert admin.delete(f"/triggers/{trigger}").status in (200, 204)
    (dead,) = eventually(lambda: events(admin, state="dead", triggerId=trigger), "the event is given up")
    assert admin.delete(f"/events/{dead['id']}").status in (200, 204)
    assert admin.get(f"/events/{dead['id']}").status == 404


# Error handlers


def test_an_error_handler_gets_what_failed_below_its_path(admin, webhook):
    handled = deploy(admin, "handled", "function handled(error) { console.log(JSON.stringify(error)); }")
    source = {"errorHandler": {"path": "watched"}}
    admin.made("/triggers", {"name": "on error", "source": source, "destination": {"serverFunctionId": handled}})
    failing = deploy(admin, "failing", "function failing() { throw new Error('watched trouble'); }", context="watched.deep")
    elsewhere = deploy(admin, "failing", "function failing() { throw new Error('other'); }", context="watchedNot")
    for function in (elsewhere, failing):
        assert admin.post(f"/functions/server/{function}/execute", {}).status == 500
    (line,) = eventually(lambda: admin.found(f"/functions/server/{handled}/logs")["logs"], "the handler ran")
    told = json.loads(line["value"])
    assert (told["message"], told["path"], told["functionId"]) == ("watched trouble (line 1)", "watched.deep.failing", failing)
    assert told["executionId"] == executions(admin, resourceId=failing)[0]["id"]


def test_a_failing_error_handler_does_not_start_itself_again(admin):
    code = "function worse() { throw new Error('handler trouble'); }"
    worse = deploy(admin, "worse", code, context="circle")
    source = {"errorHandler": {"path": "circle"}}
    trigger = admin.made("/triggers", {"name": "circle", "source": source, "destination": {"serverFunctionId": worse}})["id"]
    assert admin.post(f"/functions/server/{worse}/execute", {}).status == 500
    (event,) = eventually(lambda: [e for e in events(admin, triggerId=trigger) if e.get("lastError")], "the handler failed")
    assert len(events(admin, triggerId=trigger)) == 1
    assert "handler trouble" in event["lastError"]


def test_events_that_wait_are_delivered_after_a_restart(start_polyd):
    running = start_polyd()
    client = running.client()
    function = deploy(client, "later", "function later(event) { throw new Error('not yet'); }")
    hook = client.made("/webhooks", {"name": "hook", "context": CONTEXT})
    bind(client, hook, function)
    numbers = set(range(20))
    for number in numbers:
        assert client.post(f"/webhooks/{hook['id']}", {"n": number}).status == 200
    deploy(client, "later", "function later(event) { console.log(event.n); }")
    client.close()
    running.stop_well()
    again = start_polyd(data=running.data, key=running.key).client()
    eventually(lambda: not events(again), "all events are delivered")
    lines = again.found(f"/functions/server/{function}/logs", query={"limit": 1000})["logs"]
    assert numbers <= {int(line["value"]) for line in lines if line["value"].isdigit()}
    again.close()
