"""Recordings of browsers and proxies become requests with samples."""

import json

import pytest


def entry(method="GET", url="https://api.example.com/x", status=200, media_type="application/json", text="{}", **more):
    request = {"method": method, "url": url, "headers": more.get("headers", [])}
    if "post" in more:
        request["postData"] = more["post"]
    response = {"status": status, "headers": more.get("answer_headers", []), "content": {"mimeType": media_type, "text": text} | more.get("content", {})}
    return {"request": request, "response": response} | ({"_resourceType": more["type"]} if "type" in more else {})


def json_body(value):
    return {"mimeType": "application/json", "text": json.dumps(value)}


@pytest.fixture
def read(descriptions):
    def read(*entries):
        text = json.dumps({"log": {"version": "1.2", "entries": entries}})
        return descriptions.ask({"kind": "har", "files": {"site.har": text}, "entry": "site.har"})

    return read


def test_requests_of_one_method_and_path_shape_are_one_with_several_samples(read):
    answer = read(
        entry(url="https://api.example.com/v1/users/17?fields=name", text='{"id":17}'),
        entry(url="https://api.example.com/v1/users/23?page=2", text='{"id":23,"name":"B"}'),
        entry(url="https://api.example.com/v1/users/99", status=404, text='{"error":"none"}'),
        entry("DELETE", "https://api.example.com/v1/users/17", status=204, media_type="", text=""),
    )
    get, delete = answer["requests"]
    assert get["url"] == "https://api.example.com/v1/users/{{userId}}?fields=name&page=2"
    assert (get["name"], get["group"], get["variables"]) == ("get users by userId", ["users"], {"userId": {"value": "17"}})
    assert [(sample["status"], sample["body"]) for sample in get["samples"]] == [
        (200, '{"id":17}'),
        (200, '{"id":23,"name":"B"}'),
        (404, '{"error":"none"}'),
    ]
    assert (delete["name"], delete["samples"][0]["status"]) == ("delete users by userId", 204)


IDS = [
    "17",
    "2024-05-01",
    "0b9f8a52-3c1d-4e6f-8a7b-9c0d1e2f3a4b",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "507f1f77bcf86cd799439011",
    "cus_9s6XKzkNRiz8i3",
    "dGhpcyBpcyBhIHRlc3Q9MQ",
    "someone@example.com",
]


@pytest.mark.parametrize("text", IDS)
def test_an_id_in_a_path_is_a_variable(read, text):
    (request,) = read(entry(url=f"https://api.example.com/orders/{text}/lines"))["requests"]
    assert request["url"] == "https://api.example.com/orders/{{orderId}}/lines"
    assert request["variables"]["orderId"] == {"value": text}


@pytest.mark.parametrize("text", ["v2", "search", "user-profiles", "getEverythingNow", "DEADBEEF", "a1", "well-known"])
def test_a_word_in_a_path_is_none(read, text):
    (request,) = read(entry(url=f"https://api.example.com/orders/{text}"))["requests"]
    assert request["url"] == f"https://api.example.com/orders/{text}"


def test_variables_of_one_path_have_names_of_their_own(read):
    (request,) = read(entry(url="https://api.example.com/1/2/users/3/users/4"))["requests"]
    assert request["url"] == "https://api.example.com/{{id}}/{{id2}}/users/{{userId}}/users/{{userId2}}"


def test_only_what_an_api_answered_is_kept_and_the_rest_is_counted(read):
    answer = read(
        entry(url="https://a.example/logo.png", media_type="image/png"),
        entry(url="https://a.example/photo.svg", media_type="image/svg+xml"),
        entry(url="https://a.example/app.js", media_type="text/javascript; charset=utf-8"),
        entry(url="https://a.example/app.css", media_type="text/css"),
        entry(url="https://a.example/f.woff2", media_type="font/woff2"),
        entry(url="https://a.example/", media_type="text/html"),
        entry("OPTIONS", "https://a.example/api", status=204, media_type=""),
        entry(url="wss://a.example/socket"),
        entry(url="https://a.example/feed", media_type="application/atom+xml", text="<feed/>"),
        entry(url="https://a.example/poll", media_type="text/plain", text="ok", type="xhr"),
        entry("POST", "https://a.example/track", status=204, media_type="", text=""),
    )
    assert [request["url"] for request in answer["requests"]] == ["https://a.example/feed", "https://a.example/poll", "https://a.example/track"]
    assert {(warning["path"], warning["reason"]) for warning in answer["warnings"]} == {
        ("log.entries", "2 left out: images"),
        ("log.entries", "1 left out: scripts"),
        ("log.entries", "1 left out: styles"),
        ("log.entries", "1 left out: fonts"),
        ("log.entries", "1 left out: pages of HTML"),
        ("log.entries", "1 left out: preflight requests"),
        ("log.entries", "1 left out: not of http or https"),
    }


