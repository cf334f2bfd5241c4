"""What is found in a TypeScript or JavaScript source beside its types: the function itself, its code, its faults, its needs."""

import json
import subprocess

import pytest
from toolchain import NODE


@pytest.fixture
def ask(typescript):
    def ask(source, kind="server", language="typescript"):
        return typescript.ask({"op": "describe", "kind": kind, "name": "run", "language": language, "source": source})

    return ask


@pytest.fixture
def described(ask):
    def described(source, **request):
        answer = ask(source, **request)
        assert answer["ok"], answer
        return answer

    return described


@pytest.fixture
def errors(ask):
    def errors(source, **request):
        answer = ask(source, **request)
        assert answer.keys() == {"ok", "errors"} and not answer["ok"], answer
        return answer["errors"]

    return errors


LOADER = """
const { readFileSync } = require('node:fs');
const { code, name, input } = JSON.parse(readFileSync(0, 'utf8'));
const module_ = { exports: {} };
const catalog = { __esModule: true, default: { shop: { price: (n) => n * 10 } }, vari: { rate: { get: () => 3 } } };
const load = (wanted) => (wanted === 'openpoly' ? catalog : require(wanted));
new Function('exports', 'require', 'module', code)(module_.exports, load, module_);
const chosen = module_.exports[name] ?? module_.exports.default ?? module_.exports;
Promise.resolve(chosen(...input)).then((value) => process.stdout.write(JSON.stringify(value)));
"""


def run(code, name, *values):
    request = json.dumps({"code": code, "name": name, "input": values})
    finished = subprocess.run([str(NODE), "-e", LOADER], input=request, capture_output=True, text=True, check=True, timeout=30)
    return json.loads(finished.stdout)


FUNCTIONS = [
    "export function run(n: number) { return n + 1; }",
    "function run(n: number) { return n + 1; }",
    "async function run(n: number) { return n + 1; }\nfunction other() {}",
    "const run = (n: number) => n + 1;",
    "const run = async function (n: number) { return n + 1; };",
    "const inner = (n: number) => n + 1; export { inner as run };",
    "export default function run(n: number) { return n + 1; }",
    "export default async (n: number) => n + 1;",
    "const run = (n: number) => n + 1; export default run;",
    "type Handler = (n: number) => number; export const run: Handler = (n) => n + 1;",
    "function twice<A, R>(f: (n: A) => R) { return f; } export const run = twice((n: number) => n + 1);",
    "export function run(n: string): string; export function run(n: number): number; export function run(n: any) { return n + 1; }",
]


@pytest.mark.parametrize("source", FUNCTIONS)
def test_a_function_is_found_however_it_is_declared_and_its_code_runs(described, source):
    answer = described(source)
    assert answer["arguments"] == [{"name": "n", "required": True, "type": {"kind": "primitive", "type": "number"}}]
    assert run(answer["code"], "run", 1) == 2


JAVASCRIPT_FUNCTIONS = [
    "exports.run = (n) => n + 1;",
    "module.exports.run = async function (n) { return n + 1; };",
    "module.exports = { run(n) { return n + 1; } };",
    "function run(n) { return n + 1; } module.exports = { run };",
    "function run(n) { return n + 1; } module.exports = run;",
    "module.exports = function (n) { return n + 1; };",
    "export const run = (n) => n + 1;",
    "function run(n) { return n + 1; }",
]


@pytest.mark.parametrize("source", JAVASCRIPT_FUNCTIONS)
def test_javascript_functions_are_found_in_both_module_systems(described, source):
    answer = described(source, language="javascript")
    assert [argument["name"] for argument in answer["arguments"]] == ["n"]
    assert run(answer["code"], "run", 1) == 2


SDK_WRAPPER = """
module.exports.run = function (poly, report, ...values) {{
  {code}

  return run.call(this, ...values);
}}.bind(undefined, {{}}, undefined);
"""


@pytest.mark.parametrize(
    ("language", "source"),
    [("typescript", source) for source in FUNCTIONS] + [("javascript", source) for source in JAVASCRIPT_FUNCTIONS],
)
def test_client_code_runs_inside_the_function_that_an_sdk_wraps_around_it(described, language, source):
    code = described(source, kind="client", language=language)["code"]
    assert run(SDK_WRAPPER.format(code=code), "run", 1) == 2


