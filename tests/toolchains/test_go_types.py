"""How Go's types are told in the catalog's type language."""

import pytest

ANY = {"kind": "plain", "value": "any"}
STRING = {"kind": "primitive", "type": "string"}
NUMBER = {"kind": "primitive", "type": "number"}


@pytest.fixture
def describe(go):
    """All types of a test are described by one source, since each takes a link."""

    def ask(declarations):
        imports = "".join(f'import "{path}"; ' for path in ("encoding/json", "time", "math/big", "net/netip"))
        used = "var _ json.Number; var _ time.Time; var _ big.Int; var _ netip.Addr; "
        source = f"package sample; {imports}{used}{declarations}"
        answer = go.ask({"op": "describe", "kind": "server", "name": "run", "language": "go", "source": source})
        assert answer["ok"], answer
        return answer

    return ask


def parameters(types):
    return ", ".join(f"p{number} {type}" for number, type in enumerate(types))


def test_primitives_go_by_name(describe):
    types = {"string": "string", "int": "number", "uint8": "number", "int64": "number", "float32": "number", "bool": "boolean", "rune": "number"}
    arguments = describe(f"func run({parameters(types)}) {{}}")["arguments"]
    assert arguments == [
        {"name": f"p{number}", "required": True, "type": {"kind": "primitive", "type": name}} for number, name in enumerate(types.values())
    ]


def test_what_no_schema_tells_is_anything(describe):
    types = ["any", "error", "interface{ Area() float64 }", "json.RawMessage", "json.Marshaler"]
    assert [argument["type"] for argument in describe(f"func run({parameters(types)}) {{}}")["arguments"]] == [ANY] * len(types)


def test_a_list_of_primitives_is_kind_array(describe):
    first, second, rest = describe("func run(a []int, b []string, c ...float64) {}")["arguments"]
    assert (first["type"], second["type"]) == ({"kind": "array", "items": NUMBER}, {"kind": "array", "items": STRING})
    assert rest == {"name": "c", "required": False, "type": {"kind": "array", "items": NUMBER}}


def test_a_pointer_may_be_left_out_or_null(describe):
    (argument,) = describe("func run(a *string) {}")["arguments"]
    assert argument == {"name": "a", "required": False, "nullable": True, "type": STRING}


TYPES = """
type Size string
const ( Small Size = "small"; Large Size = "large"; Big = Large )
type Level int
const ( Low Level = iota; High )
type Line struct { Product string `json:"product"`; Count int `json:"count"`; Price *float64 `json:"price,omitempty"`; Size Size `json:"size"`; hidden int; Skipped int `json:"-"` }
type Node struct { Name string; Children []*Node }
type Page[T any] struct { Items []T `json:"items"`; Total int `json:"total,string"` }
type Two struct { Lines Page[Line]; Names Page[string] }
type Base struct { ID string `json:"id"`; Name int }
type Derived struct { Base; *Node `json:"node"`; Name string `json:"Name"` }
type Text struct{ n int }
func (t Text) MarshalText() ([]byte, error) { return nil, nil }
type Own struct{ N int }
func (o *Own) UnmarshalJSON([]byte) error { return nil }
type Alias = Line
type Lines []Line
"""
LINE = {"product": "tea", "count": 1, "size": "small"}
CASES = [
    ("Size", ["small", "large"], ["Small", 0, None]),
    ("Level", [0, 1], [2, "Low"]),
    ("time.Time", ["2024-01-02T03:04:05Z"], [1]),
    ("time.Duration", [5], ["5s", 1.5]),
    ("json.Number", [1.5], ["a"]),
    ("big.Int", [12], [1.5, "12"]),
    ("netip.Addr", ["10.0.0.1"], [1]),
    ("[]byte", ["aGk="], [[1]]),
    ("[2]int", [[1, 2]], [[1], [1, 2, 3], ["a", "b"]]),
    ("map[string]int", [{"a": 1}, {}], [{"a": "b"}, [1]]),
    ("map[Size][]Level", [{"small": [1]}], [{"small": [3]}]),
    ("map[string]any", [{"a": "b"}], [1]),
    ("[]any", [[1, "a"]], [{}]),
    ("[]*string", [["a", None]], [[1]]),
    ("[][]int", [[[1], []]], [[1]]),
    ("Line", [LINE, {**LINE, "price": None}, {**LINE, "price": 1.5}], [{"product": "tea", "size": "small"}, {**LINE, "count": 1.5}]),
    ("*Line", [LINE], [{}]),
    ("Alias", [LINE], [{}]),
    ("Lines", [[LINE]], [[{}], LINE]),
    ("Node", [{"Name": "a", "Children": [{"Name": "b", "Children": []}]}], [{"Name": "a", "Children": [{"Name": 1, "Children": []}]}]),
    ("Two", [{"Lines": {"items": [LINE], "total": "1"}, "Names": {"items": ["x"], "total": "2"}}],
        [{"Lines": {"items": ["x"], "total": "1"}, "Names": {"items": [], "total": "0"}}]),
    ("Derived", [{"id": "1", "Name": "x"}, {"id": "1", "Name": "x", "node": None}], [{"Name": "x"}, {"id": "1", "Name": 2}]),
    ("Text", ["x"], [{"n": 1}]),
    ("struct { A int; B string `json:\"b,omitempty\"` }", [{"A": 1}, {"A": 1, "b": "x"}], [{"b": "x"}]),
]  # fmt: skip


