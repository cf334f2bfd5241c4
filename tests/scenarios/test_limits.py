"""Both sides of each limit, under the name that it has in the code."""

import json
from contextlib import closing
from urllib.parse import quote

import pytest

from support import samples
from support.eventually import eventually
from support.functions import deploy, execution_id, logs_of, make_api_function, run_server, try_api
from support.raw_socket import exchange
from support.samples import WITH_CONTEXT

NAME_LENGTH_MAX = 200
CONTEXT_LENGTH_MAX = 500
JSON_DEPTH_MAX = 200
SOURCE_BYTES_MAX = 1 << 20
VALUE_BYTES_MAX = 1 << 20
BODY_BYTES_DEFAULT = 1 << 20
BODY_BYTES_EXECUTE = 10 << 20
BODY_BYTES_DOCUMENT = 64 << 20
SUBPATH_STEPS_MAX = 20
JOB_FUNCTIONS_MAX = 100
JOB_PAYLOAD_BYTES_MAX = 64 << 10
JOB_NAME_BYTES_MAX = 200
INTERVAL_MINUTES_MAX = 366 * 24 * 60
DELAY_MINUTES_MAX = 31 * 24 * 60
RESPONSE_STATUS_MIN, RESPONSE_STATUS_MAX = 200, 599
SLUG_LENGTH_MAX = 200
SUBPATH_LENGTH_MAX = 1000
LIMIT_TIME_SECONDS_MAX = 600
REDIRECTS_MAX = 10
DEPTH_MAX = 20
LOG_BYTES_MAX = 1 << 20
LINE_BYTES_MAX = 16_384
ASYNC_CALLS_MAX = 1_000

JSON_TYPE = {"content-type": "application/json"}
every_kind = pytest.mark.parametrize("kind", WITH_CONTEXT, ids=str)


@pytest.fixture(scope="module")
def mirror(admin):
    """The path that runs a server function which gives back the length of its argument's JSON text."""
    code = "export function mirror(value: any): number { return JSON.stringify(value).length; }"
    made = admin.made("/functions/server", samples.server_function("mirror", "limits", code=code))
    return f"/functions/server/{made['id']}/execute"


def padded(body, name, size):
    """The JSON text of `body` with the string field `name` grown until the whole has `size` bytes."""
    text = json.dumps({**body, name: ""}).encode()
    return json.dumps({**body, name: "x" * (size - len(text))}).encode()


@every_kind
def test_name_length_max(admin, kind):
    admin.made(kind.collection, kind.body("n" * NAME_LENGTH_MAX, kind.within("limits")))
    refused = admin.post(kind.collection, kind.body("n" * (NAME_LENGTH_MAX + 1), kind.within("limits")))
    assert refused.status == 400, refused
    assert "name: 'nnn" in refused.message
    assert f"is longer than {NAME_LENGTH_MAX} characters" in refused.message


@every_kind
def test_context_length_max(admin, kind):
    context = ".".join(["c" * 99] * 5) + "c"
    assert len(context) == CONTEXT_LENGTH_MAX
    admin.made(kind.collection, kind.body(f"deep_{kind.spec_type}", context))
    refused = admin.post(kind.collection, kind.body(f"deep_{kind.spec_type}", context + "c"))
    assert refused.status == 400, refused
    assert "context: 'ccc" in refused.message
    assert f"is longer than {CONTEXT_LENGTH_MAX} characters" in refused.message


def test_json_depth_max(admin, mirror):
    def nested(depth):
        arrays = depth - 1  # the object of arguments is the first level
        return b'{"value": ' + b"[" * arrays + b"]" * arrays + b"}"

    assert admin.post(mirror, nested(JSON_DEPTH_MAX), headers=JSON_TYPE).json == 2 * (JSON_DEPTH_MAX - 1)
    for depth in (JSON_DEPTH_MAX + 1, 100_000):
        refused = admin.post(mirror, nested(depth), headers=JSON_TYPE)
        assert refused.status == 400, refused
        assert "deep" in refused.message


