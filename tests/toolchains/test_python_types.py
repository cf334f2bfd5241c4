"""How Python's annotations are told in the catalog's type language."""

import pytest

ANY = {"kind": "plain", "value": "any"}
STRING = {"kind": "primitive", "type": "string"}
NUMBER = {"kind": "primitive", "type": "number"}

IMPORTS = """
import dataclasses, datetime, enum, typing, uuid
import typing as t
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum, auto
from typing import (Annotated, Any, Awaitable, Dict, Generic, List, Literal, NamedTuple, NewType, NotRequired, Optional,
    Required, Tuple, TypedDict, TypeVar, Union)
from pydantic import BaseModel, Field
"""


@pytest.fixture
def describe(python):
    def ask(source, **request):
        answer = python.ask({"op": "describe", "kind": "server", "name": "run", "language": "python", "source": IMPORTS + source, **request})
        assert answer["ok"], answer
        return answer

    return ask


@pytest.fixture
def argument(describe):
    def ask(annotation, declarations="", **request):
        return describe(f"{declarations}\ndef run(value: {annotation}): pass", **request)["arguments"][0]

    return ask


@pytest.fixture
def schema(argument):
    def ask(annotation, declarations="", **request):
        described = argument(annotation, declarations, **request)["type"]
        assert described["kind"] == "object", described
        assert described["schema"]["$schema"] == "http://json-schema.org/draft-07/schema#"
        return described["schema"]

    return ask


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        ("str", "string"),
        ("int", "number"),
        ("float", "number"),
        ("bool", "boolean"),
        ("'str'", "string"),
        ("Decimal", "number"),
        ("Annotated[int, 'positive']", "number"),
        ("UserId", "number"),
    ],
)
def test_primitives_go_by_name(argument, annotation, name):
    described = argument(annotation, "UserId = NewType('UserId', int)")
    assert described == {"name": "value", "required": True, "type": {"kind": "primitive", "type": name}}


@pytest.mark.parametrize("annotation", ["Any", "object", "Callable", "Callable[[int], str]", "bytes", "numpy.ndarray", "Plain", "NoSuchType", "'not ['", "T", "Literal[E.A]", "Literal[1e999]", "Literal[b'x']"])
def test_what_the_source_does_not_tell_is_anything(argument, annotation):
    assert argument(annotation, "class Plain: pass\nT = TypeVar('T')\nclass E(Enum):\n  A = 1")["type"] == ANY


def test_a_parameter_without_annotation_is_anything(describe):
    assert describe("def run(value): pass")["arguments"] == [{"name": "value", "required": True, "type": ANY}]


@pytest.mark.parametrize("annotation", ["list[int]", "List[int]", "typing.List[int]", "t.List[int]", "Sequence[int]", "set[int]", "list['int']"])
def test_a_list_of_primitives_is_kind_array_however_it_is_spelled(argument, annotation):
    assert argument(annotation)["type"] == {"kind": "array", "items": NUMBER}


def test_star_imports_name_what_their_modules_name(python):
    source = "from typing import *\nfrom datetime import *\ndef run(a: Optional[List[int]], b: datetime): pass"
    answer = python.ask({"op": "describe", "kind": "server", "name": "run", "language": "python", "source": source})
    assert answer["arguments"][0] == {"name": "a", "required": True, "nullable": True, "type": {"kind": "array", "items": NUMBER}}
    assert answer["arguments"][1]["type"]["schema"]["format"] == "date-time"


@pytest.mark.parametrize("annotation", ["Optional[str]", "Union[str, None]", "str | None", "None | str", "'str | None'", "typing.Optional[str]"])
def test_a_nullable_parameter_is_told_however_it_is_spelled(argument, annotation):
    assert argument(annotation) == {"name": "value", "required": True, "nullable": True, "type": STRING}


def test_defaults_keyword_only_and_positional_only_parameters_are_told(describe):
    arguments = describe("def run(a: str, b: int, /, c: str = 'x', *, d: str, e: int = 5, f: str = None): pass")["arguments"]
    assert [(described["name"], described["required"], described.get("nullable", False)) for described in arguments] == [
        ("a", True, False),
        ("b", True, False),
        ("c", False, False),
        ("d", True, False),
        ("e", False, False),
        ("f", False, True),
    ]