def test_server_code_is_strict_as_modules_are(described):
    code = described("export function run() { return (function (this: any) { return typeof this; })(); }")["code"]
    assert run(code, "run") == "undefined"


def test_the_code_keeps_names_and_carries_its_source_map(described):
    answer = described("enum Color { Red = 'r' }\nexport async function run(c: Color): Promise<string> { return run.name + Color.Red; }")
    assert run(answer["code"], "run", "r") == "runr"
    assert "//# sourceMappingURL=data:application/json;base64," in answer["code"].splitlines()[-1]


def test_the_code_reaches_the_catalog_through_require(described):
    answer = described("import poly, { vari } from 'openpoly'; export async function run(n: number) { return poly.shop.price(n) + (await vari.rate.get()); }")
    assert run(answer["code"], "run", 2) == 23


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("export function other() {} const third = () => 1;", "the source has no function 'run'; the functions at its top level are: other, third"),
        ("export default function other() {}", "the source has no function 'run'; the functions at its top level are: other"),
        ("class Job { run() {} }", "the source has no function 'run'; it declares no function at its top level"),
        ("function outer() { function run() {} }", "the source has no function 'run'; the functions at its top level are: outer"),
        ("export const run = 5;", "the source has no function 'run'; it declares no function at its top level"),
        ("", "the source has no function 'run'; it declares no function at its top level"),
    ],
)
def test_a_function_that_is_not_there_is_an_error_naming_those_that_are(errors, source, message):
    assert errors(source) == [{"message": message, "line": 1, "column": 1}]


@pytest.mark.parametrize(
    ("source", "line", "column", "part"),
    [
        ("export function run() {\n  return 1 +;\n}", 2, 13, "Expression expected"),
        ("export function run( {\n", 2, 1, "expected"),
        ("export function run() {}\nlet a = 1;\nlet a = 2;", 2, 5, "redeclare"),
        ("export function run() {}\n  await run();", 2, 3, "move it into the function"),
        ("export function run() { await fetch('x'); }", 1, 25, "await"),
    ],
)
def test_source_that_cannot_load_is_an_error_with_its_place(errors, source, line, column, part):
    first = errors(source)[0]
    assert (first["line"], first["column"]) == (line, column)
    assert part in first["message"]


def test_an_error_only_the_engine_knows_is_found_too(errors):
    assert errors("export function run() {}\nconst x = /(/;")[0]["message"]


def test_type_errors_are_warnings_with_their_place(described):
    answer = described("export function run() {\n  const n: number = 'x';\n}")
    assert answer["warnings"] == [{"message": "Type 'string' is not assignable to type 'number'.", "line": 2, "column": 9}]


def test_no_more_than_twenty_warnings_are_told(described):
    many = "".join(f"const n{number}: number = 'x';\n" for number in range(30))
    assert len(described(f"export function run() {{}}\n{many}")["warnings"]) == 20


def test_what_node_offers_without_import_is_known(described):
    source = """
    export async function run(url: URL) {
      console.log(process.env.HOME, Buffer.from('a').toString('base64'));
      const answer: Response = await fetch(url, { signal: AbortSignal.timeout(5) });
      const timer = setTimeout(() => {}, 5);
      clearTimeout(timer);
      return structuredClone({ id: crypto.randomUUID(), text: new TextDecoder().decode(new Uint8Array(1)) });
    }"""
    assert described(source)["warnings"] == []


def test_imports_are_the_packages_that_the_code_loads(described):
    answer = described("""
    import _ from 'lodash/fp';
    import { S3 } from '@aws-sdk/client-s3/dist';
    import type { Only } from 'types-only';
    import { Customer } from 'used-as-type';
    import fs, { promises } from 'fs';
    import 'node:path';
    import 'side-effect';
    import poly from 'openpoly';
    import { vari } from 'polyapi';
    export { helper } from 'reexported';
    const text = "require('in-a-string')"; // require('in-a-comment')
    export async function run(c: Customer, o: Only) {
      const { z } = await import('zod');
      return [_, S3, fs, promises, poly, vari, z, text, require('required')];
    }""")
    assert answer["imports"] == ["@aws-sdk/client-s3", "lodash", "reexported", "required", "side-effect", "zod"]


def test_a_name_that_is_put_together_when_the_code_runs_is_no_package(described):
    answer = described("export function run(x: string) { require('some' + x); require(`other-${x}`); import(x); const o = { require }; o.require('member'); }")
    assert answer["imports"] == []


