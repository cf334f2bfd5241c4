"""What an integration developer does with `poly`, from the first key to a running integration."""

import json
import os
import pty
import signal
import stat
import subprocess
import termios
import uuid

import pytest

from support.places import EXAMPLE, NODE, POLY
from support.poly import Poly
from support.upstreams import start_crm

GREET = """
export async function greet(name: string, times: number = 1): Promise<string> {
  console.log(`greeting ${name}`);
  return Array(times).fill(`hello ${name}`).join(', ');
}
"""
FAIL = "export async function fail(): Promise<void> { throw new Error('out of stock'); }\n"
ON_EVENT = """
export async function onEvent(event: any, headers: any, params: any) { return { seen: event.orderId }; }
"""


@pytest.fixture
def poly(polyd, tmp_path):
    return Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})


def context():
    """A context that no other scenario of this file uses."""
    return f"c{uuid.uuid4().hex[:8]}"


def test_login_keeps_a_key_for_later_commands_and_never_shows_it(polyd, tmp_path):
    poly = Poly(tmp_path, {})
    assert poly.run("webhook", "list").status == 6
    logged_in = poly.run("login", polyd.address, typed=f"{polyd.key}\n")
    assert logged_in.status == 0, logged_in
    assert polyd.key not in logged_in.output + logged_in.errors
    file = tmp_path / ".config/openpoly/config.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert poly.json("job", "list") == []


def test_login_with_a_key_that_nobody_has_keeps_nothing(polyd, tmp_path):
    poly = Poly(tmp_path, {})
    assert poly.run("login", polyd.address, typed=f"{uuid.uuid4()}\n").status == 4
    assert not (tmp_path / ".config").exists()


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


@pytest.mark.parametrize("typed, status", [(b"not-a-key\n", 4), (b"\x03", -signal.SIGINT)])
def test_a_typed_key_is_not_shown_and_the_terminal_echoes_again_afterwards(polyd, tmp_path, typed, status):
    outside, inside = pty.openpty()

    def take_terminal():
        os.login_tty(inside)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # it is ignored below a shell's background job

    login = subprocess.Popen([str(POLY), "login", polyd.address], preexec_fn=take_terminal,
                             env={"HOME": str(tmp_path)}, cwd=tmp_path)
    shown = b""
    while b"API key: " not in shown:
        shown += os.read(outside, 1000)
    assert not echoes(inside)
    os.write(outside, typed)
    assert login.wait(60) == status
    assert echoes(inside)
    os.close(inside)
    os.close(outside)


def test_a_server_function_is_added_run_read_and_deleted(poly):
    where = context()
    source = poly.write("greet.ts", GREET)
    added = poly.json("function", "add", "greet", source, "--context", where, "--server", "--logs", "enabled")
    assert poly.json("execute", f"{where}.greet", "--arg", "name=Ada", "--arg", "times=2") == "hello Ada, hello Ada"
    assert poly.run("function", "get", f"{where}.greet", "--code").output.strip() == GREET.strip()
    assert added["id"] in [item["id"] for item in poly.json("function", "list", "--context", where)]
    assert poly.json("function", "delete", f"{where}.greet") == {"id": added["id"], "deleted": True}
    assert poly.json("execute", f"{where}.greet", status=3)["error"]["kind"] == "not_found"


def test_adding_a_function_again_makes_a_new_revision_under_the_same_id(poly):
    where = context()
    first = poly.json("function", "add", "greet", poly.write("a.ts", GREET), "--context", where, "--server")
    other = poly.write("b.ts", "export function greet(): string { return 'hi'; }\n")
    second = poly.json("function", "add", "greet", other, "--context", where, "--server")
    assert first["id"] == second["id"]
    assert poly.json("execute", f"{where}.greet") == "hi"


def test_logs_show_what_a_function_and_one_run_of_it_printed(poly):
    where = context()
    poly.json("function", "add", "greet", poly.write("greet.ts", GREET), "--context", where, "--server", "--logs", "enabled")
    ran = poly.run("execute", f"{where}.greet", "--arg", "name=Ada")
    execution = ran.errors.split()[1].rstrip(",")
    poly.run("execute", f"{where}.greet", "--arg", "name=Grace")
    of_function = [line["value"].strip() for line in poly.json("logs", f"{where}.greet")["logs"]]
    of_run = [line["value"].strip() for line in poly.json("logs", "--execution", execution)["logs"]]
    assert sorted(of_function) == ["greeting Ada", "greeting Grace"]
    assert of_run == ["greeting Ada"]


