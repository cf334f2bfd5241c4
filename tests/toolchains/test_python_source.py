"""What is found in a Python source beside its types: the function itself, its faults, its needs."""

import pytest


@pytest.fixture
def ask(python):
    return lambda source: python.ask({"op": "describe", "kind": "client", "name": "run", "language": "python", "source": source})


@pytest.fixture
def described(ask):
    def described(source):
        answer = ask(source)
        assert answer["ok"], answer
        return answer

    return described


def test_the_code_is_the_source(described):
    source = "def run(a):\n\n    return a\n"
    assert described(source)["code"] == source


@pytest.mark.parametrize(
    "source",
    [
        "def run(a): pass",
        "async def run(a): pass",
        "try:\n    import x\n    def run(a): pass\nexcept ImportError:\n    pass",
        "if True:\n    def run(a): pass",
        "def run(b): pass\ndef run(a): pass",
        "@decorated\ndef run(a): pass",
    ],
)
def test_a_function_is_found_wherever_the_top_level_defines_it(described, source):
    assert [argument["name"] for argument in described(source)["arguments"]] == ["a"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def other(): pass\nasync def third(): pass", "the source has no function 'run'; the functions at its top level are: other, third"),
        ("class Job:\n    def run(self): pass", "the source has no function 'run'; it declares no function at its top level"),
        ("def outer():\n    def run(): pass", "the source has no function 'run'; the functions at its top level are: outer"),
    ],
)
def test_a_function_that_is_not_there_is_an_error_naming_those_that_are(ask, source, message):
    assert ask(source) == {"ok": False, "errors": [{"message": message, "line": 1, "column": 1}]}


@pytest.mark.parametrize(
    ("source", "line", "column", "part"),
    [
        ("def run(:\n    pass", 1, 9, "invalid syntax"),
        ("def run():\n    x = 1\n  y = 2", 3, 8, "unindent"),
        ("def run(): pass\nreturn 5", 2, 1, "outside function"),
        ("def run():\n    nonlocal x", 2, 5, "nonlocal"),
        ("def run(a, a): pass", 1, 12, "duplicate argument"),
        ("def run(): pass\x00", 1, 1, "null"),
    ],
)
def test_source_that_cannot_load_is_an_error_with_its_place(ask, source, line, column, part):
    answer = ask(source)
    assert not answer["ok"]
    (error,) = answer["errors"]
    assert part in error["message"]
    assert (error["line"], error["column"]) == (line, column)


def test_doubts_of_the_compiler_are_warnings_with_their_line(described):
    answer = described("def run(a):\n    return a is 1")
    assert [(warning["line"], "is" in warning["message"]) for warning in answer["warnings"]] == [(2, True)]


def test_imports_are_the_packages_that_python_does_not_bring(described):
    answer = described("""
from __future__ import annotations
import os.path, json
import numpy as np
from google.cloud import storage
import openpoly
from polyapi import poly
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import pandas
else:
    import polars
def run():
    import requests
""")
    assert answer["imports"] == ["google-cloud-storage", "numpy", "polars", "requests"]


@pytest.mark.parametrize(
    ("statement", "distribution"),
    [
        ("import yaml", "PyYAML"),
        ("from PIL.Image import open", "pillow"),
        ("import dateutil.parser as p", "python-dateutil"),
        ("from google.cloud.big_query import Client", "google-cloud-big-query"),
        ("from google.protobuf import message", "protobuf"),
        ("import some_thing.part", "some_thing"),
    ],
)
def test_a_module_that_is_called_otherwise_than_its_distribution_is_known(described, statement, distribution):
    assert described(f"{statement}\ndef run(): pass")["imports"] == [distribution]


def test_a_relative_import_is_a_warning_because_a_function_is_one_file(described):
    answer = described("from .helper import help\ndef run(): pass")
    assert answer["imports"] == []
    assert answer["warnings"] == [
        {"message": "a relative import is not deployed with the function: a function is one file", "line": 1, "column": 1}
    ]


