"""How TypeScript's types are told in the catalog's type language."""

import pytest


@pytest.fixture
def describe(typescript):
    def ask(source, **request):
        answer = typescript.ask({"op": "describe", "kind": "server", "name": "run", "language": "typescript", "source": source, **request})
        assert answer["ok"], answer
        return answer

    return ask


@pytest.fixture
def argument(describe):
    """The description of the one parameter `value: <type>`, after some declarations."""

    def ask(type_text, declarations="", **request):
        return describe(f"{declarations}\nexport function run(value: {type_text}): void {{}}", **request)["arguments"][0]

    return ask


@pytest.fixture
def schema(argument):
    def ask(type_text, declarations="", **request):
        described = argument(type_text, declarations, **request)["type"]
        assert described["kind"] == "object", described
        assert described["schema"]["$schema"] == "http://json-schema.org/draft-07/schema#"
        return described["schema"]

    return ask


ANY = {"kind": "plain", "value": "any"}
STRING = {"kind": "primitive", "type": "string"}
NUMBER = {"kind": "primitive", "type": "number"}


@pytest.mark.parametrize("name", ["string", "number", "boolean"])
def test_primitives_go_by_name(argument, name):
    assert argument(name) == {"name": "value", "required": True, "type": {"kind": "primitive", "type": name}}


@pytest.mark.parametrize(
    "type_text",
    ["any", "unknown", "Function", "() => void", "symbol", "Set<string>", "Uint8Array", "Buffer", "RegExp", "URL", "NoSuchType", "{}"],
)
def test_what_json_cannot_describe_is_anything(argument, type_text):
    assert argument(type_text)["type"] == ANY


def test_an_array_of_primitives_is_kind_array(argument):
    assert argument("string[]")["type"] == {"kind": "array", "items": STRING}
    assert argument("ReadonlyArray<number>")["type"] == {"kind": "array", "items": NUMBER}


def test_optional_defaulted_and_nullable_parameters_are_told_apart(describe):
    arguments = describe("export function run(a: string, b?: number, c = 5, d: string | null, e: string | undefined) {}")["arguments"]
    assert arguments == [
        {"name": "a", "required": True, "type": STRING},
        {"name": "b", "required": False, "type": NUMBER},
        {"name": "c", "required": False, "type": NUMBER},
        {"name": "d", "required": True, "nullable": True, "type": STRING},
        {"name": "e", "required": False, "type": STRING},
    ]


@pytest.mark.parametrize(
    ("type_text", "good", "bad"),
    [
        ("'a' | 'b'", ["a", "b"], ["c", 1, None]),
        ("1 | 2 | 'x'", [1, 2, "x"], [3, "y"]),
        ("'only'", ["only"], ["other"]),
        ("1e999", [5], ["x"]),
        ("string | number", ["a", 1], [True, None, {}]),
        ("string | number[]", ["a", [1]], [1, ["a"]]),
        ("{ a: 'x' | null }", [{"a": "x"}, {"a": None}], [{"a": "y"}, {}]),
        ("{ a: boolean | 'auto' }", [{"a": True}, {"a": False}, {"a": "auto"}], [{"a": "x"}, {"a": 1}]),
        ("[string, number]", [["a", 1]], [["a"], [1, 1, 1], [True, True]]),
        ("[string, number?]", [["a", 1], ["a"]], [[], [None]]),
        ("[string, ...boolean[]]", [["a"], ["a", True, False]], [[], ["a", {}]]),
        ("[]", [[]], [[1]]),
        ("Date", ["2026-01-31T10:00:00Z"], ["yesterday", 5]),
        ("bigint", [5], [5.5, "5"]),
        ("Record<string, number>", [{}, {"a": 1}], [{"a": "x"}, []]),
        ("{ [key: string]: Date }", [{"a": "2026-01-31T10:00:00Z"}], [{"a": "x"}]),
        ("Record<'a' | 'b', string>", [{"a": "", "b": ""}], [{"a": ""}]),
        ("Map<string, number>", [{"a": 1}], [[], "a"]),
        ("object", [{}, {"a": 1}], [1, []]),
        ("Partial<{ a: string; b: number }>", [{}, {"a": "x"}], [{"a": 1}]),
        ("Pick<{ a: string; b: number }, 'a'>", [{"a": "x"}], [{"b": 1}]),
        ("{ a: string } & { b: number }", [{"a": "x", "b": 1}], [{"a": "x"}]),
        ("string & { readonly brand: 'Id' }", ["x"], [5, {}]),
        ("`user-${number}`", ["user-1"], [5]),
        ("{ a?: { b: number }[] }", [{}, {"a": []}, {"a": [{"b": 1}]}], [{"a": [{}]}, {"a": None}]),
        ("{ a: string | undefined }", [{}, {"a": "x"}], [{"a": 1}]),
        ("(string | null)[]", [["a", None]], [[1]]),
        ("{ go(): void; readonly n: number }", [{"n": 1}], [{}]),
    ],
)
def test_a_type_accepts_its_values_as_json_and_no_others(schema, accepts, type_text, good, bad):
    described = schema(type_text)
    assert [value for value in good if not accepts(described, value)] == [], described
    assert [value for value in bad if accepts(described, value)] == [], described


