"""The 1 KiB of JSON that goes in and out wherever a measurement does not need another size, and 64 KiB of the same kind."""

import json

BYTES = 1024
LARGE_BYTES = 64 * BYTES


def customer(size: int = BYTES) -> dict:
    """About what a CRM tells of one customer; as compact JSON it has exactly `size` bytes."""
    record = {"id": 4711, "name": "Ada Example", "email": "ada@example.com", "active": True, "balance": 1234.5,
              "address": {"street": "1 Example Road", "city": "Exampleton", "zip": "12345"},
              "tags": ["vip", "newsletter", "eu"], "orders": [{"id": i, "total": 19.5 * i} for i in range(1, 9)], "note": ""}
    record["note"] = "x" * (size - len(compact(record)))
    return record


def customers() -> list[dict]:
    """Customers of 1 KiB each, the last one a little less; as compact JSON exactly LARGE_BYTES bytes."""
    count = LARGE_BYTES // BYTES
    brackets_and_commas = count + 1
    return [*(customer() for _ in range(count - 1)), customer(BYTES - brackets_and_commas)]


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
