"""Who may call what: every route of the served description, asked by nobody, by a stranger, by a key without the
permission and by a key with just that one."""

import re
import uuid

import pytest

from support.samples import WITH_CONTEXT

METHODS = ("get", "post", "put", "patch", "delete")
OPEN_ROUTES = {"/health/ready", "/health/live", "/metrics", "/openapi.json"}
NEEDS = re.compile(r"Needs the permission (.+)\.$")
# A path without a key is a call of the webhook, which its own settings open or close.
WEBHOOK_CALL = re.compile(r"^/webhooks/\{id\}(/\{subpath\})?$")


def operations_of(document):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def permissions_of(operation):
    named = NEEDS.search(operation.get("description", ""))
    return named.group(1).split(" or ") if named else []


@pytest.fixture(scope="module")
def operations(polyd):
    return list(operations_of(polyd.client().with_key(None).found("/openapi.json")))


@pytest.fixture(scope="module")
def client_with(admin):
    """`client_with("execute", …)`: a client whose key has these permissions and no other."""
    clients = {}

    def client_with(*permissions):
        if permissions not in clients:
            flags = {flag: True for flag in permissions}
            made = admin.made("/api-keys", {"name": "-".join(permissions) or "nothing", "permissions": flags})
            clients[permissions] = admin.with_key(made["key"])
        return clients[permissions]

    return client_with


def ask(client, method, path):
    """Calls a route with ids that nobody has and an empty object."""
    return client.request(method, re.sub(r"\{[^}]*\}", str(uuid.uuid4()), path), {} if method in ("POST", "PUT", "PATCH") else None)


def closed_routes(operations):
    return [(method, path, operation) for method, path, operation in operations if path not in OPEN_ROUTES and not WEBHOOK_CALL.match(path)]


def test_the_open_routes_are_these_and_say_so(operations):
    open_routes = {path for _, path, operation in operations if operation.get("security") == []}
    assert {path for path in open_routes if not WEBHOOK_CALL.match(path)} == OPEN_ROUTES


def test_nobody_may_call_a_closed_route(operations, polyd):
    nobody = polyd.client().with_key(None)
    for method, path, _ in closed_routes(operations):
        answer = ask(nobody, method, path)
        assert (answer.status, answer.json) == (401, {"statusCode": 401, "message": "Unauthorized"}), answer


@pytest.mark.parametrize("key", [str(uuid.uuid4()), "x", "' OR 1=1 --", "a" * 5000], ids=["uuid", "word", "quote", "long"])
def test_a_stranger_may_not_call_a_closed_route(operations, polyd, key):
    stranger = polyd.client().with_key(key)
    for method, path, _ in closed_routes(operations):
        assert ask(stranger, method, path).status == 401, (method, path)


def test_a_key_without_the_permission_is_told_which_it_lacks(operations, client_with):
    powerless = client_with()
    for method, path, operation in closed_routes(operations):
        wanted = permissions_of(operation)
        if not wanted:
            continue
        answer = ask(powerless, method, path)
        assert answer.status == 403, answer
        assert answer.message == f"this API key has no permission {' or '.join(wanted)}"


def test_every_other_permission_does_not_help(operations, admin, client_with):
    every = set(admin.found("/auth")["permissions"]) - {"manageVariables"}
    for method, path, operation in closed_routes(operations):
        wanted = permissions_of(operation)
        if wanted:
            answer = ask(client_with(*sorted(every - set(wanted))), method, path)
            assert answer.status == 403, answer


def test_one_named_permission_is_enough(operations, client_with):
    for method, path, operation in closed_routes(operations):
        for permission in permissions_of(operation):
            answer = ask(client_with(permission), method, path)
            assert answer.status not in (401, 403), answer


def test_any_key_may_call_what_names_no_permission(operations, client_with):
    for method, path, operation in closed_routes(operations):
        if not permissions_of(operation):
            answer = ask(client_with(), method, path)
            assert answer.status not in (401, 403), answer


@pytest.mark.parametrize("kind", WITH_CONTEXT, ids=str)
def test_the_permission_of_a_kind_is_enough_to_make_and_delete_one(client_with, kind):
    client = client_with(kind.permission)
    made = client.made(kind.collection, kind.body("permitted", "allowed"))
    assert client.delete(f"{kind.collection}/{made['id']}").status == 200


def test_a_secret_needs_the_permission_for_secrets(client_with):
    plain, secret = client_with("manageNonSecretVariables"), client_with("manageSecretVariables")
    body = {"name": "token", "context": "guarded", "value": "v"}
    refused = plain.post("/variables", {**body, "secrecy": "SECRET"})
    assert (refused.status, refused.message) == (403, "this API key has no permission manageSecretVariables")
    refused = secret.post("/variables", {**body, "secrecy": "NONE"})
    assert (refused.status, refused.message) == (403, "this API key has no permission manageNonSecretVariables")
    made = secret.made("/variables", {**body, "secrecy": "SECRET"})
    one = f"/variables/{made['id']}"
    for answer in (plain.patch(one, {"value": "other"}), plain.patch(one, {"secrecy": "NONE", "value": "x"}), plain.delete(one)):
        assert (answer.status, answer.message) == (403, "this API key has no permission manageSecretVariables"), answer
    refused = secret.patch(one, {"secrecy": "NONE", "value": "x"})
    assert (refused.status, refused.message) == (403, "this API key has no permission manageNonSecretVariables")
    assert secret.delete(one).status == 200


def test_a_refused_key_does_not_get_to_send_its_body(polyd, client_with):
    refused = client_with("execute").request("POST", "/snippets", b"not json at all", headers={"content-type": "application/json"})
    assert refused.status == 403
