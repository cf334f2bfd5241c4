"""A server function in Go from its file to its answers, by way of the command line and the API: examples/go."""

from pathlib import Path

import pytest
from support.eventually import eventually
from support.functions import deploy, execution_id, executions, logs_of, run_server
from support.poly import Poly

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/go"
LINES = [
    {"product": "cup", "count": 2, "price": 4, "size": "large"},
    {"product": "tea", "count": 10, "size": "small"},
]


@pytest.fixture(scope="module")
def receipt(polyd):
    """The id of `shop.receipt`, deployed by the command line from a file."""
    poly = Poly(EXAMPLE, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    poly.json("function", "add", "priceOf", "price_of.js", "--context", "shop.prices", "--server")
    return poly.json("function", "add", "receipt", "receipt.go", "--context", "shop", "--server")["id"]


def paths_called_by(admin, execution):
    return [each["path"] for each in executions(admin) if each.get("parentId") == execution]


def test_structs_go_in_and_out_and_a_nested_call_brings_what_is_missing(admin, receipt):
    answer = run_server(admin, receipt, order={"customer": "Ann", "lines": LINES})
    assert answer.status == 201
    assert {**answer.json, "at": None} == {"customer": "Ann", "total": 33, "counts": {"small": 10, "large": 2}, "at": None}
    lines = logs_of(admin, execution_id(answer))
    assert ("info", "adding up for Ann") in lines
    assert ("warn", "no price for tea") in lines
    nested = eventually(lambda: paths_called_by(admin, execution_id(answer)), "the nested execution is on record")
    assert nested == ["shop.prices.priceOf"]


def test_what_the_source_says_of_its_types_is_in_the_catalog(admin, receipt):
    (spec,) = [spec for spec in admin.found("/specs") if spec["id"] == receipt]
    assert spec["description"] == "Receipt adds up an order. Prices that it does not have come from the catalog."
    (order,) = spec["function"]["arguments"]
    assert (order["name"], order["required"]) == ("order", True)
    line = order["type"]["schema"]["definitions"]["Line"]
    assert line["required"] == ["product", "count", "size"]
    assert order["type"]["schema"]["definitions"]["Size"]["enum"] == ["small", "large"]


def test_what_does_not_fit_the_types_is_refused_with_the_field(admin, receipt):
    answer = run_server(admin, receipt, order={"customer": "Ann", "lines": [{**LINES[0], "count": "two"}]})
    assert answer.status == 400
    assert "count" in answer.message or "lines" in answer.message


def test_an_error_that_the_function_returns_is_the_message(admin, receipt):
    answer = run_server(admin, receipt, order={"customer": "Ann", "lines": []})
    assert (answer.status, answer.message) == (500, "an order has lines")


def test_the_status_of_an_error_is_that_of_the_answer(admin):
    source = 'package shop\n\nimport "openpoly"\n\nfunc find(id string) (string, error) {\n\treturn "", openpoly.Fail(404, "no such order")\n}\n'
    answer = run_server(admin, deploy(admin, "find", source, "go", context="shop.missing"), id="7")
    assert (answer.status, answer.message) == (404, "no such order")


def test_a_failed_nested_call_is_the_message_of_the_function(admin, receipt):
    answer = run_server(admin, receipt, order={"customer": "Ann", "lines": [{"product": "ink", "count": 1, "size": "small"}]})
    assert answer.status == 500
    assert "ink has no price" in answer.message and "nothing is known of ink" in answer.message


def test_a_panic_is_the_message_with_its_line_and_the_worker_goes_on(admin):
    source = "package shop\n\nfunc second(of []int) int {\n\treturn of[1]\n}\n"
    function = deploy(admin, "second", source, "go", context="shop")
    answer = run_server(admin, function, of=[1])
    assert answer.status == 500
    assert answer.message == "RuntimeError: runtime error: index out of range [1] with length 1 (line 4)"
    assert run_server(admin, function, of=[1, 2]).json == 2


def test_a_source_that_does_not_compile_is_refused_with_its_line(admin):
    code = "package shop\n\nfunc f() int {\n\treturn missing\n}\n"
    answer = admin.post("/functions/server", {"name": "f", "context": "shop", "code": code, "language": "go"})
    assert answer.status == 400
    assert "line 4, column 9: undeclared name: missing" in answer.message


@pytest.mark.parametrize(
    ("path", "more", "message"),
    [
        ("/functions/client", {}, "deploy it as a server function"),
        ("/functions/server", {"requirements": ["github.com/google/uuid"]}, "$.requirements: functions in Go have the standard library only"),
    ],
)
def test_what_go_does_not_have_is_refused_in_words(admin, path, more, message):
    answer = admin.post(path, {"name": "f", "context": "shop", "code": "package f\nfunc f() {}", "language": "go", **more})
    assert answer.status == 400
    assert message in answer.message


def test_a_program_that_dies_is_an_error_that_says_why_and_the_next_call_is_answered(admin):
    source = 'package shop\nfunc f(n int) int {\n\tif n > 0 { go func() { panic("lost") }(); select {} }\n\treturn n\n}\n'
    function = deploy(admin, "f", source, "go", context="shop.dies")
    answer = run_server(admin, function, n=1)
    assert answer.status == 500
    assert "panic: lost" in answer.message
    assert run_server(admin, function, n=0).json == 0


def test_a_source_that_is_too_much_for_the_compiler_is_refused_and_does_no_harm(admin):
    source = "package shop\nvar x = [1 << 25]int{1<<25 - 1: 1}\nfunc f() int { return x[0] }"
    answer = admin.post("/functions/server", {"name": "f", "context": "shop.much", "code": source, "language": "go"})
    assert answer.status == 400
    assert "could not make a program of the source" in answer.message
    assert run_server(admin, deploy(admin, "f", "package a; func f() int { return 1 }", "go", context="shop.much")).json == 1
