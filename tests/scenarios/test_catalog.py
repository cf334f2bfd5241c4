"""Create, read, change and delete, for every kind of resource and with the field names of the protocol."""

import re

import pytest

from support import samples
from support.samples import API_FUNCTION, SCHEMA, SNIPPET, VARIABLE, WEBHOOK, WITH_CONTEXT

ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

every_kind = pytest.mark.parametrize("kind", WITH_CONTEXT, ids=str)
# These refuse a name that is taken; functions of code are deployed again instead.
kinds_with_put = pytest.mark.parametrize("kind", [API_FUNCTION, WEBHOOK, SCHEMA, SNIPPET], ids=str)

OWN_FIELDS = {
    "API function": {"arguments", "source", "returnType", "apiType", "enabledRedirect"},
    "server function": {"code", "language", "hash", "arguments", "returnType", "requirements", "logsEnabled", "serverSideAsync"},
    "client function": {"code", "language", "hash", "arguments", "returnType", "requirements"},
    "webhook": {"url", "uri", "method", "enabled", "requirePolyApiKey", "securityFunctions", "eventPayloadTypeSchema"},
    "variable": {"secrecy", "secret", "value", "valueType"},
    "schema": {"definition"},
    "snippet": {"code", "language"},
}
# Not in list items (wire protocol, lists hold basic descriptions).
ONLY_ALONE = {"code", "definition", "value", "securityFunctions", "url", "source", "hash"}


def lasting(resource):
    """What an answer says of the resource itself: no times, and not whether a change made a revision."""
    return {name: value for name, value in resource.items() if name not in ("createdAt", "updatedAt", "changed")}


@every_kind
def test_a_resource_lives_from_create_to_delete(admin, kind):
    made = admin.made(kind.collection, kind.body("lived", kind.within("life.of")))
    assert made["name"] == "lived"
    assert made["context"] == kind.within("life.of")
    assert made["contextName"] == kind.within("life.of") + ".lived"
    assert made["visibility"] == "ENVIRONMENT"
    assert made["state"] == "ALPHA"
    assert ISO_TIME.fullmatch(made["createdAt"])
    assert OWN_FIELDS[kind.human_name] <= set(made)
    one = f"{kind.collection}/{made['id']}"
    assert admin.found(one) == made

    patched = admin.patch(one, {"description": "Changed"})
    assert patched.status == 200, patched
    assert lasting(patched.json) == lasting({**made, "description": "Changed"})
    assert lasting(admin.found(one)) == lasting(patched.json)

    deleted = admin.delete(one)
    assert (deleted.status, deleted.body) == (200, b"")
    for gone in (admin.get(one), admin.patch(one, {"description": "x"}), admin.delete(one)):
        assert gone.status == 404
        assert gone.message == f"there is no {kind.human_name} '{made['id']}'"
    assert made["id"] not in [entry["id"] for entry in admin.found(kind.collection)]


@every_kind
def test_a_resource_is_found_by_its_dotted_path(admin, kind):
    context = kind.within("deep.er")
    made = admin.made(kind.collection, kind.body("byPath", context))
    assert admin.found(f"{kind.collection}/{context}.byPath") == made
    assert admin.found(f"{kind.collection}/{context}.byPath?usePathId=true") == made
    missing = admin.get(f"{kind.collection}/{context}.other")
    assert missing.status == 404
    assert missing.message == f"there is no {kind.human_name} '{context}.other'"
    assert admin.delete(f"{kind.collection}/{context}.byPath").status == 200


@every_kind
def test_lists_hold_basic_descriptions_in_both_versions(admin, kind):
    made = admin.made(kind.collection, kind.body("listed", kind.within("lists")))
    plain = admin.found(kind.collection)
    assert isinstance(plain, list)
    assert admin.found(kind.collection, headers={"x-poly-api-version": ""}) == plain
    second = admin.get(kind.collection, headers={"x-poly-api-version": "2"})
    assert second.json["results"] == plain
    assert second.headers["x-poly-api-version"] == "2"
    entry = next(entry for entry in plain if entry["id"] == made["id"])
    assert {"id", "name", "context", "contextName", "description", "visibility", "state"} <= set(entry)
    assert not ONLY_ALONE & set(entry)
    assert all(made[name] == value for name, value in entry.items())


