"""What people have of another system becomes functions that call it: from a file, by `poly model`, to a live catalog."""

import json
import shutil
import uuid

import pytest

from support.functions import deploy
from support.places import EXAMPLE
from support.poly import Poly
from support.recorder import Recorder
from support.upstreams import start_crm


@pytest.fixture
def poly(polyd, tmp_path):
    return Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})


@pytest.fixture
def upstream():
    recorder = Recorder()
    yield recorder
    recorder.close()


@pytest.fixture
def context():
    """One that no other scenario of this file uses."""
    return f"t{uuid.uuid4().hex[:8]}"


def generate(poly, source, *options):
    """The model that `source` becomes: a file's name, or a command of curl."""
    given = ["--curl", source] if source.startswith("curl ") else [source]
    made = poly.json("model", "generate", *given, *options)
    return json.loads((poly.folder / made["output"]).read_text())


def train(poly, model, *options, status=0):
    poly.write("trained.model.json", json.dumps(model))
    return poly.json("model", "train", "trained.model.json", *options, status=status)


def execute(poly, path, **arguments):
    return poly.json("execute", path, "--data", json.dumps(arguments))


def by_path(model):
    return {f"{one['context']}.{one['name']}": one for one in model["functions"]}


def names_of(function):
    return [one["name"] for one in function["arguments"]]


def test_a_command_of_curl_becomes_a_function_without_its_token(poly, upstream, context):
    model = generate(
        poly,
        f"curl -X POST '{upstream.address}/users/17/notes?notify=true' -H 'Authorization: Bearer s3cret'"
        """ -H 'Content-Type: application/json' -d '{"text":"hello","stars":5}'""",
        "--context",
        context,
    )
    assert "s3cret" not in json.dumps(model)
    (function,) = model["functions"]
    assert set(names_of(function)) == {"userId", "notify", "token", "body"}
    assert train(poly, model)["added"] == 1
    path = f"{function['context']}.{function['name']}"
    execute(poly, path, userId=23, notify=False, token="mine", body={"text": "bye", "stars": 4.5})
    assert upstream.last.target == "/users/23/notes?notify=false"
    assert upstream.last.headers["authorization"] == "Bearer mine"
    assert upstream.last.json == {"text": "bye", "stars": 4.5}


def collection(address):
    """A Postman collection with a folder, variables, a saved answer, and a form."""
    saved = {"name": "ok", "code": 200, "header": [{"key": "Content-Type", "value": "application/json"}]}
    get_customer = {
        "name": "Get customer",
        "request": {
            "method": "GET",
            "url": {
                "raw": "{{baseUrl}}/customers/:customerId?expand={{expand}}",
                "host": ["{{baseUrl}}"],
                "path": ["customers", ":customerId"],
                "query": [{"key": "expand", "value": "{{expand}}"}],
            },
        },
        "response": [{**saved, "body": '{"id":17,"name":"Ann","mail":null}'}],
    }
    log_in = {
        "name": "Log in",
        "request": {
            "method": "POST",
            "url": "{{baseUrl}}/login",
            "body": {
                "mode": "urlencoded",
                "urlencoded": [{"key": "grant", "value": "password"}, {"key": "user", "value": "{{user}}"}],
            },
        },
    }
    return {
        "info": {
            "name": "CRM",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]},
        "variable": [{"key": "baseUrl", "value": address}],
        "item": [{"name": "Customers", "item": [get_customer]}, log_in],
    }


def test_a_postman_collection_becomes_functions_that_send_its_requests(poly, upstream, context):
    poly.write("crm.json", json.dumps(collection(upstream.address)))
    functions = by_path(model := generate(poly, "crm.json", "--context", context))
    assert set(functions) == {f"{context}.customers.getCustomer", f"{context}.logIn"}
    get_customer = functions[f"{context}.customers.getCustomer"]
    assert names_of(get_customer) == ["customerId", "expand", "token"]
    schema = get_customer["returnTypeSchema"]
    assert schema["x-poly-inferred"] is True
    assert schema["properties"] == {"id": {"type": "integer"}, "name": {"type": "string"}, "mail": {}}
    train(poly, model)
    execute(poly, f"{context}.customers.getCustomer", customerId="a/b", expand="all", token="t")
    assert upstream.last.target == "/customers/a%2Fb?expand=all"
    assert upstream.last.headers["authorization"] == "Bearer t"
    execute(poly, f"{context}.logIn", user="ann", token="t")
    assert upstream.last.body == b"grant=password&user=ann"