def test_star_arguments_are_a_list_that_may_be_left_out_and_a_warning(describe):
    answer = describe("def run(*values: int, **options): pass")
    assert answer["arguments"] == [{"name": "values", "required": False, "type": {"kind": "array", "items": NUMBER}}]
    assert [warning["message"] for warning in answer["warnings"]] == [
        "'*values' receives its argument, a list, as one element",
        "'**options' cannot be given by a caller",
    ]


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        ("Literal['a', 'b']", ["a", "b"], ["c", None]),
        ("Literal['a', 1, None, -2, True]", ["a", 1, None, -2, True], ["b", 2]),
        ("Literal['only']", ["only"], ["x"]),
        ("Union[int, str]", [1, "a"], [1.5, None]),
        ("int | list[str]", [1, ["a"]], [[1], "a"]),
        ("dict[str, int]", [{}, {"a": 1}], [{"a": "x"}, []]),
        ("Dict[str, List[int]]", [{"a": [1]}], [{"a": ["x"]}]),
        ("dict", [{"a": 1}], [[]]),
        ("tuple[int, str]", [[1, "a"]], [[1], [1, "a", 2], [{}, "a"]]),
        ("Tuple[str | int, ...]", [[], [1, "a"]], [[None]]),
        ("list[dict[str, Any]]", [[{"a": 1}]], [[1]]),
        ("list[Optional[int]]", [[1, None]], [["a"]]),
        ("datetime.datetime", ["2026-01-31T10:00:00Z"], ["yesterday"]),
        ("datetime.date", ["2026-01-31"], ["31.1."]),
        ("uuid.UUID", ["123e4567-e89b-12d3-a456-426614174000"], ["x"]),
        ("list", [[1, "a"]], [{}]),
    ],
)
def test_an_annotation_accepts_its_values_as_json_and_no_others(schema, accepts, annotation, good, bad):
    described = schema(annotation)
    assert [value for value in good if not accepts(described, value)] == [], described
    assert [value for value in bad if accepts(described, value)] == [], described


MODELS = """
class Color(str, Enum):
    RED = "red"
    BLUE = "blue"

class Level(IntEnum):
    LOW = auto()
    HIGH = auto()

class Line(TypedDict):
    sku: str
    count: NotRequired[int]

class Loose(TypedDict, total=False):
    must: Required[str]
    may: int

class Point(NamedTuple):
    x: int
    label: str = ""

@dataclass
class Base:
    id: int

@dataclasses.dataclass(frozen=True)
class Order(Base):
    lines: list[Line]
    color: Color = Color.RED
    tags: list[str] = field(default_factory=list)
    kind: typing.ClassVar[str] = "order"

    def total(self): return 0

class Address(BaseModel):
    "Where someone lives."
    street: str = Field(..., description="The street.", min_length=1, max_length=5)
    number: int = Field(1, ge=1, lt=100)
    zip_code: Optional[str] = Field(None, alias="zip", pattern="^[0-9]+$")
    notes: List[str] = []
    _cache: dict = {}

class Person(Address):
    name: str
    "The name."
    friends: List["Person"] = []
"""


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        ("Color", ["red"], ["green"]),
        ("Level", [1, 2], [3]),
        ("Line", [{"sku": "x"}, {"sku": "x", "count": 1}], [{}, {"sku": "x", "count": "y"}]),
        ("Loose", [{"must": "x"}], [{}, {"must": "x", "may": "y"}]),
        ("Point", [[1], [1, "a"]], [[], [1, "a", 2], [{}]]),
        ("Order", [{"id": 1, "lines": [{"sku": "x"}], "color": "blue"}], [{"lines": []}, {"id": 1, "lines": [{}]}, {"id": 1, "lines": [], "color": "x"}]),
        ("Address", [{"street": "x"}, {"street": "x", "zip": None}, {"street": "x", "zip": "123"}], [{}, {"street": ""}, {"street": "x" * 6}, {"street": "x", "number": 0}, {"street": "x", "number": 100}, {"street": "x", "zip": "a"}]),
        ("Person", [{"street": "x", "name": "y", "friends": [{"street": "x", "name": "z"}]}], [{"street": "x"}, {"street": "x", "name": "y", "friends": [{"name": "z"}]}]),
        ("List[Color]", [["red"]], [["x"], "red"]),
        ("dict[str, Order | None]", [{"a": None}, {"a": {"id": 1, "lines": []}}], [{"a": {}}]),
    ],
)
def test_classes_of_the_source_are_described_by_their_fields(schema, accepts, annotation, good, bad):
    described = schema(annotation, MODELS)
    assert [value for value in good if not accepts(described, value)] == [], described
    assert [value for value in bad if accepts(described, value)] == [], described


def test_only_data_fields_are_properties(schema):
    assert list(schema("Order", MODELS)["properties"]) == ["id", "lines", "color", "tags"]
    assert list(schema("Address", MODELS)["properties"]) == ["street", "number", "zip", "notes"]


