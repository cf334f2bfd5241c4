"""Variables: values in and out, secrets that never come out, and references to them in calls."""

import re
import uuid

import pytest

from support import samples
from support.samples import WITH_CONTEXT

SECRET_TEXT = "s3cr3t-marmalade-7f1d"


@pytest.fixture
def new_variable(admin):
    """`new_variable(value, secrecy)`: a variable of a name of its own; gives its description."""

    def new_variable(value, secrecy="NONE", **changes):
        return admin.made("/variables", samples.variable(f"v{uuid.uuid4().hex}", "vars", value=value, secrecy=secrecy, **changes))

    return new_variable


@pytest.fixture(scope="module")
def echo(admin, misbehaving):
    """The id of an API function that sends its one argument as a JSON body and gives back what arrived."""
    body = {"mode": "raw", "raw": '{"sent":{{value}}}', "language": "json"}
    source = {"url": f"{misbehaving.address}/echo", "method": "POST", "body": body}
    arguments = [{"name": "value", "type": "any"}]
    made = admin.made("/functions/api", samples.api_function("echo", "calls", arguments=arguments, source=source))
    return made["id"]


@pytest.fixture(scope="module")
def mirror(admin):
    """The id of a server function that gives back its argument as JSON text."""
    code = "export function mirror(value: any): string { return JSON.stringify(value); }"
    return admin.made("/functions/server", samples.server_function("mirror", "calls", code=code))["id"]


def reference(made, form="id", path=""):
    """The three forms of a reference to a variable, or to a part of it."""
    if form == "id":
        return {"type": "PolyVariable", "id": made["id"], "path": path}
    part = "path" if form == "pathIdentifier" else "subpath"
    return {"type": "PolyVariable", "pathIdentifier": made["contextName"], **({part: path} if path else {})}


every_form = pytest.mark.parametrize("form", ["id", "pathIdentifier", "subpath"])


def echoed(admin, echo, value):
    answer = admin.post(f"/functions/api/{echo}/execute", {"value": value})
    assert answer.status == 201, answer
    return answer.json["data"]["body"]


@pytest.mark.parametrize("secrecy", ["NONE", "OBSCURED"])
@pytest.mark.parametrize(
    ("value", "text", "content_type"),
    [
        ("plain words", "plain words", "text/plain"),
        ('he said "hi"\n', 'he said "hi"\n', "text/plain"),
        ("", "", "text/plain"),
        ("17", "17", "text/plain"),
        (17, "17", "application/json"),
        (1.5, "1.5", "application/json"),
        (True, "true", "application/json"),
        (None, "null", "application/json"),
        ({"a": [1, "x", None]}, '{"a":[1,"x",null]}', "application/json"),
        ([1, 2], "[1,2]", "application/json"),
    ],
    ids=repr,
)
def test_a_value_comes_back_bare_a_string_as_text_and_all_else_as_json(admin, new_variable, value, text, content_type, secrecy):
    made = new_variable(value, secrecy)
    bare = admin.get(f"/variables/{made['id']}/value")
    assert bare.status == 200
    assert re.sub(r"(\d)E0$", r"\1", bare.text) == text
    assert bare.headers["content-type"].startswith(content_type)
    assert made["value"] == value
    assert admin.get(f"/variables/{made['contextName']}/value", query={"usePathId": "true"}).body == bare.body


def test_the_older_flag_for_secrets_means_the_same(admin):
    made = admin.made("/variables", {"name": "older", "context": "vars", "value": "x", "secret": True})
    assert (made["secrecy"], made["secret"]) == ("SECRET", True)
    assert "value" not in made


@pytest.mark.parametrize("secrecy", ["PARTIAL", "secret", ""])
def test_another_secrecy_is_refused_by_name(admin, secrecy):
    refused = admin.post("/variables", samples.variable("odd", secrecy=secrecy))
    assert refused.status == 400
    assert f"$.secrecy: '{secrecy}' is not one of NONE, OBSCURED, SECRET" in refused.message


def test_a_variable_without_a_value_is_refused(admin):
    refused = admin.post("/variables", {"name": "empty", "context": "vars", "secrecy": "NONE"})
    assert (refused.status, refused.message) == (400, "$.value: is missing")


def test_a_patch_changes_the_value_or_a_field_and_leaves_the_rest(admin, new_variable):
    made = new_variable({"a": 1})
    one = f"/variables/{made['id']}"
    valued = admin.patch(one, {"value": [2]})
    assert (valued.status, valued.json["value"], valued.json["description"]) == (200, [2], made["description"])
    described = admin.patch(one, {"description": "Other words"})
    assert (described.json["value"], described.json["description"]) == ([2], "Other words")