@every_kind
def test_search_looks_at_path_and_description_whatever_the_case(admin, kind):
    wanted = admin.made(kind.collection, kind.body("needleOne", kind.within("hay"), description="Sharp thing"))
    admin.made(kind.collection, kind.body("straw", kind.within("hay"), description="Dry"))
    for words in (f"{kind.within('hay')}.needleOne", "NEEDLE", "sharp THING"):
        assert [entry["id"] for entry in admin.found(kind.collection, query={"search": words})] == [wanted["id"]], words
    assert admin.found(kind.collection, query={"search": "no such thing"}) == []


@kinds_with_put
def test_put_creates_then_replaces_and_keeps_the_id(admin, kind):
    first = admin.put(kind.collection, kind.body("again", kind.within("upsert")))
    assert first.status == 200, first
    second = admin.put(kind.collection, kind.body("again", kind.within("upsert"), description="New words", visibility="TENANT"))
    assert second.status == 200, second
    assert second.json["id"] == first.json["id"]
    assert second.json["createdAt"] == first.json["createdAt"]
    assert second.json["description"] == "New words"
    assert second.json["visibility"] == "TENANT"


@pytest.mark.parametrize("kind", [kind for kind in WITH_CONTEXT if kind.post_replaces], ids=str)
def test_a_second_deploy_replaces_the_function_and_keeps_its_id(admin, kind):
    first = admin.made(kind.collection, kind.body("deployed", kind.within("upsert")))
    code = "export function deployed(a: string, b?: string): string { return a + b; }"
    second = admin.made(kind.collection, kind.body("deployed", kind.within("upsert"), code=code))
    assert second["id"] == first["id"]
    assert second["hash"] != first["hash"]
    assert second["code"] == code
    assert [(one["key"], one["required"]) for one in second["arguments"]] == [("a", True), ("b", False)]


@pytest.mark.parametrize("kind", [kind for kind in WITH_CONTEXT if not kind.post_replaces], ids=str)
def test_a_taken_name_is_refused_naming_who_has_it(admin, kind):
    made = admin.made(kind.collection, kind.body("taken", kind.within("conflict.same")))
    refused = admin.post(kind.collection, kind.body("taken", kind.within("conflict.same")))
    assert refused.status == 409
    assert refused.message == (
        f"'{kind.within('conflict.same')}.taken' is already the name of another {kind.human_name} (id {made['id']}) in this environment"
    )
    assert admin.found(f"{kind.collection}/{made['id']}") == made


FUNCTION_LIKE = [kind for kind in WITH_CONTEXT if kind.human_name.endswith("function") or kind is WEBHOOK]


@pytest.mark.parametrize("second", FUNCTION_LIKE, ids=str)
@pytest.mark.parametrize("first", FUNCTION_LIKE, ids=str)
def test_functions_and_webhooks_share_one_name_space(admin, first, second):
    if first is second:
        return
    name = f"{first}_{second}".replace(" ", "_")
    made = admin.made(first.collection, first.body(name, "conflict.kinds"))
    for method in ("POST", "PUT") if second in (API_FUNCTION, WEBHOOK) else ("POST",):
        refused = admin.request(method, second.collection, second.body(name, "conflict.kinds"))
        assert refused.status == 409
        assert f"'conflict.kinds.{name}' is already the name of a {first.human_name} (id {made['id']})" in refused.message


def test_variables_schemas_and_snippets_each_have_names_of_their_own(admin):
    for kind in (API_FUNCTION, VARIABLE, SCHEMA, SNIPPET):
        admin.made(kind.collection, kind.body("same", "apart"))


@every_kind
def test_a_rename_onto_a_taken_path_is_refused_and_a_free_one_moves(admin, kind):
    admin.made(kind.collection, kind.body("there", kind.within("moves")))
    made = admin.made(kind.collection, kind.body("here", kind.within("moves")))
    one = f"{kind.collection}/{made['id']}"
    name_in_code = {"code": made["code"].replace("here", "there")} if kind.post_replaces else {}
    refused = admin.patch(one, {"name": "there", **name_in_code})
    assert refused.status == 409, refused
    away = kind.within("moved.away")
    moved = admin.patch(one, {"context": away})
    assert moved.status == 200, moved
    assert moved.json["contextName"] == f"{away}.here"
    assert admin.get(f"{kind.collection}/{kind.within('moves')}.here").status == 404
    assert admin.found(f"{kind.collection}/{away}.here")["id"] == made["id"]