def test_enums_are_their_values(schema, accepts):
    text = schema("Color", "enum Color { Red = 'red', Blue = 'blue' }")
    assert (text["title"], text["type"], text["enum"]) == ("Color", "string", ["red", "blue"])
    assert schema("Level", "enum Level { Low, High = 5 }")["enum"] == [0, 5]
    assert accepts(schema("Color.Red", "enum Color { Red = 'red', Blue = 'blue' }"), "red")


def test_a_named_root_is_inline_with_its_name_as_title_and_named_parts_are_definitions(schema):
    declarations = "interface Line { sku: string } interface Order { first: Line; second: Line }"
    assert schema("Order", declarations) == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Order",
        "type": "object",
        "properties": {"first": {"$ref": "#/definitions/Line"}, "second": {"$ref": "#/definitions/Line"}},
        "required": ["first", "second"],
        "definitions": {"Line": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}},
    }


def test_a_type_that_contains_itself_refers_to_its_definition(schema, accepts):
    tree = schema("Tree", "interface Tree { value: number; children: Tree[]; parent?: Tree | null }")
    leaf = {"value": 1, "children": []}
    assert accepts(tree, {"value": 0, "children": [leaf], "parent": leaf})
    assert not accepts(tree, {"value": 0, "children": [{"value": "x", "children": []}]})


def test_types_that_contain_each_other_end(schema, accepts):
    described = schema("A", "interface A { b?: B } interface B { a: A[] }")
    assert accepts(described, {"b": {"a": [{"b": {"a": []}}]}})
    assert not accepts(described, {"b": {"a": [{"b": {}}]}})


def test_a_recursive_alias_of_a_union_ends(schema, accepts):
    described = schema("Json[]", "type Json = string | number | boolean | null | Json[] | { [key: string]: Json };")
    assert accepts(described, [1, "a", None, [True, {"a": [1]}]])
    assert not accepts(described, {"a": 1})


def test_a_type_that_grows_without_end_is_cut(schema, accepts):
    grows = "interface Nest<T> { value: T; left?: Nest<T[]>; right?: Nest<{ inner: T }> }"
    described = schema("Nest<string>", grows)
    assert accepts(described, {"value": "a", "left": {"value": ["b"]}})
    assert not accepts(described, {"value": 1})


def test_generic_types_are_described_for_their_arguments(schema, accepts):
    described = schema("Page<Customer>", "interface Page<T> { items: T[]; next?: string } interface Customer { id: number }")
    assert described["title"] == "Page_Customer"
    assert accepts(described, {"items": [{"id": 1}]})
    assert not accepts(described, {"items": [{"id": "x"}]})