def entry(address, path, answer, **request):
    return {
        "request": {"method": "GET", "url": address + path, "headers": [{"name": "Cookie", "value": "sid=1"}], **request},
        "response": {
            "status": 200,
            "headers": [],
            "content": {"mimeType": "application/json", "text": json.dumps(answer)},
        },
    }


def test_a_recording_of_a_browser_becomes_one_function_for_each_shape_of_path(poly, upstream, context):
    states = ["open", "closed"]
    entries = [
        entry(upstream.address, f"/orders/{i}", {"id": i, "state": states[i % 2], "at": "2024-05-01T10:00:00Z"})
        for i in range(1, 17)
    ]
    image = {"request": {"method": "GET", "url": f"{upstream.address}/x.png", "headers": []}}
    image["response"] = {"status": 200, "headers": [], "content": {"mimeType": "image/png"}}
    poly.write("shop.har", json.dumps({"log": {"version": "1.2", "entries": [*entries, image]}}))
    model = generate(poly, "shop.har", "--context", context)
    (function,) = model["functions"]
    assert names_of(function)[0] == "orderId"
    assert "sid=1" not in json.dumps(model)
    properties = function["returnTypeSchema"]["properties"]
    assert properties["state"]["enum"] == ["closed", "open"]
    assert properties["at"]["format"] == "date-time"
    train(poly, model)
    path = f"{function['context']}.{function['name']}"
    execute(poly, path, orderId=99)
    assert upstream.last.target == "/orders/99"


def test_a_description_that_cannot_be_read_is_refused_by_file_and_reason(poly):
    poly.write("broken.har", '{"log": {"entries": [}}')
    ended = poly.run("model", "generate", "broken.har")
    assert ended.status == 6, ended
    assert "broken.har" in ended.errors
    assert "line 1" in ended.errors


def openapi(address, paths):
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "servers": [{"url": address}], "paths": paths}


def operation(name, result, *parameters):
    content = {"application/json": {"schema": result}}
    return {"operationId": name, "parameters": list(parameters), "responses": {"200": {"description": "", "content": content}}}


def query(name, required=False):
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}


def test_training_again_keeps_ids_and_tells_what_breaks_and_who_notices(poly, admin, context):
    def document(first):
        return json.dumps(openapi("https://api.example", {"/a": {"get": first}, "/b": {"get": operation("b", {"type": "string"})}}))

    before = operation("a", {"type": "object", "properties": {"id": {"type": "integer"}}}, query("limit"))
    after = operation("a", {"type": "object", "properties": {"id": {"type": "string"}}}, query("state", required=True), query("limit"))
    poly.write("doc.json", document(before))
    first = generate(poly, "doc.json", "--context", context)
    assert train(poly, first)["added"] == 2
    assert train(poly, first)["unchanged"] == 2
    kept = admin.found(f"/functions/api/{context}.a")["id"]
    code = f"const {{ poly }} = require('openpoly'); async function use() {{ return (await poly.{context}.a()).data; }}"
    server = deploy(admin, "use", code, context=context)
    job = {"name": f"nightly_{context}", "schedule": {"type": "periodical", "value": "0 3 * * *"}, "functions": [{"id": server}]}
    admin.made("/jobs", job)

    poly.write("doc.json", document(after))
    second = generate(poly, "doc.json", "--context", context)
    would = train(poly, second, "--dry-run")
    assert (would["dryRun"], would["updated"], would["unchanged"]) == (True, 1, 1)
    assert names_of(admin.found(f"/functions/api/{context}.a")) == ["limit"]
    did = train(poly, second)
    assert (did["updated"], did["unchanged"]) == (1, 1)
    (change,) = did["changes"]
    assert (change["path"], change["id"], change["breaking"]) == (f"{context}.a", kept, True)
    assert [one["what"] for one in change["details"] if one["breaking"]] == [
        "argument 'state' is new, required",
        "result.id: now string, was integer",
    ]
    assert [(one["kind"], one["path"], one.get("through")) for one in change["usedBy"]] == [
        ("server function", f"{context}.use", None),
        ("job", f"nightly_{context}", f"{context}.use"),
    ]
    assert names_of(admin.found(f"/functions/api/{context}.a")) == ["state", "limit"]
    second["functions"] = [one for one in second["functions"] if one["name"] != "a"]
    (left,) = train(poly, second)["leftOver"]
    assert (left["path"], left["id"], len(left["usedBy"])) == (f"{context}.a", kept, 2)
    text = poly.run("model", "train", "trained.model.json").output
    assert text.startswith(f"0 added, 0 updated, 1 unchanged, 0 failed\n? function {context}.a is not in the model\n")


