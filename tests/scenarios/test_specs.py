"""GET /specs, which every SDK is generated from: the filters in all encodings that clients use, and each kind's entry."""

import json
import subprocess

import pytest

from support import samples
from support.places import NODE
from support.samples import WITH_CONTEXT

CONTEXTS = ["tree", "tree.left", "tree.left.low", "treehouse", ""]


@pytest.fixture(scope="module")
def tree(admin):
    """One snippet in each context, by `context:name`."""
    return {context: admin.made("/snippets", samples.snippet(f"leaf_{i}", context)) for i, context in enumerate(CONTEXTS)}


def names(admin, query):
    return sorted(entry["contextName"] for entry in admin.found("/specs", query=query))


def encodings(name, values):
    """The brackets of the TypeScript client, the repetition of the Python client and the commas of the Go client."""
    return [[(f"{name}[]", value) for value in values], [(name, value) for value in values], [(name, ",".join(values))]]


@pytest.mark.parametrize("encoding", range(3), ids=["brackets", "repeated", "commas"])
def test_lists_of_contexts_names_and_ids_arrive_in_every_encoding(admin, tree, encoding):
    def ask(name, values):
        return names(admin, encodings(name, values)[encoding])

    assert ask("contexts", ["tree.left"]) == ["tree.left.leaf_1", "tree.left.low.leaf_2"]
    assert ask("contexts", ["tree.left.low", "treehouse"]) == ["tree.left.low.leaf_2", "treehouse.leaf_3"]
    assert ask("contexts", ["tree"]) == ["tree.leaf_0", "tree.left.leaf_1", "tree.left.low.leaf_2"]
    assert ask("names", ["leaf_4", "leaf_0"]) == ["leaf_4", "tree.leaf_0"]
    assert ask("ids", [tree["treehouse"]["id"], tree[""]["id"]]) == ["leaf_4", "treehouse.leaf_3"]


def test_filters_together_let_through_what_passes_each(admin, tree):
    assert names(admin, [("contexts", "tree"), ("names", "leaf_1,leaf_4")]) == ["tree.left.leaf_1"]
    assert names(admin, [("contexts", "tree"), ("ids", tree["treehouse"]["id"])]) == []
    assert names(admin, [("contexts", "no.such")]) == []


@pytest.fixture(scope="module")
def filled(admin):
    """One of each kind, by its human name."""
    return {kind.human_name: admin.made(kind.collection, kind.body("one", f"all.{kind.spec_type}")) for kind in WITH_CONTEXT}


def entry_of(admin, resource, **query):
    entries = admin.found("/specs", query={"ids": resource["id"], **query})
    assert len(entries) == 1
    return entries[0]


@pytest.mark.parametrize("kind", WITH_CONTEXT, ids=str)
def test_every_entry_has_the_common_members(admin, filled, kind):
    made = filled[kind.human_name]
    entry = entry_of(admin, made, noTypes="false")
    expected = {"id": made["id"], "type": kind.spec_type, "context": f"all.{kind.spec_type}", "name": "one"}
    expected |= {"contextName": f"all.{kind.spec_type}.one", "description": made["description"], "state": "ALPHA"}
    expected["visibilityMetadata"] = {"visibility": "ENVIRONMENT"}
    assert {name: entry[name] for name in expected} == expected


def test_triggers_and_jobs_are_not_in_it(admin, filled):
    function, webhook = filled["server function"]["id"], filled["webhook"]["id"]
    made = [admin.made("/triggers", samples.trigger("t", webhook, function)), admin.made("/jobs", samples.job("j", function))]
    listed = {entry["id"] for entry in admin.found("/specs")}
    assert not listed & {one["id"] for one in made}
    assert {one["id"] for one in filled.values()} <= listed


def test_no_types_leaves_the_types_out_and_keeps_the_rest(admin, filled):
    for kind in WITH_CONTEXT:
        full = entry_of(admin, filled[kind.human_name])
        bare = entry_of(admin, filled[kind.human_name], noTypes="true")
        assert {name: bare[name] for name in ("id", "type", "contextName")} == {name: full[name] for name in ("id", "type", "contextName")}
        assert '"schema"' not in json.dumps(bare.get("function", {}))
        for argument in bare.get("function", {}).get("arguments", []):
            assert argument["type"] == {"kind": "plain", "value": "any"}


def test_an_api_function_groups_its_payload_arguments(admin):
    arguments = [
        {"name": "id", "type": "integer", "description": "Todo id"},
        {"name": "title", "type": "string", "payload": True},
        {"name": "note", "type": "string", "payload": True, "required": False},
    ]
    body = {"mode": "raw", "raw": '{"title":"{{title}}","note":"{{note}}"}', "language": "json"}
    source = {"url": "https://todo.example/{{id}}", "method": "PUT", "body": body}
    returns = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    made = admin.made(
        "/functions/api",
        samples.api_function("update", "todo", arguments=arguments, source=source, returnTypeSchema=returns),
    )
    entry = entry_of(admin, made)
    assert entry["apiType"] == "rest"
    first, payload = entry["function"]["arguments"]
    assert first == {"name": "id", "description": "Todo id", "required": True, "type": {"kind": "primitive", "type": "number"}}
    assert (payload["name"], payload["required"], payload["type"]["kind"]) == ("payload", True, "object")
    assert [(one["name"], one["required"], one["type"]) for one in payload["type"]["properties"]] == [
        ("title", True, {"kind": "primitive", "type": "string"}),
        ("note", False, {"kind": "primitive", "type": "string"}),
    ]
    assert entry["function"]["returnType"] == {"kind": "object", "schema": returns}


