"""What happens to calls when processes die, send garbage, or cannot be had: each ends in a result or a named error, and
the runtime goes on."""

import datetime
import os
import resource
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from support.eventually import eventually
from support.functions import deploy, execution_id, run_server
from support.shifted_clock import ShiftedClock

NAPS = {
    "javascript": "async function nap(ms) { await new Promise((done) => setTimeout(done, ms)); return process.pid; }",
    "python": "import os, time\ndef nap(ms):\n    time.sleep(ms / 1000)\n    return os.getpid()\n",
}
RECOVERY_SECONDS = 1


def descendants(pid):
    """Every process below `pid`, with what it was started as."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            found[int(status.parent.name)] = (parent, (status.parent / "cmdline").read_bytes().replace(b"\0", b" "))
        except OSError:
            continue  # it ended meanwhile
    below, rest = {}, {pid}
    while rest:
        rest = {child for child, (parent, _) in found.items() if parent in rest}
        below.update({child: found[child][1].decode() for child in rest})
    return below


def kill(pid):
    """It may have ended by itself, or with one that was killed before."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def instances(client, function):
    found = client.found(f"/functions/server/{function}/instances")["revisions"]
    return [instance for revision in found for instance in revision["instances"]]


@pytest.mark.parametrize("language", NAPS)
def test_instances_killed_under_load_cost_only_the_calls_they_had(polyd, admin, language):
    function = deploy(admin, "nap", NAPS[language], language, context=f"killed.{language}", concurrency=4, maxScale=2)

    def call_often(_):
        with closing(polyd.client()) as client:
            return [run_server(client, function, ms=20) for _ in range(15)]

    with ThreadPoolExecutor(8) as pool:
        calling = [pool.submit(call_often, number) for number in range(8)]
        for _ in range(4):
            victim = eventually(lambda: instances(admin, function), "an instance to kill")[0]["pid"]
            kill(victim)
        answers = [answer for one in calling for answer in one.result()]
    assert {answer.status for answer in answers} <= {201, 500}
    for answer in answers:
        if answer.status == 500:
            assert "its process was killed by signal 9 (Killed)" in answer.message
    assert sum(answer.status == 201 for answer in answers) > len(answers) / 2
    eventually(lambda: run_server(admin, function, ms=1).status == 201, "it answers again", RECOVERY_SECONDS)


def test_a_worker_that_is_killed_while_it_waits_is_not_given_to_a_function(polyd, admin):
    run_server(admin, deploy(admin, "nap", NAPS["javascript"], context="warm"), ms=1)
    waiting = [pid for pid, words in descendants(polyd.process.pid).items() if "workers/node/main.cjs" in words]
    for pid in waiting:
        kill(pid)
    answer = run_server(admin, deploy(admin, "nap", NAPS["javascript"], context="after"), ms=1)
    assert answer.status == 201


def test_without_the_process_that_forks_them_python_functions_still_start(polyd, admin):
    first = deploy(admin, "nap", NAPS["python"], "python", context="forked")
    assert run_server(admin, first, ms=1).status == 201
    templates = [pid for pid, words in descendants(polyd.process.pid).items() if "python/template.py" in words]
    assert templates
    for pid in templates:
        kill(pid)
    for number in range(3):
        next_one = deploy(admin, "nap", NAPS["python"], "python", context=f"forked.again{number}")
        assert run_server(admin, next_one, ms=1).status == 201
    assert run_server(admin, first, ms=1).status == 201


@pytest.mark.parametrize("garbage", ["'garbage of some length'", "Buffer.alloc(64)", "Buffer.alloc(4, 255)"])
def test_garbage_on_the_socket_ends_the_worker_and_not_polyd(admin, garbage):
    code = f"""async function rude() {{
      require('node:fs').writeSync(3, {garbage});
      await new Promise((done) => setTimeout(done, 5000));
    }}"""
    function = deploy(admin, "rude", code, context="rude")
    answer = run_server(admin, function)
    assert answer.status == 500
    assert "the function ended: " in answer.message
    assert run_server(admin, deploy(admin, "nap", NAPS["javascript"], context="polite"), ms=1).status == 201


def test_a_status_past_its_range_is_answered_with_500(admin):
    """A worker leaves such a status out; one that does not is not believed."""
    code = """async function rude(status) {
      const header = Buffer.from(JSON.stringify({ name: 'Error', message: 'rude', statusCode: status }));
      const frame = Buffer.alloc(13);
      frame.writeUInt32LE(9 + header.length, 0);
      frame.writeUInt8(0x44, 4);
      frame.writeUInt32LE(1, 5);
      frame.writeUInt32LE(header.length, 9);
      require('node:fs').writeSync(3, Buffer.concat([frame, header]));
      await new Promise(() => {});
    }"""
    for status, answered in [(399, 500), (400, 400), (599, 599), (600, 500), (4e9, 500), (-404, 500)]:
        function = deploy(admin, "rude", code, context=f"ranges.of{answered}{abs(int(status))}")
        answer = run_server(admin, function, status=status)
        assert (answer.status, answer.message) == (answered, "rude")


def test_without_descriptors_a_call_ends_in_a_named_error_and_later_ones_run(start_polyd):
    polyd = start_polyd({"POLY_RUNTIME_PREWARMED": "0"})
    with closing(polyd.client()) as admin:
        function = deploy(admin, "nap", NAPS["javascript"])
        pid = polyd.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        open_now = len(os.listdir(f"/proc/{pid}/fd"))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now + 1, before[1]))
        answer = run_server(admin, function, ms=1)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        assert answer.status == 503
        assert "Too many open files" in answer.message
        assert run_server(admin, function, ms=1).status == 201