def test_what_cannot_be_trained_is_named_and_the_rest_is(poly, admin, context):
    good = {"name": "good", "context": context, "source": {"url": "https://a.example", "method": "GET"}}
    bad = {**good, "name": "bad", "source": {"url": "ftp://x", "method": "GET"}}
    model = {"functions": [good, bad, {"context": context}, good]}
    outcome = train(poly, model, status=1)
    assert (outcome["added"], outcome["failed"]) == (1, 3)
    assert [one["path"] for one in outcome["problems"]] == [f"{context}.bad", context, f"{context}.good"]
    assert admin.found(f"/functions/api/{context}.good")["name"] == "good"


def test_a_key_without_the_permission_for_a_part_trains_nothing(admin, context):
    made = admin.made("/api-keys", {"name": context, "permissions": {"manageSchemas": True}})
    schema = {"name": "S", "context": context, "definition": {"type": "string"}}
    function = {"name": "f", "context": context, "source": {"url": "https://a.example", "method": "GET"}}
    client = admin.with_key(made["key"])
    refused = client.post("/specification-input/training", {"schemas": [schema], "functions": [function]})
    assert refused.status == 403
    assert "manageApiFunctions" in refused.message
    assert client.post("/specification-input/training", {"schemas": [schema]}).status == 200


SOURCES = {
    "crm.postman.json": "customers.getCustomer",
    "crm.har": "customers.getCustomersByCustomerId",
    "crm.curl": "customers.getCustomersByCustomerId",
    "crm-2.0.yaml": "customers.getCustomer",
    "in-files/openapi.yaml": "customers.getCustomer",
}


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    upstream = start_crm(tmp_path_factory.mktemp("crm"), "key-of-the-crm")
    yield upstream
    assert upstream.stop() == 0


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_of_the_example_becomes_functions_that_call_the_crm(poly, crm, context, source):
    shutil.copytree(EXAMPLE.parent / "training", poly.folder / "training")
    model = generate(poly, f"training/{source}", "--context", context, "--host-url", crm.address)
    assert model["report"]["refused"] == []
    assert "key-of-the-crm" not in json.dumps(model)
    assert train(poly, model)["failed"] == 0
    path = f"{context}.{SOURCES[source]}"
    answer = execute(poly, path, customerId=7, xApiKey="key-of-the-crm")
    assert (answer["status"], answer["data"]["lastName"]) == (200, "Rossi")
    samples = {path: [{"arguments": {"customerId": 7, "xApiKey": "key-of-the-crm"}}]}
    poly.write("samples.json", json.dumps(samples))
    verified = poly.json("model", "verify", path, "--samples", "samples.json")
    assert verified["fits"] == 1, verified


