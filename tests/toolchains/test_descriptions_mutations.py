"""Broken descriptions of every kind are answered: with what could be read, or with faults that say where. Nothing ends
the process, and the same text is always answered the same."""

import json
import random
from pathlib import Path

import pytest
from test_descriptions_graphql import SCHEMA as GRAPHQL
from test_descriptions_openapi import FILES, swagger
from toolchain import ERROR, RESULT, Toolchain

MUTATIONS = 150  # of each sample
SEED = 20_240_501
SOAP = Path(__file__).with_name("samples") / "shop.wsdl"

CURL = """curl 'https://a.example/users/17?api_key=k' -H 'Authorization: Bearer t' -H $'x: \\u00e9' --data-raw '{"a":[1,{"b":null}]}' --compressed
curl -sSX PUT "https://a.example/$ID" -F 'f=@a.png;type=image/png' -F n=x -u a:b | jq . && curl -G x.example --data-urlencode 'q=a b' # end
"""
HAR = {
    "log": {
        "version": "1.2",
        "pages": [{"title": "Site"}],
        "entries": [
            {
                "_resourceType": "xhr",
                "request": {
                    "method": "POST",
                    "url": "https://a.example/v1/users/17?x=1",
                    "headers": [{"name": "Authorization", "value": "Bearer t"}, {"name": "Cookie", "value": "a=b"}],
                    "postData": {"mimeType": "application/json", "text": '{"jsonrpc":"2.0","method":"a"}', "params": []},
                },
                "response": {"status": 200, "headers": [{"name": "Content-Type", "value": "application/json"}], "content": {"mimeType": "application/json", "text": '{"id":[1]}', "encoding": "base64"}},
            },
            {"request": {"method": "POST", "url": "https://a.example/f", "headers": [], "postData": {"mimeType": "multipart/form-data; boundary=X", "text": "--X--"}}, "response": {}},
        ],
    }
}
POSTMAN = {
    "info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]},
    "variable": [{"key": "base", "value": "https://{{host}}"}, {"key": "host", "value": "a.example"}],
    "item": [
        {
            "name": "Folder",
            "item": [
                {
                    "name": "Get",
                    "request": {
                        "method": "POST",
                        "header": [{"key": "A", "value": "{{b}}", "description": {"content": "c"}}],
                        "url": {"raw": "{{base}}/:id", "host": ["{{base}}"], "path": [":id"], "query": [{"key": "q", "value": "1", "disabled": False}], "variable": [{"key": "id", "value": "1"}]},
                        "body": {"mode": "graphql", "graphql": {"query": "{ a }", "variables": "{}"}},
                    },
                    "response": [{"code": 200, "header": [{"key": "X", "value": "y"}], "body": "{}"}],
                },
                {"name": "Form", "request": {"url": "https://a.example", "body": {"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": []}]}}},
            ],
        }
    ],
}
SWAGGER = swagger(
    {
        "/x/{id}": {
            "parameters": [{"name": "id", "in": "path", "type": "string", "required": True}, {"$ref": "#/parameters/File"}],
            "post": {
                "parameters": [{"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}}],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}, "headers": {"X": {"type": "integer"}}, "examples": {"application/json": {}}}, "404": {"$ref": "#/responses/None"}},
                "produces": ["application/xml"],
            },
        }
    },
    parameters={"File": {"name": "f", "in": "formData", "type": "file"}},
    responses={"None": {"description": "none", "schema": {"type": "file"}}},
    definitions={"Pet": {"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string", "x-nullable": True}, "mother": {"$ref": "#/definitions/Pet"}}}},
    securityDefinitions={"o": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example", "scopes": {}}},
)


def texts(files):
    return {path: text if isinstance(text, str) else json.dumps(text) for path, text in files.items()}


SAMPLES = {
    "curl": ("curl", {"a": CURL}, "a"),
    "har": ("har", texts({"a": HAR}), "a"),
    "postman": ("postman", texts({"a": POSTMAN}), "a"),
    "openapi in files": ("openapi", texts(FILES), "openapi.yaml"),
    "openapi 2.0": ("openapi", texts({"a.json": SWAGGER}), "a.json"),
    "graphql": ("graphql", {"a": GRAPHQL}, "a"),
    "wsdl": ("wsdl", {"a": SOAP.read_text()}, "a"),
}
ODD = [None, True, 0, -1, 1e300, "", "x", "{{", "{{a}}", "#/", "\x00\ud7ff", [], {}, [[]], {"$ref": "#"}, {"__proto__": {"a": 1}}, {"constructor": 1}, {"toString": None}]
PIECES = ["", "{", "}", "[", '"', "'", "\\", "<", ">", "&", "/", ":", "$", "#", "@", "%", "\n", "{{", "}}", "$ref", "\x00", "\ufffd", "é", "&a", "*a", "<<", "!!", "%zz", "-", "null", "9" * 30]


def changed_text(text, chance):
    """`text` with a few pieces cut, doubled or put in."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 0, 1, 2, 10, 100]))
        text = text[:start] + chance.choice([*PIECES, text[start:end] * 2]) + text[end:]
    return text


def changed_value(value, chance):
    """A JSON value with one part of it made odd, dropped or put in the place of another."""
    places = []

    def walk(item):
        for key in list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ():
            places.append((item, key))
            walk(item[key])

    value = json.loads(json.dumps(value))
    walk(value)
    if not places:
        return value
    holder, key = chance.choice(places)
    other_holder, other_key = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        holder[key] = json.loads(json.dumps(other_holder[other_key]))
    else:
        holder[key] = chance.choice(ODD)
    return value


def changed(files, chance):
    path = chance.choice(sorted(files))
    text = files[path]
    if text.startswith("{") and chance.random() < 0.7:
        try:
            return files | {path: json.dumps(changed_value(json.loads(text), chance))}
        except ValueError:
            pass
    return files | {path: changed_text(text, chance)}


@pytest.fixture(scope="module")
def toolchain():
    toolchain = Toolchain("descriptions")
    yield toolchain
    assert toolchain.close() == 0


def answer_to(toolchain, request):
    call_id = toolchain.send_request(request)
    kind, answered_id, header, body = toolchain.read()
    assert answered_id == call_id
    assert kind in (RESULT, ERROR)
    # An error frame is for a request that is none: here it would be a bug of the reader.
    assert kind == RESULT, (header, request)
    return body


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_is_read_as_it_is(toolchain, sample):
    kind, files, entry = SAMPLES[sample]
    assert "errors" not in answer_to(toolchain, {"kind": kind, "files": files, "entry": entry})


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_that_was_changed_anywhere_is_answered(toolchain, sample):
    kind, files, entry = SAMPLES[sample]
    chance = random.Random(f"{SEED} {sample}")
    for _ in range(MUTATIONS):
        mutated = files
        for _ in range(chance.randint(1, 3)):
            mutated = changed(mutated, chance)
        request = {"kind": kind, "files": mutated, "entry": entry, "options": {"context": "shop"}}
        answer = answer_to(toolchain, request)
        for fault in answer.get("errors", []):
            assert fault["message"]
        if chance.random() < 0.1:
            assert answer_to(toolchain, request) == answer


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_that_was_cut_off_anywhere_is_answered(toolchain, sample):
    kind, files, entry = SAMPLES[sample]
    text = files[entry]
    for length in range(0, len(text), max(1, len(text) // 60)):
        answer_to(toolchain, {"kind": kind, "files": files | {entry: text[:length]}, "entry": entry})
