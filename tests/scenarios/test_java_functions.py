"""A server function in Java from its file to its answers, by way of the command line and the API."""

import json
import re

import pytest
from support.functions import deploy, execution_id, executions, logs_of, run_server
from support.places import EXAMPLE
from support.poly import Poly

JAVA_EXAMPLE = EXAMPLE.parent / "java"

ORDERS = """package shop;

import io.openpoly.*;
import java.util.*;
import java.util.logging.Logger;

/** Orders of a shop. */
public class Orders {
    enum Size { SMALL, LARGE }
    public record Line(String product, int count, Optional<Double> price, Size size) {}
    public record Order(String customer, List<Line> lines) {}
    public record Receipt(String customer, double total, Map<Size, Integer> counts) {}

    private static final Logger LOG = Logger.getLogger("orders");

    /**
     * Adds up an order.
     *
     * @param order what was ordered
     */
    public Receipt total(Order order) {
        if (order.lines().isEmpty()) {
            throw new IllegalArgumentException("an order has lines");
        }
        System.out.println("adding up for " + order.customer());
        double total = 0;
        Map<Size, Integer> counts = new EnumMap<>(Size.class);
        for (Line line : order.lines()) {
            double price = line.price().orElseGet(() -> Poly.call(double.class, "shop.prices.priceOf", line.product()));
            if (line.price().isEmpty()) LOG.warning("no price for " + line.product());
            total += line.count() * price;
            counts.merge(line.size(), line.count(), Integer::sum);
        }
        return new Receipt(order.customer(), total, counts);
    }
}
"""
PRICE_OF = "function priceOf(product) { return product === 'tea' ? 2.5 : null; }"
LINES = [
    {"product": "cup", "count": 2, "price": 4, "size": "LARGE"},
    {"product": "tea", "count": 10, "size": "SMALL"},
]


@pytest.fixture(scope="module")
def total(polyd, admin, tmp_path_factory):
    """The id of `shop.orders.total`, deployed by the command line from a file."""
    folder = tmp_path_factory.mktemp("java")
    (folder / "Orders.java").write_text(ORDERS)
    deploy(admin, "priceOf", PRICE_OF, context="shop.prices")
    poly = Poly(folder, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    return poly.json("function", "add", "total", "Orders.java", "--context", "shop.orders", "--server")["id"]


def test_objects_go_in_and_out_and_a_nested_call_brings_what_is_missing(admin, total):
    answer = run_server(admin, total, order={"customer": "Ann", "lines": LINES})
    assert (answer.status, answer.json) == (201, {"customer": "Ann", "total": 33, "counts": {"SMALL": 10, "LARGE": 2}})
    lines = logs_of(admin, execution_id(answer))
    assert ("info", "adding up for Ann") in lines
    assert ("warn", "no price for tea") in lines
    nested = [each["path"] for each in executions(admin, parentId=execution_id(answer))]
    assert nested == ["shop.prices.priceOf"]


def test_what_the_source_says_of_its_types_is_in_the_catalog(admin, total):
    (spec,) = [spec for spec in admin.found("/specs") if spec["id"] == total]
    assert spec["description"] == "Adds up an order."
    (order,) = spec["function"]["arguments"]
    assert (order["name"], order["description"], order["required"]) == ("order", "what was ordered", True)
    line = order["type"]["schema"]["definitions"]["Line"]
    assert line["required"] == ["product", "count", "size"]
    assert order["type"]["schema"]["definitions"]["Size"]["enum"] == ["SMALL", "LARGE"]


def test_what_does_not_fit_the_types_is_refused_with_the_field(admin, total):
    answer = run_server(admin, total, order={"customer": "Ann", "lines": [{**LINES[0], "count": "two"}]})
    assert answer.status == 400
    assert "count" in answer.message or "lines" in answer.message


def test_an_exception_is_the_message_with_its_line(admin, total):
    answer = run_server(admin, total, order={"customer": "Ann", "lines": []})
    assert answer.status == 500
    assert answer.message == "IllegalArgumentException: an order has lines (line 23)"
    (stack,) = [text for level, text in logs_of(admin, execution_id(answer)) if level == "error"]
    assert "shop.Orders.total (shop.orders.total:23)" in stack
    assert "io.openpoly" not in stack


def test_the_status_of_an_exception_is_that_of_the_answer(admin):
    source = """public class Missing {
    public static class NotFound extends RuntimeException {
        public NotFound() { super("no such order"); }
        public int getStatusCode() { return 404; }
    }
    public String find(String id) { throw new NotFound(); }
}
"""
    answer = run_server(admin, deploy(admin, "find", source, "java", context="shop.missing"), id="7")
    assert answer.status == 404
    assert "no such order" in answer.message


def test_a_source_that_does_not_compile_is_refused_with_its_line(admin):
    code = "public class Broken {\n  public int f() {\n    return missing();\n  }\n}"
    answer = admin.post("/functions/server", {"name": "f", "context": "shop", "code": code, "language": "java"})
    assert answer.status == 400
    assert "line 3" in answer.message and "cannot find symbol" in answer.message


def test_what_the_maven_plugin_sends_is_understood(admin):
    source = "public class Doubled { public int twice(int n) { return 2 * n; } }"
    code = json.dumps(
        {"packageName": "", "className": "Doubled", "methodName": "twice", "params": "int", "availableContexts": "-", "code": source}
    )
    function = deploy(
        admin, "twice", code, "java", context="shop", sourceCode=source, requirements=[], returnType="number",
        arguments=[{"key": "n", "name": "n", "type": "int", "typeSchema": '{"type":"integer"}', "required": True}],
    )  # fmt: skip
    assert run_server(admin, function, n=21).json == 42


def test_a_client_function_in_java_runs_inside_the_server_function_that_calls_it(admin):
    code = "package shared; public class Texts { public record Shout(String text, int length) {} public Shout shout(String text) { return new Shout(text.toUpperCase(), text.length()); } }"
    client = {"name": "shout", "context": "shared.java", "code": code, "language": "java"}
    identity = admin.made("/functions/client", client)["id"]
    user = """import io.openpoly.Poly;
    public class Loud {
        public record Heard(String text, int length) {}
        public String loud(String text) { return Poly.call(Heard.class, "shared.java.shout", text).text(); }
    }"""
    assert run_server(admin, deploy(admin, "loud", user, "java"), text="hello").text == "HELLO"
    (entry,) = admin.found("/specs", query={"ids": identity})
    for_clients = json.loads(entry["code"])
    assert (for_clients["packageName"], for_clients["className"], for_clients["methodName"]) == ("shared", "Texts", "shout")
    assert for_clients["code"] == code


def test_the_example_runs_as_its_readme_says(polyd, admin, tmp_path):
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    poly.run("function", "add", "total", str(JAVA_EXAMPLE / "Orders.java"), "--context", "example.orders", "--server")
    readme = (JAVA_EXAMPLE / "README.md").read_text()
    lines = re.search(r"--arg '(lines=[^']+)'", readme)[1]
    receipt = poly.json("execute", "example.orders.total", "--arg", lines)
    assert (receipt["total"], receipt["pieces"]) == (19, {"SMALL": 4, "LARGE": 1})
    huge = poly.run("execute", "example.orders.total", "--arg", re.search(r"--arg '(lines=[^']+HUGE[^']+)'", readme)[1])
    assert huge.status != 0
    empty = poly.run("execute", "example.orders.total", "--arg", "lines=[]")
    assert "an order has lines (line 28)" in empty.errors
