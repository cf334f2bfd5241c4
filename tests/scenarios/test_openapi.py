"""The served description of the API: a valid OpenAPI 3.1 document, and every route in it exists."""

import re
import uuid

import pytest

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@pytest.fixture(scope="module")
def document(polyd):
    answer = polyd.client().with_key(None).get("/openapi.json")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json


def operations_of(document):
    return [(method, path, operation) for path, item in document["paths"].items() for method, operation in item.items()]


def test_it_is_an_openapi_3_1_document(document):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"] == "OpenPoly"
    assert document["info"]["version"]
    assert set(document) <= {"openapi", "info", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs"}
    assert document["components"]["securitySchemes"]["apiKey"] == {"type": "http", "scheme": "bearer"}
    assert document["security"] == [{"apiKey": []}]


def test_every_operation_is_whole_and_has_a_name_of_its_own(document):
    operations = operations_of(document)
    assert len(operations) > 60
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(set(ids)) == len(ids)
    for method, path, operation in operations:
        assert method in METHODS
        assert path.startswith("/")
        assert operation["summary"]
        in_path = re.findall(r"\{([^}]+)\}", path)
        declared = [one["name"] for one in operation.get("parameters", []) if one["in"] == "path"]
        assert declared == in_path, (method, path)
        assert all(one["required"] is True and "schema" in one for one in operation.get("parameters", []) if one["in"] == "path")
        assert all(re.fullmatch(r"[1-5]\d\d|[1-5]XX|default", status) for status in operation["responses"])
        assert all("description" in told or "$ref" in told for told in operation["responses"].values())
        if "requestBody" in operation:
            assert method not in ("get", "delete")
            assert isinstance(operation["requestBody"]["content"]["application/json"]["schema"], dict)


def test_no_two_paths_differ_only_in_the_names_of_parameters(document):
    shapes = [re.sub(r"\{[^}]+\}", "{}", path) for path in document["paths"]]
    assert len(set(shapes)) == len(shapes)


def references_in(value):
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "$ref" and isinstance(member, str):
                yield member
            yield from references_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from references_in(member)


def test_every_reference_leads_somewhere(document):
    for reference in references_in(document):
        at = document
        assert reference.startswith("#/"), reference
        for step in reference[2:].split("/"):
            at = at[step]


def test_every_route_exists(document, admin):
    for method, path, _ in operations_of(document):
        concrete = re.sub(r"\{[^}]+\}", str(uuid.uuid4()), path)
        answer = admin.request(method.upper(), concrete, {} if method in ("post", "put", "patch") else None)
        assert answer.status != 405, answer
        assert f"Cannot {method.upper()}" not in answer.body.decode(), answer


def test_a_path_that_is_not_in_it_is_404_and_a_wrong_method_405(admin):
    missing = admin.get("/no/such/route")
    assert (missing.status, missing.json) == (404, {"statusCode": 404, "message": "Cannot GET /no/such/route"})
    wrong = admin.delete("/snippets")
    assert (wrong.status, wrong.json) == (405, {"statusCode": 405, "message": "/snippets takes GET, POST, PUT, not DELETE"})


def test_what_is_not_built_says_so(document, admin):
    not_built = [(method, path) for method, path, operation in operations_of(document) if "501" in operation["responses"]]
    assert not_built
    for method, path in not_built:
        answer = admin.request(method.upper(), re.sub(r"\{[^}]+\}", str(uuid.uuid4()), path), {} if method != "get" else None)
        assert answer.status == 501, answer
        assert answer.message.endswith("are not built yet")
