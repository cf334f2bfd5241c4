"""Turns annotations into JSON Schema documents that stand alone, valid as draft-07 and as 2020-12.

Arguments and results travel as JSON, so a type is described as what JSON makes of it: a NamedTuple
is an array, a datetime is a string. What cannot be told from the source is `{}`, anything.
"""

import ast

from json_schema import enumeration, tuple_of, union_of
from models import UnknownShape, shape_of
from provided import embedded

DRAFT = "http://json-schema.org/draft-07/schema#"
DEPTH_MAX = 24

SCALARS = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "typing.LiteralString": {"type": "string"},
    "typing.AnyStr": {"type": "string"},
    "typing.Text": {"type": "string"},
    "decimal.Decimal": {"type": "number"},
    "datetime.datetime": {"type": "string", "format": "date-time"},
    "datetime.date": {"type": "string", "format": "date"},
    "datetime.time": {"type": "string", "format": "time"},
    "uuid.UUID": {"type": "string", "format": "uuid"},
    "pydantic.EmailStr": {"type": "string", "format": "email"},
    "pydantic.AnyUrl": {"type": "string", "format": "uri"},
    "pydantic.HttpUrl": {"type": "string", "format": "uri"},
    "pydantic.StrictStr": {"type": "string"},
    "pydantic.StrictInt": {"type": "integer"},
    "pydantic.StrictFloat": {"type": "number"},
    "pydantic.StrictBool": {"type": "boolean"},
    "pydantic.PositiveInt": {"type": "integer", "exclusiveMinimum": 0},
    "pydantic.NonNegativeInt": {"type": "integer", "minimum": 0},
}
LISTS = {"list", "set", "frozenset", "collections.deque"} | {
    f"typing.{name}"
    for name in ("List", "Set", "FrozenSet", "Deque", "Sequence", "MutableSequence", "Iterable", "Collection", "AbstractSet", "MutableSet")
}
TUPLES = {"tuple", "typing.Tuple"}
MAPPINGS = {"dict", "collections.OrderedDict", "collections.defaultdict"} | {
    f"typing.{name}" for name in ("Dict", "Mapping", "MutableMapping", "OrderedDict", "DefaultDict")
}
NESTING = {"anyOf", "items", "properties", "additionalProperties", "prefixItems"}
# `Annotated[T, ...]` and its like: what they say about T is not for JSON.
TRANSPARENT = {f"typing.{name}" for name in ("Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly")}
AWAITABLES = {f"typing.{name}" for name in ("Awaitable", "Coroutine")}


