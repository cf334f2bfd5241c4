"""Schemas that the caller gives, in `typeSchemas`, for types that the source names and does not tell."""

import re

REFERENCE = re.compile(r"#/(?:definitions|\$defs)/(.+)")


def embedded(owner, schema):
    """A provided schema as a part of another document: `(schema, its definitions by their new names)`.

    Its own definitions get names that start with `owner`, its own name there, and every reference
    among them stays true.
    """
    inner = {**schema.get("definitions", {}), **schema.get("$defs", {})}
    names = {key: f"{owner}_{key}" for key in inner}

    def moved(value):
        if isinstance(value, list):
            return [moved(part) for part in value]
        if not isinstance(value, dict):
            return value
        return {key: moved_reference(part) if key == "$ref" and isinstance(part, str) else moved(part) for key, part in value.items()}

    def moved_reference(target):
        found = REFERENCE.fullmatch(target)
        if found and found[1] in names:
            return f"#/definitions/{names[found[1]]}"
        return f"#/definitions/{owner}" if target == "#" else target

    body = {key: value for key, value in schema.items() if key not in ("$schema", "definitions", "$defs")}
    return moved(body), {names[key]: moved(value) for key, value in inner.items()}
