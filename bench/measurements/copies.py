"""Thousands of deployed functions in seconds: one is deployed, and its row is copied while polyd is down.

Deploying each would measure the compiler. What polyd holds and reads at its start is the same.
"""

import json
import sqlite3
import uuid
from pathlib import Path

AREAS = 100


def copy_function(data: Path, function_id: str, copies: int) -> list[str]:
    """The ids of the copies. Each has the name that is in its source, in a context of its own."""
    connection = sqlite3.connect(data / "openpoly.db")
    with connection:
        cursor = connection.execute("SELECT * FROM resources WHERE id = ?", (function_id,))
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone()))
        detail = json.loads(row["detail"])
        copied = [_copied(row, detail, number) for number in range(copies)]
        insert = f"INSERT INTO resources ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        connection.executemany(insert, (tuple(copy.values()) for copy in copied))
    connection.close()
    return [copy["id"] for copy in copied]


def _copied(row: dict, detail: dict, number: int) -> dict:
    context = f"bench.area{number % AREAS}.number{number}"
    return {**row, "id": str(uuid.uuid4()), "context": context, "detail": json.dumps({**detail, "context": context})}