def test_an_argument_with_a_default_variable_is_optional(admin):
    made = admin.made(
        "/functions/api", samples.api_function("defaulted", "todo", arguments=[{"name": "id", "variable": "todo.defaultId"}])
    )
    assert entry_of(admin, made)["function"]["arguments"][0]["required"] is False


def test_a_server_function_tells_its_signature_and_flags(admin):
    code = """
interface Order { id: string; amount?: number }
/** Places an order.
 * @param order what is ordered
 */
export async function place(order: Order, urgent: boolean, note?: string): Promise<{ done: boolean }> {
  return { done: true };
}
"""
    made = admin.made("/functions/server", {"name": "place", "context": "orders", "code": code, "serverSideAsync": True})
    entry = entry_of(admin, made)
    assert entry["description"] == "Places an order."
    assert (entry["serverSideAsync"], entry["requirements"]) == (True, [])
    order, urgent, note = entry["function"]["arguments"]
    assert (order["name"], order["description"], order["required"]) == ("order", "what is ordered", True)
    assert order["type"]["kind"] == "object"
    assert order["type"]["schema"]["properties"]["amount"]["type"] == "number"
    assert order["type"]["schema"]["required"] == ["id"]
    assert urgent["type"] == {"kind": "primitive", "type": "boolean"}
    assert (note["required"], note["type"]) == (False, {"kind": "primitive", "type": "string"})
    assert entry["function"]["synchronous"] is False
    assert entry["function"]["returnType"]["schema"]["properties"] == {"done": {"type": "boolean"}}


def test_a_client_function_carries_common_js_that_runs(admin):
    code = "const mark = '!';\nexport const shout = (word: string): string => word.toUpperCase() + mark;\n"
    made = admin.made("/functions/client", samples.client_function("shout", "words", code=code))
    entry = entry_of(admin, made)
    assert (entry["language"], entry["sourceCode"], entry["requirements"]) == ("javascript", code, [])
    # As generated SDKs do: the code becomes the body of a function, and the name is called in it.
    program = f"const run = (...given) => {{ const exports = {{}}; {entry['code']}\n; return shout.call({{}}, ...given); }};"
    ran = subprocess.run([str(NODE), "-e", f"{program} console.log(run('hey'))"], capture_output=True, text=True, check=True)
    assert ran.stdout == "HEY!\n"


def test_a_python_client_function_carries_its_source(admin):
    code = "def shout(word: str) -> str:\n    return word.upper()\n"
    made = admin.made("/functions/client", {"name": "shoutPy", "context": "words", "language": "python", "code": code.replace("shout", "shoutPy")})
    entry = entry_of(admin, made)
    assert entry["language"] == "python"
    assert entry["code"] == code.replace("shout", "shoutPy")
    assert entry["function"]["arguments"][0]["type"] == {"kind": "primitive", "type": "string"}


def test_a_webhook_is_a_listener_with_one_callback(admin, filled):
    function = entry_of(admin, filled["webhook"])["function"]
    assert function["synchronous"] is True
    (callback,) = function["arguments"]
    assert (callback["name"], callback["required"], callback["type"]["kind"]) == ("callback", True, "function")
    spec = callback["type"]["spec"]
    event, headers, params, custom = spec["arguments"]
    assert [one["name"] for one in spec["arguments"]] == ["event", "headers", "params", "polyCustom"]
    assert event["type"]["kind"] == "object"
    assert event["type"]["schema"]["properties"] == {"orderId": {"type": "string"}}
    for record in (headers, params):
        assert record["type"] == {"kind": "object", "typeName": "Record<string, any>"}
    status, content_type = custom["type"]["properties"]
    assert (status["name"], status["type"]) == ("responseStatusCode", {"kind": "primitive", "type": "number"})
    assert (content_type["name"], content_type["nullable"]) == ("responseContentType", True)
    assert (spec["returnType"], spec["synchronous"]) == ({"kind": "void"}, True)
    assert function["returnType"] == {
        "kind": "function",
        "name": "UnregisterWebhookEventListener",
        "spec": {"arguments": [], "returnType": {"kind": "void"}},
    }


def test_a_variable_tells_secrecy_twice_and_a_secret_no_value(admin):
    environment = admin.found("/auth")["environment"]["id"]
    value = {"user": "ada", "ports": [1, 2]}
    for secrecy in ("NONE", "OBSCURED", "SECRET"):
        made = admin.made("/variables", samples.variable(f"of_{secrecy}", "vars", value=value, secrecy=secrecy))
        entry = entry_of(admin, made)
        told = entry["variable"]
        assert (told["environmentId"], told["secrecy"], told["secret"]) == (environment, secrecy, secrecy == "SECRET")
        assert told["valueType"]["kind"] == "object"
        assert told.get("value") == (value if secrecy == "NONE" else None)


def test_a_schema_and_a_snippet_tell_what_clients_need(admin, filled):
    schema = entry_of(admin, filled["schema"])
    assert schema["definition"] == filled["schema"]["definition"]
    assert schema["unresolvedPolySchemaRefs"] == []
    snippet = entry_of(admin, filled["snippet"])
    assert snippet["language"] == "javascript"
    assert "code" not in snippet


def test_a_change_shows_at_once(admin):
    made = admin.made("/snippets", samples.snippet("fresh", "now"))
    for round_number in range(20):
        assert admin.patch(f"/snippets/{made['id']}", {"description": f"round {round_number}"}).status == 200
        assert entry_of(admin, made)["description"] == f"round {round_number}"
    admin.delete(f"/snippets/{made['id']}")
    assert admin.found("/specs", query={"ids": made["id"]}) == []
