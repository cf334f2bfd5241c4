"""What was deployed of a function, which of it takes calls, and how calls move without one of them being lost."""

import re
import shlex
import threading
from contextlib import closing, contextmanager

import pytest
from support.eventually import eventually
from support.functions import deploy, execution_id, executions, logs_of, run_server
from support.places import ROOT
from support.poly import Poly

POLYD_SETTINGS = {"POLY_RUNTIME_REVISIONS_KEPT": "5"}
CALLERS = 8


def says(word):
    return f"function tell() {{ return {word!r}; }}"


FAILS = "function tell() { throw new Error('this revision is broken'); }"
CANNOT_LOAD = "throw new Error('it does not even load'); function tell() { return 1; }"


def redeploy(client, context, code, **fields):
    body = {"name": "tell", "context": context, "code": code, "language": "javascript", **fields}
    return client.post("/functions/server", body)


def overview(client, function):
    return client.found(f"/functions/server/{function}/revisions")


def percents(client, function):
    revisions = overview(client, function)["revisions"]
    return {revision["number"]: revision["percent"] for revision in revisions if revision["percent"]}


def roll_back(client, function, **body):
    return client.post(f"/functions/server/{function}/rollback", body)


def divide(client, function, shares, **fields):
    named = [{"revision": number, "percent": percent} for number, percent in shares.items()]
    return client.put(f"/functions/server/{function}/traffic", {"shares": named, **fields})


@pytest.fixture(scope="module")
def pair(admin):
    """A function with two revisions, which stays as it is."""
    function = deploy(admin, "tell", says("a"), context="pair")
    redeploy(admin, "pair", says("b"))
    return function