def test_a_run_that_failed_ends_with_one_and_says_why(poly):
    where = context()
    poly.json("function", "add", "fail", poly.write("fail.ts", FAIL), "--context", where, "--server")
    ended = poly.run("execute", f"{where}.fail")
    assert ended.status == 1, ended
    assert "out of stock" in ended.errors
    assert "poly logs --execution" in ended.errors
    told = poly.json("execute", f"{where}.fail", status=1)["error"]
    assert told["kind"] == "function_failed" and "out of stock" in told["message"] and told["exitCode"] == 1, told


def test_arguments_that_do_not_fit_are_bad_input(poly):
    where = context()
    poly.json("function", "add", "greet", poly.write("greet.ts", GREET), "--context", where, "--server")
    told = poly.json("execute", f"{where}.greet", "--arg", "name=7", status=6)["error"]
    assert told["kind"] == "bad_request" and "name" in told["message"] and told["exitCode"] == 6, told


def test_a_source_that_cannot_be_compiled_is_bad_input_with_its_place(poly):
    broken = poly.write("broken.ts", "export function broken( {\n")
    ended = poly.run("function", "add", "broken", broken, "--context", context(), "--server")
    assert ended.status == 6, ended
    assert ended.errors.startswith("error: "), ended


def test_a_secret_goes_in_by_standard_input_and_never_comes_out(poly):
    where = context()
    added = poly.run("variable", "add", "key", "--context", where, "--secrecy", "SECRET", "--value-stdin", "--json",
                     typed="hunter2\n")
    assert added.status == 0, added
    shown = [
        poly.run("variable", "get", f"{where}.key", "--json"),
        poly.run("variable", "list", "--json"),
        poly.run("variable", "set", f"{where}.key", "--value", "hunter3", "--json"),
    ]
    assert [ended.status for ended in shown] == [0, 0, 0], shown
    assert "hunter" not in "".join(ended.output + ended.errors for ended in [added, *shown])


def test_a_plain_variable_keeps_its_type_and_can_be_set(poly):
    where = context()
    poly.json("variable", "add", "digits", "--context", where, "--value", "007")
    poly.json("variable", "add", "limits", "--context", where, "--value", '{"perMinute": 60}', "--value-is-json")
    assert poly.json("variable", "get", f"{where}.digits")["value"] == "007"
    assert poly.json("variable", "get", f"{where}.limits")["value"] == {"perMinute": 60}
    poly.json("variable", "set", f"{where}.digits", "--value", "008")
    assert poly.json("variable", "get", f"{where}.digits")["value"] == "008"


def test_a_trigger_joins_a_webhook_and_a_function_by_their_paths(poly, admin):
    where = context()
    poly.json("function", "add", "onEvent", poly.write("on.ts", ON_EVENT), "--context", where, "--server")
    hook = poly.json("webhook", "add", "placed", "--context", where, "--event-payload", '{"orderId": 7}')
    trigger = poly.json("trigger", "add", f"placed {where}", "--webhook", f"{where}.placed", "--function",
                        f"{where}.onEvent", "--wait-for-response")
    answer = admin.post(f"/webhooks/{hook['id']}", {"orderId": 12})
    assert answer.json == {"seen": 12}, answer
    assert poly.json("trigger", "delete", f"placed {where}")["id"] == trigger["id"]
    assert poly.json("webhook", "get", f"{where}.placed")["id"] == hook["id"]


def test_a_job_is_added_listed_run_and_deleted(poly):
    where = context()
    poly.json("function", "add", "greet", poly.write("greet.ts", GREET), "--context", where, "--server")
    name = f"nightly {where}"
    job = poly.json("job", "add", name, "--cron", "0 2 * * *", "--function", f"{where}.greet")
    assert job["schedule"] == {"type": "periodical", "value": "0 2 * * *"}
    assert poly.json("job", "run", name)["jobId"] == job["id"]
    assert poly.json("job", "delete", name)["deleted"] is True
    assert name not in [one["name"] for one in poly.json("job", "list")]


def test_schemas_and_snippets_come_back_as_they_went_in(poly):
    where = context()
    definition = {"type": "object", "properties": {"id": {"type": "integer"}}}
    poly.json("schema", "add", "Order", poly.write("order.json", json.dumps(definition)), "--context", where)
    shown = poly.json("schema", "get", f"{where}.Order")["definition"]
    assert shown["properties"] == definition["properties"]
    poly.json("snippet", "add", "retry", poly.write("retry.py", "def retry(): pass\n"), "--context", where)
    snippet = poly.json("snippet", "get", f"{where}.retry")
    assert (snippet["code"], snippet["language"]) == ("def retry(): pass\n", "python")


def test_a_new_key_may_do_what_was_said_and_no_more(poly, polyd, tmp_path):
    made = poly.json("key", "add", "only runs", "--permission", "execute")
    assert poly.run("key", "list").output.count(made["key"]) == 0
    limited = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": made["key"]})
    assert limited.json("job", "add", "x", "--interval", "5", "--function", str(uuid.uuid4()), status=4)
    assert limited.json("doctor")["ok"] is True
    poly.json("key", "delete", made["id"])
    assert limited.run("webhook", "list").status == 4