def test_a_schema_of_graphql_becomes_a_function_for_each_query_and_mutation(poly, upstream, context):
    shutil.copy(EXAMPLE.parent / "training/crm.graphql", poly.folder)
    model = generate(poly, "crm.graphql", "--context", context, "--host-url", f"{upstream.address}/graphql")
    assert len(model["functions"]) == 3
    assert {one["apiType"] for one in model["functions"]} == {"graphql"}
    assert train(poly, model)["failed"] == 0
    (customer,) = [path for path in by_path(model) if path.endswith(".customer")]
    upstream.answer = json.dumps({"data": {"customer": None}}).encode()
    execute(poly, customer, id="7")
    assert upstream.last.target == "/graphql"
    assert upstream.last.json["variables"] == {"id": "7"}
    assert "customer(id: $id)" in upstream.last.json["query"]
    poly.write("samples.json", json.dumps({customer: [{"arguments": {"id": "7"}}]}))
    assert poly.json("model", "verify", customer, "--samples", "samples.json")["fits"] == 1
    refused = poly.run("model", "generate", "crm.graphql", "--depth", "9")
    assert (refused.status, "from 1 to 6" in refused.errors) == (6, True), refused


def test_an_operation_of_soap_becomes_a_function_that_sends_its_envelope(poly, upstream, context):
    shutil.copy(EXAMPLE.parent / "training/crm.wsdl", poly.folder)
    model = generate(poly, "crm.wsdl", "--context", context, "--host-url", f"{upstream.address}/soap")
    assert train(poly, model)["added"] == 1
    execute(poly, f"{context}.getCustomer", customerId=7)
    assert upstream.last.target == "/soap"
    assert upstream.last.headers["soapaction"] == '"urn:northwind:crm#GetCustomer"'
    assert upstream.last.headers["content-type"] == "text/xml; charset=utf-8"
    assert b"<m:customerId>7</m:customerId>" in upstream.last.body


def test_verify_names_what_is_missing_null_or_of_another_status(poly, upstream, context):
    result = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    }
    needs = {"type": "object", "properties": {}}
    paths = {
        "/a": {"get": operation("a", result)},
        "/b": {"get": operation("b", needs, query("q", required=True)), "post": operation("c", needs)},
    }
    poly.write("doc.json", json.dumps(openapi(upstream.address, paths)))
    train(poly, generate(poly, "doc.json", "--context", context))
    upstream.answer = json.dumps({"id": None}).encode()
    found = poly.json("model", "verify", context, status=1)
    assert {one["path"].rpartition(".")[2]: one["verdict"] for one in found["functions"]} == {
        "a": "differs",
        "b": "skipped",
        "c": "skipped",
    }
    assert found["functions"][0]["problems"] == [
        "status 200: $.id: expected integer, got null",
        "status 200: $.name: is missing",
    ]
    upstream.answer = json.dumps({"id": 1, "name": "x"}).encode()
    assert poly.json("model", "verify", f"{context}.a")["fits"] == 1
    poly.write("samples.json", json.dumps({f"{context}.a": [{"status": 503, "data": "down"}]}))
    replayed = poly.json("model", "verify", "trained.model.json", "--samples", "samples.json", status=1)
    assert replayed["functions"][0]["problems"] == ["status 503: the model does not know it"]
    assert poly.run("model", "verify", f"{context}.nobody").status == 3


def test_infer_types_a_function_by_the_answers_that_it_gives(poly, upstream, context):
    poly.write("plain.model.json", json.dumps(generate(poly, f"curl {upstream.address}/things", "--context", context)))
    poly.json("model", "train", "plain.model.json")
    upstream.answer = json.dumps([{"id": 1, "at": "2024-05-01"}, {"id": 2.5}]).encode()
    assert poly.json("model", "infer", "plain.model.json")["inferred"] == 1
    (function,) = json.loads((poly.folder / "plain.model.json").read_text())["functions"]
    assert function["returnType"] == "array"
    assert function["returnTypeSchema"]["items"] == {
        "type": "object",
        "properties": {"id": {"type": "number"}, "at": {"type": "string", "format": "date"}},
        "required": ["id"],
    }
    (change,) = poly.json("model", "train", "plain.model.json")["changes"]
    assert [one["what"] for one in change["details"]] == ["result: now array, was any"]
