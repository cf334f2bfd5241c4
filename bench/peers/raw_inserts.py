"""The peer of webhook intake: the same rows into the same table, in transactions of 100, by SQLite alone.

Arguments: database file, file with the CREATE statements, file of one payload, seconds. Prints rows and seconds.
"""

import sqlite3
import sys
import time
import uuid
from pathlib import Path

ROWS_A_COMMIT = 100
INSERT = ("INSERT INTO events (id, environment_id, source_kind, source_id, trigger_id, function_id, payload, state, attempts,"
          " next_attempt_at, created_at) VALUES (?, ?, 'webhook', ?, ?, ?, ?, 'pending', 0, ?, ?)")


def main() -> None:
    database, tables, payload_file, seconds = sys.argv[1:]
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(Path(tables).read_text(encoding="utf-8"))
    payload = Path(payload_file).read_text(encoding="utf-8")
    fixed = [str(uuid.uuid4()) for _ in range(4)]
    rows = 0
    began = time.perf_counter()
    while time.perf_counter() - began < float(seconds):
        now = time.time_ns() // 1_000_000
        # Ids that grow with time, as polyd's do: they go to the end of the index.
        batch = [(f"{now:012x}-{rows + i:023d}", *fixed, payload, now, now) for i in range(ROWS_A_COMMIT)]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, batch)
        connection.execute("COMMIT")
        rows += ROWS_A_COMMIT
    print(rows, time.perf_counter() - began)


main()
