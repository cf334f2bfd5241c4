"""The 1 KiB of JSON that goes in and out wherever a measurement does not need another size."""

import json

BYTES = 1024


def customer() -> dict:
    """About what a CRM tells of one customer; as compact JSON it has exactly BYTES bytes."""
    record = {"id": 4711, "name": "Ada Example", "email": "ada@example.com", "active": True, "balance": 1234.5,
              "address": {"street": "1 Example Road", "city": "Exampleton", "zip": "12345"},
              "tags": ["vip", "newsletter", "eu"], "orders": [{"id": i, "total": 19.5 * i} for i in range(1, 9)], "note": ""}
    record["note"] = "x" * (BYTES - len(compact(record)))
    return record


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