def test_a_taken_name_is_a_conflict(poly):
    where = context()
    add = ("webhook", "add", "placed", "--context", where, "--event-payload", "{}")
    poly.json(*add)
    assert poly.json(*add, status=5)["error"]["kind"] == "conflict"


def test_a_bad_value_is_named_by_the_server(poly):
    refused = poly.json("job", "add", "x", "--cron", "61 * * * *", "--function", str(uuid.uuid4()), status=6)
    assert refused["error"]["message"]


def test_a_server_that_is_not_there_is_told_from_one_that_refuses(tmp_path):
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": "http://127.0.0.1:1", "POLY_API_KEY": str(uuid.uuid4())})
    ended = poly.run("webhook", "list")
    assert ended.status == 7, ended
    assert poly.json("doctor", status=1)["ok"] is False


def test_an_openapi_document_becomes_functions_that_run(poly, tmp_path):
    where = context()
    crm = start_crm(tmp_path, "crm-key")
    try:
        document = EXAMPLE / "upstreams/crm.openapi.yaml"
        model = tmp_path / "crm.model.json"
        made = poly.json("model", "generate", document, "--context", where, "--host-url", crm.address, "--output", model)
        assert made["functions"] > 0
        assert made["functions"] + made["webhooks"] + len(made["report"]["refused"]) == made["report"]["operations"]
        assert poly.json("model", "validate", model)["invalid"] == 0
        first = poly.json("model", "train", model)
        again = poly.json("model", "train", model)
        assert (first["updated"], again["added"]) == (0, 0)
        assert first["added"] == again["unchanged"] > 0
        found = poly.json("search", where, "getCustomer")
        path = f"{found[0]['context']}.{found[0]['name']}"
        key = next(argument["name"] for argument in poly.json("function", "get", path)["arguments"]
                   if argument["name"] != "customerId")
        answer = poly.json("execute", path, "--arg", "customerId=7", "--arg", f"{key}=crm-key")
        assert (answer["status"], answer["data"]["id"]) == (200, 7)
        assert poly.json("execute", path, "--arg", "customerId=999999", "--arg", f"{key}=crm-key", status=1)["status"] == 404
    finally:
        crm.stop()


def test_training_names_a_misspelled_key_and_what_was_refused(poly):
    where = context()
    good = {"name": "ok", "context": where, "argments": [], "source": {"url": "http://127.0.0.1:1/", "method": "GET"}}
    bad = {"name": "9bad", "context": where, "source": {"url": "http://127.0.0.1:1/", "method": "GET"}}
    poly.write("m.json", json.dumps({"title": "T", "functions": [good, bad]}))
    ended = poly.run("model", "train", "m.json", "--json")
    assert ended.status == 1, ended
    assert "warning: m.json: unknown key $.functions[0].argments" in ended.errors
    assert (ended.document["added"], ended.document["failed"]) == (1, 1)
    assert ended.document["problems"][0]["path"] == f"{where}.9bad"


def test_an_api_function_comes_from_a_file(poly, misbehaving):
    where = context()
    definition = {"name": "echo", "context": where, "source": {"url": f"{misbehaving.address}/echo", "method": "GET"}}
    poly.write("echo.json", json.dumps(definition))
    added = poly.json("function", "add", "echo.json", "--api")
    assert poly.json("function", "get", added["id"])["name"] == "echo"
    assert poly.json("execute", f"{where}.echo")["status"] == 200


def test_the_sdk_of_a_project_calls_with_the_key_of_the_login(polyd, tmp_path):
    poly = Poly(tmp_path, {})
    where = context()
    assert poly.run("login", polyd.address, typed=polyd.key).status == 0
    poly.json("function", "add", "greet", poly.write("greet.ts", GREET), "--context", where, "--server")
    poly.write("package.json", '{"name": "project", "private": true}')
    poly.json("generate", "--context", where)
    program = poly.write("use.mjs", f"import poly from 'openpoly';\nconsole.log(await poly.{where}.greet('Ada'));\n")
    used = subprocess.run([str(NODE), str(program)], cwd=tmp_path, env={"HOME": str(tmp_path)}, capture_output=True,
                          text=True, timeout=60, check=False)
    assert used.stdout == "hello Ada\n", used.stderr
    checks = {check["name"]: check["health"] for check in poly.json("doctor")["checks"]}
    assert (checks["server"], checks["key"], checks["sdk"], checks["node"]) == ("ok", "ok", "ok", "ok")
    poly.json("function", "delete", f"{where}.greet")
    checks = {check["name"]: check["health"] for check in poly.json("doctor")["checks"]}
    assert checks["sdk"] == "warn"
