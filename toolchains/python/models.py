"""Reads the classes that describe data: TypedDict, dataclass, NamedTuple, Enum and pydantic models.

Only what the source itself spells out counts; nothing is imported or run. A class of another kind
has no shape that JSON could tell, and `shape_of` raises `UnknownShape`.
"""

import ast

from json_schema import enumeration, is_json_constant, tuple_of

ENUMS = {"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"}
ROOTS = {"typing.TypedDict": "typed_dict", "typing.NamedTuple": "named_tuple", "pydantic.BaseModel": "model"}
DATACLASSES = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}

# Constraints of pydantic's Field and what JSON Schema calls them.
CONSTRAINTS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "regex": "pattern",
}


class UnknownShape(Exception):
    pass


def shape_of(writer, name, definition):
    """The schema of a class of the source; `writer` gives the schemas of its fields."""
    kind = kind_of(writer.names, definition, [])
    description = ast.get_docstring(definition)
    described = {"description": description} if description else {}
    if kind == "enum":
        return {**described, **enum_schema(writer.names, definition)}
    fields = fields_of(writer.names, definition, kind, [])
    if kind == "named_tuple":
        return {**described, **named_tuple_schema(writer, fields)}
    properties, required = {}, []
    for field in fields.values():
        properties[field.alias] = field.schema(writer)
        if field.is_required:
            required.append(field.alias)
    return {
        **described,
        "type": "object",
        **({"properties": properties} if properties else {}),
        **({"required": required} if required else {}),
    }


def kind_of(names, definition, seen):
    if definition.name in seen:
        raise UnknownShape(definition.name)
    if any(names.qualified(called(decorator)) in DATACLASSES for decorator in definition.decorator_list):
        return "dataclass"
    for base in definition.bases:
        base = base.value if isinstance(base, ast.Subscript) else base
        qualified = names.qualified(base)
        if qualified in ENUMS:
            return "enum"
        if qualified in ROOTS:
            return ROOTS[qualified]
        if qualified in names.classes:
            return kind_of(names, names.classes[qualified], [*seen, definition.name])
    raise UnknownShape(definition.name)


def called(node):
    return node.func if isinstance(node, ast.Call) else node


class Field:
    def __init__(self, names, statement, is_total):
        self.name = statement.target.id
        self.annotation = statement.annotation
        self.alias = self.name
        self.description = None
        self.constraints = {}
        wrapper = names.qualified(self.annotation.value) if isinstance(self.annotation, ast.Subscript) else None
        self.is_required = statement.value is None and is_total or wrapper == "typing.Required"
        if wrapper == "typing.NotRequired":
            self.is_required = False
        if isinstance(statement.value, ast.Call):
            maker = names.qualified(statement.value.func)
            if maker in ("pydantic.Field", "dataclasses.field"):
                self._read_maker(statement.value, takes_default=maker == "pydantic.Field")

    def _read_maker(self, call, takes_default):
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        default = call.args[0] if takes_default and call.args else keywords.get("default")
        is_ellipsis = isinstance(default, ast.Constant) and default.value is Ellipsis
        self.is_required = "default_factory" not in keywords and (default is None or is_ellipsis)
        if not takes_default:
            return
        self.alias = constant_text(keywords.get("alias")) or self.name
        self.description = constant_text(keywords.get("description"))
        for argument, keyword in CONSTRAINTS.items():
            if is_constant(keywords.get(argument)):
                self.constraints[keyword] = keywords[argument].value
        for argument, bound in (("min_length", "min"), ("max_length", "max")):
            if is_constant(keywords.get(argument)):
                self.constraints[bound] = keywords[argument].value

    def schema(self, writer):
        schema = dict(writer.schema_of(self.annotation))
        types = schema.get("type", [])
        unit = "Length" if "string" in types else "Items" if "array" in types else None
        for keyword, value in self.constraints.items():
            if keyword not in ("min", "max"):
                schema[keyword] = value
            elif unit:
                schema[keyword + unit] = value
        if self.description:
            schema["description"] = self.description
        return schema


def is_constant(node):
    return isinstance(node, ast.Constant) and node.value is not None and is_json_constant(node.value)


def constant_text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def fields_of(names, definition, kind, seen):
    """The fields by name, inherited ones first. A text right after a field describes it."""
    fields = {}
    for base in definition.bases:
        base_name = names.qualified(base)
        if base_name in names.classes and base_name not in seen:
            fields |= fields_of(names, names.classes[base_name], kind, [*seen, definition.name])
    is_total = not any(
        keyword.arg == "total" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in definition.keywords
    )
    previous = None
    for statement in definition.body:
        is_field = isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        text = constant_text(statement.value) if isinstance(statement, ast.Expr) else None
        if is_field and is_carried(names, statement, kind):
            previous = fields[statement.target.id] = Field(names, statement, is_total)
        elif text and previous:
            previous.description = previous.description or " ".join(text.split())
        else:
            previous = None
    return fields


def is_carried(names, statement, kind):
    annotation = statement.annotation
    outer = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    is_private = kind == "model" and (statement.target.id.startswith("_") or statement.target.id == "model_config")
    return not is_private and names.qualified(outer) not in ("typing.ClassVar", "dataclasses.InitVar", "dataclasses.KW_ONLY")


def named_tuple_schema(writer, fields):
    elements = [field.schema(writer) for field in fields.values()]
    return tuple_of(elements, sum(field.is_required for field in fields.values()))


def enum_schema(names, definition):
    base_names = {names.qualified(base) for base in definition.bases}
    values = []
    for statement in definition.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        value = statement.value
        if isinstance(value, ast.Call) and names.qualified(value.func) == "enum.auto":
            is_text = "enum.StrEnum" in base_names
            values.append(statement.targets[0].id.lower() if is_text else len(values) + 1)
        elif isinstance(value, ast.Constant):
            values.append(value.value)
        else:
            raise UnknownShape(definition.name)
    schema = enumeration(values)
    if not schema:
        raise UnknownShape(definition.name)
    return schema