def test_a_type_parameter_falls_to_its_constraint(describe):
    answer = describe("export function run<T extends { id: number }, U>(value: T, other: U): T { return value; }")
    constrained = {"type": "object", "properties": {"id": {"type": "number"}}, "required": ["id"]}
    assert answer["arguments"][0]["type"]["schema"].items() >= constrained.items()
    assert answer["arguments"][1]["type"] == ANY
    assert answer["returnType"]["schema"].items() >= constrained.items()


def test_of_a_class_only_the_public_fields_travel(schema):
    declarations = """
    class User {
      name = 'x';
      private password = 'y';
      protected salt = 'z';
      #key = 'k';
      static count = 0;
      get upper() { return this.name.toUpperCase(); }
      greet() {}
    }"""
    assert list(schema("User", declarations)["properties"]) == ["name"]


def test_a_class_with_to_json_is_what_that_returns(argument):
    declarations = "class Money { cents = 1; toJSON() { return String(this.cents); } }"
    assert argument("Money", declarations)["type"]["schema"]["type"] == "string"


def test_documentation_reaches_types_properties_and_arguments(describe):
    answer = describe("""
    /** Something bought. */
    interface Order {
      /** Who bought it. */
      customer: string;
    }
    /**
     * Places an order.
     *
     * With care.
     * @param order - what to place
     * @param note a remark
     */
    export function run(order: Order, note: string) {}""")
    assert answer["description"] == "Places an order.\n\nWith care."
    order, note = answer["arguments"]
    assert (order["description"], note["description"]) == ("what to place", "a remark")
    assert order["type"]["schema"]["description"] == "Something bought."
    assert order["type"]["schema"]["properties"]["customer"]["description"] == "Who bought it."


def test_platform_documentation_is_not_the_authors(schema):
    assert "description" not in schema("Partial<Order>", "interface Order { id: number }")


@pytest.mark.parametrize(
    ("declaration", "return_type", "synchronous"),
    [
        ("export function run(): void {}", {"kind": "void"}, True),
        ("export function run() {}", {"kind": "void"}, True),
        ("export async function run() {}", {"kind": "void"}, False),
        ("export function run(): Promise<void> { return Promise.resolve(); }", {"kind": "void"}, False),
        ("export function run() { return 'a' + 1; }", STRING, True),
        ("export async function run() { return [1, 2]; }", {"kind": "array", "items": NUMBER}, False),
        ("export async function run(): Promise<any> {}", ANY, False),
        ("export function run() { return fetch('x'); }", ANY, False),
        ("export const run = async (): Promise<Promise<string>> => 'a'", STRING, False),
        ("export function run(): never { throw new Error(); }", {"kind": "void"}, True),
        ("export function run(): string | undefined { return; }", STRING, True),
    ],
)
def test_the_result_is_what_a_caller_awaits(describe, declaration, return_type, synchronous):
    answer = describe(declaration)
    assert (answer["returnType"], answer["synchronous"]) == (return_type, synchronous)


def test_an_inferred_object_is_described(describe, accepts):
    answer = describe("export async function run(n: number) { return { n, at: new Date(), tags: ['a'], ok: n > 1 }; }")
    described = answer["returnType"]["schema"]
    assert accepts(described, {"n": 1, "at": "2026-01-31T10:00:00Z", "tags": ["x"], "ok": True})
    assert not accepts(described, {"n": 1, "at": "2026-01-31T10:00:00Z", "tags": [1], "ok": True})


def test_a_result_may_be_null(describe, accepts):
    described = describe("export function run(): { id: number } | null { return null; }")["returnType"]["schema"]
    assert accepts(described, None) and accepts(described, {"id": 1}) and not accepts(described, {})


def test_types_of_packages_are_anything_and_no_warning(describe):
    answer = describe("""
    import Stripe from 'stripe';
    import { Page, Base } from '@acme/models';
    import * as z from 'zod';
    import { schemas } from 'polyapi';
    const shape = z.object({});
    class Special extends Base { twice() { return this.size * 2; } }
    export function run(a: Stripe.Customer, b: Page<string>, c: z.infer<typeof shape>, d: schemas.Order, e: Base) {}""")
    assert [described["type"] for described in answer["arguments"]] == [ANY] * 5
    assert answer["warnings"] == []


