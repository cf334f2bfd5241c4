"""The calls of the public clients, in their order and with their odd headers, and the answers that they need to go on.

The sequences are those of the wire protocol's first table; each test is one command of one client.
"""

import hashlib
import json
import uuid

import pytest

from support import samples
from support.places import EXAMPLE

# The TypeScript client always sends the header, and leaves it empty.
TYPESCRIPT = {"x-poly-api-version": "", "accept": "application/json, text/plain, */*"}
GO = {"x-poly-api-version": "1", "user-agent": "polyapi/0.1.0"}
ORDER_SOURCE = """export interface Order { id: string }
/** Places an order. */
export async function placeOrder(order: Order, count?: number): Promise<string> {
  return `${order.id}x${count ?? 1}`;
}
"""
PYTHON_SOURCE = 'def bar(n: int, tags: list) -> str:\n    """does bar"""\n    return f"{n}{len(tags)}"\n'


def test_typescript_generate(admin):
    admin.made("/functions/api", samples.api_function("anything", "generated"))
    auth = admin.found("/auth", headers=TYPESCRIPT)
    assert auth["permissions"]["libraryGenerate"] is True
    specs = admin.found("/specs", query={"noTypes": "false"}, headers=TYPESCRIPT)
    assert isinstance(specs, list)
    for entry in specs:
        assert {"id", "type", "context", "name", "contextName", "description", "visibilityMetadata"} <= set(entry)
        assert entry["name"]


@pytest.mark.parametrize("kind", ["server", "client"])
def test_typescript_function_add(admin, kind):
    name = "placeOrder"
    assert admin.found("/auth", headers=TYPESCRIPT)["permissions"]["customDev"] is True
    context = f"shop.{kind}"
    before = admin.found("/specs", query=[("contexts[]", context), ("names[]", name)], headers=TYPESCRIPT)
    assert before == []
    schema = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"], "additionalProperties": False}
    body = {"context": context, "name": name, "code": ORDER_SOURCE, "visibility": "ENVIRONMENT"}
    body |= {"typeSchemas": {"Order": {**schema, "$schema": "http://json-schema.org/draft-07/schema#"}}}
    body |= {"requirements": None, "externalDependencies": None, "internalDependencies": None}
    deployed = admin.post(f"/functions/{kind}", body, headers=TYPESCRIPT)
    assert deployed.status == 201, deployed
    function = deployed.json["id"]
    specs = admin.found("/specs", query=[("ids[]", function), ("noTypes", "false")], headers=TYPESCRIPT)
    assert len(specs) == 1
    assert specs[0]["id"] == function
    assert specs[0]["type"] == {"server": "serverFunction", "client": "customFunction"}[kind]
    order, count = specs[0]["function"]["arguments"]
    assert (order["name"], order["required"], order["type"]["schema"]["required"]) == ("order", True, ["id"])
    assert (count["name"], count["required"]) == ("count", False)
    if kind == "server":
        ran = admin.post(f"/functions/server/{function}/execute?clientId={uuid.uuid4()}", {"order": {"id": "7"}, "count": 2}, headers=TYPESCRIPT)
        assert (ran.status, ran.text) == (201, "7x2")
        assert uuid.UUID(ran.headers["x-poly-execution-id"])
        assert int(ran.headers["x-poly-execution-duration"]) >= 0


def test_typescript_sync(admin):
    code = "// Poly deployed @ 2026-01-01T00:00:00Z - sync.fresh\n" + ORDER_SOURCE.replace("placeOrder", "fresh")
    search = {"search": "sync.fresh"}
    second = {**TYPESCRIPT, "x-poly-api-version": "2"}
    assert admin.found("/functions/server", query=search, headers=second)["results"] == []
    made = admin.made("/functions/server", {"context": "sync", "name": "fresh", "code": code, "logsEnabled": True})
    (found,) = admin.found("/functions/server", query=search, headers=second)["results"]
    assert {"id", "context", "name", "contextName", "description", "visibility", "state"} <= set(found)
    detail = admin.found(f"/functions/server/{found['id']}", headers=TYPESCRIPT)
    without_receipt = code.split("\n", 1)[1]
    assert detail["hash"] == hashlib.sha256(without_receipt.encode()).hexdigest()[:8]
    assert detail["code"] == code
    assert admin.delete(f"/functions/server/{made['id']}", headers=TYPESCRIPT).status in (200, 204)