def test_body_bytes_default(admin):
    body = {"name": "large", "context": "limits", "language": "javascript"}
    assert admin.put("/snippets", padded(body, "code", BODY_BYTES_DEFAULT), headers=JSON_TYPE).status == 200
    refused = admin.put("/snippets", padded(body, "code", BODY_BYTES_DEFAULT + 1), headers=JSON_TYPE)
    assert refused.status == 413
    assert refused.message == f"the body of the request is larger than {BODY_BYTES_DEFAULT} bytes"


def announced(polyd, path, size):
    """The answer to a request that announces a body of `size` bytes and sends nothing of it."""
    head = f"POST {path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {polyd.key}\r\n"
    status, _, body = exchange(polyd.address, f"{head}content-length: {size}\r\n\r\n".encode())
    return status, json.loads(body)["message"]


def test_body_bytes_execute(admin, polyd, mirror):
    largest = padded({}, "value", BODY_BYTES_EXECUTE)
    answer = admin.post(mirror, largest, headers=JSON_TYPE)
    assert answer.status == 201, answer
    assert answer.json == BODY_BYTES_EXECUTE - len('{"value": }')
    said = f"the body of the request is larger than {BODY_BYTES_EXECUTE} bytes"
    assert announced(polyd, mirror, BODY_BYTES_EXECUTE + 1) == (413, said)


def test_body_bytes_document(polyd):
    said = f"the body of the request is larger than {BODY_BYTES_DOCUMENT} bytes"
    assert announced(polyd, "/specification-input/oas", BODY_BYTES_DOCUMENT + 1) == (413, said)


def test_source_bytes_max(admin):
    code = "export function sized() { return 1; }\n"
    fits = code + "/" * 2 + "x" * (SOURCE_BYTES_MAX - len(code) - 2)
    assert len(fits) == SOURCE_BYTES_MAX
    admin.made("/functions/server", samples.server_function("sized", "limits", code=fits))
    refused = admin.post("/functions/server", samples.server_function("sized", "limits", code=fits + "x"))
    assert refused.status == 413, refused
    assert refused.message == f"$.code: the source has {SOURCE_BYTES_MAX + 1} bytes, and {SOURCE_BYTES_MAX} are the most"


def test_value_bytes_max(admin):
    largest = "v" * (VALUE_BYTES_MAX - 2)  # its JSON text has two quotes
    made = admin.made("/variables", samples.variable("large", "limits", value=largest))
    assert admin.get(f"/variables/{made['id']}/value").text == largest
    refused = admin.post("/variables", samples.variable("larger", "limits", value=largest + "v"))
    assert refused.status == 413, refused
    assert str(VALUE_BYTES_MAX) in refused.message
    assert admin.get("/variables/limits.larger").status == 404


def test_subpath_steps_max(admin, mirror):
    value = "end"
    for _ in range(SUBPATH_STEPS_MAX + 1):
        value = {"a": value}
    made = admin.made("/variables", samples.variable("nested", "limits", value=value))

    def ask(steps):
        path = ".".join(["a"] * steps)
        return admin.post(mirror, {"value": {"type": "PolyVariable", "id": made["id"], "path": path}})

    assert ask(SUBPATH_STEPS_MAX).json == len('{"a":"end"}')
    refused = ask(SUBPATH_STEPS_MAX + 1)
    assert (refused.status, refused.message) == (400, f"a variable's path has more than {SUBPATH_STEPS_MAX} steps")


@pytest.fixture(scope="module")
def job(admin):
    """`job(name, …)`: the answer to making a job with these changes."""
    function = admin.made("/functions/server", samples.server_function("ticked", "limits"))["id"]

    def job(name, **changes):
        return admin.post("/jobs", {**samples.job(name, function), **changes})

    job.function = function
    return job