@pytest.mark.parametrize(
    ("form", "value"),
    [(b"value=plain+words%21", "plain words!"), (b"value=17", 17), (b"value=%7B%22a%22%3A1%7D", {"a": 1}), (b"value=", "")],
    ids=["text", "number", "object", "empty"],
)
def test_a_patch_by_form_body_changes_the_value(admin, new_variable, form, value):
    made = new_variable("before")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    patched = admin.patch(f"/variables/{made['id']}", form, headers=headers)
    assert patched.status == 200, patched
    assert patched.json["value"] == value


def test_the_values_of_a_context_are_nested_and_hold_no_secret(admin):
    for context, name, value, secrecy in [
        ("nest", "top", 1, "NONE"),
        ("nest.deep", "inner", {"x": "y"}, "NONE"),
        ("nest.deep", "masked", "m", "OBSCURED"),
        ("nest.deep", "hidden", SECRET_TEXT, "SECRET"),
        ("nestling", "other", 2, "NONE"),
    ]:
        admin.made("/variables", samples.variable(name, context, value=value, secrecy=secrecy))
    inside = {"inner": {"x": "y"}, "masked": "m"}
    assert admin.found("/variables/context/nest/values") == {"top": 1, "deep": inside}
    assert admin.found("/variables/context/nest.deep/values") == inside
    everything = admin.found("/variables/context/values")
    assert everything["nest"] == {"top": 1, "deep": inside}
    assert everything["nestling"] == {"other": 2}


def test_the_value_of_a_secret_cannot_be_read(admin, new_variable):
    made = new_variable(SECRET_TEXT, "SECRET")
    refused = admin.get(f"/variables/{made['id']}/value")
    assert refused.status == 403
    assert refused.message == (
        f"'{made['contextName']}' is a secret: its value cannot be read, only injected into a call"
    )


def test_a_secret_stops_being_one_only_with_a_new_value(admin, new_variable):
    made = new_variable(SECRET_TEXT, "SECRET")
    one = f"/variables/{made['id']}"
    refused = admin.patch(one, {"secrecy": "NONE"})
    assert refused.status == 400
    assert refused.message == "$.value: a secret can only stop being one together with a new value"
    opened = admin.patch(one, {"secrecy": "NONE", "value": "harmless"})
    assert (opened.status, opened.json["value"]) == (200, "harmless")


@every_form
@pytest.mark.parametrize(
    ("path", "expected"),
    [("", '{"a":{"b":[10,{"c":"deep"}]}}'), ("a.b[0]", "10"), ("a.b[1].c", '"deep"'), ("a.b", '[10,{"c":"deep"}]')],
    ids=["whole", "index", "deep", "array"],
)
def test_every_form_of_reference_reaches_the_value_and_its_parts(admin, new_variable, echo, mirror, form, path, expected):
    made = new_variable({"a": {"b": [10, {"c": "deep"}]}}, "SECRET")
    given = reference(made, form, path)
    assert echoed(admin, echo, given) == f'{{"sent":{expected}}}'
    assert admin.post(f"/functions/server/{mirror}/execute", {"value": given}).text == expected


