"""What a caller does wrong is said back: a 4xx that names the field and the reason, and nothing half stored."""

import json
import uuid

import pytest

from support import samples
from support.raw_socket import connect, exchange, read_answer

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def add(admin):
    """The path that runs `add(a: number, b: number)` on the server."""
    return f"/functions/server/{admin.made('/functions/server', samples.server_function('add'))['id']}/execute"


@pytest.fixture(scope="module")
def place(admin):
    """The path that runs an API function with a number, a list of objects and an optional flag."""
    items = {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}}
    arguments = [
        {"name": "id", "type": "number"},
        {"name": "items", "type": "array", "typeSchema": items},
        {"name": "urgent", "type": "boolean", "required": False},
    ]
    body = {"mode": "raw", "raw": '{"items": {{items}}, "urgent": {{urgent}}}', "language": "json"}
    source = {"url": "http://127.0.0.1:9/{{id}}", "method": "POST", "body": body}
    made = admin.made("/functions/api", samples.api_function("place", arguments=arguments, source=source))
    return f"/functions/api/{made['id']}/execute"


def raw_request(key, method, path, headers=(), body=b""):
    lines = [f"{method} {path} HTTP/1.1", "host: polyd", f"authorization: Bearer {key}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"id": 1}, "$.items: is missing"),
        ({"items": []}, "$.id: is missing"),
        ({"id": "7", "items": []}, "$.id: expected number, got string"),
        ({"id": 7, "items": {}}, "$.items: expected array, got object"),
        ({"id": 7, "items": [{"sku": "a"}, {"sku": 9}]}, "$.items[1].sku: expected string, got"),
        ({"id": 7, "items": [{}]}, "$.items[0]"),
        ({"id": 7, "items": [], "urgent": "no"}, "$.urgent: expected boolean, got string"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_argument_of_an_api_function_is_named_by_its_path(admin, place, arguments, said):
    refused = admin.post(place, arguments)
    assert refused.status == 400, refused
    assert said in refused.message


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"a": 1}, "$.b: is missing"),
        ({}, "$.a: is missing; $.b: is missing"),
        ({"a": 1, "b": "2"}, "$.b: expected number, got string"),
        ({"a": 1, "b": None}, "$.b: expected number, got null"),
        ({"a": [1], "b": 2}, "$.a: expected number, got array"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_argument_of_a_server_function_is_named_by_its_path(admin, add, arguments, said):
    refused = admin.post(add, arguments)
    assert refused.status == 400, refused
    assert refused.json["statusCode"] == 400
    assert said in refused.message
    assert admin.post(add, {"a": 1, "b": 2}).json == 3


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/functions/api/{NOWHERE}/execute", f"there is no API function '{NOWHERE}'"),
        (f"/functions/server/{NOWHERE}/execute", f"there is no server function '{NOWHERE}'"),
        ("/functions/server/no.such.function/execute", "there is no server function 'no.such.function'"),
        ("/functions/api/shop.add/execute", "there is no API function 'shop.add'"),
        ("/functions/server/%2e%2e%2f/execute", "there is no server function '../'"),
    ],
)
def test_an_unknown_function_or_context_is_404_by_name(admin, add, path, said):
    missing = admin.post(path, {})
    assert (missing.status, missing.message) == (404, said)


@pytest.mark.parametrize(
    ("body", "byte"),
    [(b"{", 1), (b'{"a": 1,, "b": 2}', 8), (b"nonsense", 0), (b'{"a": 1} x', 9), (b'{"a": \xff\xfe}', 6), (b"{'a': 1}", 1)],
    ids=["cut off", "comma", "word", "extra", "not UTF-8", "quotes"],
)
def test_malformed_json_is_refused_with_the_byte(admin, add, body, byte):
    refused = admin.post(add, body, headers={"content-type": "application/json"})
    assert refused.status == 400, refused
    assert "JSON" in refused.message
    assert f"byte {byte}" in refused.message


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"], ids=["ff", "cut", "surrogate", "beyond"])
def test_text_that_is_not_utf8_is_refused_and_not_stored(admin, bad):
    body = b'{"name": "utf", "context": "bad", "language": "javascript", "code": "' + bad + b'"}'
    refused = admin.post("/snippets", body, headers={"content-type": "application/json"})
    assert refused.status == 400, refused
    assert admin.get("/snippets/bad.utf").status == 404


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_json_that_is_no_object_is_refused(admin, add, body):
    # Arguments may also come by position, or not at all.
    executes = [] if body in (b"[]", b"null") else [add]
    for path in ["/snippets", "/functions/server", "/functions/api", "/webhooks", "/jobs", "/triggers", "/variables", *executes]:
        refused = admin.post(path, body, headers={"content-type": "application/json"})
        assert refused.status == 400, refused
        assert "object" in refused.message


@pytest.mark.parametrize("collection", ["/snippets", "/schemas", "/webhooks", "/functions/api", "/functions/server", "/variables"])
def test_an_empty_body_is_refused(admin, collection):
    refused = admin.post(collection, b"")
    assert refused.status == 400, refused


