"""How Java's types are told in the catalog's type language."""

import pytest

ANY = {"kind": "plain", "value": "any"}
STRING = {"kind": "primitive", "type": "string"}
NUMBER = {"kind": "primitive", "type": "number"}

IMPORTS = "import java.math.*; import java.net.*; import java.time.*; import java.util.*; import java.util.concurrent.*;"


@pytest.fixture
def describe(java):
    def ask(members):
        source = f"{IMPORTS} public class Sample {{ {members} }}"
        answer = java.ask({"op": "describe", "kind": "server", "name": "run", "language": "java", "source": source})
        assert answer["ok"], answer
        return answer

    return ask


@pytest.fixture
def argument(describe):
    return lambda type, declarations="": describe(f"{declarations} public void run({type} value) {{}}")["arguments"][0]


@pytest.fixture
def schema(argument):
    def ask(type, declarations=""):
        described = argument(type, declarations)["type"]
        assert described["kind"] == "object", described
        assert described["schema"]["$schema"] == "http://json-schema.org/draft-07/schema#"
        return described["schema"]

    return ask


@pytest.mark.parametrize(
    ("type", "name"),
    [
        ("String", "string"),
        ("CharSequence", "string"),
        ("int", "number"),
        ("Integer", "number"),
        ("long", "number"),
        ("BigInteger", "number"),
        ("double", "number"),
        ("BigDecimal", "number"),
        ("boolean", "boolean"),
        ("Boolean", "boolean"),
        ("Duration", "string"),
    ],
)
def test_primitives_go_by_name(argument, type, name):
    assert argument(type) == {"name": "value", "required": True, "type": {"kind": "primitive", "type": name}}


@pytest.mark.parametrize("type", ["Object", "Thread", "Runnable", "Shape", "Class<?>", "Iterator<String>"])
def test_what_no_schema_tells_is_anything(argument, type):
    assert argument(type, "interface Shape {}")["type"] == ANY


@pytest.mark.parametrize("type", ["int[]", "List<Integer>", "Set<Long>", "Collection<? extends Number>", "ArrayDeque<Double>", "Iterable<Integer>", "Integer..."])
def test_a_list_of_primitives_is_kind_array(argument, type):
    assert argument(type)["type"] == {"kind": "array", "items": NUMBER}


@pytest.mark.parametrize(
    ("type", "inner"), [("Optional<String>", STRING), ("OptionalInt", NUMBER), ("Optional<List<String>>", {"kind": "array", "items": STRING})]
)
def test_an_optional_parameter_may_be_left_out_or_null(argument, type, inner):
    assert argument(type) == {"name": "value", "required": False, "nullable": True, "type": inner}


def test_a_parameter_marked_nullable_may_be_null(argument):
    assert argument("@Nullable String", "@interface Nullable {}")["nullable"]


