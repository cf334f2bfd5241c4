"""Functions that give their result piece by piece: answered as it comes, at the reader's pace, and never held whole."""

import http.client
import json
import re
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.eventually import eventually
from support.functions import deploy, execution_id, executions, logs_of, run_server

MEBIBYTE = 1 << 20
PIECE_BYTES = 64 << 10
STALLED_READER_SECONDS = 2
SETTLED_SECONDS = 0.5

# Memory that was freed goes back, so that what polyd holds can be measured.
POLYD_SETTINGS = {
    "POLY_STALLED_READER_SECONDS": str(STALLED_READER_SECONDS),
    "POLY_RUNTIME_TIME_LIMIT_SECONDS": "60",
    "ASAN_OPTIONS": "quarantine_size_mb=1:allocator_release_to_os_interval_ms=100",
}

PIECES = {
    "javascript": """
let produced = 0;
async function* give(count) {
  const piece = Buffer.alloc(65536, 'x');
  for (let i = 0; i < count; i += 1) { produced += 1; yield piece; }
}
function pieces(count) { return count < 0 ? produced : give(count); }
""",
    "python": """
produced = 0

def give(count):
    global produced
    for i in range(count):
        produced += 1
        yield b'x' * 65536

def pieces(count: int):
    return produced if count < 0 else give(count)
""",
    "java": """
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

public class Pieces {
    private static final AtomicInteger PRODUCED = new AtomicInteger();
    private static final byte[] PIECE = "x".repeat(65536).getBytes();

    private static byte[] piece() {
        PRODUCED.incrementAndGet();
        return PIECE;
    }

    public Object pieces(int count) {
        return count < 0 ? (Object) PRODUCED.get() : Stream.generate(Pieces::piece).limit(count);
    }
}
""",
    "go": """
package pieces

import (
\t"bytes"
\t"sync/atomic"
)

var produced atomic.Int64

func pieces(count int) any {
\tif count < 0 {
\t\treturn produced.Load()
\t}
\tpiece := bytes.Repeat([]byte("x"), 65536)
\treturn func(yield func([]byte) bool) {
\t\tfor i := 0; i < count; i++ {
\t\t\tproduced.Add(1)
\t\t\tif !yield(piece) {
\t\t\t\treturn
\t\t\t}
\t\t}
\t}
}
""",
}