@every_kind
@pytest.mark.parametrize("visibility", ["ENVIRONMENT", "TENANT", "PUBLIC"])
def test_every_visibility_is_accepted_and_told(admin, kind, visibility):
    body = kind.body(f"seen_{visibility.lower()}", kind.within("visible"), visibility=visibility)
    made = admin.made(kind.collection, body)
    assert made["visibility"] == visibility
    entry = admin.found("/specs", query={"ids": made["id"]})[0]
    assert entry["visibilityMetadata"]["visibility"] == visibility


@every_kind
def test_another_visibility_is_refused_by_name(admin, kind):
    refused = admin.post(kind.collection, kind.body("hidden", visibility="SECRET"))
    assert refused.status == 400
    assert "$.visibility: 'SECRET' is not one of ENVIRONMENT, TENANT, PUBLIC" in refused.message


@every_kind
def test_unknown_fields_are_tolerated(admin, kind):
    made = admin.made(kind.collection, kind.body("tolerant", kind.within("extra"), ownerUserId="x", someNewField={"a": [1]}))
    assert "someNewField" not in made


@every_kind
@pytest.mark.parametrize("name", ["", "with space", "1st", "a.b", "a/b", "naïve", "x-y"])
def test_a_wrong_name_is_refused_with_the_reason(admin, kind, name):
    refused = admin.post(kind.collection, {**kind.body("fine"), "name": name})
    assert refused.status == 400
    assert f"name: '{name}' must start with a letter or underscore, then letters, digits or underscores" in refused.message


@every_kind
@pytest.mark.parametrize("context", [".", "a.", ".a", "a..b", "a b", "a.1b", "a/b"])
def test_a_wrong_context_is_refused_with_the_reason(admin, kind, context):
    refused = admin.post(kind.collection, {**kind.body("fine"), "context": context})
    assert refused.status == 400
    assert f"context: '{context}' must be segments joined by dots" in refused.message


@every_kind
def test_an_empty_context_is_allowed(admin, kind):
    made = admin.made(kind.collection, kind.body(f"at_the_top_{kind.spec_type}", ""))
    assert made["contextName"] == f"at_the_top_{kind.spec_type}"


@pytest.fixture(scope="module")
def function(admin):
    return admin.made("/functions/server", samples.server_function("handler", "events"))


def test_a_trigger_lives_from_create_to_delete(admin, function):
    webhook = admin.made("/webhooks", samples.webhook("ordered", "events"))
    made = admin.made("/triggers", samples.trigger("onOrder", webhook["id"], function["id"], waitForResponse=True))
    assert made["source"] == {"webhookHandleId": webhook["id"]}
    assert made["destination"] == {"serverFunctionId": function["id"]}
    assert (made["webhookHandleId"], made["serverFunctionId"]) == (webhook["id"], function["id"])
    assert (made["waitForResponse"], made["enabled"]) == (True, True)
    one = f"/triggers/{made['id']}"
    assert admin.found(one) == made
    patched = admin.patch(one, {"enabled": False})
    assert lasting(patched.json) == lasting({**made, "enabled": False})
    assert made["id"] in [entry["id"] for entry in admin.found("/triggers")]
    refused = admin.patch(one, {"destination": {"serverFunctionId": made["id"]}})
    assert refused.status == 400
    assert "source and destination of a trigger cannot be changed" in refused.message
    assert admin.delete(one).status == 200
    assert admin.get(one).status == 404


def test_a_trigger_without_a_name_gets_one_and_flat_ends_are_taken(admin, function):
    webhook = admin.made("/webhooks", samples.webhook("flat", "events"))
    made = admin.made("/triggers", {"webhookHandleId": webhook["id"], "serverFunctionId": function["id"]})
    assert made["name"] == "flat_to_handler"
    assert made["waitForResponse"] is False