def test_every_wrong_field_is_listed_at_once(admin):
    refused = admin.post("/snippets", {"name": 7, "language": False, "visibility": "X"})
    assert refused.status == 400
    assert refused.json["message"] == [
        "$.name: expected string, got number",
        "$.visibility: 'X' is not one of ENVIRONMENT, TENANT, PUBLIC",
        "$.code: is missing",
        "$.language: expected string, got boolean",
    ]


def test_a_huge_body_is_refused_before_it_is_sent(polyd, add):
    for path in (add, "/snippets", "/specification-input/oas"):
        request = raw_request(polyd.key, "POST", path, ["content-length: 1073741824"])
        status, headers, body = exchange(polyd.address, request)
        assert status == 413
        assert json.loads(body)["statusCode"] == 413
        assert "larger than" in json.loads(body)["message"]
        assert headers.get("connection", "").lower() == "close"


def test_a_huge_body_of_a_stranger_is_refused_as_a_stranger(polyd):
    request = raw_request(uuid.uuid4(), "POST", "/snippets", ["content-length: 1073741824"])
    assert exchange(polyd.address, request)[0] == 401


def test_a_chunked_body_is_cut_at_the_limit(polyd):
    with connect(polyd.address) as connection:
        connection.sendall(raw_request(polyd.key, "POST", "/snippets", ["transfer-encoding: chunked"]))
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        try:
            for _ in range(64):
                connection.sendall(chunk)
        except OSError:
            pass  # polyd has answered and closed
        status, _, _ = read_answer(connection)
    assert status == 413


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET /auth HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n", 400),
        (b"GET /auth HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n", 400),
        (b"POST /auth HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n", 400),
        (b"GET /auth HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 70000 + b"\r\n\r\n", 431),
        (b"POST /auth HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", 400),
    ],
    ids=["no request", "header", "two lengths", "length and chunks", "huge head", "negative length"],
)
def test_what_is_not_http_is_refused_and_polyd_goes_on(polyd, admin, request_bytes, status):
    assert exchange(polyd.address, request_bytes)[0] == status
    assert admin.get("/auth").status == 200


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer ", "bearer x y"])
def test_a_missing_or_odd_key_is_401(polyd, header):
    headers = {"authorization": header} if header else {}
    refused = polyd.client().with_key(None).get("/specs", headers=headers)
    assert (refused.status, refused.json) == (401, {"statusCode": 401, "message": "Unauthorized"})


@pytest.mark.parametrize(
    ("value", "reason"),
    [("* * * *", "5"), ("61 * * * *", "61"), ("* * * * banana", "banana"), ("", "$.schedule.value"), ("@never", "@never"), (7, "string")],
)
def test_an_invalid_cron_line_is_refused_with_the_reason(admin, add, value, reason):
    function = add.split("/")[3]
    refused = admin.post("/jobs", samples.job("timed", function, schedule={"type": "periodical", "value": value}))
    assert refused.status == 400, refused
    assert "$.schedule.value" in refused.message
    assert reason in refused.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schedule": {"type": "sometimes", "value": 1}}, "$.schedule.type: 'sometimes' is not one of periodical, interval, on_time"),
        ({"schedule": {"type": "interval", "value": 0}}, "$.schedule.value"),
        ({"schedule": {"type": "interval", "value": "soon"}}, "$.schedule.value"),
        ({"schedule": {"type": "on_time", "value": "soon"}}, "$.schedule.value"),
        ({"schedule": {"type": "interval"}}, "$.schedule.value: is missing"),
        ({"functions": []}, "$.functions: needs at least one function"),
        ({"functions": [{"id": NOWHERE}]}, f"$.functions[0].id: there is no API or server function with the id {NOWHERE}"),
        ({"functions": [{"id": "x"}]}, "$.functions[0].id: is not a UUID"),
        ({"executionType": "random"}, "$.executionType: 'random' is not one of sequential, parallel"),
        ({"name": " "}, "$.name: must not be empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_job_is_refused_by_field(admin, add, changes, said):
    refused = admin.post("/jobs", {**samples.job("wrong", add.split("/")[3]), **changes})
    assert refused.status == 400, refused
    assert said in refused.message


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "empty"),
        (b"just words", "OpenAPI"),
        (b"{}", "openapi"),
        (b'{"openapi": "4.0.0", "info": {}, "paths": {}}', "4.0.0"),
        (b'{"swagger": "1.2", "info": {}, "paths": {}}', "1.2"),
        (b'{"openapi": "3.0.0", "paths": ', "JSON"),
        (b"openapi: 3.0.0\n  bad: [", "line"),
        (b"\x00\x01\x02\x03", ""),
        (b"[1, 2]", "object"),
    ],
    ids=["empty", "words", "object", "future", "swagger 1", "cut off", "bad YAML", "binary", "list"],
)
def test_what_is_not_an_openapi_document_is_refused_with_the_reason(admin, document, said):
    refused = admin.post("/specification-input/oas", document, headers={"content-type": "text/plain"})
    assert refused.status == 400, refused
    assert said in refused.message


