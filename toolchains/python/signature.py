"""Describes a function's parameters and result in the catalog's type language: PropertySpecification
and PropertyType. Simple types go by name, everything else by a JSON Schema document."""

import ast

from docstrings import parameter_texts, summary
from schemas import AWAITABLES, document, is_none, parameters, union_members

REQUIRED = object()
NO_VALUES = ast.Tuple([])
ANYTHING = {"kind": "plain", "value": "any"}
NOTHING = {"kind": "void"}
PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def describe_signature(names, type_schemas, function):
    """`{arguments, returnType, synchronous, description}` of a function's definition."""
    docstring = ast.get_docstring(function) or ""
    texts = parameter_texts(docstring)
    returned, is_awaitable = awaited(names, function.returns)
    return {
        "arguments": [
            described_parameter(names, type_schemas, parameter, default, texts)
            for parameter, default in callable_parameters(function.args)
        ],
        "returnType": result_type(names, type_schemas, function, returned),
        "synchronous": not isinstance(function, ast.AsyncFunctionDef) and not is_awaitable,
        "description": summary(docstring),
    }


def callable_parameters(arguments):
    """Each parameter that a caller can name, and its default: REQUIRED when it has none."""
    positional = arguments.posonlyargs + arguments.args
    defaults = [REQUIRED] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    yield from zip(positional, defaults)
    if arguments.vararg:
        annotation = arguments.vararg.annotation or ast.Name("typing.Any")
        items = ast.Subscript(ast.Name("list"), annotation)
        yield ast.arg(arguments.vararg.arg, items), NO_VALUES
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        yield parameter, default or REQUIRED


def described_parameter(names, type_schemas, parameter, default, texts):
    members = union_members(names, parameter.annotation) if parameter.annotation else []
    present = [member for member in members if not is_none(member)]
    is_nullable = bool(present) and (len(present) < len(members) or is_none(default))
    text = texts.get(parameter.arg)
    return {
        "name": parameter.arg,
        **({"description": text} if text else {}),
        "required": default is REQUIRED,
        **({"nullable": True} if is_nullable else {}),
        "type": property_type(names, type_schemas, present or members),
    }


def awaited(names, annotation):
    """The annotation without its Awaitable or Coroutine, and whether it had one."""
    if isinstance(annotation, ast.Subscript) and names.qualified(annotation.value) in AWAITABLES:
        return parameters(annotation)[-1], True
    return annotation, False


def result_type(names, type_schemas, function, annotation):
    if annotation is None:
        return ANYTHING if returns_value(function) else NOTHING
    return property_type(names, type_schemas, union_members(names, annotation))


def returns_value(function):
    pending = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)) or (isinstance(node, ast.Return) and node.value and not is_none(node.value)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))
    return False


def property_type(names, type_schemas, members):
    """The PropertyType of a union of annotations; of none at all, anything."""
    if not members:
        return ANYTHING
    schema = document(names, type_schemas, members)
    shape = {key: value for key, value in schema.items() if key not in ("$schema", "title")}
    if not shape:
        return ANYTHING
    if shape == {"type": "null"}:
        return NOTHING
    if primitive(shape):
        return primitive(shape)
    items = shape.keys() == {"type", "items"} and shape["type"] == "array" and primitive(shape["items"])
    return {"kind": "array", "items": items} if items else {"kind": "object", "schema": schema}


def primitive(schema):
    name = schema.get("type") if schema.keys() == {"type"} else None
    return {"kind": "primitive", "type": PRIMITIVES[name]} if isinstance(name, str) and name in PRIMITIVES else None
