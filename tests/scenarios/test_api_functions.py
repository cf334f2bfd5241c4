"""API functions end to end: what arrives at the other system for given arguments, and what comes back to the caller."""

import base64
import email

import pytest
from support.certificates import issue, make_authority
from support.functions import CONTEXT, argument, execution_id, executions, make_api_function, run_api, try_api
from support.recorder import Recorder


@pytest.fixture(scope="module")
def recorder():
    upstream = Recorder()
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def made(admin, recorder):
    """Creates an API function that calls the recorder; gives a function that runs it and shows what arrived."""
    names = iter(range(1000))

    def make(path, *arguments, **fields):
        function = make_api_function(admin, f"call{next(names)}", recorder.address + path, arguments=arguments, **fields)

        def call(**values):
            run_api(admin, function, **values)
            return recorder.last

        call.function = function
        return call

    return make


def refused(admin, recorder, function, **values):
    """Runs a function whose arguments must not reach the other system; gives the message."""
    before = len(recorder.requests)
    answer = try_api(admin, function, **values)
    assert answer.status == 400, answer
    assert len(recorder.requests) == before, "the request was sent all the same"
    return answer.message


# Bodies


def test_an_empty_body_mode_sends_no_body(made):
    seen = made("/empty", method="POST", body={"mode": "empty"})()
    assert (seen.method, seen.body) == ("POST", b"")
    assert "content-type" not in seen.headers


def test_a_raw_json_body_is_sent_as_json(made):
    body = {"mode": "raw", "language": "json", "raw": '{"name":"{{name}}","fixed":[1,true,null]}'}
    seen = made("/raw", "name", method="POST", body=body)(name="Ada")
    assert seen.json == {"name": "Ada", "fixed": [1, True, None]}
    assert seen.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "language, content_type",
    [("text", "text/plain"), ("xml", "application/xml"), ("html", "text/html"), ("javascript", "application/javascript")],
)
def test_a_raw_body_of_another_language_is_sent_as_text_with_its_type(made, language, content_type):
    seen = made("/raw", "word", method="POST", body={"mode": "raw", "language": language, "raw": "<a>{{word}}</a>"})(
        word="Grüße"
    )
    assert seen.body.decode() == "<a>Grüße</a>"
    assert seen.headers["content-type"].split(";")[0] == content_type


def test_a_body_that_is_one_argument_is_sent_as_its_json(made):
    seen = made("/raw", "body", method="POST", body={"mode": "raw", "language": "json", "raw": "{{body}}"})(
        body={"a": [1, {"b": None}]}
    )
    assert seen.json == {"a": [1, {"b": None}]}


def test_an_urlencoded_body_escapes_what_separates_fields(made):
    pairs = [{"key": "a", "value": "{{a}}"}, {"key": "b", "value": "x{{b}}"}]
    seen = made("/form", "a", "b", method="POST", body={"mode": "urlencoded", "urlencoded": pairs})(a="1&b=2", b="=ü")
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.body == b"a=1%26b%3D2&b=x%3D%C3%BC"


def test_a_form_data_body_carries_texts_and_files(made):
    pairs = [{"key": "title", "value": "{{title}}", "type": "text"}, {"key": "scan", "value": "{{scan}}", "type": "file"}]
    seen = made("/form", "title", "scan", method="POST", body={"mode": "formdata", "formdata": pairs})(
        title="A\r\nB", scan="bytes"
    )
    head = f"content-type: {seen.headers['content-type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + seen.body).get_payload()
    named = {part.get_param("name", header="content-disposition"): part for part in parts}
    assert set(named) == {"title", "scan"}
    assert named["title"].get_payload(decode=True) == b"A\r\nB"
    assert named["scan"].get_filename() and named["scan"].get_payload(decode=True) == b"bytes"


def test_a_file_body_is_sent_as_bytes(made):
    seen = made("/file", "body", method="PUT", body={"mode": "file"})(body="the content")
    assert seen.body == b"the content"
    assert seen.headers["content-type"] == "application/octet-stream"


def test_payload_arguments_are_taken_from_one_argument_named_payload(made):
    body = {"mode": "raw", "language": "json", "raw": '{"title":"{{title}}","tags":{{tags}}}'}
    call = made("/p/{{id}}", "id", argument("title", payload=True), argument("tags", payload=True), method="PUT", body=body)
    seen = call(id=7, payload={"title": "T", "tags": ["x"]})
    assert (seen.target, seen.json) == ("/p/7", {"title": "T", "tags": ["x"]})


# Quoting in JSON templates


@pytest.mark.parametrize("value", ['a"b', "back\\slash", "line\nbreak", '","admin":true,"x":"', "{{other}}", "\u0001", "😀"])
def test_a_text_inside_quotes_cannot_leave_them(made, value):
    seen = made("/q", "value", method="POST", body={"mode": "raw", "language": "json", "raw": '{"v":"<{{value}}>"}'})(
        value=value
    )
    assert seen.json == {"v": f"<{value}>"}


