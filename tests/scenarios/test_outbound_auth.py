"""Credentials that polyd makes itself: OAuth 2 tokens of a real server, AWS signatures, client certificates."""

import base64
import hashlib
import hmac
import json
import socket
import subprocess
from urllib.parse import urlsplit

import pytest
from support.certificates import issue, make_authority
from support.functions import executions, make_api_function, run_api, try_api
from support.polyd import Polyd
from support.recorder import Recorder
from support.upstreams import start_authorization_server

POLYD_SETTINGS = {"POLY_LOOPS": "2"}
SECRET = "s&cret-of-the-client"


def public_key(key):
    """The public half of an RSA key as a JSON Web Key."""
    text = subprocess.run(
        ["openssl", "rsa", "-in", key, "-noout", "-modulus"], check=True, capture_output=True, text=True
    ).stdout
    modulus = bytes.fromhex(text.strip().split("=")[1])
    encoded = base64.urlsafe_b64encode(modulus).rstrip(b"=").decode()
    return {"kty": "RSA", "n": encoded, "e": "AQAB", "kid": "key-1", "use": "sig", "alg": "RS256"}


@pytest.fixture(scope="module")
def signing_key(tmp_path_factory):
    key = tmp_path_factory.mktemp("keys") / "client.key"
    command = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return key


@pytest.fixture(scope="module")
def server(tmp_path_factory, signing_key):
    folder = tmp_path_factory.mktemp("authorization")
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps({"keys": [public_key(signing_key)]}), encoding="ascii")
    running = start_authorization_server(folder, jwks)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def secured(admin, server):
    """Creates a function that calls the API of the authorization server with a token for the settings given."""
    names = iter(range(1000))

    def make(url="/api", client=admin, **settings):
        pairs = [{"key": key, "value": value} for key, value in {"tokenUrl": server.address + "/token", **settings}.items()]
        auth = {"type": "oauth2", "oauth2": pairs}
        arguments = [name for name in ("secret", "key") if "{{" + name + "}}" in settings.values()]
        address = url if "://" in url else server.address + url
        return make_api_function(client, f"secured{next(names)}", address, arguments=arguments, auth=auth)

    return make


def counts(server):
    client = server.client()
    try:
        return client.found("/counts")
    finally:
        client.close()


def revoke(server):
    client = server.client()
    client.post("/revocations")
    client.close()