ORDER = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


@pytest.mark.parametrize(
    "origin",
    ["", "import { Order } from './types';", "import type { Order } from '@acme/types';", "import Order from './order';", "import { Other, Order } from './types';"],
)
def test_type_schemas_stand_in_for_types_the_source_does_not_declare(describe, accepts, origin):
    source = f"{origin}\nexport async function run(order: Order, all: Order[], by: Record<string, Order>): Promise<Order> {{ return order; }}"
    answer = describe(source, typeSchemas={"Order": ORDER})
    order, every, by = (described["type"]["schema"] for described in answer["arguments"])
    good, bad = {"id": "x"}, {"id": 1}
    assert accepts(order, good) and not accepts(order, bad)
    assert accepts(every, [good]) and not accepts(every, [bad])
    assert accepts(by, {"a": good}) and not accepts(by, {"a": bad})
    assert accepts(answer["returnType"]["schema"], good) and not accepts(answer["returnType"]["schema"], bad)
    assert [warning for warning in answer["warnings"] if "not deployed" not in warning["message"]] == []


def test_a_renamed_import_keeps_its_type_schema(schema, accepts):
    described = schema("Bought", "import { Order as Bought } from './types';", typeSchemas={"Order": ORDER})
    assert accepts(described, {"id": "x"}) and not accepts(described, {"id": 1})


def test_the_sources_own_type_wins_over_a_type_schema(schema):
    described = schema("Order", "interface Order { own: number }", typeSchemas={"Order": ORDER})
    assert list(described["properties"]) == ["own"]


def test_a_type_schema_cannot_change_what_the_language_means(argument):
    assert argument("Date", typeSchemas={"Date": {"type": "number"}})["type"]["schema"]["format"] == "date-time"


def test_definitions_of_type_schemas_keep_their_references(schema, accepts):
    tree = {
        "type": "object",
        "properties": {"tag": {"$ref": "#/definitions/Tag"}, "child": {"$ref": "#"}},
        "definitions": {"Tag": {"type": "string"}},
    }
    declarations = "interface Tag { name: string }"
    described = schema("{ tree: Tree; tag: Tag }", declarations, typeSchemas={"Tree": tree})
    assert accepts(described, {"tree": {"tag": "x", "child": {"tag": "y"}}, "tag": {"name": "z"}})
    assert not accepts(described, {"tree": {"child": {"tag": 1}}, "tag": {"name": "z"}})


def test_a_reference_to_a_catalog_schema_passes_through(schema):
    assert schema("Order", typeSchemas={"Order": {"x-poly-ref": {"path": "shop.Order"}}})["x-poly-ref"] == {"path": "shop.Order"}


def test_destructured_and_rest_parameters_have_a_name_and_a_place(describe):
    answer = describe("export function run({ a }: { a: number }, ...rest: string[]) {}")
    assert [described["name"] for described in answer["arguments"]] == ["argument1", "rest"]
    assert answer["arguments"][1]["type"] == {"kind": "array", "items": STRING}
    assert answer["warnings"][0]["message"].startswith("the rest parameter 'rest'")


def test_javascript_types_come_from_jsdoc(typescript):
    source = "/** @param {number} n the n\n * @param {string} [s]\n * @returns {Promise<{ a: number }>} */\nexports.run = async (n, s, z) => ({ a: n });"
    answer = typescript.ask({"op": "describe", "kind": "server", "name": "run", "language": "javascript", "source": source})
    assert [(described["name"], described["required"], described["type"]) for described in answer["arguments"][:2]] == [
        ("n", True, NUMBER),
        ("s", False, STRING),
    ]
    assert answer["arguments"][2]["type"] == ANY
    assert answer["returnType"]["schema"]["properties"] == {"a": {"type": "number"}}
