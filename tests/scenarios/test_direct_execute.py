"""Direct execute: a caller gets the request of an API function and sends it himself, just as polyd would have."""

import http.client
from urllib.parse import urlsplit

import pytest
from support.functions import argument, execution_id, executions, make_api_function, run_api, try_api
from support.poly import Poly
from support.recorder import Recorder
from support.upstreams import start_authorization_server

POLYD_SETTINGS = {"POLY_OUTBOUND_DIRECT_EXECUTE": "true"}
SECRET = "s3cret-of-the-upstream"
# What the two clients decide for a connection, or anew for each request.
OF_THE_SENDER = {"host", "connection", "content-length", "accept-encoding"}


@pytest.fixture(scope="module")
def upstream():
    recorder = Recorder()
    yield recorder
    recorder.close()


@pytest.fixture(scope="module")
def authorization(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authorization")
    jwks = folder / "jwks.json"
    jwks.write_text('{"keys": []}', encoding="ascii")
    running = start_authorization_server(folder, jwks)
    yield running
    assert running.stop() == 0


def direct(client, function, query=None, **arguments):
    """What polyd answers to the wish for the request of a function."""
    return client.post(f"/functions/api/{function}/direct-execute", arguments, query=query)


def request_of(client, function, **arguments):
    answer = direct(client, function, **arguments)
    assert answer.status == 201, answer
    assert set(answer.json) <= {"method", "url", "headers", "data", "maxRedirects"}, answer
    return answer.json


def send(request):
    """Sends a request as a client does that adds nothing of its own."""
    parts = urlsplit(request["url"])
    target = parts.path + ("?" + parts.query if parts.query else "")
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection.request(request["method"], target, request.get("data", "").encode(), request["headers"])
    status = connection.getresponse().status
    connection.close()
    return status


def without_sender(seen):
    return {name: value for name, value in seen.headers.items() if name not in OF_THE_SENDER}


PAIRS = [{"key": "name", "value": "{{name}}"}, {"key": "fixed", "value": "a&b"}]
BODIES = {
    "json": {"mode": "raw", "language": "json", "raw": '{"name": "{{name}}", "fixed": [1, true, null]}'},
    "text": {"mode": "raw", "language": "text", "raw": "<{{name}}>"},
    "form": {"mode": "urlencoded", "urlencoded": PAIRS},
    "empty": {"mode": "empty"},
}


@pytest.mark.parametrize("kind", BODIES)
def test_the_request_reaches_the_upstream_as_that_of_polyd_does(admin, upstream, kind):
    function = make_api_function(
        admin, f"same-{kind}".replace("-", ""), upstream.address + "/items/{{name}}?q={{name}}", method="POST",
        arguments=["name", "key"], body=BODIES[kind], headers=[{"key": "x-name", "value": "{{key}}"}],
        auth={"type": "basic", "basic": [{"key": "username", "value": "ada"}, {"key": "password", "value": "{{key}}"}]},
    )
    given = {"name": "Grüße & / 7", "key": "k1"}
    run_api(admin, function, **given)
    by_polyd = upstream.last
    before = len(upstream.requests)
    request = request_of(admin, function, **given)
    assert len(upstream.requests) == before, "polyd sends nothing"
    assert send(request) == 200
    by_caller = upstream.last
    assert (by_caller.method, by_caller.target, by_caller.body) == (by_polyd.method, by_polyd.target, by_polyd.body)
    assert without_sender(by_caller) == without_sender(by_polyd)


def test_form_data_is_text_with_the_boundary_that_its_header_names(admin, upstream):
    body = {"mode": "formdata", "formdata": PAIRS}
    function = make_api_function(admin, "parts", upstream.address + "/", method="POST", arguments=["name"], body=body)
    request = request_of(admin, function, name="Ada")
    boundary = request["headers"]["Content-Type"].split("boundary=")[1]
    assert request["data"].startswith(f"--{boundary}\r\n")
    assert request["data"].endswith(f"--{boundary}--\r\n")


def test_variables_are_opened_and_credentials_applied(admin, upstream):
    admin.made("/variables", {"name": "key", "context": "direct", "value": SECRET, "secrecy": "SECRET"})
    secret = argument("secret", secure=True, variable="direct.key")
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": "{{secret}}"}]}
    function = make_api_function(admin, "opened", upstream.address + "/", arguments=[secret], auth=auth)
    request = request_of(admin, function)
    assert request["headers"]["Authorization"] == f"Bearer {SECRET}"
    assert "data" not in request


def test_an_oauth_function_gives_a_request_with_a_current_token(admin, authorization):
    pairs = {"tokenUrl": authorization.address + "/token", "clientId": "by-header", "scope": "read write",
             "clientSecret": "s&cret-of-the-client"}
    auth = {"type": "oauth2", "oauth2": [{"key": key, "value": value} for key, value in pairs.items()]}
    function = make_api_function(admin, "granted", authorization.address + "/api", auth=auth)
    assert run_api(admin, function)["status"] == 200
    request = request_of(admin, function)
    assert send(request) == 200


def test_a_request_with_a_policy_asks_about_nothing_that_was_kept(admin, upstream):
    policy = {"cache": {"seconds": 60}, "idempotencyKey": {"header": "Idempotency-Key"}}
    function = make_api_function(admin, "kept", upstream.address + "/kept", policy=policy)
    run_api(admin, function)
    request = request_of(admin, function)
    assert "If-None-Match" not in request["headers"]
    assert request["headers"]["Idempotency-Key"]


def test_redirects_are_followed_as_the_function_says(admin, upstream):
    follows = make_api_function(admin, "follows", upstream.address + "/", enabledRedirect=True)
    stays = make_api_function(admin, "stays", upstream.address + "/", enabledRedirect=False)
    assert request_of(admin, follows)["maxRedirects"] == 10
    assert request_of(admin, stays)["maxRedirects"] == 0


def test_arguments_are_checked_as_for_a_call(admin, upstream):
    number = argument("id", type="number")
    function = make_api_function(admin, "checked", upstream.address + "/{{id}}", arguments=[number])
    refused = direct(admin, function, id="seven")
    assert refused.status == 400, refused
    assert refused.message == try_api(admin, function, id="seven").message


def test_it_is_recorded_as_an_execution_without_upstream(admin, upstream):
    function = make_api_function(admin, "recorded", upstream.address + "/")
    answer = direct(admin, function)
    assert "server-timing" not in answer.headers
    record = next(each for each in executions(admin) if each["id"] == execution_id(answer))
    assert record["kind"] == "apiFunction"
    assert record["status"] == "ok"
    assert "upstreamMs" not in record


def test_it_needs_the_permission_to_execute(admin, upstream):
    function = make_api_function(admin, "permitted", upstream.address + "/")
    key = admin.made("/api-keys", {"name": "reads", "permissions": {"libraryGenerate": True}})["key"]
    reader = admin.with_key(key)
    assert direct(reader, function).status == 403
    reader.close()


def test_specs_take_the_wish_for_direct_execute(admin):
    assert admin.get("/specs", query={"apiFunctionDirectExecute": "true"}).status == 200


def test_it_is_off_unless_the_setting_says_so(start_polyd, upstream):
    client = start_polyd().client()
    function = make_api_function(client, "closed", upstream.address + "/")
    refused = direct(client, function)
    assert refused.status == 403, refused
    assert "outbound.direct_execute" in refused.message
    client.close()


def test_a_call_tells_where_its_time_went(admin, upstream):
    function = make_api_function(admin, "timed", upstream.address + "/")
    timing = try_api(admin, function).headers["server-timing"]
    names = [metric.split(";")[0] for metric in timing.split(", ")]
    assert names[:6] == ["resolve", "connect", "tls", "first-byte", "transfer", "total"]
    assert all(float(metric.split("dur=")[1]) >= 0 for metric in timing.split(", ")[:6])


@pytest.fixture
def poly(polyd, tmp_path):
    return Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})


def test_poly_execute_shows_status_and_timing_and_the_headers_when_asked(admin, upstream, poly):
    make_api_function(admin, "tried", upstream.address + "/{{id}}", arguments=["id"])
    ran = poly.run("execute", "scenario.tried", "--arg", "id=7")
    assert ran.status == 0, ran
    assert '"seen"' in ran.output
    assert "status 200" in ran.errors
    assert "resolve" in ran.errors and "first byte" in ran.errors and "total" in ran.errors
    assert "content-type" not in ran.errors
    verbose = poly.run("execute", "scenario.tried", "--arg", "id=7", "--verbose")
    assert "content-type: application/json" in verbose.errors


def test_poly_execute_with_json_has_the_timing_as_an_object(admin, upstream, poly):
    make_api_function(admin, "triedjson", upstream.address + "/")
    timings = poly.json("execute", "scenario.triedjson")["timings"]
    parts = {"resolveMs", "connectMs", "tlsMs", "firstByteMs", "transferMs", "totalMs"}
    assert set(timings) == parts | {"reused"}
    assert all(timings[part] >= 0 for part in parts)
    assert isinstance(timings["reused"], bool)