def test_no_credential_of_a_recording_is_in_the_result(read):
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.TOPSECRET"
    answer = read(
        entry(
            "POST",
            "https://a.example/login?access_token=TOPSECRET",
            headers=[
                {"name": "Authorization", "value": "Bearer TOPSECRET"},
                {"name": "Cookie", "value": "sid=TOPSECRET"},
                {"name": "X-Api-Key", "value": "TOPSECRET"},
                {"name": "X-Thing", "value": token},
            ],
            post=json_body({"user": "a", "password": "TOPSECRET", "list": [{"apiKey": "TOPSECRET"}, token]}),
            answer_headers=[{"name": "Set-Cookie", "value": "sid=TOPSECRET"}, {"name": "X-Auth-Token", "value": "TOPSECRET"}],
            text=json.dumps({"accessToken": "TOPSECRET", "expires": 1}),
        )
    )
    assert "TOPSECRET" not in json.dumps(answer)
    (request,) = answer["requests"]
    assert request["auth"]["type"] == "bearer"
    assert {header["key"]: header["value"] for header in request["headers"]} == {"X-Api-Key": "{{xApiKey}}", "X-Thing": "{{xThing}}"}
    assert {name for name, variable in request["variables"].items() if variable.get("secret")} == {"token", "xApiKey", "xThing"}
    assert json.loads(request["samples"][0]["body"]) == {"accessToken": "***", "expires": 1}
    assert [warning["reason"] for warning in answer["warnings"]] == ["its cookies are left out"]


def test_bodies_of_one_request_are_merged(read):
    (request,) = read(
        entry("POST", post=json_body({"name": "a", "address": {"city": "B"}})),
        entry("POST", post=json_body({"name": "b", "age": 3, "address": {"zip": "1"}})),
    )["requests"]
    assert json.loads(request["body"]["raw"]) == {"name": "a", "address": {"city": "B", "zip": "1"}, "age": 3}


def test_operations_of_graphql_and_of_json_rpc_are_told_apart(read):
    graphql = [entry("POST", "https://a.example/graphql", post=json_body({"operationName": name, "query": f"query {name} {{a}}"})) for name in ("Me", "You", "Me")]
    calls = [entry("POST", "https://a.example/rpc", post=json_body({"jsonrpc": "2.0", "id": 1, "method": name})) for name in ("add", "sum")]
    assert [request["name"] for request in read(*graphql, *calls)["requests"]] == ["Me", "You", "add", "sum"]


def test_forms_are_read_from_their_text_or_their_fields(read):
    multipart = (
        '--X\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\r\n'
        '--X\r\nContent-Disposition: form-data; name="title"\r\n\r\nHello\r\n--X--\r\n'
    )
    fields = [{"key": "f", "value": "", "type": "file"}, {"key": "title", "value": "Hello", "type": "text"}]
    by_text, by_fields, urlencoded = read(
        entry("POST", "https://a.example/1a", post={"mimeType": "multipart/form-data; boundary=X", "text": multipart}),
        entry("POST", "https://a.example/2a", post={"mimeType": "multipart/form-data", "params": [{"name": "f", "fileName": "a.png"}, {"name": "title", "value": "Hello"}]}),
        entry("POST", "https://a.example/3a", post={"mimeType": "application/x-www-form-urlencoded", "text": "a=1&b=x+y%21"}),
    )["requests"]
    assert by_text["body"] == by_fields["body"] == {"mode": "formdata", "formdata": fields}
    assert urlencoded["body"] == {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1"}, {"key": "b", "value": "x y!"}]}


def test_answers_in_base64_are_decoded_and_two_braces_mean_nothing(read):
    (request,) = read(
        entry("POST", post=json_body({"text": "hello {{name}}"}), text="eyJhIjoxfQ==", content={"encoding": "base64"}),
    )["requests"]
    assert request["samples"][0]["body"] == '{"a":1}'
    assert "{{" not in request["body"]["raw"]


def test_answers_that_are_alike_are_one_sample_and_samples_have_a_limit(read):
    answer = read(*[entry(text='{"a":1}')] * 3, *[entry(text=json.dumps({"a": n})) for n in range(60)], entry("PUT", text=json.dumps("x" * 300_000)))
    get, put = answer["requests"]
    assert len(get["samples"]) == 50
    assert put["samples"] == []
    assert [warning["reason"] for warning in answer["warnings"]] == ["only 50 of its answers are samples", "an answer of 300002 characters is too long for a sample"]


def test_requests_of_several_hosts_say_the_host(read):
    answer = read(entry(url="https://a.example/users"), entry(url="https://b.example/users"))
    assert [request["group"] for request in answer["requests"]] == [["a.example", "users"], ["b.example", "users"]]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", {"line": 1, "column": 1, "message": "it is not JSON: value expected"}),
        ('{"log":\n  {"entries": [}}', {"line": 2, "column": 16, "message": "it is not JSON: value expected"}),
        ("{}", {"message": "it is no HAR file: log.entries must be a list"}),
        ("null", {"message": "it is no HAR file: log.entries must be a list"}),
        ("[" * 200 + "]" * 200, {"message": "it is nested deeper than 100"}),
        (json.dumps({"log": {"entries": [0] * 20_001}}), {"message": "log.entries has more than 20000 entries"}),
    ],
)
def test_what_is_no_recording_is_refused_with_the_place(descriptions, text, error):
    answer = descriptions.ask({"kind": "har", "files": {"site.har": text}, "entry": "site.har"})
    assert answer == {"errors": [{"file": "site.har"} | error]}


def test_entries_that_are_none_are_counted(read):
    answer = read(None, 7, {}, {"request": {}}, {"request": {"method": "GET", "url": 3}}, {"request": {"method": "GET", "url": "https://a.example/x"}, "response": 5, "_resourceType": "fetch"})
    assert answer["warnings"] == [{"method": "*", "path": "log.entries", "reason": "5 left out: no request with method and url"}]
    assert len(answer["requests"]) == 1