RECORDS = """
    enum Size { SMALL, LARGE }
    record Line(String product, int count, Optional<Double> price, Size size) {}
    record Node(String name, List<Node> children) {}
    record Page<T>(List<T> items, int total) {}
    record Two(Page<Line> lines, Page<String> names) {}
    public static class Base { public UUID id; }
    public static class Bean extends Base {
        private String name; private boolean old; private static int count; transient int hidden;
        public String getName() { return name; } public void setName(String name) { this.name = name; }
        public boolean isOld() { return old; } public int compute(int x) { return x; }
    }
"""


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        ("Size", ["SMALL"], ["small", 0, None]),
        ("char", ["x"], ["", "xy", 1]),
        ("byte[]", ["aGk="], [[1]]),
        ("UUID", ["7c0c6b4e-0000-4000-8000-000000000000"], [1]),
        ("Instant", ["2024-01-02T03:04:05Z"], [1]),
        ("LocalDate", ["2024-01-02"], [1]),
        ("Map<String, Integer>", [{"a": 1}, {}], [{"a": "b"}, [1]]),
        ("Map<String, List<Size>>", [{"a": ["LARGE"]}], [{"a": ["x"]}]),
        ("Map", [{"a": "b"}], [1]),
        ("List", [[1, "a"]], [{}]),
        ("List<Optional<String>>", [["a", None]], [[1]]),
        ("int[][]", [[[1], []]], [[1]]),
        ("Line", [{"product": "tea", "count": 1, "size": "SMALL"}, {"product": "tea", "count": 1, "size": "SMALL", "price": None}],
            [{"product": "tea", "size": "SMALL"}, {"product": "tea", "count": 1.5, "size": "SMALL"}]),
        ("Node", [{"name": "a", "children": [{"name": "b", "children": []}]}], [{"name": "a", "children": [{"name": 1, "children": []}]}]),
        ("Two", [{"lines": {"items": [], "total": 0}, "names": {"items": ["x"], "total": 1}}],
            [{"lines": {"items": ["x"], "total": 0}, "names": {"items": [], "total": 1}}]),
        ("Bean", [{}, {"name": "Ann", "old": True, "id": "7c0c6b4e-0000-4000-8000-000000000000"}], [{"name": 1}, {"id": 1}, {"old": "x"}]),
        ("T", [{"product": "tea", "count": 1, "size": "SMALL"}], [1]),
    ],
)  # fmt: skip
def test_schemas_accept_what_the_type_can_be_and_nothing_else(describe, accepts, type, good, bad):
    generic = "<T extends Line> " if type == "T" else ""
    described = describe(f"{RECORDS} public {generic}void run({type} value) {{}}")["arguments"][0]["type"]
    schema = described["schema"]
    for value in good:
        assert accepts(schema, value), (schema, value)
    for value in bad:
        assert not accepts(schema, value), (schema, value)


def test_a_bean_has_its_properties_in_the_order_of_its_fields(schema):
    assert list(schema("Bean", RECORDS)["properties"]) == ["name", "old", "id"]


def test_two_types_of_one_name_have_two_definitions(schema):
    definitions = schema("Two", RECORDS)["definitions"]
    assert sorted(definitions) == ["Line", "Page", "Page2", "Size"]


def test_comments_describe_types_and_members(schema):
    declarations = """
        /** A line of an order.
         *  @param product what is sold */
        public record Line(String product) {}
        public static class Bean { /** How it is called. */ public String name; }
    """
    line = schema("Line", declarations)
    assert line["description"] == "A line of an order."
    assert line["properties"]["product"] == {"type": "string", "description": "what is sold"}
    assert schema("Bean", declarations)["properties"]["name"]["description"] == "How it is called."


@pytest.mark.parametrize(
    ("type", "value", "told", "is_synchronous"),
    [
        ("void", "", {"kind": "void"}, True),
        ("Void", "null", {"kind": "void"}, True),
        ("String", "null", STRING, True),
        ("CompletableFuture<String>", "null", STRING, False),
        ("CompletionStage<Void>", "null", {"kind": "void"}, False),
        ("Object", "null", ANY, True),
        ("java.util.stream.Stream<String>", "null", ANY, True),
        ("CompletableFuture<java.util.stream.IntStream>", "null", ANY, False),
        ("java.util.Iterator<String>", "null", ANY, True),
        ("java.io.ByteArrayInputStream", "null", ANY, True),
    ],
)
def test_a_result_is_what_a_future_brings(describe, type, value, told, is_synchronous):
    answer = describe(f"public {type} run() {{ return {value}; }}")
    assert (answer["returnType"], answer["synchronous"]) == (told, is_synchronous)


def test_an_optional_result_is_nullable(describe, accepts):
    schema = describe("public Optional<String> run() { return null; }")["returnType"]["schema"]
    assert accepts(schema, None) and accepts(schema, "x") and not accepts(schema, 1)


def test_types_nested_deeply_end_as_anything(argument):
    records = "".join(f"record R{i}(R{i + 1} next) {{}} " for i in range(40)) + "record R40(int n) {}"
    definitions = argument("R0", records)["type"]["schema"]["definitions"]
    assert len(definitions) < 40