def test_typescript_snippet_add(admin):
    body = {"name": "part", "context": "snips", "code": "1", "language": "javascript", "description": ""}
    answer = admin.put("/snippets", body, headers=TYPESCRIPT)
    assert answer.status in (200, 201)
    assert answer.json["id"]


def test_typescript_model_train(admin):
    document = (EXAMPLE / "upstreams/crm.openapi.yaml").read_bytes()
    query = {"context": "crm", "hostUrl": "http://127.0.0.1:9", "hostUrlAsArgument": "false"}
    answer = admin.post("/specification-input/oas", document, query=query, headers={**TYPESCRIPT, "content-type": "text/plain"})
    assert answer.status == 201, answer
    model = answer.json
    assert {"title", "functions", "webhooks", "schemas"} <= set(model)
    assert model["functions"]
    for schema in model["schemas"]:
        made = admin.put("/schemas", schema)
        assert made.status == 200, made
        assert {"id", "name", "context", "contextName", "visibility"} <= set(made.json)
    for function in model["functions"]:
        checked = admin.post("/specification-input/validation/api-function", function)
        assert (200 <= checked.status < 300, checked.body) == (True, b""), checked
        made = admin.put("/functions/api", function)
        assert made.status == 200, made
        assert (made.json["name"], made.json["context"]) == (function["name"], function["context"])
    trained = admin.found("/specs", query={"contexts": "crm"})
    assert len([entry for entry in trained if entry["type"] == "apiFunction"]) == len(model["functions"])


def test_typescript_variables(admin):
    made = admin.made("/variables", samples.variable("port", "vars", value={"a": {"b": 1}}))
    assert admin.found(f"/variables/{made['id']}/value", headers=TYPESCRIPT) == {"a": {"b": 1}}
    changed = admin.patch(f"/variables/{made['id']}", {"value": "text"}, headers=TYPESCRIPT)
    assert (changed.status, changed.json["value"]) == (200, "text")
    assert admin.get(f"/variables/{made['id']}/value", headers=TYPESCRIPT).text == "text"
    assert admin.found("/variables/context/vars/values", headers=TYPESCRIPT) == {"port": "text"}


def test_typescript_webhooks_of_glide(admin):
    body = {"context": "glide", "name": "hook", "description": "d", "eventPayload": {"a": 1}, "method": "POST"}
    made = admin.put("/webhooks", body, headers=TYPESCRIPT)
    assert made.status == 200, made
    listed = admin.found("/webhooks", headers=TYPESCRIPT)
    assert made.json["id"] in [one["id"] for one in listed]
    detail = admin.found(f"/webhooks/{made.json['id']}", headers=TYPESCRIPT)
    assert {"url", "uri", "method", "eventPayloadType", "eventPayloadTypeSchema", "requirePolyApiKey"} <= set(detail)
    assert detail["eventPayloadTypeSchema"]["properties"]["a"]["type"] in ("number", "integer")


def test_python_function_add(admin):
    typed = [{"key": "n", "name": "n", "type": "integer", "description": "the n", "typeSchema": None}]
    typed += [{"key": "tags", "name": "tags", "type": "string[]", "description": "", "typeSchema": '{"type": "array"}'}]
    body = {"context": "py", "name": "bar", "description": "does bar", "code": PYTHON_SOURCE, "language": "python"}
    body |= {"visibility": "ENVIRONMENT", "returnType": "string", "arguments": typed, "logsEnabled": None, "generateContexts": ["py"]}
    deployed = admin.post("/functions/server", body)
    assert deployed.status in (200, 201), deployed
    specs = admin.found("/specs", query=[("noTypes", "false"), ("contexts", "py"), ("contexts", "shop")])
    entry = next(one for one in specs if one["id"] == deployed.json["id"])
    assert (entry["type"], entry["name"]) == ("serverFunction", "bar")
    assert entry["function"]["arguments"][0]["description"] == "the n"
    ran = admin.post(f"/functions/server/{deployed.json['id']}/execute", {"n": 3, "tags": ["a", "b"]})
    assert (ran.status, ran.text) == (201, "32")