def resident_bytes(polyd):
    status = Path(f"/proc/{polyd.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def request_bytes(polyd, function, arguments):
    body = json.dumps(arguments).encode()
    head = (
        f"POST /functions/server/{function}/execute HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {polyd.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def raw_call(polyd, function, receive_bytes=None, **arguments):
    """A connection over which the function has been called; its answer is to be read."""
    parts = urlsplit(polyd.address)
    connection = socket.socket()
    if receive_bytes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.settimeout(30)
    connection.connect((parts.hostname, parts.port))
    connection.sendall(request_bytes(polyd, function, arguments))
    return connection


def read_to_end(connection):
    received = b""
    while chunk := connection.recv(1 << 20):
        received += chunk
    return received


def last_execution(admin, function):
    found = executions(admin, resourceId=function, limit=1)
    return found[0] if found else None


@pytest.mark.parametrize("language", PIECES)
def test_two_hundred_megabytes_pass_through_without_being_held(polyd, admin, language):
    function = deploy(admin, "pieces", PIECES[language], language, context=f"large.{language}")
    count = 200 * 1_000_000 // PIECE_BYTES
    assert run_server(admin, function, count=1).body == b"x" * PIECE_BYTES
    before = resident_bytes(polyd)
    parts = urlsplit(polyd.address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection.request(
        "POST",
        f"/functions/server/{function}/execute",
        json.dumps({"count": count}),
        {"authorization": f"Bearer {polyd.key}", "content-type": "application/json"},
    )
    response = connection.getresponse()
    assert (response.status, response.headers["transfer-encoding"]) == (201, "chunked")
    assert response.headers["content-type"] == "application/octet-stream"
    total, most = 0, before
    while piece := response.read(MEBIBYTE):
        total += len(piece)
        most = max(most, resident_bytes(polyd))
    assert total == count * PIECE_BYTES
    assert most - before < 50 * MEBIBYTE
    # The connection goes on, and the run is on record with all of its time.
    connection.request("GET", "/health/ready")
    assert connection.getresponse().status == 200
    connection.close()
    record = eventually(lambda: last_execution(admin, function), "the execution is recorded")
    assert record["id"] == response.headers["x-poly-execution-id"]
    assert record["status"] == "ok"


@pytest.mark.parametrize("language", PIECES)
def test_a_reader_that_stops_holds_the_function_back_and_is_cut(polyd, admin, language):
    function = deploy(admin, "pieces", PIECES[language], language, context=f"stalled.{language}")
    with raw_call(polyd, function, receive_bytes=PIECE_BYTES, count=100_000) as connection:
        assert connection.recv(15) == b"HTTP/1.1 201 Cr"

        def produced():
            return run_server(admin, function, count=-1).json

        def settled():
            count = produced()
            time.sleep(SETTLED_SECONDS)
            return count > 0 and count == produced() and count

        assert eventually(settled, "the function waits") * PIECE_BYTES < 16 * MEBIBYTE
        cut = eventually(
            lambda: next((e for e in executions(admin, resourceId=function) if e["status"] == "cancelled"), None),
            "the reader is cut",
        )
        assert cut["error"] == "the caller went away before the end of the result"
        with pytest.raises(ConnectionResetError):
            read_to_end(connection)
    assert run_server(admin, function, count=1).body == b"x" * PIECE_BYTES


@pytest.mark.parametrize(
    "language, code",
    [
        ("javascript", "async function* breaks() { yield 'one'; throw new Error('too far'); }"),
        ("python", "def breaks():\n    yield 'one'\n    raise ValueError('too far')\n"),
    ],
)
def test_an_error_in_mid_stream_cuts_the_answer_and_is_the_error_of_the_run(polyd, admin, language, code):
    function = deploy(admin, "breaks", code, language, context=f"broken.{language}")
    with raw_call(polyd, function) as connection:
        answer = read_to_end(connection)
    assert answer.endswith(b"3\r\none\r\n"), answer
    record = eventually(lambda: last_execution(admin, function), "the execution is recorded")
    assert record["status"] == "error"
    assert "too far" in record["error"]
    assert any("too far" in text for level, text in logs_of(admin, record["id"]) if level == "error")


def test_a_client_that_goes_away_ends_the_function(polyd, admin):
    code = """
    async function* ticks() {
      try {
        for (;;) { yield 'tick'; await new Promise((done) => setTimeout(done, 5)); }
      } finally {
        globalThis.ended = true;
      }
    }
    function f(ask) { return ask ? globalThis.ended === true : ticks(); }"""
    function = deploy(admin, "f", code, context="gone")
    with raw_call(polyd, function, ask=False) as connection:
        connection.recv(100)
    eventually(lambda: run_server(admin, function, ask=True).json, "the generator is closed")
    statuses = [record["status"] for record in executions(admin, resourceId=function)]
    assert statuses.count("cancelled") == 1, statuses


def test_values_are_lines_of_json_and_come_as_they_are_made(polyd, admin):
    code = """
    let release;
    const released = new Promise((done) => { release = done; });
    async function* rows() { yield { n: 1 }; await released; yield [2, 'two']; }
    function f(go) { if (go) { release(); return 'gone on'; } return rows(); }"""
    function = deploy(admin, "f", code, context="rows")
    with raw_call(polyd, function, go=False) as connection:
        received = b""
        while b'{"n":1}\n' not in received:
            received += connection.recv(1000)
        assert b"\r\nContent-Type: application/x-ndjson\r\n" in received
        assert run_server(admin, function, go=True).text == "gone on"
        while not received.endswith(b"0\r\n\r\n"):
            received += connection.recv(1000)
    assert b'[2,"two"]\n' in received


def test_a_function_is_given_the_whole_of_what_another_streams(admin):
    deploy(admin, "rows", "async function* rows() { yield { n: 1 }; yield 'two'; }", context="whole")
    deploy(admin, "lines", "def lines():\n    yield {'n': 1}\n    yield [2]\n", "python", context="whole")
    deploy(admin, "texts", "async function* texts() { yield 'one '; yield 'two'; }", context="whole")
    deploy(admin, "bytes", "async function* bytes() { yield new Uint8Array([255, 0]); }", context="whole")
    deploy(admin, "breaks", "async function* breaks() { yield 1; throw new Error('too far'); }", context="whole")
    code = """
    import poly from 'openpoly';
    async function asks(name) {
      try { return [await poly.whole[name]()]; } catch (error) { return error.message; }
    }"""
    function = deploy(admin, "asks", code)
    assert run_server(admin, function, name="lines").json == [[{"n": 1}, [2]]]
    assert run_server(admin, function, name="texts").json == ["one two"]
    assert run_server(admin, function, name="rows").json == ['{"n":1}\ntwo'], "a text among the lines makes it a text"
    assert "no text in UTF-8" in run_server(admin, function, name="bytes").text
    assert "too far" in run_server(admin, function, name="breaks").text


def test_more_than_a_function_can_be_given_is_a_named_error(admin):
    deploy(admin, "flood", "async function* flood() { for (let i = 0; i < 66; i += 1) yield 'x'.repeat(1 << 20); }", context="whole")
    code = """
    import poly from 'openpoly';
    async function asks_flood() { try { await poly.whole.flood(); } catch (error) { return [error.code, error.message]; } }"""
    code_and_message = run_server(admin, deploy(admin, "asks_flood", code)).json
    assert code_and_message[0] == "RESULT_TOO_LARGE"
    assert "67104768 bytes" in code_and_message[1]


def test_a_webhook_answers_with_what_its_function_streams(admin):
    function = deploy(admin, "answers", "async function* answers() { yield 'one '; yield 'two'; }", context="hooked")
    webhook = admin.made("/webhooks", {"name": "streams", "context": "hooked"})
    source = {"webhookHandleId": webhook["id"]}
    admin.made("/triggers", {"source": source, "destination": {"serverFunctionId": function}, "waitForResponse": True})
    answer = admin.post(f"/webhooks/{webhook['id']}", {})
    assert (answer.status, answer.text) == (200, "one two")
    assert answer.headers["transfer-encoding"] == "chunked"


def test_a_stream_in_the_background_is_read_to_its_end(admin):
    function = deploy(admin, "late", PIECES["javascript"].replace("pieces", "late"), context="async", serverSideAsync=True)
    answer = run_server(admin, function, count=100)
    assert answer.json["executionId"] == execution_id(answer)
    record = eventually(lambda: last_execution(admin, function), "the execution is recorded")
    assert (record["id"], record["status"]) == (execution_id(answer), "ok")