@pytest.mark.parametrize(
    ("language", "code", "line", "said"),
    [
        (None, "export function broken(a: string {\n  return a;\n}\n", "line 1", "expected"),
        (None, "export function broken() {\n  return 1;\n", "line", "expected"),
        (None, "export function other() {}\n", "", "broken"),
        (None, "", "", "broken"),
        ("python", "def broken(a):\n    return (a\n", "line 2", "never closed"),
        ("python", "def broken(a)\n    return a\n", "line 1", "expected"),
        ("python", "def broken(a):\nreturn a\n", "line 2", "indent"),
        ("python", "def other():\n    pass\n", "", "broken"),
    ],
    ids=["ts bracket", "ts end", "ts name", "ts empty", "py bracket", "py colon", "py indent", "py name"],
)
@pytest.mark.parametrize("collection", ["/functions/server", "/functions/client"])
def test_broken_source_is_refused_with_line_and_message_and_not_stored(admin, collection, language, code, line, said):
    body = {"name": "broken", "context": "sources", "code": code, **({"language": language} if language else {})}
    refused = admin.post(collection, body)
    assert refused.status == 400, refused
    assert line in refused.message
    assert said in refused.message
    assert admin.get(f"{collection}/sources.broken").status == 404


def test_broken_source_leaves_the_deployed_revision_as_it_was(admin):
    made = admin.made("/functions/server", samples.server_function("steady"))
    assert admin.post("/functions/server", samples.server_function("steady", code="export function steady( {")).status == 400
    assert admin.found(f"/functions/server/{made['id']}") == made
    assert admin.post(f"/functions/server/{made['id']}/execute", {"a": 2, "b": 3}).json == 5


def test_a_language_that_does_not_exist_is_refused_by_name(admin):
    refused = admin.post("/functions/server", samples.server_function("cobol", language="cobol"))
    assert refused.status == 400
    assert "$.language: 'cobol' is not one of" in refused.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": {"method": "GET"}}, "$.source.url: is missing"),
        ({"source": {"url": "ftp://x/{{id}}", "method": "GET"}}, "source.url: must start with http://, https:// or a placeholder"),
        ({"source": {"url": "http:///{{id}}", "method": "GET"}}, "source.url"),
        ({"source": {"url": "http://x/{{id}}", "method": "FETCH"}}, "source.method: 'FETCH' is not a method that can be called"),
        ({"source": {"url": "http://x/{{id}}/{{other}}", "method": "GET"}}, "source.url: 'other' is not one of the arguments"),
        ({"source": {"url": "http://x/{{id", "method": "GET"}}, "source.url: a `{{` has no `}}`"),
        ({"source": {"url": "http://x/", "method": "GET"}}, "arguments: 'id' is not used in the source"),
        ({"arguments": [{"name": "id"}, {"name": "id"}]}, "arguments[1]: the name 'id' stands twice"),
        ({"arguments": [{"name": "id", "typeSchema": {"type": "strange"}}]}, "arguments[0].typeSchema"),
        ({"arguments": "id"}, "$.arguments: expected array, got string"),
        ({"source": {"url": "http://x/{{id}}", "method": "GET", "auth": {"type": "magic"}}}, "$.source.auth.type: 'magic' is not one of"),
        ({"source": {"url": "http://x/{{id}}", "method": "GET", "body": {"mode": "magic"}}}, "$.source.body.mode: 'magic' is not one of"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_api_function_is_refused_by_field_and_by_its_validation(admin, changes, said):
    body = samples.api_function("wrong", "refused", **changes)
    for path in ("/functions/api", "/specification-input/validation/api-function"):
        refused = admin.post(path, body)
        assert refused.status == 400, refused
        assert said in refused.message
    assert admin.get("/functions/api/refused.wrong").status == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "FETCH"}, "$.method: 'FETCH' is not one of GET, POST"),
        ({"method": ""}, "$.method: at least one HTTP method is needed"),
        ({"slug": "two words"}, "$.slug"),
        ({"subpath": "a/{"}, "$.subpath"),
        ({"eventPayloadTypeSchema": {"type": "strange"}}, "$.eventPayloadTypeSchema"),
        ({"responseHeaders": {"a": 1}}, "$.responseHeaders.a: expected string, got number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_webhook_is_refused_by_field_and_by_its_validation(admin, changes, said):
    for path in ("/webhooks", "/specification-input/validation/webhook-handle"):
        refused = admin.post(path, samples.webhook("wrong", "refused", **changes))
        assert refused.status == 400, refused
        assert said in refused.message


@pytest.mark.parametrize("definition", [{"type": "strange"}, {"$ref": 7}, {"properties": []}], ids=repr)
def test_a_schema_that_is_none_is_refused(admin, definition):
    refused = admin.post("/schemas", samples.schema("none", "refused", definition=definition))
    assert refused.status == 400, refused
    assert "$.definition" in refused.message


@pytest.mark.parametrize("query", ["limit=-1", "limit=many", "lastDays=x", "status=odd", "resourceId=7", "since=yesterday"])
def test_a_wrong_query_value_is_refused_by_name(admin, query):
    refused = admin.get(f"/executions?{query}")
    assert refused.status == 400, refused
    assert query.split("=")[0] in refused.message or query.split("=")[1] in refused.message