def test_python_client_function_add_sends_no_logs_flag(admin):
    body = {"context": "py", "name": "bar2", "code": PYTHON_SOURCE.replace("bar(", "bar2("), "language": "python", "logsEnabled": None}
    deployed = admin.post("/functions/client", {**body, "arguments": [], "returnType": "str", "visibility": "ENVIRONMENT"})
    assert deployed.status in (200, 201), deployed


def test_python_wrong_key_on_generate_is_told(polyd):
    refused = polyd.client().with_key(str(uuid.uuid4())).get("/specs?noTypes=false")
    assert (refused.status, refused.json) == (401, {"statusCode": 401, "message": "Unauthorized"})


def test_python_variable_update_by_form(admin):
    made = admin.made("/variables", samples.variable("form", "py"))
    changed = admin.patch(f"/variables/{made['id']}", b"value=new", headers={"content-type": "application/x-www-form-urlencoded"})
    assert changed.status == 200
    assert admin.get(f"/variables/{made['id']}/value").text == "new"


def test_java_generate_and_variables(admin):
    admin.made("/variables", {"name": "flag", "context": "java", "description": "d", "value": "v", "secret": True})
    (entry,) = [one for one in admin.found("/specs") if one["contextName"] == "java.flag"]
    assert entry["variable"]["secret"] is True
    kinds = {entry["type"] for entry in admin.found("/specs")}
    assert kinds <= {"apiFunction", "customFunction", "serverFunction", "webhookHandle", "serverVariable", "snippet", "schema"}


def test_go_doctor_and_generate(admin):
    auth = admin.found("/auth", headers=GO)
    assert auth["tenant"]["id"] and auth["environment"]["id"]
    admin.made("/snippets", samples.snippet("goOne", "goctx"))
    admin.made("/snippets", samples.snippet("goTwo", "goctx.deeper"))
    names = {entry["name"] for entry in admin.found("/specs?contexts=goctx,elsewhere&names=goOne,goTwo", headers=GO)}
    assert names == {"goOne", "goTwo"}


@pytest.mark.parametrize("collection", ["/functions/server", "/functions/api", "/webhooks", "/triggers", "/jobs", "/schemas", "/snippets", "/variables"])
def test_go_lists_are_arrays_or_results(admin, collection):
    assert isinstance(admin.found(collection, headers=GO), list)
    assert isinstance(admin.found(collection, headers={**GO, "x-poly-api-version": "2"})["results"], list)


def test_the_runtime_library_calls_by_path(admin):
    admin.made("/functions/server", samples.server_function("add", "perch"))
    admin.made("/functions/client", samples.client_function("greet", "perch"))
    server = admin.found("/functions/any/perch.add?usePathId=true&serializer=perch")
    assert (server["type"], server["arguments"]) == ("serverFunction", [{"key": "a"}, {"key": "b"}])
    client = admin.found("/functions/any/perch.greet?usePathId=true&serializer=perch")
    assert (client["type"], client["language"]) == ("clientFunction", "javascript")
    assert "greet" in client["code"]
    ran = admin.post("/functions/server/perch.add/execute?usePathId=true", {"a": 1, "b": 2})
    assert (ran.status, ran.json) == (201, 3)
    made = admin.made("/variables", samples.variable("color", "perch"))
    assert admin.found("/variables/perch.color?usePathId=true")["id"] == made["id"]


def test_a_kept_connection_lives_longer_than_an_analysis_of_types(polyd, admin):
    """The TypeScript client leaves its connection idle for more than 5 s; polyd says that it waits for longer."""
    made = polyd.client()
    for _ in range(3):
        answer = made.get("/auth")
        assert answer.status == 200
        assert answer.headers.get("connection", "keep-alive").lower() != "close"


def test_errors_have_the_form_that_every_client_reads(admin):
    for answer in (admin.get("/variables/no.such"), admin.post("/snippets", {}), admin.post("/snippets", b"{")):
        body = json.loads(answer.body)
        assert body["statusCode"] == answer.status
        assert isinstance(body["message"], (str, list)) and body["message"]
        assert answer.headers["content-type"].startswith("application/json")