@contextmanager
def callers(polyd, function, calls_each):
    """Calls `function` all the while, from several connections; gives the answers once the block is left."""
    answers = []

    def call():
        with closing(polyd.client()) as client:
            for _ in range(calls_each):
                answers.append(run_server(client, function))

    threads = [threading.Thread(target=call) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        for thread in threads:
            thread.join()


def test_each_deploy_of_something_new_is_a_revision_that_says_who_when_and_why(admin):
    function = deploy(admin, "tell", says("a"), context="each")
    second = redeploy(admin, "each", says("b"), note="says b").json
    assert (second["revision"], second["changed"]) == (2, True)
    same = redeploy(admin, "each", says("b")).json
    assert (same["revision"], same["changed"], same["updatedAt"]) == (2, False, second["updatedAt"])
    third = redeploy(admin, "each", says("b"), memory=128).json
    assert (third["revision"], third["changed"]) == (3, True)
    newest, middle, oldest = overview(admin, function)["revisions"]
    assert [newest["number"], middle["number"], oldest["number"]] == [3, 2, 1]
    assert (middle["note"], middle["status"], middle["percent"]) == ("says b", "kept", 0)
    assert (newest["status"], newest["percent"]) == ("serving", 100)
    assert newest["deployedBy"] and newest["deployedAt"] >= middle["deployedAt"]
    assert oldest["hash"] != middle["hash"] == newest["hash"]


def test_a_revision_is_shown_with_its_code_and_settings(admin):
    function = deploy(admin, "tell", says("a"), context="shown", limitTime=7)
    redeploy(admin, "shown", says("b"))
    first = admin.found(f"/functions/server/{function}/revisions/1")
    assert (first["number"], first["code"], first["limitTime"]) == (1, says("a"), 7)
    assert admin.get(f"/functions/server/{function}/revisions/9").status == 404
    assert admin.get(f"/functions/server/{function}/revisions/x").status == 400


def test_older_revisions_than_those_kept_are_forgotten(admin):
    function = deploy(admin, "tell", says(0), context="kept")
    for number in range(1, 8):
        redeploy(admin, "kept", says(number))
    assert [revision["number"] for revision in overview(admin, function)["revisions"]] == [8, 7, 6, 5, 4]
    refused = roll_back(admin, function, revision=2)
    assert refused.status == 400 and "revision 2 any more" in refused.message


def test_a_rollback_moves_all_calls_at_once_and_no_number_is_used_twice(admin):
    function = deploy(admin, "tell", says("a"), context="back")
    redeploy(admin, "back", says("b"))
    redeploy(admin, "back", says("c"))
    back = roll_back(admin, function)
    assert back.status == 200, back
    assert (back.json["revision"], back.json["latestRevision"]) == (2, 3)
    assert run_server(admin, function).text == "b"
    assert admin.found(f"/functions/server/{function}")["code"] == says("b")
    roll_back(admin, function)
    assert run_server(admin, function).text == "a"
    roll_back(admin, function, revision=3)
    assert run_server(admin, function).text == "c"
    assert redeploy(admin, "back", says("d")).json["revision"] == 4
    assert percents(admin, function) == {4: 100}


def test_a_rollback_that_has_nowhere_to_go_says_so(admin):
    function = deploy(admin, "tell", says("a"), context="nowhere")
    assert "no older revision" in roll_back(admin, function).message
    assert roll_back(admin, function, revision=4).message == "'nowhere.tell' has no revision 4"


def test_a_change_of_a_setting_starts_from_the_revision_that_serves(admin):
    function = deploy(admin, "tell", says("a"), context="patched")
    redeploy(admin, "patched", says("b"))
    roll_back(admin, function)
    described = admin.patch(f"/functions/server/{function}", {"description": "says a"}).json
    assert (described["changed"], described["revision"]) == (False, 1)
    patched = admin.patch(f"/functions/server/{function}", {"limitTime": 9}).json
    assert (patched["changed"], patched["revision"], patched["code"]) == (True, 3, says("a"))
    assert run_server(admin, function).text == "a"


def test_a_deploy_without_traffic_is_called_only_when_it_is_asked_for(admin):
    function = deploy(admin, "tell", says("a"), context="silent")
    silent = redeploy(admin, "silent", says("b"), traffic="none").json
    assert (silent["revision"], silent["changed"]) == (2, True)
    assert silent["traffic"] == [{"revision": 1, "percent": 100}]
    assert run_server(admin, function).text == "a"
    asked = run_server(admin, function, headers={"x-openpoly-revision": "2"})
    assert asked.text == "b"
    seen = executions(admin, functionId=function, limit=10)
    assert {run["id"]: run["revision"] for run in seen}[execution_id(asked)] == 2
    assert overview(admin, function)["revisions"][0]["status"] == "ready"


@pytest.mark.parametrize("revision", ["1", "9", "none", "0"])
def test_a_revision_that_takes_no_calls_cannot_be_asked_for(admin, pair, revision):
    refused = run_server(admin, pair, headers={"x-openpoly-revision": revision})
    assert refused.status == 400 and "revision" in refused.message


def test_calls_are_divided_as_the_percentages_say(polyd, admin):
    function = deploy(admin, "tell", says("a"), context="divided")
    redeploy(admin, "divided", says("b"))
    assert divide(admin, function, {1: 70, 2: 30}).status == 200
    with callers(polyd, function, 100) as answers:
        pass
    assert {answer.status for answer in answers} == {201}
    # 800 calls: 240 expected, with a standard deviation of 13.
    assert 175 < sum(answer.text == "b" for answer in answers) < 305
    seen = {revision["number"]: revision["calls"] for revision in overview(admin, function)["revisions"]}
    assert seen == {1: sum(answer.text == "a" for answer in answers), 2: sum(answer.text == "b" for answer in answers)}


def test_logs_and_executions_tell_the_revision_that_ran(admin):
    function = deploy(admin, "tell", "function tell() { console.log('one'); }", context="told")
    redeploy(admin, "told", "function tell() { console.log('two'); }", traffic="none")
    ran = run_server(admin, function)
    assert eventually(lambda: logs_of(admin, execution_id(ran)), "its line is there")[0][1] == "one"
    lines = admin.found(f"/executions/{execution_id(ran)}/logs")["logs"]
    assert {line["revision"] for line in lines} == {1}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"shares": []}, "$.shares: must name from 1 to 10 revisions"),
        ({"shares": [{"revision": 1, "percent": 90}]}, "must add up to 100, not 90"),
        ({"shares": [{"revision": 1, "percent": 0}, {"revision": 2, "percent": 100}]}, "$.shares[0].percent"),
        ({"shares": [{"revision": 1, "percent": 50}, {"revision": 7, "percent": 50}]}, "has no revision 7"),
        ({"shares": [{"revision": 1, "percent": 50}, {"revision": 1, "percent": 50}]}, "1 is named twice"),
        ({"shares": [{"revision": 2, "percent": 100}], "canary": {}}, "$.canary: a trial is between two revisions"),
        (
            {"shares": [{"revision": 1, "percent": 50}, {"revision": 2, "percent": 50}], "canary": {"callsMin": 0}},
            "$.canary.callsMin",
        ),
    ],
)
def test_a_division_that_cannot_be_is_refused(admin, pair, body, complaint):
    answer = admin.put(f"/functions/server/{pair}/traffic", body)
    assert answer.status == 400 and complaint in answer.message, answer
    assert percents(admin, pair) == {2: 100}


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"traffic": "some"}, "$.traffic"),
        ({"traffic": "canary", "canaryPercent": 100}, "$.canaryPercent: must be from 1 to 99"),
        ({"canaryPercent": 10}, '$.traffic: must be "canary"'),
        ({"note": "n" * 1001}, "$.note: must have at most 1000 bytes"),
    ],
)
def test_a_deploy_that_says_where_calls_go_in_a_wrong_way_is_refused(admin, pair, fields, complaint):
    answer = redeploy(admin, "pair", says("c"), **fields)
    assert answer.status == 400 and complaint in answer.message, answer


