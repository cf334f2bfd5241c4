"""First start, keys, settings and the end of polyd: what an operator meets."""

import datetime
import re
import threading
import uuid

import pytest

from support.held_upstream import HeldUpstream
from support.polyd import refusal
from support.samples import server_function

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
SHOWN_KEY = re.compile(rf"shown only now: ({UUID})")


def new_key(client, name, permissions, **changes):
    """Makes a key with these permissions and gives the whole answer."""
    return client.made("/api-keys", {"name": name, "permissions": {flag: True for flag in permissions}, **changes})


def test_auth_names_the_tenant_the_environment_and_every_permission(admin):
    auth = admin.found("/auth")
    assert auth["tenant"]["name"] == "default"
    assert auth["environment"]["name"] == "default"
    assert auth["user"]["role"] == "ADMIN"
    assert auth["expiresAt"] is None
    assert {"execute", "libraryGenerate", "customDev", "manageVariables", "manageSecretVariables"} <= set(auth["permissions"])
    assert all(granted is True for granted in auth["permissions"].values())


def test_a_first_start_without_a_key_makes_one_and_shows_it_once(start_polyd):
    first = start_polyd({"POLY_BOOTSTRAP_KEY": None})
    shown = SHOWN_KEY.findall(first.errors())
    assert len(shown) == 1
    assert first.client().with_key(shown[0]).get("/auth").status == 200
    first.stop_well()

    again = start_polyd({"POLY_BOOTSTRAP_KEY": None}, data=first.data)
    assert not SHOWN_KEY.search(again.errors())
    assert again.client().with_key(shown[0]).get("/auth").status == 200


def test_a_second_start_keeps_what_was_made_and_the_first_key(start_polyd):
    first = start_polyd()
    made = first.client().made("/snippets", {"name": "kept", "code": "1", "language": "javascript"})
    first.stop_well()

    second = start_polyd(data=first.data, key=str(uuid.uuid4()))
    assert second.client().get("/auth").status == 401, "a bootstrap key counts only for an empty store"
    kept = second.client().with_key(first.key).found(f"/snippets/{made['id']}")
    assert kept == made


