"""Logs while they are written: over the API, and by `poly logs --follow`."""

import http.client
import json
import subprocess
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from support.eventually import eventually
from support.functions import deploy, execution_id, run_server
from support.places import POLY

SAYS = "function say(text) { console.warn(text); return 1; }"


class Tail:
    """A reader of lines that come bit by bit."""

    def __init__(self, polyd, path):
        parts = urlsplit(polyd.address)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        self._connection.request("GET", path, headers={"authorization": f"Bearer {polyd.key}"})
        self.response = self._connection.getresponse()

    def next(self):
        return json.loads(self.response.readline())

    def close(self):
        self._connection.close()


@pytest.fixture
def tail(polyd):
    opened = []

    def tail(path):
        opened.append(Tail(polyd, path))
        return opened[-1]

    yield tail
    for one in opened:
        one.close()


def test_lines_arrive_while_they_are_written(admin, tail):
    function = deploy(admin, "say", SAYS, context="live")
    run_server(admin, function, text="before")
    lines = tail(f"/functions/server/{function}/logs?follow=true")
    assert lines.response.status == 200
    assert lines.response.headers["content-type"] == "application/x-ndjson"
    assert lines.next()["value"] == "before"
    answer = run_server(admin, function, text="after")
    line = lines.next()
    assert (line["value"], line["level"], line["executionId"]) == ("after", "warn", execution_id(answer))


def test_every_line_comes_once(admin, tail):
    function = deploy(admin, "say", SAYS, context="once")
    lines = tail(f"/functions/server/{function}/logs?follow=true&limit=1000")
    for number in range(200):
        run_server(admin, function, text=str(number))
    assert [lines.next()["value"] for _ in range(200)] == [str(number) for number in range(200)]


def test_only_lines_with_the_keyword_are_followed(admin, tail):
    function = deploy(admin, "say", SAYS, context="keyed")
    lines = tail(f"/functions/server/{function}/logs?follow=true&keyword=PAID")
    for text in ("ordered", "paid in full", "sent"):
        run_server(admin, function, text=text)
    run_server(admin, function, text="paid again")
    assert [lines.next()["value"] for _ in range(2)] == ["paid in full", "paid again"]


def test_a_run_in_progress_can_be_followed(admin, tail):
    code = """async function count() {
      for (let n = 0; n < 50; n++) { console.log(String(n)); await new Promise((done) => setTimeout(done, 20)); }
    }"""
    function = deploy(admin, "count", code, context="running", serverSideAsync=True)
    run = run_server(admin, function).json["executionId"]
    lines = tail(f"/functions/server/{function}/logs?follow=true&executionId={run}&limit=1000")
    assert [lines.next()["value"] for _ in range(50)] == [str(n) for n in range(50)]


def test_a_tail_ends_when_the_server_stops(start_polyd):
    polyd = start_polyd()
    with closing(polyd.client()) as admin:
        function = deploy(admin, "say", SAYS)
    lines = Tail(polyd, f"/functions/server/{function}/logs?follow=true")
    polyd.stop_well()
    assert lines.response.read() == b""
    lines.close()


def test_poly_logs_follow_prints_lines_as_they_come(polyd, admin, tmp_path):
    function = deploy(admin, "say", SAYS, context="followed")
    settings = {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key, "HOME": str(tmp_path), "PATH": "/usr/bin"}
    command = [POLY, "logs", "followed.say", "--follow", "--json"]
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) as following:
        for number in range(3):
            run_server(admin, function, text=f"line {number}")
        texts = [json.loads(following.stdout.readline())["value"] for _ in range(3)]
        following.terminate()
    assert texts == ["line 0", "line 1", "line 2"]


def test_metrics_and_other_requests_are_answered_beside_a_tail(admin, tail):
    function = deploy(admin, "say", SAYS, context="beside")
    tail(f"/functions/server/{function}/logs?follow=true")
    assert eventually(lambda: admin.get("/metrics").status == 200, "metrics")
