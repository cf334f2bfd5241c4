"""What happened: the list of executions, one of them, its logs, and the same through `poly`."""

import pytest
from support.functions import CONTEXT, deploy, execution_id, executions, make_api_function, run_server, try_api
from support.poly import Poly


@pytest.fixture(scope="module")
def ran(admin):
    """Some runs: two that succeeded, one that failed, one with a child."""
    good = deploy(admin, "good", "function good(n) { console.log('number', n); return n; }")
    bad = deploy(admin, "bad", "function bad() { throw new Error('bad luck'); }")
    parent = deploy(admin, "parent", f"const {{ poly }} = require('openpoly'); async function parent() {{ return await poly.{CONTEXT}.good(3); }}")
    return {
        "good": good,
        "bad": bad,
        "first": execution_id(run_server(admin, good, n=1)),
        "second": execution_id(run_server(admin, good, n=2)),
        "failed": execution_id(run_server(admin, bad)),
        "parent": execution_id(run_server(admin, parent)),
    }


def test_the_newest_executions_come_first(admin, ran):
    listed = [record["id"] for record in executions(admin)]
    wanted = [ran["failed"], ran["second"], ran["first"]]
    assert [identity for identity in listed if identity in wanted] == wanted


def test_an_execution_says_what_ran_when_how_long_and_in_which_revision(admin, ran):
    record = admin.found(f"/executions/{ran['first']}")
    assert record["path"] == f"{CONTEXT}.good"
    assert record["resourceId"] == ran["good"]
    assert record["kind"] == "serverFunction"
    assert record["status"] == "ok"
    assert record["durationMs"] > 0
    assert record["startedAt"].endswith("Z")
    assert record["revision"] == 1


def test_an_execution_says_with_which_key_it_was_called(admin, ran):
    made = admin.made("/api-keys", {"name": "caller", "permissions": {"execute": True}})
    run = execution_id(run_server(admin.with_key(made["key"]), ran["good"], n=4))
    assert admin.found(f"/executions/{run}")["apiKey"] == {"id": made["id"], "name": "caller"}
    (listed,) = [record for record in executions(admin, resourceId=ran["good"]) if record["id"] == run]
    assert listed["apiKey"] == {"id": made["id"], "name": "caller"}
    admin.delete(f"/api-keys/{made['id']}")
    assert admin.found(f"/executions/{run}")["apiKey"] == {"id": made["id"]}


def test_an_execution_says_where_its_time_went(admin, ran):
    record = admin.found(f"/executions/{ran['first']}")
    assert record["cold"]
    assert 0 < record["queueMs"] < record["durationMs"]
    assert 0 < record["runMs"] < record["durationMs"]
    assert "upstreamMs" not in record


@pytest.mark.parametrize("query", [{"status": "error"}, {"path": f"{CONTEXT}.bad"}])
def test_executions_are_filtered(admin, ran, query):
    assert {record["id"] for record in executions(admin, **query)} == {ran["failed"]}


def test_executions_are_filtered_by_function_parent_and_number(admin, ran):
    assert {ran["first"], ran["second"]} <= {record["id"] for record in executions(admin, resourceId=ran["good"])}
    (child,) = executions(admin, parentId=ran["parent"])
    assert child["path"] == f"{CONTEXT}.good" and child["parentId"] == ran["parent"]
    assert len(executions(admin, limit=2)) == 2


@pytest.mark.parametrize(
    "query, word",
    [({"status": "fine"}, "status"), ({"resourceId": "x"}, "resourceId"), ({"limit": "many"}, "limit"), ({"since": "soon"}, "soon")],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(admin, query, word):
    answer = admin.get("/executions", query=query)
    assert answer.status == 400 and word in answer.message, answer


def test_an_execution_that_was_never_is_not_found(admin):
    assert admin.get("/executions/00000000-0000-4000-8000-000000000000").status == 404
    assert admin.get("/executions/nonsense").status in (400, 404)


def test_executions_of_api_functions_carry_the_status_of_the_run(admin, misbehaving):
    answered = make_api_function(admin, "answered", misbehaving.address + "/status/503")
    broken = make_api_function(admin, "broken", misbehaving.address + "/reset")
    try_api(admin, answered)
    try_api(admin, broken)
    (good,) = executions(admin, resourceId=answered)
    (bad,) = executions(admin, resourceId=broken)
    assert (good["status"], good["kind"]) == ("ok", "apiFunction")
    assert bad["status"] == "error" and misbehaving.address.removeprefix("http://") in bad["error"]


def test_refused_calls_leave_a_record_too(admin, ran):
    typed = deploy(admin, "typed", "export function typed(n: number): number { return n; }", "typescript")
    answer = run_server(admin, typed, n="x")
    assert answer.status == 400
    (record,) = executions(admin, resourceId=typed)
    assert record["id"] == execution_id(answer) and "$.n" in record["error"]


def test_poly_shows_the_logs_of_a_function_and_of_one_run(polyd, ran, tmp_path):
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    everything = poly.run("logs", f"{CONTEXT}.good")
    assert everything.status == 0 and "number 1" in everything.output and "number 2" in everything.output, everything
    one = poly.run("logs", "--execution", ran["second"])
    assert "number 2" in one.output and "number 1" not in one.output
    assert poly.run("logs", f"{CONTEXT}.nothing").status == 3


def test_poly_executes_and_lists_with_stable_exit_codes(polyd, ran, tmp_path):
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    assert poly.json("execute", f"{CONTEXT}.good", "--arg", "n=7") == 7
    failed = poly.run("execute", f"{CONTEXT}.bad", "--json")
    assert failed.status == 1 and "bad luck" in failed.document["error"]["message"]
    assert poly.run("execute", f"{CONTEXT}.nothing").status == 3
    listed = poly.json("function", "list")
    assert f"{CONTEXT}.good" in {function["contextName"] for function in listed}
    stranger = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": "00000000-0000-4000-8000-000000000000"})
    assert stranger.run("function", "list").status == 4