def test_job_functions_max(job):
    assert job("most", functions=[{"id": job.function}] * JOB_FUNCTIONS_MAX).status == 201
    refused = job("more", functions=[{"id": job.function}] * (JOB_FUNCTIONS_MAX + 1))
    assert refused.status == 400
    assert f"$.functions: has {JOB_FUNCTIONS_MAX + 1} functions, more than {JOB_FUNCTIONS_MAX}" in refused.message


def test_job_payload_bytes_max(job):
    fits = "p" * (JOB_PAYLOAD_BYTES_MAX - 2)
    assert job("full", functions=[{"id": job.function, "eventPayload": fits}]).status == 201
    refused = job("fuller", functions=[{"id": job.function, "eventPayload": fits + "p"}])
    assert refused.status == 400
    assert f"have {JOB_PAYLOAD_BYTES_MAX + 1} bytes, more than {JOB_PAYLOAD_BYTES_MAX}" in refused.message


def test_job_name_bytes_max(job):
    assert job("j" * JOB_NAME_BYTES_MAX).status == 201
    refused = job("j" * (JOB_NAME_BYTES_MAX + 1))
    assert refused.status == 400
    assert f"$.name: has {JOB_NAME_BYTES_MAX + 1} bytes, more than {JOB_NAME_BYTES_MAX}" in refused.message


def test_interval_minutes_max(job):
    assert job("rare", schedule={"type": "interval", "value": INTERVAL_MINUTES_MAX}).status == 201
    assert job("often", schedule={"type": "interval", "value": 1}).status == 201
    for value in (0, INTERVAL_MINUTES_MAX + 1):
        refused = job("never", schedule={"type": "interval", "value": value})
        assert refused.status == 400
        assert "$.schedule.value" in refused.message
        assert str(INTERVAL_MINUTES_MAX) in refused.message


def test_delay_minutes_max(job):
    def delayed(name, minutes):
        return job(name, schedule={"type": "on_time", "value": "2099-01-01T00:00:00Z", "acceptableDelayTime": minutes})

    assert delayed("late", DELAY_MINUTES_MAX).status == 201
    for minutes in (-1, DELAY_MINUTES_MAX + 1):
        refused = delayed("later", minutes)
        assert refused.status == 400
        assert "$.schedule.acceptableDelayTime" in refused.message


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(RESPONSE_STATUS_MIN - 1, False), (RESPONSE_STATUS_MIN, True), (RESPONSE_STATUS_MAX, True), (RESPONSE_STATUS_MAX + 1, False)],
)
def test_response_status_of_a_webhook(admin, status, allowed):
    answer = admin.post("/webhooks", samples.webhook(f"answers_{status}", "limits", responseStatus=status))
    assert answer.status == (201 if allowed else 400), answer
    if not allowed:
        assert answer.message == "$.responseStatus: must be from 200 to 599"


def test_slug_length_of_a_webhook(admin):
    admin.made("/webhooks", samples.webhook("slugged", "limits", slug="s" * SLUG_LENGTH_MAX))
    for slug in ("", "s" * (SLUG_LENGTH_MAX + 1)):
        refused = admin.post("/webhooks", samples.webhook("slugless", "limits", slug=slug))
        assert (refused.status, refused.message) == (400, "$.slug: must be 1 to 200 letters, digits, hyphens and underscores")


def test_subpath_length_max(admin):
    admin.made("/webhooks", samples.webhook("longSubpath", "limits", subpath="s" * SUBPATH_LENGTH_MAX))
    refused = admin.post("/webhooks", samples.webhook("longerSubpath", "limits", subpath="s" * (SUBPATH_LENGTH_MAX + 1)))
    assert refused.status == 400, refused
    assert "$.subpath" in refused.message


def test_time_limit_max_of_a_server_function(admin):
    for seconds in (1, LIMIT_TIME_SECONDS_MAX):
        made = admin.made("/functions/server", samples.server_function("timed", "limits", limitTime=seconds))
        assert made["limitTime"] == seconds
    for seconds in (0, -1, LIMIT_TIME_SECONDS_MAX + 1):
        refused = admin.post("/functions/server", samples.server_function("timed", "limits", limitTime=seconds))
        assert (refused.status, refused.message) == (400, f"$.limitTime: must be from 1 to {LIMIT_TIME_SECONDS_MAX} seconds")