def called_at_once(polyd, function, arguments, times):
    """Sends `times` calls on as many connections before it reads one answer; gives the answers' statuses."""
    host, port = urlsplit(polyd.address).hostname, urlsplit(polyd.address).port
    body = json.dumps(arguments).encode()
    head = (
        f"POST /functions/api/{function}/execute HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {polyd.key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    ).encode()
    sockets = [socket.create_connection((host, port), timeout=60) for _ in range(times)]
    for each in sockets:
        each.sendall(head + body)
    answers = []
    for each in sockets:
        with each.makefile("rb") as reading:
            content = reading.read()
        each.close()
        answers.append(json.loads(content.split(b"\r\n\r\n", 1)[1])["status"])
    return answers


# Tokens of a real OAuth 2 server


@pytest.mark.parametrize("how", ["header", "body"])
def test_a_client_gets_a_token_by_its_secret(admin, secured, how):
    function = secured(clientId=f"by-{how}", clientSecret="{{secret}}", clientAuthentication=how, scope="read write")
    assert run_api(admin, function, secret=SECRET)["status"] == 200


def test_a_client_gets_a_token_by_a_signed_assertion(admin, secured, signing_key):
    function = secured(clientId="by-jwt", clientAuthentication="jwt", privateKey="{{key}}", keyId="key-1")
    assert run_api(admin, function, key=signing_key.read_text())["status"] == 200


def test_a_signed_assertion_is_a_grant_of_its_own(admin, secured, signing_key):
    settings = {"grantType": "jwt_bearer", "clientId": "asserting", "issuer": "asserting", "privateKey": "{{key}}"}
    function = secured(subject="ada", keyId="key-1", **settings)
    assert run_api(admin, function, key=signing_key.read_text())["status"] == 200
    unknown = secured(subject="bob", keyId="key-1", **settings)
    answer = try_api(admin, unknown, key=signing_key.read_text())
    assert answer.status == 502 and "invalid_grant" in answer.message, answer


def test_a_thousand_calls_of_two_loops_make_one_token_request(polyd, secured, server):
    function = secured(clientId="by-header", clientSecret="{{secret}}", scope="write")
    before = counts(server)
    assert called_at_once(polyd, function, {"secret": SECRET}, 1000) == [200] * 1000
    after = counts(server)
    assert after["calls"] - before["calls"] == 1000
    assert after["tokens"] - before["tokens"] == 1


def test_a_refused_token_is_renewed_once_for_all_calls(polyd, admin, secured, server):
    function = secured(clientId="by-header", clientSecret="{{secret}}", scope="read")
    assert run_api(admin, function, secret=SECRET)["status"] == 200
    revoke(server)
    before = counts(server)
    assert called_at_once(polyd, function, {"secret": SECRET}, 100) == [200] * 100
    assert counts(server)["tokens"] - before["tokens"] == 1


def test_an_api_that_refuses_every_token_is_asked_twice_and_its_answer_given(admin, secured, server):
    function = secured(url="/me", clientId="by-header", clientSecret="{{secret}}")
    before = counts(server)
    first, second = (run_api(admin, function, secret=SECRET)["status"] for _ in range(2))
    assert (first, second) == (401, 401)
    assert counts(server)["tokens"] - before["tokens"] <= 3


def test_refresh_tokens_that_change_with_each_use_are_kept(admin, secured, server):
    client = server.client()
    given = client.post("/refresh-tokens").json["refreshToken"]
    client.close()
    settings = {"clientId": "refreshing", "clientSecret": SECRET, "refreshToken": "{{secret}}"}
    function = secured(grantType="refresh_token", **settings)
    for _ in range(4):
        assert run_api(admin, function, secret=given)["status"] == 200
        revoke(server)


def test_a_client_that_is_refused_is_named_and_its_secret_is_not(polyd, admin, secured, server):
    wrong = "wr0ng-secret-of-nobody"
    function = secured(clientId="by-header", clientSecret="{{secret}}", scope="read")
    answer = try_api(admin, function, secret=wrong)
    assert (answer.status, answer.json["code"]) == (502, "token_refused"), answer
    for part in ("'scenario.secured", server.address + "/token", "401", "invalid_client"):
        assert part in answer.message, answer
    told = answer.text + json.dumps(executions(admin)) + admin.get("/metrics").text + polyd.errors()
    assert wrong not in told
    assert 'openpoly_outbound_token_requests_total{outcome="refused"}' in told


def test_no_token_stands_in_executions_metrics_or_logs(polyd, admin, recorder, secured):
    function = secured(url=recorder.address + "/", clientId="by-header", clientSecret="{{secret}}")
    run_api(admin, function, secret=SECRET)
    token = recorder.last.headers["authorization"].removeprefix("Bearer ")
    assert len(token) > 20
    told = json.dumps(executions(admin)) + admin.get("/metrics").text + polyd.errors()
    assert token not in told and SECRET not in told


def test_an_endpoint_that_cannot_be_reached_is_named(admin, secured):
    function = secured(tokenUrl="http://127.0.0.1:1/token?key=private", clientId="me", clientSecret="x")
    answer = try_api(admin, function)
    assert answer.status == 502 and "http://127.0.0.1:1/token: " in answer.message, answer
    assert "private" not in answer.text


def test_a_key_that_cannot_sign_is_refused_and_not_repeated(admin, secured):
    function = secured(clientId="by-jwt", clientAuthentication="jwt", privateKey="{{key}}", algorithm="ES256")
    answer = try_api(admin, function, key="-----BEGIN mine-----")
    assert answer.status == 400 and "privateKey: not a private key" in answer.message, answer
    assert "mine" not in answer.text


# AWS Signature Version 4


@pytest.fixture(scope="module")
def recorder():
    upstream = Recorder()
    yield upstream
    upstream.close()


def signature_by_hand(seen, secret, names):
    """The signature by the published steps, in the words of another language."""
    target, _, query = seen.target.partition("?")
    lines = "".join(f"{name}:{seen.headers[name]}\n" for name in names)
    content = hashlib.sha256(seen.body).hexdigest()
    canonical = "\n".join([seen.method, target, query, lines, ";".join(names), content])
    date = seen.headers["x-amz-date"]
    scope = f"{date[:8]}/eu-west-1/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for step in (date[:8], "eu-west-1", "s3", "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def test_a_request_carries_the_signature_of_aws(admin, recorder):
    settings = {"accessKey": "AKIDEXAMPLE", "secretKey": "{{secret}}", "region": "eu-west-1", "service": "s3"}
    function = make_api_function(
        admin, "signed", recorder.address + "/bucket/{{file}}?a={{a}}&b=1", method="PUT", arguments=["secret", "file", "a"],
        auth={"type": "awsv4", "awsv4": [{"key": key, "value": value} for key, value in settings.items()]},
        body={"mode": "raw", "language": "text", "raw": "the content of {{file}}"},
    )  # fmt: skip
    run_api(admin, function, secret="wJalrXUtnFEMI", file="a (1)/ü", a="x y+z")
    seen = recorder.last
    assert seen.target == "/bucket/a%20%281%29%2F%C3%BC?a=x%20y%2Bz&b=1"
    names = ["content-type", "host", "x-amz-content-sha256", "x-amz-date"]
    proof = seen.headers["authorization"]
    assert f"SignedHeaders={';'.join(names)}," in proof
    assert proof.endswith("Signature=" + signature_by_hand(seen, "wJalrXUtnFEMI", names))


# Mutual TLS


def test_each_function_shows_its_own_certificate(tmp_path):
    authority = make_authority(tmp_path)
    upstream = Recorder(issue(tmp_path, authority, "IP:127.0.0.1"), client_authority=authority)
    settings = {"POLY_OUTBOUND_ALLOW_NETWORKS": "127.0.0.0/8", "POLY_OUTBOUND_CA_FILE": str(authority.chain)}
    polyd = Polyd(tmp_path / "data", {**settings, "POLY_LOOPS": "1"})
    try:
        client = polyd.client()
        tls = {"certificate": "{{chain}}", "privateKey": "{{key}}"}
        with_certificate = make_api_function(client, "known", upstream.address + "/", arguments=["chain", "key"], tls=tls)
        without = make_api_function(client, "unknown", upstream.address + "/")
        shown = {name: issue(tmp_path, authority, f"DNS:{name}", name) for name in ("ada", "bob")}
        texts = {name: {"chain": pair.chain.read_text(), "key": pair.key.read_text()} for name, pair in shown.items()}
        for name in ("ada", "bob", "ada"):
            run_api(client, with_certificate, **texts[name])
            assert upstream.last.client == name
        assert upstream.connections == 2
        assert try_api(client, without).status == 502
        mixed = try_api(client, with_certificate, chain=texts["ada"]["chain"], key=texts["bob"]["key"])
        assert mixed.status == 400 and "not the one of the client certificate" in mixed.message, mixed
        client.close()
        polyd.stop_well()
    finally:
        upstream.close()


def test_wrong_settings_are_refused_when_the_function_is_made(admin):
    auth = {"type": "oauth2", "oauth2": [{"key": "grantType", "value": "password"}, {"key": "clientId", "value": "x"}]}
    body = {"name": "wrong", "context": "", "source": {"url": "http://127.0.0.1/", "method": "GET", "auth": auth}}
    answer = admin.post("/functions/api", body)
    assert answer.status == 400
    assert "source.auth.oauth2: 'tokenUrl' is missing" in answer.text and "grantType 'password'" in answer.text
