"""Jobs: what schedules are taken, and what a run of functions leaves on record."""

import datetime
import time

import pytest
from support.eventually import eventually
from support.functions import deploy, executions

NEVER = {"type": "interval", "value": 60 * 24}


@pytest.fixture(scope="module")
def names():
    return iter(f"job{number}" for number in range(1000))


@pytest.fixture
def job(admin, names):
    def make(functions, schedule=NEVER, **fields):
        listed = [each if isinstance(each, dict) else {"id": each} for each in functions]
        return admin.made("/jobs", {"name": next(names), "schedule": schedule, "functions": listed, **fields})["id"]

    return make


def run_now(client, job):
    """Runs a job now and gives its run, once that has ended, in detail."""
    answer = client.post(f"/jobs/{job}/trigger")
    assert answer.status == 201 and answer.json["jobId"] == job, answer
    run = answer.json["runId"]

    def ended():
        detail = client.found(f"/jobs/{job}/executions/{run}")
        return detail if detail["status"] != "running" else None

    return eventually(ended, "the run has ended")


@pytest.fixture(scope="module")
def echo(admin):
    return deploy(admin, "echo", "function echo(event, headers, params) { return [event, headers, params]; }")


def at(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    "schedule",
    [
        {"type": "periodical", "value": "*/5 2-4 * * mon-fri"},
        {"type": "interval", "value": 5},
        {"type": "on_time", "value": at(3600)},
    ],
)
def test_each_kind_of_schedule_is_taken_and_comes_back(admin, job, echo, schedule):
    made = admin.found(f"/jobs/{job([echo], schedule)}")
    assert made["schedule"]["type"] == schedule["type"]
    assert made["schedule"]["value"] == schedule["value"]
    assert made["enabled"] is True


@pytest.mark.parametrize(
    "schedule, word",
    [
        ({"type": "periodical", "value": "61 * * * *"}, "61"),
        ({"type": "periodical", "value": "every day"}, "schedule.value"),
        ({"type": "interval", "value": 0}, "schedule.value"),
        ({"type": "on_time", "value": "tomorrow"}, "schedule.value"),
        ({"type": "weekly", "value": 1}, "schedule.type"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_its_place(admin, echo, schedule, word):
    answer = admin.post("/jobs", {"name": "wrong", "schedule": schedule, "functions": [{"id": echo}]})
    assert answer.status == 400 and word in answer.message, answer


def test_a_job_without_a_function_that_exists_is_refused(admin):
    body = {"name": "wrong", "schedule": NEVER, "functions": [{"id": "00000000-0000-4000-8000-000000000000"}]}
    answer = admin.post("/jobs", body)
    assert answer.status == 400 and "functions[0].id" in answer.message, answer


def test_a_run_gives_each_function_its_payloads_and_keeps_what_became_of_it(admin, job, echo):
    given = {"id": echo, "eventPayload": {"n": 1}, "headersPayload": {"h": "2"}, "paramsPayload": {"p": 3}}
    identity = job([given])
    run = run_now(admin, identity)
    assert (run["status"], run["startedBy"]) == ("finished", "request")
    (call,) = run["functions"]
    assert (call["functionId"], call["statusCode"]) == (echo, 200)
    assert call["arguments"] == [{"n": 1}, {"h": "2"}, {"p": 3}]
    record = admin.found(f"/executions/{call['executionId']}")
    assert (record["status"], record["resourceId"]) == ("ok", echo)
    (listed,) = admin.found(f"/jobs/{identity}/executions")
    assert (listed["id"], listed["status"]) == (run["id"], "finished")
    assert listed["duration"] >= 0 and listed["processedOn"]


def test_runs_are_filtered_by_status_and_forgotten_on_request(admin, job, echo):
    identity = job([echo])
    first, second = run_now(admin, identity), run_now(admin, identity)
    runs = f"/jobs/{identity}/executions"
    assert [run["id"] for run in admin.found(runs)] == [second["id"], first["id"]]
    assert [run["id"] for run in admin.found(runs, query={"limit": 1})] == [second["id"]]
    assert admin.found(runs, query={"status": "with_call_error"}) == []
    assert admin.get(runs, query={"status": "nonsense"}).status == 400
    assert admin.delete(f"{runs}/{first['id']}").status in (200, 204)
    assert admin.get(f"{runs}/{first['id']}").status == 404
    assert admin.delete(runs).status in (200, 204)
    assert admin.found(runs) == []


SLEEPS = """
async function sleeps(event) {
  const began = Date.now();
  await new Promise((done) => setTimeout(done, 300));
  return [began, Date.now()];
}"""


@pytest.mark.parametrize("execution_type, overlap", [("sequential", False), ("parallel", True)])
def test_functions_of_a_job_run_one_after_another_or_together(admin, job, execution_type, overlap):
    function = deploy(admin, "sleeps", SLEEPS, context=execution_type)
    run = run_now(admin, job([function, function, function], executionType=execution_type))
    assert run["status"] == "finished" and len(run["functions"]) == 3
    records = executions(admin, resourceId=function)
    starts = sorted(datetime.datetime.fromisoformat(record["startedAt"].replace("Z", "+00:00")) for record in records)
    apart = (starts[-1] - starts[0]).total_seconds()
    assert (apart < 0.3) == overlap, starts
    assert run["duration"] >= (300 if overlap else 900)


def test_a_function_that_fails_marks_the_run_and_the_next_one_still_runs(admin, job, echo):
    failing = deploy(admin, "failing", "function failing() { throw new Error('job trouble'); }")
    run = run_now(admin, job([failing, echo]))
    assert run["status"] == "with_call_error"
    first, second = run["functions"]
    assert first["statusCode"] == 500 and "job trouble" in first["error"]
    assert second["statusCode"] == 200


def test_a_job_runs_at_its_time_by_itself(admin, job, echo):
    identity = job([echo], {"type": "on_time", "value": at(1)})
    began = time.monotonic()
    runs = eventually(lambda: [run for run in admin.found(f"/jobs/{identity}/executions") if run["status"] != "running"], "it ran")
    assert 0.5 < time.monotonic() - began < 10
    assert [(run["status"], run["startedBy"]) for run in runs] == [("finished", "schedule")]


def test_a_disabled_job_does_not_run_by_itself_and_runs_on_request(admin, job, echo):
    identity = job([echo], {"type": "on_time", "value": at(1)}, enabled=False)
    assert run_now(admin, identity)["startedBy"] == "request"
    again = job([echo], {"type": "on_time", "value": at(1)})
    eventually(lambda: admin.found(f"/jobs/{again}/executions"), "a job of the same moment ran")
    assert len(admin.found(f"/jobs/{identity}/executions")) == 1


def test_a_second_run_while_one_is_under_way_is_refused(admin, job):
    function = deploy(admin, "long", "async function long() { await new Promise((done) => setTimeout(done, 800)); }")
    identity = job([function])
    first = admin.post(f"/jobs/{identity}/trigger")
    assert first.status == 201
    assert admin.post(f"/jobs/{identity}/trigger").status == 409
    eventually(lambda: admin.found(f"/jobs/{identity}/executions")[0]["status"] == "finished", "the first run ended")


def test_a_deleted_job_is_gone(admin, job, echo):
    identity = job([echo])
    assert admin.delete(f"/jobs/{identity}").status in (200, 204)
    assert admin.get(f"/jobs/{identity}").status == 404
    assert admin.post(f"/jobs/{identity}/trigger").status == 404