def test_redirects_max(admin, misbehaving):
    function = make_api_function(admin, "follows", misbehaving.address + "/redirect?to={{to}}", arguments=["to"], enabledRedirect=True)

    def redirected(times):
        path = "/echo"
        for _ in range(times - 1):
            path = "/redirect?to=" + quote(path, safe="")
        return try_api(admin, function, to=path)

    answer = redirected(REDIRECTS_MAX)
    assert answer.status == 201, answer
    assert answer.json["status"] == 200
    refused = redirected(REDIRECTS_MAX + 1)
    assert refused.status == 502
    assert f"redirected more than {REDIRECTS_MAX} times" in refused.message


def test_depth_max(admin):
    code = """import poly from 'openpoly';
    export async function descend(more: number): Promise<number> {
      return more > 0 ? 1 + await poly.limits.descend(more - 1) : 1;
    }"""
    function = admin.made("/functions/server", samples.server_function("descend", "limits", code=code))["id"]
    assert run_server(admin, function, more=DEPTH_MAX - 1).json == DEPTH_MAX
    refused = run_server(admin, function, more=DEPTH_MAX)
    assert refused.status == 429
    assert f"functions may call each other {DEPTH_MAX} deep" in refused.message


def test_log_bytes_max(admin):
    """A worker keeps the same limit itself; this one writes its frames without it."""
    code = """
    const { writeSync } = require('node:fs');
    async function writes(lines, size) {
      const header = Buffer.from('{"level":"info"}');
      const frame = Buffer.alloc(13 + header.length + size, 'x');
      frame.writeUInt32LE(9 + header.length + size, 0);
      frame.writeUInt8(0x45, 4);
      frame.writeUInt32LE(1, 5);
      frame.writeUInt32LE(header.length, 9);
      header.copy(frame, 13);
      for (let line = 0; line < lines; line += 1) {
        for (let at = 0; at < frame.length; ) {
          try {
            at += writeSync(3, frame, at);
          } catch (error) {
            if (error.code !== 'EAGAIN') throw error;
          }
        }
      }
    }"""
    fitting = LOG_BYTES_MAX // LINE_BYTES_MAX
    for lines in (fitting, fitting + 1):
        function = deploy(admin, f"writes{lines}", code.replace("writes", f"writes{lines}"), context="limits")
        answer = run_server(admin, function, lines=lines, size=LINE_BYTES_MAX - 1)
        assert answer.status == 201, answer
        levels = [level for level, _ in logs_of(admin, execution_id(answer))]
        assert levels == ["info"] * fitting + ["warn"] * (lines - fitting)


def test_async_calls_max(start_polyd):
    polyd = start_polyd({"POLY_LOOPS": "1"})
    with closing(polyd.client()) as admin:
        gate = admin.made("/variables", samples.variable("open", "limits", value=False))["id"]
        code = """import { vari } from 'openpoly';
        export async function waits(): Promise<void> {
          while (!(await vari.limits.open.get())) await new Promise((done) => setTimeout(done, 50));
        }"""
        settings = {"serverSideAsync": True, "concurrency": 1, "maxScale": 1}
        function = deploy(admin, "waits", code, "typescript", context="limits", **settings)
        statuses = [run_server(admin, function).status for _ in range(ASYNC_CALLS_MAX)]
        assert set(statuses) == {201}
        refused = run_server(admin, function)
        assert (refused.status, refused.message) == (429, "1,000 executions run in the background already; try again later")
        admin.patch(f"/variables/{gate}", {"value": True})
        eventually(lambda: run_server(admin, function).status == 201, "there is room again")


def test_listed_max_stands_whatever_is_asked_for(admin):
    assert admin.get("/executions?limit=999999999").status == 200
    assert admin.found("/executions?limit=0")["results"] == []
