"""How many instances there are of a function, what one of them may use, and what happens when all are busy."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from support.eventually import eventually
from support.functions import deploy, instances, run_server
from support.poly import Poly

POLYD_SETTINGS = {"POLY_RUNTIME_IDLE_SECONDS": "2", "POLY_RUNTIME_QUEUED_CALLS_MAX": "20"}
# Each instance answers with a name of its own: the number of its process may be the same as another's.
SLEEPS = """
const instance = crypto.randomUUID();
async function nap(ms) { await new Promise((done) => setTimeout(done, ms)); return instance; }
"""
LOOPS = """
import time, uuid
instance = str(uuid.uuid4())
def nap(ms):
    time.sleep(ms / 1000)
    return instance
"""


def revisions(client, function):
    return client.found(f"/functions/server/{function}/instances")["revisions"]


def call_at_once(polyd, function, count, **arguments):
    """`count` calls, each on a connection of its own."""

    def call(_):
        with closing(polyd.client()) as client:
            return run_server(client, function, **arguments)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def test_a_sleeping_function_has_no_instance(admin):
    assert revisions(admin, deploy(admin, "nap", SLEEPS, context="asleep")) == []


def test_an_instance_takes_many_calls_unless_its_function_says_less(polyd, admin):
    function = deploy(admin, "nap", SLEEPS, context="many")
    answers = call_at_once(polyd, function, 8, ms=200)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1


def test_an_instance_of_python_runs_64_plain_calls_at_once(polyd, admin):
    code = "import threading\nhere = threading.Barrier(64)\ndef meet(company):\n    return not company or here.wait(20) >= 0\n"
    function = deploy(admin, "meet", code, "python", context="many")
    assert run_server(admin, function, company=False).json is True
    answers = call_at_once(polyd, function, 64, company=True)
    assert [answer.json for answer in answers] == [True] * 64


@pytest.mark.parametrize(("language", "code"), [("javascript", SLEEPS), ("python", LOOPS)], ids=["javascript", "python"])
def test_calls_beyond_the_concurrency_get_instances_up_to_the_scale(polyd, admin, language, code):
    function = deploy(admin, "nap", code, language, context=f"few.{language}", concurrency=1, maxScale=3)
    answers = call_at_once(polyd, function, 9, ms=300)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 3
    (revision,) = revisions(admin, function)
    assert (revision["concurrency"], revision["maxScale"]) == (1, 3)
    eventually(lambda: instances(admin, function) == [], "the instances are put away")


def test_a_full_queue_answers_429_and_says_when_to_come_back(polyd, admin):
    function = deploy(admin, "nap", SLEEPS, context="full", concurrency=1, maxScale=1)
    run_server(admin, function, ms=1)
    answers = call_at_once(polyd, function, 30, ms=100)
    statuses = [answer.status for answer in answers]
    assert set(statuses) == {201, 429}
    assert statuses.count(201) >= 20
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.message == "'full.nap' has 20 calls waiting already; try again later"
    assert refused.headers["retry-after"] == "1"


def test_a_thousand_calls_of_a_sleeping_function_all_end(start_polyd):
    polyd = start_polyd({"POLY_RUNTIME_QUEUED_CALLS_MAX": "1000"})
    with closing(polyd.client()) as admin:
        function = deploy(admin, "nap", SLEEPS, context="burst")

    def call_ten(_):
        with closing(polyd.client()) as client:
            return [run_server(client, function, ms=20).status for _ in range(10)]

    with ThreadPoolExecutor(100) as pool:
        statuses = [status for ten in pool.map(call_ten, range(100)) for status in ten]
    assert statuses == [201] * 1000


def test_always_on_keeps_an_instance_before_and_after_calls(admin):
    function = deploy(admin, "nap", SLEEPS, context="on", alwaysOn=True)
    assert admin.found(f"/functions/server/{function}")["minScale"] == 1
    (instance,) = eventually(lambda: instances(admin, function), "an instance that nobody asked for")
    assert run_server(admin, function, ms=1).status == 201
    assert [one["pid"] for one in instances(admin, function)] == [instance["pid"]]
    assert admin.delete(f"/functions/server/{function}").status == 200
    eventually(lambda: not Path(f"/proc/{instance['pid']}").exists(), "a deleted function has no instance")


def test_the_instance_of_an_always_on_function_is_replaced_when_it_dies(admin):
    code = "async function nap(die) { if (die) process.kill(process.pid, 'SIGKILL'); return 'alive'; }"
    function = deploy(admin, "nap", code, context="undying", minScale=1)
    (first,) = eventually(lambda: instances(admin, function), "an instance")
    assert run_server(admin, function, die=True).status == 500
    second = eventually(
        lambda: [one for one in instances(admin, function) if one["pid"] != first["pid"]], "another instance"
    )
    assert run_server(admin, function, die=False).text == "alive"
    assert [one["pid"] for one in instances(admin, function)] == [second[0]["pid"]]


def test_scaling_is_explained(polyd, admin, tmp_path):
    function = deploy(admin, "nap", SLEEPS, context="explained")
    run_server(admin, function, ms=1)
    (revision,) = eventually(
        lambda: [one for one in revisions(admin, function) if one["wanted"] == 1], "the decision for one"
    )
    assert "calls in flight over 60 s" in revision["reason"]
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    shown = poly.run("function", "instances", "explained.nap")
    assert shown.status == 0, shown
    assert shown.output.startswith("revision 1: 1 of 0 to 4 instances, 0 starting, 0 calls waiting; wants 1 (")
    eventually(lambda: instances(admin, function) == [], "the instance is put away")
    assert poly.run("function", "instances", "explained.nap").status == 0


def test_metrics_tell_queue_run_and_start_times(admin):
    run_server(admin, deploy(admin, "nap", SLEEPS, context="measured"), ms=1)
    metrics = admin.get("/metrics").text
    for name in ("queue", "run", "start"):
        assert f'openpoly_function_{name}_milliseconds_count{{engine="node"}}' in metrics
    assert 'openpoly_function_instances{engine="node"}' in metrics


# Settings

SHOWS_ENVIRONMENT = {
    "javascript": "function show(name) { return process.env[name] ?? null; }",
    "python": "import os\ndef show(name):\n    return os.environ.get(name)\n",
}


@pytest.mark.parametrize("language", SHOWS_ENVIRONMENT)
def test_environment_variables_come_from_texts_and_catalog_variables(admin, language):
    context = f"env.{language}"
    variable = {"name": "region", "context": context, "value": "eu", "secret": False}
    made = admin.made("/variables", variable)
    environment = {"STAGE": {"value": "test"}, "REGION": {"variable": f"{context}.region"}}
    code = SHOWS_ENVIRONMENT[language]
    function = deploy(admin, "show", code, language, context=context, environment=environment)
    assert run_server(admin, function, name="STAGE").text == "test"
    assert run_server(admin, function, name="REGION").text == "eu"
    assert admin.patch(f"/variables/{made['id']}", {"value": "us"}).status == 200
    assert run_server(admin, function, name="REGION").text == "us"
    assert admin.found(f"/functions/server/{function}")["environment"] == environment


WRONG = [
    ({"memory": 1}, "$.memory: must be from 64 to 2048 MiB"),
    ({"memory": 2049}, "$.memory: must be from 64 to 2048 MiB"),
    ({"cpu": 0}, "$.cpu: must be from 0.05 to 64 cores"),
    ({"concurrency": 0}, "$.concurrency: must be from 1 to 1000"),
    ({"concurrency": 1001}, "$.concurrency: must be from 1 to 1000"),
    ({"minScale": -1}, "$.minScale: must be from 0 to 100"),
    ({"maxScale": 0}, "$.maxScale: must be from 1 to 100"),
    ({"minScale": 3, "maxScale": 2}, "$.minScale: must not be more than maxScale"),
    ({"limitTime": 601}, "$.limitTime: must be from 1 to 600 seconds"),
    ({"environment": {"1A": {"value": "x"}}}, "$.environment.1A: a name has letters"),
    ({"environment": {"PATH": {"value": "x"}}}, "$.environment.PATH: is set by the runtime"),
    ({"environment": {"A": {}}}, "$.environment.A: needs either `value` or `variable`"),
    ({"environment": {"A": {"variable": "no.such"}}}, "$.environment.A.variable: there is no variable 'no.such'"),
    ({"environment": {"A": {"value": "x" * 65536}}}, "$.environment: 65536 bytes at most"),
    ({"memory": "much"}, "$.memory: expected"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_setting_past_its_limit_is_refused(admin, fields, message):
    body = {"name": "nap", "context": "wrong", "code": SLEEPS, "language": "javascript", **fields}
    answer = admin.post("/functions/server", body)
    assert answer.status == 400
    assert message in answer.message
    listed = admin.found("/functions/server", query={"search": "wrong.nap"}, headers={"x-poly-api-version": "2"})
    assert listed["results"] == []


AT_THE_LIMIT = [{"memory": 64}, {"memory": 2048}, {"concurrency": 1000}, {"maxScale": 100}, {"cpu": 0.05}]


@pytest.mark.parametrize("fields", AT_THE_LIMIT)
def test_a_setting_at_its_limit_is_kept(admin, fields):
    function = deploy(admin, "nap", SLEEPS, context="edge", **fields)
    detail = admin.found(f"/functions/server/{function}")
    assert {name: detail[name] for name in fields} == fields


def test_memory_of_its_own_is_more_than_the_default(start_polyd):
    polyd = start_polyd({"POLY_RUNTIME_MEMORY_MEBIBYTES_DEFAULT": "96"})
    with closing(polyd.client()) as admin:
        code = """async function hold() {
          const kept = Buffer.alloc(200 << 20, 1);
          await new Promise((done) => setTimeout(done, 1000));
          return kept.length;
        }"""
        small = deploy(admin, "hold", code, context="small")
        large = deploy(admin, "hold", code, context="large", memory=512)
        assert run_server(admin, large).json == 200 << 20
        answer = run_server(admin, small)
        assert answer.status == 500
        assert "it used more memory than" in answer.message


def test_settings_stay_when_only_something_else_is_changed(admin):
    function = deploy(admin, "nap", SLEEPS, context="patched", concurrency=7)
    assert admin.patch(f"/functions/server/{function}", {"description": "naps"}).status == 200
    assert admin.found(f"/functions/server/{function}")["concurrency"] == 7
    assert admin.patch(f"/functions/server/{function}", {"concurrency": None}).status == 200
    assert "concurrency" not in admin.found(f"/functions/server/{function}")