def test_a_revision_that_cannot_be_loaded_is_refused_and_the_old_one_serves(admin):
    function = deploy(admin, "tell", says("a"), context="broken")
    refused = redeploy(admin, "broken", CANNOT_LOAD)
    assert refused.status == 400, refused
    assert "it does not even load" in refused.message and "revision 1 goes on serving" in refused.message
    assert run_server(admin, function).text == "a"
    assert [revision["number"] for revision in overview(admin, function)["revisions"]] == [1]


def test_every_call_is_answered_while_twenty_deploys_happen(polyd, admin):
    function = deploy(admin, "tell", says(1), context="load")
    with callers(polyd, function, 100) as answers:
        for number in range(2, 22):
            deployed = redeploy(admin, "load", says(number))
            assert (deployed.status, deployed.json["revision"]) == (201, number)
            assert run_server(admin, function).json == number
    assert len(answers) == CALLERS * 100
    assert {answer.status for answer in answers} == {201}, [answer for answer in answers if answer.status != 201][:3]
    assert {answer.json for answer in answers} <= set(range(1, 22))


def test_every_call_is_answered_while_calls_move_back_and_forth(polyd, admin):
    function = deploy(admin, "tell", says("a"), context="swing")
    redeploy(admin, "swing", says("b"))
    with callers(polyd, function, 60) as answers:
        for _ in range(10):
            for number, word in ((1, "a"), (2, "b")):
                assert roll_back(admin, function, revision=number).status == 200
                assert run_server(admin, function).text == word
    assert {answer.status for answer in answers} == {201}, [answer for answer in answers if answer.status != 201][:3]
    assert {answer.text for answer in answers} <= {"a", "b"}


def test_calls_that_an_old_revision_has_begun_end_in_it(polyd, admin):
    slow = "async function tell() { await new Promise((done) => setTimeout(done, 1500)); return 'a'; }"
    function = deploy(admin, "tell", slow, context="drained")
    run_server(admin, function)
    with callers(polyd, function, 1) as answers:
        eventually(lambda: in_flight(admin, function) == CALLERS, "all calls are in the old revision")
        redeploy(admin, "drained", says("b"))
        assert run_server(admin, function).text == "b"
    assert [(answer.status, answer.text) for answer in answers] == [(201, "a")] * CALLERS


def in_flight(client, function):
    revisions = client.found(f"/functions/server/{function}/instances")["revisions"]
    return sum(instance["calls"] for revision in revisions for instance in revision["instances"])


def test_two_deploys_at_the_same_time_are_two_revisions(polyd, admin):
    function = deploy(admin, "tell", says("a"), context="raced")
    answers = []

    def race(word):
        with closing(polyd.client()) as client:
            answers.append(redeploy(client, "raced", says(word)))

    threads = [threading.Thread(target=race, args=(word,)) for word in ("b", "c", "d", "e")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.json["revision"] for answer in answers) == [2, 3, 4, 5]
    assert [revision["number"] for revision in overview(admin, function)["revisions"]] == [5, 4, 3, 2, 1]


