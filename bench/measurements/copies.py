"""Thousands of deployed functions in seconds: one is deployed, and its row is copied while polyd is down.

Deploying each would measure the compiler. What polyd holds and reads at its start is the same.
"""

import json
import sqlite3
import uuid
from pathlib import Path


def copy_function(data: Path, function_id: str, copies: int) -> None:
    connection = sqlite3.connect(data / "openpoly.db")
    with connection:
        cursor = connection.execute("SELECT * FROM resources WHERE id = ?", (function_id,))
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone()))
        detail = json.loads(row["detail"])
        insert = f"INSERT INTO resources ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        connection.executemany(insert, (_copied(row, detail, number) for number in range(copies)))
    connection.close()


def _copied(row: dict, detail: dict, number: int) -> tuple:
    name, context = f"{row['name']}{number}", f"bench.area{number % 100}"
    named = {**detail, "name": name, "context": context}
    return tuple({**row, "id": str(uuid.uuid4()), "name": name, "context": context, "detail": json.dumps(named)}.values())
