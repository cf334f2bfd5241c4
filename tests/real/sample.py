"""Values that fit a JSON Schema, made without chance: the least that fits, or everything that the schema names.

Enough of JSON Schema for the arguments of real documents, not for every schema: what is made here is checked by those
whom it is sent to.
"""

NESTING_MAX = 6
TEXTS_BY_FORMAT = {
    "date": "2024-05-17",
    "date-time": "2024-05-17T09:30:00Z",
    "email": "ada@example.com",
    "uri": "https://example.com/a",
    "uuid": "3f2b8c1e-5a0d-4d6f-9b7e-2c1a0f4e8d55",
}
TEXTS_BY_PATTERN = (
    ("^sha256:", "sha256:" + "a1" * 32),
    ("[A-Za-z0-9+/]{4}", "c2FtcGxl"),
    ("[0-9a-fA-F]{40}", "a1" * 20),
    ("^refs/", "refs/heads/sample"),
    ("^ssh-", "ssh-ed25519 AAAA"),
    (r"^\d+\.", "1.2.3"),
)
TEXT = "sample"


class Sampler:
    """`schemas` are the definitions that references name, by path; `everything` gives optional properties too."""

    def __init__(self, schemas, everything):
        self.schemas = schemas
        self.everything = everything

    def value(self, schema, depth=0):
        if not isinstance(schema, dict):
            return TEXT
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for choice in ("oneOf", "anyOf"):
            if choice in schema:
                return self._alternative(schema, choice, depth)
        make = getattr(self, f"_{self._type_of(schema)}")
        return make(schema, depth)

    def _alternative(self, schema, choice, depth):
        """The first one that is text, so that it fits nothing else once it stands in a URL, or else simply the first."""
        beside = {key: value for key, value in schema.items() if key != choice}
        alternatives = [self._resolved(each) for each in schema[choice]]
        texts = [each for each in alternatives if each.get("type") == "string"]
        chosen = (texts or alternatives)[0]
        if "properties" in beside:
            # Alternatives that only say what is required are told apart by what is not there.
            wanted = set(beside.get("required", [])) | set(chosen.get("required", []))
            beside["properties"] = {name: each for name, each in beside["properties"].items() if name in wanted}
        return self.value(self._merged(beside, chosen), depth)

    def _resolved(self, schema):
        """Without references and allOf at its top."""
        while "x-poly-ref" in schema:
            schema = self.schemas[schema["x-poly-ref"]["path"]]
        if "allOf" in schema:
            merged = {key: value for key, value in schema.items() if key != "allOf"}
            for part in schema["allOf"]:
                merged = self._merged(merged, self._resolved(part))
            return merged
        return schema

    @staticmethod
    def _merged(one, other):
        merged = {**one, **other}
        if "properties" in one or "properties" in other:
            merged["properties"] = {**one.get("properties", {}), **other.get("properties", {})}
        if "required" in one or "required" in other:
            merged["required"] = [*one.get("required", []), *other.get("required", [])]
        return merged

    @staticmethod
    def _type_of(schema):
        named = schema.get("type")
        if isinstance(named, list):
            named = named[0]
        if named:
            return named
        if "properties" in schema or "required" in schema:
            return "object"
        return "array" if "items" in schema else "string"

    def _object(self, schema, depth):
        required = set(schema.get("required", []))
        properties = schema.get("properties", {})
        optional = set(properties) if self.everything and depth < NESTING_MAX else set()
        wanted = [name for name in properties if name in required | optional]
        made = {name: self.value(properties[name], depth + 1) for name in wanted}
        made.update({name: TEXT for name in sorted(required - set(properties))})
        while len(made) < schema.get("minProperties", 0):
            missing = [name for name in properties if name not in made]
            name = missing[0] if missing else f"{TEXT}{len(made)}"
            made[name] = self.value(properties.get(name, schema.get("additionalProperties")), depth + 1)
        return made

    def _array(self, schema, depth):
        count = max(schema.get("minItems", 0), 1 if self.everything and depth < NESTING_MAX else 0)
        return [self.value(schema.get("items"), depth + 1) for _ in range(count)]

    @staticmethod
    def _string(schema, _depth):
        pattern = schema.get("pattern", "")
        by_pattern = [text for part, text in TEXTS_BY_PATTERN if part in pattern]
        text = by_pattern[0] if by_pattern else TEXTS_BY_FORMAT.get(schema.get("format"), TEXT)
        text = text.ljust(schema.get("minLength", 0), "x")
        return text[: schema.get("maxLength", len(text))]

    @staticmethod
    def _integer(schema, _depth):
        return max(1, schema.get("minimum", 1)) if schema.get("maximum", 1) >= 1 else schema["maximum"]

    _number = _integer

    @staticmethod
    def _boolean(_schema, _depth):
        return True

    @staticmethod
    def _null(_schema, _depth):
        return None
