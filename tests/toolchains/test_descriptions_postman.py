"""Postman collections become requests, with what they inherit."""

import json

import pytest

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@pytest.fixture
def ask(descriptions):
    def ask(collection):
        text = collection if isinstance(collection, str) else json.dumps(collection)
        return descriptions.ask({"kind": "postman", "files": {"shop.json": text}, "entry": "shop.json"})

    return ask


@pytest.fixture
def read(ask):
    def read(*items, schema=SCHEMA, **collection):
        answer = ask({"info": {"name": "Shop", "schema": schema}, "item": items} | collection)
        assert "requests" in answer, answer
        return answer

    return read


@pytest.fixture
def request_of(read):
    def request_of(request, response=(), **collection):
        (found,) = read({"name": "Do it", "request": request, "response": list(response)}, **collection)["requests"]
        return found

    return request_of


def pairs(values):
    return [{"key": key, "value": value, "type": "string"} for key, value in values.items()]


def test_folders_are_the_group_and_descriptions_stay(read):
    inner = {"name": "Open", "item": [{"name": "List", "request": {"url": "https://a.example/x", "description": {"content": "All of them."}}}]}
    answer = read({"name": "Orders", "item": [inner]}, {"name": "Ping", "request": "https://a.example/ping"})
    assert answer["title"] == "Shop"
    assert [(request["group"], request["name"], request["method"], request["description"]) for request in answer["requests"]] == [
        (["Orders", "Open"], "List", "GET", "All of them."),
        ([], "Ping", "GET", ""),
    ]


def test_variables_have_the_values_of_the_collection(request_of):
    request = request_of(
        {"method": "GET", "url": "{{base-url}}/customers/{{customer id}}?expand={{expand}}&at={{$timestamp}}"},
        variable=[
            {"key": "base-url", "value": "https://{{host}}/v1"},
            {"key": "host", "value": "shop.example"},
            {"key": "customer id", "value": 17, "description": "Whose"},
            {"key": "expand", "value": "x", "disabled": True},
            {"key": "unused", "value": "y"},
        ],
    )
    assert request["url"] == "{{baseUrl}}/customers/{{customerId}}?expand={{expand}}&at={{timestamp}}"
    assert request["variables"] == {
        "baseUrl": {"value": "https://shop.example/v1"},
        "customerId": {"value": "17", "description": "Whose"},
        "expand": {},
        "timestamp": {},
    }


def test_variables_that_go_in_a_circle_stay_variables(request_of):
    request = request_of("{{a}}/x", variable=[{"key": "a", "value": "{{b}}{{b}}"}, {"key": "b", "value": "{{a}}{{a}}"}])
    assert request["url"] == "{{a}}/x"
    assert request["variables"].keys() == {"a", "b"}


def test_a_variable_of_the_path_is_one_with_its_value_and_description(request_of):
    url = {
        "raw": "https://a.example/u/:user-id/:other",
        "protocol": "https",
        "host": ["a", "example"],
        "path": ["u", ":user-id", ":other"],
        "variable": [{"key": "user-id", "value": "17", "description": "Whose"}, {"key": "other", "value": "{{mine}}"}],
    }
    request = request_of({"url": url})
    assert request["url"] == "https://a.example/u/{{userId}}/{{mine}}"
    assert request["variables"] == {"userId": {"value": "17", "description": "Whose"}, "mine": {}}


def test_what_is_switched_off_is_left_out(request_of):
    off = {"key": "off", "value": "1", "disabled": True}
    on = {"key": "on", "value": "a b", "description": "why"}
    url = {"protocol": "https", "host": ["a", "example"], "path": ["x"], "query": [off, on]}
    request = request_of({"method": "POST", "url": url, "header": [off, on], "body": {"mode": "urlencoded", "urlencoded": [off, on]}})
    assert request["url"] == "https://a.example/x?on=a%20b"
    assert request["headers"] == [{"key": "on", "value": "a b"}]
    assert request["body"]["urlencoded"] == [{"key": "on", "value": "a b"}]