def test_long_chains_of_terms_and_branches_are_still_read(described):
    terms = " + ".join(["poly.a()"] * 1000)
    branches = "    if x == 0:\n        pass\n" + "".join(f"    elif x == {number}:\n        pass\n" for number in range(1000))
    answer = described(f"from openpoly import poly\ndef run(x):\n    y = {terms}\n{branches}")
    assert answer["references"] == {"poly": ["a"], "vari": []}


NOTHING_USED = {"poly": [], "vari": []}


@pytest.mark.parametrize(
    ("imports", "body", "references"),
    [
        ("from openpoly import poly", "poly.crm.contacts.get(1)", {"poly": ["crm.contacts.get"], "vari": []}),
        ("from polyapi import poly as p, vari as v", "p.a.b(v.c.d.inject('x'))", {"poly": ["a.b"], "vari": ["c.d"]}),
        ("import openpoly", "openpoly.poly.a(openpoly.vari.b.get())", {"poly": ["a"], "vari": ["b"]}),
        ("import polyapi as sdk", "sdk.poly.a()", {"poly": ["a"], "vari": []}),
        ("", "from openpoly import poly; poly.a.b()", {"poly": ["a.b"], "vari": []}),
        ("from openpoly import vari", "vari.a.get(); vari.b.c.update(1)", {"poly": [], "vari": ["a", "b.c"]}),
        ("from openpoly import poly", "crm = poly.crm; crm.contacts.get(poly.a.b())", {"poly": ["a.b", "crm.contacts.get"], "vari": []}),
        ("from openpoly import poly\ncrm: object = poly.crm", "crm.contacts.get(1)", {"poly": ["crm.contacts.get"], "vari": []}),
        ("from openpoly import poly", "x = poly.a.b()['data']; y = [poly.c(i) for i in x]", {"poly": ["a.b", "c"], "vari": []}),
        ("from openpoly import poly", "(lambda x: poly.a(x))(1)", {"poly": ["a"], "vari": []}),
        ("from openpoly import poly", "getattr(poly.a, 'b')()", {"poly": ["a.b"], "vari": []}),
        ("from openpoly import poly", "getattr(poly.a, key)()", {"poly": [], "vari": [], "dynamic": True}),
        ("from openpoly import poly", "poly[poly.a.b()]()", {"poly": ["a.b"], "vari": [], "dynamic": True}),
        ("from openpoly import poly", "list(map(poly.a.b, []))", {"poly": ["a.b"], "vari": [], "dynamic": True}),
        ("from openpoly import poly", "help(poly)", {"poly": [], "vari": [], "dynamic": True}),
        ("from openpoly import poly", "f = poly.a; f = poly.b; f.c()", {"poly": ["a", "b"], "vari": [], "dynamic": True}),
        ("from openpoly import poly", "poly = object(); poly.a()", NOTHING_USED),
        ("from openpoly import poly", "(lambda poly: poly.a())(1)", NOTHING_USED),
        ("from openpoly import poly", "for poly in []: poly.a()", NOTHING_USED),
        ("from openpoly import polyCustom", "polyCustom.a()", NOTHING_USED),
        ("from openpoly import poly", "x = x.a; x.b()", NOTHING_USED),
        ("from other import poly", "poly.a.b()", NOTHING_USED),
    ],
)
def test_references_follow_names_to_the_catalog(described, imports, body, references):
    assert described(f"{imports}\ndef run(key):\n    {body}")["references"] == references


def test_an_inner_function_sees_the_names_around_it(described):
    answer = described("""
from openpoly import poly
def run():
    crm = poly.crm
    def inner(poly):
        poly.no()
        return crm.contacts.get(1)
    async def other():
        await poly.yes()
""")
    assert answer["references"] == {"poly": ["crm.contacts.get", "yes"], "vari": []}
