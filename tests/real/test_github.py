"""The whole API of GitHub, as GitHub describes it, becomes a catalog that works.

Run: OPENPOLY_BUILD=$PWD/build/release /usr/bin/python3 -m pytest -q -s tests/real
"""

import re
import shutil
import time
from pathlib import Path

import pytest

from support.places import ROOT

from answers import misfits
from calls import CALLS, WRONG
from compiler import check_types, start_project
from prism import violations
from training import path_of, poly

HERE = Path(__file__).parent
DOCUMENT = ROOT / "node_modules/@octokit/openapi/generated/api.github.com.json"
CONTEXT = "github"
OPERATIONS_MIN = 1_000
CALLS_MIN = 25


def test_every_operation_is_a_function_or_refused_with_its_reason(training):
    report = training.model["report"]
    took = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in training.seconds.items())
    counts = f"{len(training.operations)} operations, {len(report['refused'])} refused, {len(training.schemas)} schemas"
    print(f"\n{counts}: {took}")
    assert len(training.operations) > OPERATIONS_MIN
    assert report["operations"] == len(training.operations)
    assert len(training.model["functions"]) + len(report["refused"]) == len(training.operations)
    assert all(refused["reason"] for refused in report["refused"])


def test_everything_of_the_model_is_in_the_catalog_afterwards(training, admin):
    assert training.trained["problems"] == []
    assert training.trained["failed"] == 0
    assert training.trained["added"] == len(training.model["functions"]) + len(training.schemas)
    published = {path_of(spec) for spec in admin.found("/specs") if spec["type"] == "apiFunction"}
    assert published == {path_of(function) for function in training.model["functions"]}


@pytest.fixture(scope="module")
def project(training, polyd, tmp_path_factory):
    """An npm project with the SDK of the trained catalog, whose declarations are checked too."""
    folder = tmp_path_factory.mktemp("project")
    start_project(folder)
    started = time.monotonic()
    poly(polyd, "generate", folder=folder)
    print(f"\nSDK: {time.monotonic() - started:.2f} s")
    return folder


def check_source(project, source):
    """Checks the types of a project whose only source is `source`."""
    for other in project.glob("*.ts"):
        other.unlink()
    shutil.copy(HERE / source, project / source)
    started = time.monotonic()
    checked = check_types(project)
    print(f"\ntsc {source}: {time.monotonic() - started:.2f} s")
    return checked


def test_the_sdk_of_all_functions_passes_the_strict_compiler(project):
    assert check_source(project, "consumer.ts") == (0, "")


def test_the_compiler_refuses_calls_with_wrong_arguments(project):
    expected = [
        (number, code)
        for number, line in enumerate((HERE / "wrong_consumer.ts").read_text(encoding="utf-8").splitlines(), 1)
        for code in re.findall(r"// (TS\d+)$", line)
    ]
    status, said = check_source(project, "wrong_consumer.ts")
    found = [(int(line), code) for line, code in re.findall(r"^wrong_consumer\.ts\((\d+),\d+\): error (TS\d+)", said, re.M)]
    assert status != 0
    assert found == expected, said


@pytest.mark.parametrize("place", WRONG)
def test_prism_refuses_what_the_document_does_not_allow(prism, place):
    client = prism.client()
    method, path, body = WRONG[place]
    answer = client.request(method, path, body)
    client.close()
    assert answer.status == 422, answer
    assert violations(answer.headers, answer.json), answer


def operation_of(training, identifier):
    return next(each for each in training.operations if each.id == identifier)


def call(admin, training, identifier):
    """Runs the function of an operation with its arguments and gives the envelope {status, data, headers}."""
    function = training.functions[identifier]
    answer = admin.post(f"/functions/api/{path_of(function)}/execute", CALLS[identifier])
    assert answer.status == 201, answer
    return answer.json


def test_the_calls_are_many_and_of_every_kind(training):
    called = [operation_of(training, identifier) for identifier in CALLS]
    assert len(called) >= CALLS_MIN
    assert {operation.method for operation in called} == {"get", "post", "put", "patch", "delete"}
    assert {operation.success for operation in called} >= {200, 201, 204}


@pytest.mark.parametrize("identifier", CALLS)
def test_prism_accepts_the_call_of(admin, training, identifier):
    envelope = call(admin, training, identifier)
    assert not violations(envelope["headers"], envelope["data"]), envelope
    assert envelope["status"] == operation_of(training, identifier).success, envelope


def test_the_answers_fit_the_result_types_of_their_functions(admin, training):
    answers = {identifier: call(admin, training, identifier)["data"] for identifier in CALLS}
    assert misfits(training, answers) == {}