def test_a_reference_may_lie_deep_inside_an_argument(admin, new_variable, echo):
    made = new_variable("inner", "SECRET")
    assert echoed(admin, echo, {"list": [1, {"here": reference(made)}]}) == '{"sent":{"list":[1,{"here":"inner"}]}}'


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"type": "PolyVariable", "pathIdentifier": "no.such"}, 404, "there is no variable 'no.such'"),
        ({"type": "PolyVariable", "id": "00000000-0000-4000-8000-000000000000"}, 404, "there is no variable '00000000-"),
        ({"type": "PolyVariable"}, 400, "a PolyVariable reference needs `id` or `pathIdentifier`"),
    ],
    ids=["path", "id", "neither"],
)
def test_a_reference_to_nothing_is_refused(admin, echo, given, status, said):
    refused = admin.post(f"/functions/api/{echo}/execute", {"value": given})
    assert refused.status == status, refused
    assert said in refused.message


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("b", "the variable has no 'b' in its path 'b'"),
        ("a[3]", "the variable has no '3' in its path 'a[3]'"),
        ("a.b", "the variable has no 'b' in its path 'a.b'"),
        ("a[1", "a '[' in a variable's path is not closed"),
        (".".join("a" * 21), "the variable has no 'a'"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(admin, new_variable, echo, path, said):
    made = new_variable({"a": [1, 2]}, "SECRET")
    refused = admin.post(f"/functions/api/{echo}/execute", {"value": reference(made, path=path)})
    assert refused.status == 400, refused
    assert said in refused.message


def test_a_new_value_counts_in_the_next_call_without_a_deploy(admin, new_variable, echo):
    made = new_variable("first", "SECRET")
    reader = f"read_{made['name']}"
    readable = new_variable("first")
    code = f"import {{ vari }} from 'openpoly';\nexport async function {reader}() {{ return await vari.{readable['contextName']}.get(); }}"
    function = admin.made("/functions/server", samples.server_function(reader, "calls", code=code))["id"]
    for value in ("first", "second", "third"):
        for variable in (made, readable):
            assert admin.patch(f"/variables/{variable['id']}", {"value": value}).status == 200
        assert echoed(admin, echo, reference(made)) == f'{{"sent":"{value}"}}'
        assert admin.post(f"/functions/server/{function}/execute", {}).text == value


def test_a_default_from_a_variable_is_opened_at_each_call(admin, new_variable, misbehaving):
    made = new_variable("north", "SECRET")
    arguments = [{"name": "region", "type": "string", "variable": made["id"]}]
    source = {"url": f"{misbehaving.address}/echo?region={{{{region}}}}", "method": "GET"}
    function = admin.made("/functions/api", samples.api_function("regional", "calls", arguments=arguments, source=source))["id"]

    def sent(**given):
        return admin.post(f"/functions/api/{function}/execute", given).json["data"]["query"]["region"]

    assert sent() == "north"
    assert sent(region="west") == "west"
    admin.patch(f"/variables/{made['id']}", {"value": "south"})
    assert sent() == "south"


def test_a_secret_is_nowhere_to_be_read(start_polyd, misbehaving):
    """Fills a catalog around a secret, uses it, and then looks for its text in every answer, file and log line."""
    running = start_polyd({"POLY_LOG_LEVEL": "debug"})
    client = running.client()
    ids = [client.made(kind.collection, kind.body("one", f"all_{kind.spec_type}"))["id"] for kind in WITH_CONTEXT]
    secret = client.made("/variables", samples.variable("password", "vault", value=SECRET_TEXT, secrecy="SECRET"))
    source = {"url": f"{misbehaving.address}/status/200?key={{{{key}}}}", "method": "GET"}
    arguments = [{"name": "key", "type": "string", "variable": "vault.password"}]
    used = client.made("/functions/api", samples.api_function("used", "vault", arguments=arguments, source=source))
    broken = {**source, "url": "http://127.0.0.1:9/{{key}}"}
    failing = client.made("/functions/api", samples.api_function("failing", "vault", arguments=arguments, source=broken))
    assert client.post(f"/functions/api/{used['id']}/execute", {}).json["status"] == 200
    failed = client.post(f"/functions/api/{failing['id']}/execute", {})
    assert failed.status == 502
    assert SECRET_TEXT not in failed.text
    client.patch(f"/variables/{secret['id']}", {"value": SECRET_TEXT + "-second"})

    paths = client.found("/openapi.json")["paths"]
    asked = 0
    for path in [path for path, item in paths.items() if "get" in item]:
        for value in [*ids, secret["id"], used["id"], failing["id"], "vault.password", "vault"]:
            answer = client.get(re.sub(r"\{[^}]+\}", value, path))
            assert SECRET_TEXT.encode() not in answer.body, answer.asked
            asked += 1
            if "{" not in path:
                break
    assert asked > 100
    running.stop_well()
    assert SECRET_TEXT not in running.errors()
    for file in running.data.rglob("*"):
        if file.is_file():
            assert SECRET_TEXT.encode() not in file.read_bytes(), file


def test_a_secret_is_still_there_after_a_restart(start_polyd, misbehaving):
    running = start_polyd()
    client = running.client()
    client.made("/variables", samples.variable("kept", "vault", value=SECRET_TEXT, secrecy="SECRET"))
    running.stop_well()
    client = start_polyd(data=running.data, key=running.key).client()
    body = {"mode": "raw", "raw": "{{value}}", "language": "text"}
    source = {"url": f"{misbehaving.address}/echo", "method": "POST", "body": body}
    function = client.made("/functions/api", samples.api_function("echo", "c", arguments=[{"name": "value"}], source=source))
    answer = client.post(f"/functions/api/{function['id']}/execute", {"value": {"type": "PolyVariable", "pathIdentifier": "vault.kept"}})
    assert answer.json["data"]["body"] == SECRET_TEXT