def test_a_relative_import_is_a_warning_because_a_function_is_one_file(described):
    answer = described("import { helper } from './helper';\nexport function run() { return helper(); }")
    assert answer["imports"] == []
    assert answer["warnings"] == [{"message": "'./helper' is not deployed with the function: a function is one file", "line": 1, "column": 25}]


NOTHING_USED = {"poly": [], "vari": []}


@pytest.mark.parametrize(
    ("imports", "body", "references"),
    [
        ("import poly from 'openpoly';", "poly.crm.contacts.get(1)", {"poly": ["crm.contacts.get"], "vari": []}),
        ("import p from 'polyapi';", "p.ping()", {"poly": ["ping"], "vari": []}),
        ("import { poly } from 'openpoly';", "poly.a.b()", {"poly": ["a.b"], "vari": []}),
        ("import { default as q, vari as v } from 'openpoly';", "q.a.b(v.c.d.inject('x'))", {"poly": ["a.b"], "vari": ["c.d"]}),
        ("import * as sdk from 'openpoly';", "sdk.poly.a(); sdk.default.b(); sdk.vari.c.get()", {"poly": ["a", "b"], "vari": ["c"]}),
        ("import { vari } from 'openpoly';", "vari.a.get(); vari.b.c.update(1); vari.d.onUpdate(() => {})", {"poly": [], "vari": ["a", "b.c", "d"]}),
        ("const poly = require('polyapi');", "poly.a.b()", {"poly": ["a.b"], "vari": []}),
        ("const { default: p, vari } = require('openpoly');", "p.a(); vari.b.get()", {"poly": ["a"], "vari": ["b"]}),
        ("import sdk = require('openpoly');", "sdk.vari.b.get()", {"poly": [], "vari": ["b"]}),
        ("import poly from 'openpoly';", "poly['a']['b'](); poly?.c?.d()", {"poly": ["a.b", "c.d"], "vari": []}),
        ("import poly from 'openpoly';", "const { contacts } = poly.crm; contacts.get(poly.a.b())", {"poly": ["a.b", "crm.contacts.get"], "vari": []}),
        ("import poly from 'openpoly';", "const crm = poly.crm; const { get: g } = crm.contacts; g(1)", {"poly": ["crm.contacts.get"], "vari": []}),
        ("import poly from 'openpoly';", "const r = poly.a.b().data.list.map((x) => x.y); return { poly: poly.c() }", {"poly": ["a.b", "c"], "vari": []}),
        ("import poly from 'openpoly';", "poly['a'][key]()", {"poly": [], "vari": [], "dynamic": True}),
        ("import poly from 'openpoly';", "poly.x[poly.a.b()]()", {"poly": ["a.b"], "vari": [], "dynamic": True}),
        ("import poly from 'openpoly';", "[1].map(poly.a.b)", {"poly": ["a.b"], "vari": [], "dynamic": True}),
        ("import poly from 'openpoly';", "help(poly)", {"poly": [], "vari": [], "dynamic": True}),
        ("import poly from 'openpoly';", "help({ poly })", {"poly": [], "vari": [], "dynamic": True}),
        ("import poly from 'openpoly';", "let f = poly.a; f.b()", {"poly": ["a"], "vari": [], "dynamic": True}),
        ("import poly from 'openpoly';", "{ const poly = { a() {} }; poly.a(); }", NOTHING_USED),
        ("import poly from 'openpoly';", "((poly: any) => poly.a())(1)", NOTHING_USED),
        ("import poly from 'openpoly';", "const self = self.a; self.b()", NOTHING_USED),
        ("import { polyCustom, tabi } from 'openpoly';", "polyCustom.executionId; tabi.t.select()", NOTHING_USED),
        ("import poly from 'other'; const openpoly = 1;", "poly.a.b()", NOTHING_USED),
        ("const poly: any = {};", "poly.a.b()", NOTHING_USED),
    ],
)
def test_references_follow_names_to_the_catalog(described, imports, body, references):
    source = f"{imports}\nfunction help(x: any) {{}}\nexport async function run(key: string) {{ {body} }}"
    assert described(source)["references"] == references


def test_a_type_that_is_called_poly_is_not_a_use(described):
    source = "import poly from 'openpoly'; interface A { poly: { a: string } } export function run(a: A) { return a.poly.a + { poly: 1 }.poly; }"
    assert described(source)["references"] == NOTHING_USED