def test_classes_and_fields_carry_their_descriptions(schema):
    address = schema("Address", MODELS)
    assert (address["title"], address["description"]) == ("Address", "Where someone lives.")
    assert address["properties"]["street"]["description"] == "The street."
    assert schema("Person", MODELS)["definitions"]["Person"]["properties"]["name"]["description"] == "The name."


def test_recursive_aliases_and_forward_references_end(schema, accepts):
    described = schema("Json", 'Json = Union[str, int, None, List["Json"], Dict[str, "Json"]]')
    assert accepts(described, {"a": [1, "x", None, {"b": []}]})
    assert not accepts(described, {"a": [1.5]})


def test_aliases_that_double_at_each_step_stay_small(describe):
    steps = "\n".join(f"A{number} = Tuple[A{number - 1}, A{number - 1}]" for number in range(1, 20))
    answer = describe(f"A0 = Tuple[int, str]\n{steps}\ndef run(value: A19): pass")
    assert len(answer["arguments"][0]["type"]["schema"]["definitions"]) <= 20


def test_a_type_variable_falls_to_its_bound(schema, accepts):
    described = schema("T", MODELS + "\nT = TypeVar('T', bound=Line)")
    assert accepts(described, {"sku": "x"}) and not accepts(described, {})


def test_type_schemas_describe_classes_that_the_source_imports(schema, accepts):
    order = {"$schema": "x", "type": "object", "required": ["id"]}
    for origin in ("from shop import Order", "", "class Order: pass"):
        described = schema("list[Order]", origin, typeSchemas={"Order": order})
        assert accepts(described, [{"id": 1}]) and not accepts(described, [{}])


def test_definitions_of_type_schemas_keep_their_references(schema, accepts):
    tree = {
        "type": "object",
        "properties": {"tag": {"$ref": "#/$defs/Tag"}, "child": {"$ref": "#"}},
        "$defs": {"Tag": {"type": "string"}},
    }
    good, bad = {"tag": "x", "child": {"tag": "y"}}, {"child": {"tag": 1}}
    for annotation, wrap in (("Tree", lambda value: value), ("list[Tree]", lambda value: [value])):
        described = schema(annotation, "class Tag(TypedDict):\n  name: str", typeSchemas={"Tree": tree})
        assert accepts(described, wrap(good)) and not accepts(described, wrap(bad))


def test_a_cycle_through_something_unknown_leaves_no_reference_without_definition(schema, accepts):
    declarations = "class Node(TypedDict):\n  next: 'Either'\nEither = Union[Node, Unknown]"
    described = schema("tuple[List[Node], Node]", declarations)
    assert accepts(described, [[{"next": 5}], {"next": 5}])


@pytest.mark.parametrize(
    ("declaration", "return_type", "synchronous"),
    [
        ("def run() -> None: pass", {"kind": "void"}, True),
        ("def run(): pass", {"kind": "void"}, True),
        ("def run():\n    def inner(): return 1\n    return", {"kind": "void"}, True),
        ("def run(): return 1", ANY, True),
        ("async def run() -> str: return ''", STRING, False),
        ("def run() -> Awaitable[str]: ...", STRING, False),
        ("def run() -> t.Coroutine[Any, Any, int]: ...", NUMBER, False),
        ("def run() -> list[str]: ...", {"kind": "array", "items": STRING}, True),
        ("def run() -> Any: ...", ANY, True),
    ],
)
def test_the_result_is_what_a_caller_awaits(describe, declaration, return_type, synchronous):
    answer = describe(declaration)
    assert (answer["returnType"], answer["synchronous"]) == (return_type, synchronous)


DOCUMENTED = [
    '''
    """Places an order
    for a customer.

    With care.

    :param order: what to place,
        whole
    :param str note: a remark
    :returns: nothing
    """''',
    '''
    """Places an order for a customer.

    Args:
        order (dict): what to place,
            whole
        note: a remark

    Returns:
        note: not a parameter
    """''',
]


@pytest.mark.parametrize("docstring", DOCUMENTED)
def test_docstrings_describe_the_function_and_its_parameters(describe, docstring):
    answer = describe(f"def run(order: dict, note: str):{docstring}")
    assert answer["description"] == "Places an order for a customer."
    assert [described["description"] for described in answer["arguments"]] == ["what to place, whole", "a remark"]


def test_without_a_docstring_there_is_no_description(describe):
    answer = describe("def run(order: str): pass")
    assert answer["description"] == "" and "description" not in answer["arguments"][0]