BODIES = [
    ({"mode": "raw", "raw": '{"id": {{my id}}}'}, {"mode": "raw", "raw": '{"id": {{myId}}}', "language": "json"}),
    ({"mode": "raw", "raw": "a", "options": {"raw": {"language": "xml"}}}, {"mode": "raw", "raw": "a", "language": "xml"}),
    ({"mode": "raw", "raw": ""}, {"mode": "empty"}),
    (
        {"mode": "formdata", "formdata": [{"key": "a", "value": "{{b c}}", "type": "text"}, {"key": "f", "type": "file", "src": "/etc/passwd"}]},
        {"mode": "formdata", "formdata": [{"key": "a", "value": "{{bC}}", "type": "text"}, {"key": "f", "value": "", "type": "file"}]},
    ),
    ({"mode": "file", "file": {"src": "/etc/passwd"}}, {"mode": "file"}),
    (
        {"mode": "graphql", "graphql": {"query": "query Q($a: Int) { a(a: $a) }", "variables": '{"a": {{limit}}}', "operationName": "Q"}},
        {"mode": "raw", "raw": '{"operationName":"Q","query":"query Q($a: Int) { a(a: $a) }","variables":{"a": {{limit}}}}', "language": "json"},
    ),
    ({"mode": "raw", "raw": "x", "disabled": True}, {"mode": "empty"}),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_bodies_of_each_mode(request_of, body, expected):
    assert request_of({"method": "POST", "url": "https://a.example/x", "body": body})["body"] == expected


AUTHS = [
    ({"type": "bearer", "bearer": pairs({"token": "{{t t}}"})}, {"type": "bearer", "bearer": [{"key": "token", "value": "{{tT}}"}]}),
    (
        {"type": "basic", "basic": pairs({"username": "{{u}}", "password": "TOPSECRET"})},
        {"type": "basic", "basic": [{"key": "username", "value": "{{u}}"}, {"key": "password", "value": "{{password}}"}]},
    ),
    (
        {"type": "apikey", "apikey": pairs({"key": "api_key", "value": "TOPSECRET", "in": "query"})},
        {"type": "apikey", "apikey": [{"key": "key", "value": "api_key"}, {"key": "value", "value": "{{apiKey}}"}, {"key": "in", "value": "query"}]},
    ),
    (
        {"type": "awsv4", "awsv4": pairs({"accessKey": "TOPSECRET", "secretKey": "TOPSECRET", "region": "eu-west-1", "service": "s3"})},
        {
            "type": "awsv4",
            "awsv4": [
                {"key": "accessKey", "value": "{{accessKey}}"},
                {"key": "secretKey", "value": "{{secretKey}}"},
                {"key": "region", "value": "eu-west-1"},
                {"key": "service", "value": "s3"},
            ],
        },
    ),
    (
        {"type": "oauth2", "oauth2": pairs({"grant_type": "client_credentials", "accessTokenUrl": "https://a.example/t", "clientId": "c", "clientSecret": "TOPSECRET"})},
        {
            "type": "oauth2",
            "oauth2": [
                {"key": "grantType", "value": "client_credentials"},
                {"key": "tokenUrl", "value": "https://a.example/t"},
                {"key": "clientId", "value": "{{clientId}}"},
                {"key": "clientSecret", "value": "{{clientSecret}}"},
            ],
        },
    ),
    ({"type": "oauth2", "oauth2": pairs({"accessToken": "TOPSECRET"})}, {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}),
    ({"type": "digest", "digest": pairs({"username": "TOPSECRET"})}, None),
    ({"type": "noauth"}, None),
]


@pytest.mark.parametrize(("auth", "expected"), AUTHS)
def test_auth_is_inherited_and_its_credentials_are_secret_variables(read, auth, expected):
    answer = read({"name": "F", "item": [{"name": "f", "request": {"url": "https://a.example/x"}}]}, auth=auth)
    (request,) = answer["requests"]
    assert request["auth"] == expected
    assert "TOPSECRET" not in json.dumps(answer)
    secrets = {name for name, variable in request["variables"].items() if variable == {"secret": True}}
    assert secrets == request["variables"].keys()


def test_the_nearest_auth_counts(read):
    inner = {"name": "f", "request": {"url": "https://a.example/x", "auth": {"type": "noauth"}}}
    answer = read(inner, {"name": "g", "request": "https://a.example/y"}, auth={"type": "bearer", "bearer": pairs({"token": "{{t}}"})})
    assert [request["auth"] is None for request in answer["requests"]] == [True, False]


def test_credentials_that_are_written_out_are_in_no_result(read):
    answer = read(
        {
            "name": "f",
            "request": {
                "method": "POST",
                "url": "https://a.example/{{apiKey}}/{{s}}?access_token=TOPSECRET",
                "header": [{"key": "Authorization", "value": "Bearer TOPSECRET"}, {"key": "X-Key", "value": "{{apiKey}}"}],
                "body": {"mode": "raw", "raw": '{"name":"{{name}}","n":{{n}},"password":"TOPSECRET"}'},
            },
            "response": [{"code": 200, "header": [{"key": "Set-Cookie", "value": "TOPSECRET"}], "body": '{"token":"TOPSECRET"}'}],
        },
        variable=[{"key": "apiKey", "value": "TOPSECRET"}, {"key": "s", "type": "secret", "value": "TOPSECRET"}],
    )
    assert "TOPSECRET" not in json.dumps(answer)
    (request,) = answer["requests"]
    assert request["body"]["raw"] == '{"name":"{{name}}","n":{{n}},"password":"{{password}}"}'
    assert {name for name, variable in request["variables"].items() if variable.get("secret")} == {"token", "apiKey", "s", "password"}


def test_saved_examples_are_samples(request_of):
    responses = [
        {"name": "ok", "code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": '{"a":1}'},
        {"name": "none", "code": 404, "header": None, "body": None},
        {"name": "broken", "body": "x"},
    ]
    assert request_of("https://a.example/x", response=responses)["samples"] == [
        {"status": 200, "headers": {"content-type": "application/json"}, "body": '{"a":1}'},
        {"status": 404, "headers": {}, "body": ""},
    ]


def test_collections_of_version_2_0_are_read(read):
    request = {"url": "https://a.example/x", "auth": {"type": "basic", "basic": {"username": "{{u}}", "password": "{{p}}"}}}
    (found,) = read({"name": "f", "request": request}, schema=SCHEMA.replace("v2.1", "v2.0"))["requests"]
    assert found["auth"]["basic"] == [{"key": "username", "value": "{{u}}"}, {"key": "password", "value": "{{p}}"}]


def nested(depth):
    item = {"name": "f", "request": "https://a.example/x"}
    for _ in range(depth):
        item = {"name": "d", "item": [item]}
    return item


@pytest.mark.parametrize(
    ("collection", "message"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is no collection of Postman: `info` and a list `item` must be there"),
        ({"info": {"schema": SCHEMA.replace("v2.1", "v1.0")}, "item": []}, "collections of version 2.0 and 2.1 are read"),
        ({"info": {"schema": SCHEMA}, "item": [nested(60)]}, "it is nested deeper than 100"),
        ({"info": {"schema": SCHEMA}, "item": [{"name": "f", "request": "https://a.example"}] * 20_001}, "more than 20000 requests"),
    ],
)
def test_what_is_no_collection_is_refused_with_the_reason(ask, collection, message):
    (error,) = ask(collection)["errors"]
    assert error["file"] == "shop.json"
    assert message in error["message"]