@pytest.mark.parametrize("value", [1, -2.5, True, None, "text", 'q"q', [1, "2"], {"a": {"b": []}}])
def test_a_value_outside_quotes_keeps_its_type(made, value):
    seen = made("/q", "value", method="POST", body={"mode": "raw", "language": "json", "raw": '{"v":{{value}}}'})(value=value)
    assert seen.json == {"v": value}


def test_a_number_inside_quotes_becomes_text(made):
    seen = made("/q", "value", method="POST", body={"mode": "raw", "language": "json", "raw": '{"v":"{{value}}"}'})(value=12)
    assert seen.json == {"v": "12"}


# Authentication


def test_basic_authentication_is_sent_for_user_and_password(made):
    auth = {"type": "basic", "basic": [{"key": "username", "value": "{{user}}"}, {"key": "password", "value": "{{pass}}"}]}
    seen = made("/a", "user", "pass", auth=auth)(**{"user": "ada", "pass": "pä:ss"})
    assert seen.headers["authorization"] == "Basic " + base64.b64encode("ada:pä:ss".encode()).decode()


def test_bearer_authentication_is_sent_for_a_token(made):
    seen = made("/a", "token", auth={"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]})(token="t.0-k")
    assert seen.headers["authorization"] == "Bearer t.0-k"


def test_an_api_key_is_sent_in_its_header(made):
    auth = {"type": "apikey", "apikey": [{"key": "key", "value": "x-shop-key"}, {"key": "value", "value": "{{k}}"}]}
    assert made("/a", "k", auth=auth)(k="s3cret").headers["x-shop-key"] == "s3cret"


def test_an_api_key_is_sent_in_the_query(made):
    pairs = {"key": "api_key", "value": "{{k}}", "in": "query"}
    auth = {"type": "apikey", "apikey": [{"key": key, "value": value} for key, value in pairs.items()]}
    assert made("/a?x=1", "k", auth=auth)(k="s&t").target == "/a?x=1&api_key=s%26t"


# Query


@pytest.mark.parametrize(
    "serialization, query",
    [
        (None, "tag=a%20b&tag=c%26d"),
        ({"style": "form", "explode": True}, "tag=a%20b&tag=c%26d"),
        ({"style": "form", "explode": False}, "tag=a%20b,c%26d"),
        ({"style": "spaceDelimited", "explode": False}, "tag=a%20b%20c%26d"),
        ({"style": "pipeDelimited", "explode": False}, "tag=a%20b%7Cc%26d"),
    ],
)
def test_an_array_in_the_query_is_written_in_its_style(made, serialization, query):
    given = argument("tags", **({"serialization": serialization} if serialization else {}))
    assert made("/l?tag={{tags}}", given)(tags=["a b", "c&d"]).target == f"/l?{query}"


def test_an_object_in_the_query_is_written_as_a_deep_object(made):
    given = argument("filter", serialization={"style": "deepObject", "explode": True})
    seen = made("/l?filter={{filter}}", given)(filter={"from": 1, "to": "a=b"})
    assert seen.target == "/l?filter%5Bfrom%5D=1&filter%5Bto%5D=a%3Db"


# What arguments may not do


@pytest.mark.parametrize(
    "value, target",
    [
        ("../admin", "/v1/customers/..%2Fadmin"),
        ("7?role=admin", "/v1/customers/7%3Frole%3Dadmin"),
        ("7#part", "/v1/customers/7%23part"),
        ("a/b", "/v1/customers/a%2Fb"),
        ("a b%2F", "/v1/customers/a%20b%252F"),
        ("é", "/v1/customers/%C3%A9"),
        ("7\r\nx-evil: 1", "/v1/customers/7%0D%0Ax-evil%3A%201"),
    ],
)
def test_an_argument_stays_inside_its_segment_of_the_path(made, value, target):
    assert made("/v1/customers/{{id}}", "id")(id=value).target == target


@pytest.mark.parametrize("value", ["..", "."])
def test_an_argument_that_is_a_dot_segment_is_refused(admin, recorder, made, value):
    message = refused(admin, recorder, made("/v1/customers/{{id}}/orders", "id").function, id=value)
    assert "path" in message and f"'{value}'" in message


def test_an_argument_in_the_query_cannot_add_parameters(made):
    assert made("/s?q={{q}}&n=1", "q")(q="x&n=2#f\r\n").target == "/s?q=x%26n%3D2%23f%0D%0A&n=1"


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "a\u0000b"])
def test_a_line_break_in_a_header_is_refused(admin, recorder, made, value):
    call = made("/h", "value", headers=[{"key": "x-value", "value": "{{value}}"}])
    assert "x-value" in refused(admin, recorder, call.function, value=value)