@pytest.mark.parametrize(
    ("settings", "arguments", "said"),
    [
        ({"POLY_OUTBOUND_SPEED": "9"}, (), "POLY_OUTBOUND_SPEED is no setting"),
        ({"POLY_LOOPS": "many"}, (), "POLY_LOOPS: 'many' is not a whole number from 0 to 256"),
        ({"POLY_LOOPS": "257"}, (), "POLY_LOOPS: '257' is not a whole number from 0 to 256"),
        ({"POLY_BOOTSTRAP_KEY": "secret"}, (), "POLY_BOOTSTRAP_KEY: must be a UUID"),
        ({"POLY_OUTBOUND_ALLOW_NETWORKS": "10.0.0.0/99"}, (), "POLY_OUTBOUND_ALLOW_NETWORKS"),
        ({"POLY_LOG_LEVEL": "loud"}, (), "POLY_LOG_LEVEL: 'loud' is not one of"),
        ({"POLY_VAULT_KEY": "c2hvcnQ="}, (), "32 bytes"),
        ({}, ("--speed", "9"), "--speed"),
        ({}, ("--listen", "nowhere"), "'nowhere' is not an address and a port"),
        ({}, ("--listen", "127.0.0.1:70000"), "'70000' is not a whole number from 0 to 65535"),
        ({}, ("--config", "/no/such/file.toml"), "/no/such/file.toml"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_understood_refuses_to_start_and_is_named(tmp_path, settings, arguments, said):
    status, errors = refusal(tmp_path / "data", settings, arguments)
    assert status != 0
    assert said in errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[outbound]\nspeed = 9\n", "line 2: outbound.speed is no setting"),
        ("loops = 9999\n", "line 1: loops: '9999' is not a whole number from 0 to 256"),
        ("loops = \n", "line 1"),
        ('bootstrap_key = "x"\n', "bootstrap_key is a secret: give it as the environment variable POLY_BOOTSTRAP_KEY"),
    ],
    ids=["unknown", "out of range", "not TOML", "secret"],
)
def test_a_wrong_setting_in_the_file_is_named_with_its_line(tmp_path, text, said):
    file = tmp_path / "polyd.toml"
    file.write_text(text)
    status, errors = refusal(tmp_path / "data", arguments=("--config", file))
    assert status != 0
    assert str(file) in errors
    assert said in errors


def test_a_setting_works_from_the_file_and_its_environment_twin_wins(start_polyd, tmp_path):
    file = tmp_path / "polyd.toml"
    file.write_text('public_url = "https://from-the-file.example"\n')
    webhook = {"name": "arrived"}
    by_file = start_polyd(arguments=("--config", file))
    assert by_file.client().made("/webhooks", webhook)["url"].startswith("https://from-the-file.example/webhooks/")
    by_file.stop_well()

    by_both = start_polyd({"POLY_PUBLIC_URL": "https://from-the-environment.example"}, ("--config", file), tmp_path / "other")
    made = by_both.client().made("/webhooks", webhook)
    assert made["url"].startswith("https://from-the-environment.example/webhooks/")


def test_a_data_folder_in_use_is_refused(polyd):
    status, errors = refusal(polyd.data)
    assert status != 0
    assert str(polyd.data) in errors
    assert "in use" in errors


def test_a_port_in_use_by_another_program_is_refused_by_name(misbehaving, tmp_path):
    taken = misbehaving.address.removeprefix("http://")
    status, errors = refusal(tmp_path / "data", arguments=("--listen", taken))
    assert status != 0
    assert taken in errors


def test_sigterm_lets_a_request_in_flight_finish(start_polyd):
    running = start_polyd()
    client = running.client()
    with HeldUpstream({"waited": True}) as upstream:
        source = {"url": f"{upstream.address}/slow", "method": "GET"}
        made = client.made("/functions/api", {"name": "slow", "context": "up", "source": source})
        answers = []
        caller = threading.Thread(target=lambda: answers.append(client.post(f"/functions/api/{made['id']}/execute", {})))
        caller.start()
        upstream.wait_for_request()
        running.terminate()
        running.wait_for_error_line("stopping")
        upstream.release()
        caller.join()
    assert answers[0].status == 201, answers[0]
    assert answers[0].json["data"] == {"waited": True}
    running.stop_well()


def test_an_expired_key_is_nobody(admin):
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    future = past + datetime.timedelta(hours=1)
    expired = new_key(admin, "expired", ["execute"], expiresAt=past.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert admin.with_key(expired["key"]).get("/auth").status == 401
    current = new_key(admin, "current", ["execute"], expiresAt=future.strftime("%Y-%m-%dT%H:%M:%SZ"))
    auth = admin.with_key(current["key"]).found("/auth")
    assert auth["expiresAt"].startswith(future.strftime("%Y-%m-%dT%H:%M"))


def test_a_deleted_key_works_no_more_on_any_connection(admin):
    made = new_key(admin, "short-lived", ["execute"])
    callers = [admin.with_key(made["key"]) for _ in range(8)]
    assert {caller.get("/auth").status for caller in callers} == {200}
    assert admin.delete(f"/api-keys/{made['id']}").status == 200
    assert {caller.get("/auth").status for caller in callers} == {401}
    assert admin.delete(f"/api-keys/{made['id']}").status == 404


def test_the_text_of_a_key_is_shown_when_it_is_made_and_never_again(admin, polyd):
    made = new_key(admin, "shown-once", ["execute"])
    assert re.fullmatch(UUID, made["key"])
    listed = admin.get("/api-keys")
    assert made["id"] in [entry["id"] for entry in listed.json]
    assert made["key"] not in listed.text
    stored = b"".join(file.read_bytes() for file in polyd.data.rglob("*") if file.is_file())
    assert made["key"].encode() not in stored
    assert polyd.key.encode() not in stored


def test_a_key_cannot_give_what_it_does_not_have(admin):
    clerk = admin.with_key(new_key(admin, "clerk", ["manageUsers"])["key"])
    refused = clerk.post("/api-keys", {"name": "grab", "permissions": {"execute": True}})
    assert refused.status == 403
    assert refused.message == "$.permissions.execute: the key that asks does not have it itself"
    assert clerk.post("/api-keys", {"name": "same", "permissions": {"manageUsers": True}}).status == 201


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"permissions": {}}, "$.name: is missing"),
        ({"name": "", "permissions": {}}, "$.name: must not be empty"),
        ({"name": "a"}, "$.permissions: is missing"),
        ({"name": "a", "permissions": {"fly": True}}, "$.permissions.fly: is not one of"),
        ({"name": "a", "permissions": {"execute": "yes"}}, "$.permissions.execute: expected boolean, got string"),
        ({"name": "a", "permissions": {}, "expiresAt": "tomorrow"}, "$.expiresAt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_key_request_is_refused_by_field(admin, body, said):
    refused = admin.post("/api-keys", body)
    assert refused.status == 400
    assert said in refused.message


def test_an_execution_key_must_be_one_of_this_server(admin):
    refused = admin.post("/functions/server", server_function("keyed", executionApiKey=str(uuid.uuid4())))
    assert refused.status == 400
    assert refused.message == "$.executionApiKey: is not a valid API key of this server"


def test_health_says_ready_and_live_without_a_key(polyd):
    nobody = polyd.client().with_key(None)
    ready = nobody.found("/health/ready")
    assert ready["status"] == "ok"
    assert [check["ok"] for check in ready["checks"]] == [True] * len(ready["checks"])
    assert nobody.found("/health/live") == {"status": "ok"}


def test_metrics_count_requests_by_route_and_status(polyd):
    nobody = polyd.client().with_key(None)
    nobody.get("/auth")
    metrics = nobody.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert re.search(r'^openpoly_http_requests_total\{route="getAuth",status="4xx"\} [1-9]', metrics.text, re.MULTILINE)