def test_a_canary_that_fails_gives_all_calls_back_and_says_why(polyd, admin):
    function = deploy(admin, "tell", says("a"), context="canary")
    rules = {"errorPercentMax": 5, "callsMin": 20, "minutes": 10}
    trial = redeploy(admin, "canary", FAILS, traffic="canary", canaryPercent=40, canary=rules).json
    assert trial["canary"]["candidate"] == 2 and trial["traffic"][1] == {"revision": 2, "percent": 40}
    assert overview(admin, function)["revisions"][0]["status"] == "canary"

    def settled():
        with callers(polyd, function, 10):
            pass
        return percents(admin, function) == {1: 100}

    eventually(settled, "all calls go to the old revision")
    after = overview(admin, function)
    assert after["rolledBack"]["from"] == 2 and after["rolledBack"]["to"] == 1
    assert "calls of revision 2 failed" in after["rolledBack"]["reason"] and "canary" not in after
    assert after["revisions"][0]["errors"] >= 20
    assert run_server(admin, function).text == "a"


def test_a_canary_between_revisions_that_are_there_ends_with_the_next_division(admin):
    function = deploy(admin, "tell", says("a"), context="trial")
    redeploy(admin, "trial", says("b"))
    trial = divide(admin, function, {1: 90, 2: 10}, canary={"minutes": 30}).json
    assert (trial["canary"]["stable"], trial["canary"]["candidate"], trial["canary"]["minutes"]) == (1, 2, 30)
    assert "canary" not in divide(admin, function, {1: 50, 2: 50}).json


def test_wrong_arguments_are_no_errors_of_a_revision(admin):
    function = deploy(admin, "tell", "/** @param {number} n */ function tell(n) { return n; }", context="counted")
    assert run_server(admin, function, n="x").status == 400
    run_server(admin, function, n=1)
    assert [(r["calls"], r["errors"]) for r in overview(admin, function)["revisions"]] == [(1, 0)]


def test_traffic_and_history_outlive_a_restart(start_polyd, tmp_path):
    first = start_polyd(data=tmp_path / "kept")
    with closing(first.client()) as client:
        function = deploy(client, "tell", says("a"), context="restart")
        redeploy(client, "restart", says("b"), note="says b")
        redeploy(client, "restart", says("c"))
        divide(client, function, {1: 20, 3: 80}, canary={"minutes": 60})
        before = overview(client, function)
    first.stop_well()
    again = start_polyd(data=tmp_path / "kept", key=first.key)
    with closing(again.client()) as client:
        after = overview(client, function)
        for each in (before, after):
            for revision in each["revisions"]:
                del revision["calls"], revision["errors"]
        assert after == before
        assert roll_back(client, function, revision=2).status == 200
        assert run_server(client, function).text == "b"


def commands_of(page, heading):
    """The lines of the first block of shell commands below a heading of a page of the docs."""
    text = (ROOT / "docs" / page).read_text()
    block = re.search(r"```sh\n(.*?)```", text[text.index(heading) :], re.DOTALL)[1]
    return [shlex.split(line, comments=True)[1:] for line in block.splitlines()]


@pytest.fixture
def poly(polyd, tmp_path):
    return Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})


def test_the_commands_of_the_page_of_revisions_do_what_it_says(admin, poly, tmp_path):
    first, second, show, share, back = commands_of("revisions.md", "# Revisions")
    (tmp_path / "tell.js").write_text(says("a"))
    poly.json(*first)
    (tmp_path / "tell.js").write_text(says("b"))
    poly.json(*second)
    shown = poly.run(*show).output.splitlines()
    assert shown[0].split() == ["REVISION", "STATUS", "PERCENT", "CALLS", "ERRORS", "DEPLOYED", "BY", "NOTE"]
    assert shown[1].split()[:4] == ["2", "canary", "10", "%"] and shown[2].split()[-1] == "first"
    assert percents_of(poly.json(*share)) == {1: 50, 2: 50}
    assert percents_of(poly.json(*back)) == {1: 100}


def percents_of(overview):
    return {share["revision"]: share["percent"] for share in overview["traffic"]}


def test_the_commands_of_the_page_of_poly_do_what_it_says(poly, tmp_path):
    deploy_canary, show, share, back = commands_of("cli.md", "## A new revision, carefully")
    (tmp_path / "place.ts").write_text("export async function place(): Promise<number> { return 1; }\n")
    poly.json("function", "add", "place", "place.ts", "--context", "shop.orders", "--server")
    (tmp_path / "place.ts").write_text("export async function place(): Promise<number> { return 2; }\n")
    poly.json(*deploy_canary)
    assert percents_of(poly.json(*show)) == {1: 90, 2: 10}
    assert percents_of(poly.json(*share)) == {1: 50, 2: 50}
    assert percents_of(poly.json(*back)) == {1: 100}