def test_a_trigger_of_errors_needs_only_a_path(admin, function):
    source = {"errorHandler": {"path": "events"}}
    made = admin.made("/triggers", {"source": source, "destination": {"serverFunctionId": function["id"]}})
    assert made["source"] == source
    assert made["name"] == "error_to_handler"


def test_a_trigger_with_wrong_ends_is_refused_by_field(admin, function):
    webhook = admin.made("/webhooks", samples.webhook("ends", "events"))
    nowhere = "00000000-0000-4000-8000-000000000000"
    for body, said in [
        (samples.trigger("t", nowhere, function["id"]), f"$.source.webhookHandleId: there is no webhook with the id {nowhere}"),
        (samples.trigger("t", function["id"], function["id"]), "$.source.webhookHandleId: there is no webhook with the id"),
        (samples.trigger("t", webhook["id"], nowhere), "$.destination.serverFunctionId: there is no server function with the id"),
        (samples.trigger("t", "here", function["id"]), "$.source.webhookHandleId: is not a UUID"),
        ({"source": {}, "destination": {"serverFunctionId": function["id"]}}, "$.source: exactly one of webhookHandleId"),
        ({"source": {"webhookHandleId": webhook["id"]}}, "$.destination: is missing"),
    ]:
        refused = admin.post("/triggers", body)
        assert refused.status == 400, refused
        assert said in refused.message


def test_a_second_trigger_that_waits_for_the_same_webhook_is_refused(admin, function):
    webhook = admin.made("/webhooks", samples.webhook("waited", "events"))
    admin.made("/triggers", samples.trigger("firstWaits", webhook["id"], function["id"], waitForResponse=True))
    refused = admin.post("/triggers", samples.trigger("secondWaits", webhook["id"], function["id"], waitForResponse=True))
    assert refused.status == 409
    assert "firstWaits" in refused.message
    admin.made("/triggers", samples.trigger("thirdDoesNot", webhook["id"], function["id"]))


@pytest.mark.parametrize(
    "schedule",
    [
        {"type": "periodical", "value": "*/5 * * * *"},
        {"type": "interval", "value": 5},
        {"type": "on_time", "value": "2099-01-01T00:00:00Z", "acceptableDelayTime": 10},
    ],
    ids=lambda schedule: schedule["type"],
)
def test_a_job_lives_from_create_to_delete(admin, function, schedule):
    functions = [{"id": function["id"], "eventPayload": {"a": 1}, "headersPayload": {"h": "2"}, "paramsPayload": {}}]
    body = {"name": f"job_{schedule['type']}", "schedule": schedule, "functions": functions}
    made = admin.made("/jobs", {**body, "executionType": "parallel", "enabled": False})
    assert (made["schedule"], made["functions"], made["executionType"]) == (schedule, functions, "parallel")
    one = f"/jobs/{made['id']}"
    assert admin.found(one) == made
    assert made["id"] in [entry["id"] for entry in admin.found("/jobs")]
    patched = admin.patch(one, {"executionType": "sequential"})
    assert lasting(patched.json) == lasting({**made, "executionType": "sequential"})
    assert admin.delete(one).status == 200
    assert admin.get(one).status == 404


def test_a_webhook_says_under_which_address_it_is_called(admin, polyd):
    made = admin.made("/webhooks", samples.webhook("addressed", "hooks", method="get, put"))
    assert made["url"] == f"{polyd.address}/webhooks/{made['id']}"
    assert made["method"].upper().replace(" ", "") == "GET,PUT"


def test_a_schema_is_kept_as_it_was_given(admin):
    definition = {"type": "object", "properties": {"z": {"type": "string"}, "a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "number"}}}
    made = admin.made("/schemas", samples.schema("asGiven", definition=definition))
    assert admin.found(f"/schemas/{made['id']}")["definition"] == definition
    assert list(made["definition"]["properties"]) == ["z", "a"]


def test_the_code_of_a_snippet_comes_alone_as_text(admin):
    made = admin.made("/snippets", samples.snippet("alone", code="line 1\nline \"2\"\n"))
    answer = admin.get(f"/snippets/{made['id']}/code")
    assert answer.status == 200, answer
    assert answer.text == "line 1\nline \"2\"\n"