@pytest.fixture(scope="module")
def schemas_of_cases(go):
    imports = "".join(f'import "{path}"; ' for path in ("encoding/json", "time", "math/big", "net/netip"))
    source = f"package sample; {imports}{TYPES} func run({parameters([type for type, _, _ in CASES])}) {{}}"
    answer = go.ask({"op": "describe", "kind": "server", "name": "run", "language": "go", "source": source})
    assert answer["ok"], answer
    return [argument["type"]["schema"] for argument in answer["arguments"]]


@pytest.mark.parametrize("number", range(len(CASES)), ids=[type for type, _, _ in CASES])
def test_schemas_accept_what_the_type_can_be_and_nothing_else(schemas_of_cases, accepts, number):
    schema = schemas_of_cases[number]
    _, good, bad = CASES[number]
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    for value in good:
        assert accepts(schema, value), (schema, value)
    for value in bad:
        assert not accepts(schema, value), (schema, value)


def test_properties_have_the_order_and_the_comments_of_the_fields(describe):
    declarations = """
    // A Line of an order.
    //
    // More of it.
    type Line struct {
        // What is sold.
        Product string
        Count   int // how many
        A, B    Size // both
    }
    type ( // Sizes.
        Size struct { N int }
    )
    func run(line Line) {}"""
    schema = describe(declarations)["arguments"][0]["type"]["schema"]
    assert (schema["title"], schema["description"]) == ("Line", "A Line of an order.")
    assert list(schema["properties"]) == ["Product", "Count", "A", "B"]
    assert schema["properties"]["Product"] == {"type": "string", "description": "What is sold."}
    assert schema["properties"]["Count"]["description"] == "how many"
    assert schema["properties"]["A"] == {"$ref": "#/definitions/Size"}


def test_two_types_of_one_name_have_two_definitions(describe):
    schema = describe(TYPES + "func run(two Two) {}")["arguments"][0]["type"]["schema"]
    assert sorted(schema["definitions"]) == ["Line", "Page", "Page2", "Size"]


def test_a_type_with_its_own_json_is_anything(describe):
    assert describe(TYPES + "func run(own Own) {}")["arguments"][0]["type"] == ANY


@pytest.mark.parametrize(
    ("results", "told"),
    [("", {"kind": "void"}), ("error", {"kind": "void"}), ("(string, error)", STRING), ("(s string, err error)", STRING), ("any", ANY), ("[]int", {"kind": "array", "items": NUMBER}),
     ("<-chan string", ANY), ("(func(func(int) bool), error)", ANY), ("func(yield func(string, error) bool) error", ANY), ("interface{ Read([]byte) (int, error) }", ANY)],
)  # fmt: skip
def test_a_result_is_what_comes_beside_the_error(describe, results, told):
    answer = describe(f"func run() {results} {{ panic(1) }}")
    assert (answer["returnType"], answer["synchronous"]) == (told, True)


def test_a_pointer_as_result_is_nullable(describe, accepts):
    schema = describe("func run() *string { return nil }")["returnType"]["schema"]
    assert accepts(schema, None) and accepts(schema, "x") and not accepts(schema, 1)


def test_types_nested_deeply_end_as_anything(describe):
    structs = "".join(f"type R{i} struct {{ Next R{i + 1} }}; " for i in range(40)) + "type R40 struct { N int }; "
    definitions = describe(structs + "func run(a R0) {}")["arguments"][0]["type"]["schema"]["definitions"]
    assert len(definitions) < 40