def test_nested_calls_of_one_execution_are_limited(admin):
    variable = {"name": "n", "context": "fan", "value": 1, "secret": False}
    admin.made("/variables", variable)
    code = """import { vari } from 'polyapi';
    export async function fan(count: number): Promise<number> {
      for (let n = 0; n < count; n++) await vari.fan.n.get();
      return count;
    }"""
    function = deploy(admin, "fan", code, "typescript", context="fan")
    assert run_server(admin, function, count=10_000).json == 10_000
    answer = run_server(admin, function, count=10_001)
    assert answer.status == 429
    assert "10,000" in answer.message


def test_deploys_under_load_lose_no_call(polyd, admin):
    function = deploy(admin, "nap", NAPS["javascript"], context="deployed")

    def call_often(_):
        with closing(polyd.client()) as client:
            return [run_server(client, function, ms=5).status for _ in range(30)]

    with ThreadPoolExecutor(6) as pool:
        calling = [pool.submit(call_often, number) for number in range(6)]
        for number in range(10):
            deploy(admin, "nap", NAPS["javascript"] + f"\n// {number}", context="deployed")
        statuses = [status for one in calling for status in one.result()]
    assert statuses == [201] * 180


HOUR = 3600
NAP_MS = 1500


@pytest.fixture
def clock(tmp_path):
    return ShiftedClock(tmp_path)


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat()


def ahead_of_ours(client, answer):
    """By how many hours polyd's clock was before ours when it began an execution."""
    record = client.found(f"/executions/{execution_id(answer)}")
    began = datetime.datetime.fromisoformat(record["startedAt"].replace("Z", "+00:00"))
    return round((began.timestamp() - time.time()) / HOUR)


@pytest.mark.parametrize("language", NAPS)
def test_a_clock_that_jumps_ends_no_call_and_no_instance(start_polyd, clock, language):
    polyd = start_polyd(clock.settings)

    def nap(_):
        with closing(polyd.client()) as client:
            return run_server(client, function, ms=NAP_MS)

    with closing(polyd.client()) as admin, ThreadPoolExecutor(1) as pool:
        function = deploy(admin, "nap", NAPS[language], language, limitTime=20)
        assert run_server(admin, function, ms=1).status == 201
        (before,) = instances(admin, function)
        for hours in (1, -1, 0):
            sleeping = pool.submit(nap, hours)
            eventually(lambda: [one["calls"] for one in instances(admin, function)] == [1], "the function sleeps")
            clock.shift(hours * HOUR)
            meanwhile = run_server(admin, function, ms=1)
            slept = sleeping.result()
            assert (meanwhile.status, slept.status) == (201, 201)
            assert NAP_MS <= int(slept.headers["x-poly-execution-duration"]) < HOUR
            assert ahead_of_ours(admin, meanwhile) == hours
        (after,) = instances(admin, function)
        assert after["pid"] == before["pid"]


def test_a_clock_that_jumps_over_the_time_of_a_job_and_returns_makes_one_run(start_polyd, clock):
    polyd = start_polyd(clock.settings)
    with closing(polyd.client()) as admin:
        function = deploy(admin, "nap", NAPS["javascript"])

        def job(name, kind, value):
            schedule = {"type": kind, "value": value}
            made = admin.made("/jobs", {"name": name, "schedule": schedule, "functions": [{"id": function, "eventPayload": 1}]})
            return f"/jobs/{made['id']}/executions"

        passed_over = job("jumped over", "interval", 45)
        clock.shift(HOUR)
        far = job("far", "interval", 60 * 24)  # a new job makes the scheduler look at the clock at once
        eventually(lambda: [run["status"] for run in admin.found(passed_over)] == ["finished"], "the job runs")
        clock.shift(0)
        soon = job("soon", "on_time", iso(time.time() + 1))
        eventually(lambda: admin.found(soon), "the scheduler goes on")
        assert len(admin.found(passed_over)) == 1
        assert admin.found(far) == []


def test_deploys_while_the_process_that_forks_is_killed_again_and_again_end_well_or_in_a_named_error(polyd, admin):
    over = threading.Event()
    killed = []

    def kill_templates():
        while not over.is_set():
            templates = [pid for pid, words in descendants(polyd.process.pid).items() if "python/template.py" in words]
            killed.extend(templates)
            for pid in templates:
                kill(pid)
            over.wait(0.02)

    def try_to_deploy(number):
        code = NAPS["python"] + f"# {number}\n"  # a new revision, which a worker has to load
        body = {"name": "nap", "context": "restless", "code": code, "language": "python"}
        return admin.post("/functions/server", body)

    killing = threading.Thread(target=kill_templates)
    killing.start()
    try:
        answers = [try_to_deploy(number) for number in range(20)]
    finally:
        over.set()
        killing.join()
    assert len(set(killed)) > 3
    assert {answer.status for answer in answers} <= {201, 503}
    for answer in answers:
        if answer.status == 503:
            assert answer.message.startswith(("the process that forks workers", "a worker ended before it was")), answer
    last = eventually(lambda: found if (found := try_to_deploy("last")).status == 201 else None, "it deploys again", RECOVERY_SECONDS)
    assert run_server(admin, last.json["id"], ms=1).status == 201