def test_a_line_break_in_a_bearer_token_is_refused(admin, recorder, made):
    call = made("/h", "token", auth={"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]})
    assert "Authorization" in refused(admin, recorder, call.function, token="a\r\nx-evil: 1")


@pytest.mark.parametrize("value", ["127.0.0.1:1/x?", "user@evil.example", "evil.example#", "", "a b"])
def test_an_argument_in_the_host_cannot_change_more_than_the_host(admin, recorder, made, value):
    function = make_api_function(admin, f"host{len(value)}{ord((value or 'x')[0])}", "http://{{host}}/x", arguments=["host"])
    assert "host" in refused(admin, recorder, function, host=value)


def test_a_host_given_as_an_argument_is_called(admin, recorder):
    function = make_api_function(admin, "byHost", "{{hostUrl}}/items/{{id}}", arguments=["hostUrl", "id"])
    run_api(admin, function, hostUrl=recorder.address, id="a/b")
    assert recorder.last.target == "/items/a%2Fb"


def test_a_method_that_cannot_be_sent_is_refused_when_the_function_is_made(admin, recorder):
    source = {"url": recorder.address + "/", "method": "TRACE"}
    answer = admin.post("/functions/api", {"name": "traced", "context": CONTEXT, "arguments": [], "source": source})
    assert answer.status == 400, answer
    assert "source.method: 'TRACE'" in answer.message, answer


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_each_method_arrives_as_itself(made, method):
    assert made("/m", method=method)().method == method


# Absent arguments and defaults


def test_an_absent_argument_vanishes_with_its_key_when_it_says_so(made):
    gone = {"required": False, "removeIfNotPresentOnExecute": True}
    body = {"mode": "raw", "language": "json", "raw": '{"keep":"{{keep}}","a":"{{a}}","deep":{"b":{{b}}}}'}
    call = made(
        "/r?q={{q}}&keep={{keep}}", "keep", argument("q", **gone), argument("a", **gone), argument("b", **gone),
        argument("h", **gone), method="POST", body=body, headers=[{"key": "x-h", "value": "{{h}}"}],
    )  # fmt: skip
    seen = call(keep="k")
    assert (seen.target, seen.json) == ("/r?keep=k", {"keep": "k", "deep": {}})
    assert "x-h" not in seen.headers
    seen = call(keep="k", q=1, a="A", b=2, h="H")
    assert (seen.target, seen.json) == ("/r?q=1&keep=k", {"keep": "k", "a": "A", "deep": {"b": 2}})
    assert seen.headers["x-h"] == "H"


def test_an_argument_takes_its_default_from_a_variable(admin, made):
    variable = admin.made("/variables", {"name": "shopKey", "context": CONTEXT, "value": "from-vault", "secrecy": "SECRET"})
    call = made("/d", argument("key", required=False, variable=variable["id"]), headers=[{"key": "x-key", "value": "{{key}}"}])
    assert call().headers["x-key"] == "from-vault"
    assert call(key="given").headers["x-key"] == "given"
    assert admin.patch(f"/variables/{variable['id']}", {"value": "changed"}).status == 200
    assert call().headers["x-key"] == "changed"


# Redirects


def test_a_redirect_is_an_answer_unless_the_function_follows_it(admin, misbehaving):
    function = make_api_function(admin, "stays", misbehaving.address + "/redirect?to=/echo")
    answer = run_api(admin, function)
    assert (answer["status"], answer["headers"]["location"]) == (302, "/echo")


def test_a_redirect_is_followed_when_the_function_says_so(admin, misbehaving):
    url = misbehaving.address + "/redirect?to={{to}}&status={{status}}"
    body = {"mode": "raw", "language": "text", "raw": "kept"}
    function = make_api_function(
        admin, "follows", url, method="POST", arguments=["to", "status"], enabledRedirect=True, body=body
    )
    kept = run_api(admin, function, to="/echo/next?a=1", status=307)["data"]
    assert (kept["method"], kept["rawUrl"], kept["body"]) == ("POST", "/echo/next?a=1", "kept")
    changed = run_api(admin, function, to="/echo/next", status=303)["data"]
    assert (changed["method"], changed["body"]) == ("GET", "")


def test_credentials_do_not_follow_a_redirect_to_another_origin(admin, misbehaving, recorder):
    auth = {"type": "apikey", "apikey": [{"key": "key", "value": "x-api-key"}, {"key": "value", "value": "{{k}}"}]}
    function = make_api_function(
        admin, "leaks", misbehaving.address + "/redirect?to={{to}}", arguments=["to", "k"], auth=auth, enabledRedirect=True
    )
    run_api(admin, function, to=recorder.address + "/elsewhere", k="s3cret")
    assert recorder.last.target == "/elsewhere"
    assert "x-api-key" not in recorder.last.headers


# Answers


@pytest.mark.parametrize(
    "path, data, content_type",
    [
        ("/text", "plain text, Grüße", "text/plain; charset=utf-8"),
        ("/xml", '<order id="7"><line sku="A1"/></order>', "application/xml"),
        ("/invalid-json", '{"broken": [1, 2,', "application/json"),
        ("/empty", None, None),
        ("/status/204", None, None),
        ("/huge?bytes=3", "xxx", "application/octet-stream"),
        ("/bad-utf8", base64.b64encode(b'"a\xff\xfeb"').decode(), "application/json"),
    ],
)
def test_an_answer_of_any_form_is_passed_on(admin, misbehaving, path, data, content_type):
    name = "answer" + "".join(filter(str.isalnum, path))
    answer = run_api(admin, make_api_function(admin, name, misbehaving.address + path))
    assert answer["data"] == data
    assert answer["headers"].get("content-type") == content_type


def test_json_of_the_other_system_is_passed_on_to_the_letter(admin):
    upstream = Recorder()
    try:
        upstream.answer = b'{ "z": 12345678901234567890123, "a": 1.0,"z": "twice" }'
        function = make_api_function(admin, "verbatim", upstream.address + "/")
        assert upstream.answer in try_api(admin, function).body
    finally:
        upstream.close()


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_an_error_of_the_other_system_is_an_answer_of_the_function(admin, misbehaving, status):
    function = make_api_function(admin, f"status{status}", f"{misbehaving.address}/status/{status}")
    answer = try_api(admin, function)
    assert answer.status == 201
    assert (answer.json["status"], answer.json["data"]) == (status, {"status": status})


def test_an_answer_says_which_execution_it_is_and_how_long_it_took(admin, misbehaving):
    function = make_api_function(admin, "timed", misbehaving.address + "/slow?ms=30")
    answer = try_api(admin, function)
    assert int(answer.headers["x-poly-execution-duration"]) >= 30
    (record,) = executions(admin, resourceId=function)
    assert record["id"] == execution_id(answer)
    assert (record["status"], record["path"]) == ("ok", f"{CONTEXT}.timed")


# Connections


def test_connections_to_the_other_system_are_kept_and_used_again(admin):
    upstream = Recorder()
    try:
        function = make_api_function(admin, "kept", upstream.address + "/")
        for _ in range(30):
            run_api(admin, function)
        assert len(upstream.requests) == 30
        assert upstream.connections == 1, "one connection of the client leads to one loop, and that keeps one of its own"
    finally:
        upstream.close()


def test_tls_is_spoken_with_an_authority_of_our_own(start_polyd, tmp_path):
    authority = make_authority(tmp_path)
    right = Recorder(issue(tmp_path, authority, "IP:127.0.0.1", "right"))
    wrong_name = Recorder(issue(tmp_path, authority, "DNS:other.example", "wrong"))
    stranger = Recorder(issue(tmp_path, make_authority(tmp_path, "stranger"), "IP:127.0.0.1", "strange"))
    try:
        client = start_polyd({"POLY_OUTBOUND_CA_FILE": str(authority.chain)}).client()
        function = make_api_function(client, "secure", "{{hostUrl}}/", arguments=["hostUrl"])
        assert run_api(client, function, hostUrl=right.address)["data"] == {"seen": 1}
        for upstream in (wrong_name, stranger):
            answer = try_api(client, function, hostUrl=upstream.address)
            assert answer.status == 502 and "certificate" in answer.message, answer
            assert upstream.requests == []
    finally:
        for upstream in (right, wrong_name, stranger):
            upstream.close()


# Addresses that may not be called


def test_private_addresses_are_refused_unless_they_are_allowed(start_polyd, recorder):
    client = start_polyd({"POLY_OUTBOUND_ALLOW_NETWORKS": ""}).client()
    function = make_api_function(client, "inside", "{{hostUrl}}/", arguments=["hostUrl"])
    before = len(recorder.requests)
    hosts = ["localhost:1", "169.254.169.254", "10.0.0.1", "0.0.0.0:1", "2130706433:1", "[::1]:1", "[::ffff:127.0.0.1]:1"]
    for address in (recorder.address, *(f"http://{host}" for host in hosts)):
        answer = try_api(client, function, hostUrl=address)
        assert (answer.status, answer.json.get("code")) == (403, "address_denied"), answer
    assert len(recorder.requests) == before


def test_a_redirect_to_a_private_address_is_refused(admin, misbehaving):
    url = misbehaving.address + "/redirect?to={{to}}"
    function = make_api_function(admin, "lured", url, arguments=["to"], enabledRedirect=True)
    answer = try_api(admin, function, to="http://169.254.169.254/latest/meta-data")
    assert answer.status == 403 and "169.254.169.254" in answer.message, answer
