"""What the TypeScript toolchain knows of installed packages: their declarations, in the layer that it is told."""

import json

import pytest

PACKAGES = {
    "typed": {
        "package.json": {"name": "typed", "types": "types/index.d.ts"},
        "types/index.d.ts": """
            import { Unit } from './unit';
            import { Shape } from 'deep';
            export declare function chunk<T>(list: T[], size?: number): T[][];
            export interface Order { id: string; amount?: number; unit: Unit; shape: Shape }
            export declare class Money { amount: number; add(other: Money): Money }
            export declare namespace Money { type Currency = 'EUR' | 'USD' }""",
        "types/unit.d.ts": "export type Unit = 'piece' | 'kilo';",
    },
    "deep": {"package.json": {"name": "deep", "types": "index.d.ts"}, "index.d.ts": "export interface Shape { edges: number }"},
    "described": {"package.json": {"name": "described", "main": "index.js"}, "index.js": "exports.twice = (n) => n * 2;"},
    "@types/described": {"package.json": {"name": "@types/described", "types": "index.d.ts"}, "index.d.ts": "export function twice(n: number): number;"},
    "modern": {
        "package.json": {"name": "modern", "type": "module", "exports": {"./part": {"import": {"types": "./dist/part.d.mts", "default": "./dist/part.mjs"}}}},
        "dist/part.d.mts": "import type { Answer } from './answer.mjs'; export declare const answer: Answer;",
        "dist/answer.d.mts": "export type Answer = { value: number };",
    },
    "plain": {"package.json": {"name": "plain", "main": "index.js"}, "index.js": "module.exports = {};"},
    "of-node": {
        "package.json": {"name": "of-node", "types": "index.d.ts"},
        "index.d.ts": '/// <reference types="node" />\n/// <reference lib="dom" />\nexport declare function read(from: URL): Buffer;',
    },
    "@types/node": {"package.json": {"name": "@types/node", "types": "index.d.ts"}, "index.d.ts": "declare var process: { only: number }; declare class Buffer { only: number }"},
}


@pytest.fixture(scope="session")
def layer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layer")
    for package, files in PACKAGES.items():
        for name, content in files.items():
            file = folder / "node_modules" / package / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(folder)


@pytest.fixture
def described(typescript, layer):
    def described(source, **more):
        request = {"op": "describe", "kind": "server", "name": "run", "language": "typescript", "source": source, "layers": [layer], **more}
        answer = typescript.ask(request)
        assert answer["ok"], answer
        return answer

    return described


def warnings(answer):
    return [(warning["line"], warning["message"]) for warning in answer["warnings"]]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import { chunk } from 'typed';\nexport const run = () => chunk('text', 2);", "Argument of type 'string' is not assignable to parameter of type 'unknown[]'."),
        ("import { chonk } from 'typed';\nexport const run = () => 1;\nchonk([]);", "'\"typed\"' has no exported member named 'chonk'. Did you mean 'chunk'?"),
        ("import { twice } from 'described';\nexport const run = () => twice('two');", "Argument of type 'string' is not assignable to parameter of type 'number'."),
        ("import { answer } from 'modern/part';\nexport const run = (): string => answer.value;", "Type 'number' is not assignable to type 'string'."),
        ("import { Money } from 'typed';\nexport const run = (currency: Money.Coin) => currency;", "has no exported member 'Coin'"),
    ],
)
def test_a_wrong_use_of_a_package_is_a_type_error_with_its_place(described, source, message):
    ((_, told),) = warnings(described(source))
    assert message in told


def test_a_right_use_is_none(described):
    source = """
    import { chunk, Money } from 'typed'; import { twice } from 'described'; import { answer } from 'modern/part'; import { read } from 'of-node';
    export function run(list: number[]): number[][] {
      read(new URL('http://localhost')).toString('base64');
      console.log(process.env.HOME, new Money().add(new Money()).amount);
      return chunk(list, twice(answer.value));
    }"""
    answer = described(source)
    assert warnings(answer) == []
    assert answer["imports"] == ["described", "modern", "of-node", "typed"]


def test_arguments_have_the_types_that_packages_declare(described):
    (argument,) = described("import type { Order } from 'typed';\nexport function run(order: Order) {}")["arguments"]
    schema = argument["type"]["schema"]
    assert schema["required"] == ["id", "unit", "shape"]
    assert schema["definitions"]["Unit"] == {"type": "string", "enum": ["piece", "kilo"]}
    assert schema["definitions"]["Shape"]["properties"] == {"edges": {"type": "number"}}


def test_values_of_a_packages_class_may_be_anything(described):
    (argument,) = described("import { Money } from 'typed';\nexport function run(price: Money) {}")["arguments"]
    assert argument["type"] == {"kind": "plain", "value": "any"}


def test_what_has_no_declarations_is_anything_and_no_warning(described):
    source = "import plain, { Thing } from 'plain'; import fs from 'fs'; import { gone } from 'not-there'; import type { Stats } from 'node:fs';"
    answer = described(f"{source}\nexport function run(a: Thing, b: fs.Stats, c: Stats) {{ return plain.all(gone); }}")
    assert warnings(answer) == []
    assert [argument["type"]["value"] for argument in answer["arguments"]] == ["any"] * 3


def test_a_layer_does_not_change_what_the_catalog_or_type_schemas_say(described):
    schemas = {"Order": {"type": "object", "properties": {"number": {"type": "integer"}}}}
    answer = described("import { Order } from '@acme/models';\nimport poly from 'openpoly';\nexport const run = (order: Order) => poly.shop.place(order);", typeSchemas=schemas)
    assert answer["arguments"][0]["type"]["schema"]["properties"] == {"number": {"type": "integer"}}
    assert answer["references"]["poly"] == ["shop.place"]


def test_a_check_that_takes_too_long_is_left_out_and_said(described):
    source = "import { chunk } from 'typed';\nexport const run = (n: number) => chunk('text', n);"
    answer = described(source, checkMilliseconds=0)
    assert warnings(answer) == [(1, "the types of the packages were not checked: that takes longer than 0 s")]
    assert answer["arguments"][0]["type"] == {"kind": "primitive", "type": "number"}


def test_only_absolute_folders_are_layers(typescript):
    request = {"op": "describe", "kind": "server", "name": "run", "language": "typescript", "source": "", "layers": ["layer"]}
    assert "layers: must be absolute paths" in typescript.ask_in_vain(request)["message"]