def union_members(names, node):
    """The members of a union however it is written, or the annotation alone."""
    node = unquoted(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return union_members(names, node.left) + union_members(names, node.right)
    if isinstance(node, ast.Subscript):
        outer = names.qualified(node.value)
        if outer == "typing.Optional":
            return union_members(names, node.slice) + [ast.Constant(None)]
        if outer == "typing.Union":
            return [member for part in parameters(node) for member in union_members(names, part)]
    return [node]


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def parameters(subscript):
    return subscript.slice.elts if isinstance(subscript.slice, ast.Tuple) else [subscript.slice]


def unquoted(node):
    """A forward reference is an annotation in quotes."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return node
    try:
        return unquoted(ast.parse(node.value.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return ast.Name("typing.Any")


def document(names, type_schemas, annotation):
    """The schema of an annotation, or of several as a union."""
    writer = DocumentWriter(names, type_schemas)
    schema = writer.root(annotation)
    if not schema:
        return {}
    return {"$schema": DRAFT, **schema, **({"definitions": writer.definitions} if writer.definitions else {})}


class DocumentWriter:
    def __init__(self, names, type_schemas):
        self.names = names
        self.definitions = {}
        self._type_schemas = type_schemas
        self._open = []
        self._referenced = set()

    def root(self, members):
        if len(members) > 1:
            return self._union(members)
        name = self._named(unquoted(members[0]))
        if name is None:
            return self.schema_of(members[0])
        schema = self._definition(name)
        if not schema:
            return {}
        if name in self._referenced:
            self.definitions[name] = schema
            return {"$ref": f"#/definitions/{name}"}
        return schema if "$ref" in schema else {"title": name, **schema}

    def schema_of(self, annotation):
        members = union_members(self.names, annotation)
        if len(members) > 1:
            return self._union(members)
        node = members[0]
        if is_none(node):
            return {"type": "null"}
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        name = self._named(node)
        return self._reference(name) if name else self._plain(node)

    def _plain(self, node):
        qualified = self.names.qualified(node)
        if qualified in SCALARS:
            return dict(SCALARS[qualified])
        if qualified in LISTS or qualified in TUPLES:
            return {"type": "array"}
        return {"type": "object"} if qualified in MAPPINGS else {}

    def _subscript(self, node):
        outer, inner = self.names.qualified(node.value), parameters(node)
        if outer in TRANSPARENT:
            return self.schema_of(inner[0])
        if outer in AWAITABLES:
            return self.schema_of(inner[-1])
        if outer == "typing.Literal":
            return enumeration([value for part in inner for value in literal_values(part)])
        if outer in LISTS:
            return {"type": "array", "items": self.schema_of(inner[0])}
        if outer in TUPLES:
            return self._tuple(inner)
        if outer in MAPPINGS:
            return {"type": "object", "additionalProperties": self.schema_of(inner[-1])}
        name = self._named(node.value)
        return self._reference(name) if name else {}

    def _tuple(self, inner):
        if len(inner) == 2 and isinstance(inner[1], ast.Constant) and inner[1].value is Ellipsis:
            return {"type": "array", "items": self.schema_of(inner[0])}
        elements = [self.schema_of(part) for part in inner if not isinstance(part, ast.Tuple)]
        return tuple_of(elements, len(elements))

    def _union(self, members):
        return union_of([self.schema_of(member) for member in members])

    def _named(self, node):
        """The name under which a type of this source, or one the caller described, is defined."""
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return None
        name = node.id if isinstance(node, ast.Name) else node.attr
        if isinstance(node, ast.Name) and (name in self.names.classes or name in self.names.assigned):
            return name
        is_known = self.names.qualified(node) in SCALARS.keys() | LISTS | TUPLES | MAPPINGS
        return name if name in self._type_schemas and not is_known else None

    def _reference(self, name):
        if name in self._open:
            self._referenced.add(name)
        elif name not in self.definitions:
            schema = self._definition(name)
            is_short = not schema or (name in self.names.assigned and not schema.keys() & NESTING)
            if is_short and name not in self._referenced:
                return schema
            self.definitions[name] = schema
        return {"$ref": f"#/definitions/{name}"}

    def _definition(self, name):
        if len(self._open) >= DEPTH_MAX:
            return {}
        self._open.append(name)
        try:
            if name in self.names.classes:
                return shape_of(self, name, self.names.classes[name])
            if name in self.names.assigned:
                return self._assigned(self.names.assigned[name])
            return self._provided(name)
        except UnknownShape:
            return self._provided(name)
        finally:
            self._open.pop()

    def _provided(self, name):
        schema, definitions = embedded(name, self._type_schemas.get(name, {}))
        self.definitions.update(definitions)
        if contains_reference(schema, name) or contains_reference(definitions, name):
            self._referenced.add(name)
        return schema

    def _assigned(self, value):
        """An alias is what it stands for; a TypeVar is its bound, a NewType its base."""
        if not isinstance(value, ast.Call):
            return self.schema_of(value)
        maker = self.names.qualified(value.func)
        if maker == "typing.TypeVar":
            bound = next((keyword.value for keyword in value.keywords if keyword.arg == "bound"), None)
            return self.schema_of(bound) if bound else {}
        return self.schema_of(value.args[1]) if maker == "typing.NewType" and len(value.args) == 2 else {}


def contains_reference(value, name):
    if isinstance(value, list):
        return any(contains_reference(part, name) for part in value)
    if not isinstance(value, dict):
        return False
    return value.get("$ref") == f"#/definitions/{name}" or any(contains_reference(part, name) for part in value.values())


def literal_values(node):
    """The constants of a Literal; a member of an Enum is not one that its text tells."""
    try:
        return [ast.literal_eval(node)]
    except (ValueError, TypeError):
        return [...]
