"""The few forms of JSON Schema that both annotations and classes are written as."""

import math

TYPE_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def one_or_list(values):
    return values[0] if len(values) == 1 else values


def is_json_constant(value):
    return type(value) in TYPE_NAMES and not (isinstance(value, float) and not math.isfinite(value))


def distinct(schemas):
    return [schema for position, schema in enumerate(schemas) if schema not in schemas[:position]]


def enumeration(values):
    """One of some constants; values that JSON has no form for make it anything."""
    if not values or not all(is_json_constant(value) for value in values):
        return {}
    types = list(dict.fromkeys(TYPE_NAMES[type(value)] for value in values))
    return {"type": one_or_list(types), **({"const": values[0]} if len(values) == 1 else {"enum": values})}


def tuple_of(elements, least):
    """`prefixItems` is for readers of 2020-12; the equally true `items` is for those of draft-07."""
    if not elements:
        return {"type": "array", "maxItems": 0}
    kinds = distinct(elements)
    items = {} if {} in kinds else kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return {"type": "array", "minItems": least, "prefixItems": elements, "items": items, "maxItems": len(elements)}


def union_of(schemas):
    if not all(schemas):
        return {}
    types = list(dict.fromkeys(schema["type"] for schema in schemas if schema.keys() == {"type"}))
    alternatives = [{"type": one_or_list(types)}] if types else []
    alternatives += distinct([schema for schema in schemas if schema.keys() != {"type"}])
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
