"""Events that a webhook acknowledges, which it does once they are on the disk, against inserts of the same rows by SQLite
alone on the same disk in transactions of 100."""

import sqlite3
import subprocess

from harness.figures import Aim, Figure, Samples
from harness.http_call import send
from harness.load import Request, run_load
from harness.machine import ALL_CORES, PEERS, PYTHON, BenchFailed
from harness.plan import Plan
from harness.polyd import JSON_TYPE, Polyd
from measurements.payload import compact, customer

NAME = "intake"
CONNECTIONS = 64
# Runs so long that delivery stands still: what is measured is intake. Delivery has its own figure.
SLOW = "export default async function wait(event) { await new Promise((done) => setTimeout(done, 50_000)); }\n"
FAST = "export default function take(event) { return event.id; }\n"
# Delivery waits for functions at the end of a run no longer than needed.
SETTINGS = {"POLY_DRAIN_SECONDS": "1"}


def _start(plan: Plan, code: str) -> tuple[Polyd, Request]:
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("intake") / "data", settings=SETTINGS))
    name = "wait" if code == SLOW else "take"
    function = polyd.deploy(name, "javascript", code)
    webhook = polyd.call("POST", "/webhooks", {"context": "bench", "name": "customer", "eventPayload": compact({"id": 1})})["id"]
    polyd.call("POST", "/triggers", {"name": "later", "source": {"webhookHandleId": webhook},
                                     "destination": {"serverFunctionId": function}, "waitForResponse": False})
    return polyd, Request(f"{polyd.address}/webhooks/{webhook}", "POST", compact(customer()).encode(), JSON_TYPE)


def _acknowledged(plan: Plan, code: str) -> tuple[float, float, Polyd]:
    """Acknowledged events a second, and CPU time of polyd itself for each in µs."""
    polyd, request = _start(plan, code)
    send(request)
    before = polyd.cpu().root
    load = run_load(request, CONNECTIONS, plan.seconds, ALL_CORES)
    cpu = polyd.cpu().root - before
    received = polyd.metric('openpoly_events_received_total{source="webhook"}')
    if received < load.requests:
        raise BenchFailed(f"{load.requests} events were acknowledged and {received:.0f} counted")
    return load.per_second, cpu / load.requests * 1e6, polyd


def _stored_event(polyd: Polyd) -> tuple[str, str]:
    """The tables and one payload as polyd has them."""
    database = sqlite3.connect(next(polyd.data.glob("*.db")))
    tables = database.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'events' AND sql IS NOT NULL").fetchall()
    [payload] = database.execute("SELECT payload FROM events LIMIT 1").fetchone()
    database.close()
    return ";\n".join(sql for (sql,) in tables) + ";", payload


def _raw_inserts(plan: Plan, tables: str, payload: str) -> float:
    folder = plan.folder("raw")
    (folder / "tables.sql").write_text(tables, encoding="utf-8")
    (folder / "payload.json").write_text(payload, encoding="utf-8")
    finished = subprocess.run(
        ["taskset", "-c", ALL_CORES, PYTHON, PEERS / "raw_inserts.py", folder / "raw.db", folder / "tables.sql",
         folder / "payload.json", str(plan.seconds)], capture_output=True, text=True, check=True)
    rows, seconds = finished.stdout.split()
    return float(rows) / float(seconds)


def measure(plan: Plan) -> list[Figure]:
    intake, cpu, delivered, raw = [], [], [], []
    for _ in range(plan.rounds):
        per_second, each, polyd = _acknowledged(plan, SLOW)
        intake.append(per_second)
        cpu.append(each)
        tables, payload = _stored_event(polyd)
        polyd.stop()
        raw.append(_raw_inserts(plan, tables, payload))
        per_second, _, polyd = _acknowledged(plan, FAST)
        delivered.append(per_second)
        polyd.stop()
    peer = Samples(tuple(raw), "rows/s")
    name = "raw SQLite, 100 rows a commit"
    return [
        Figure(NAME, "webhook intake, c=64: acknowledged a second", Samples(tuple(intake), "events/s"), name, peer, Aim(at_least=0.7)),
        Figure(NAME, "webhook intake, c=64: CPU an event", Samples(tuple(cpu), "µs")),
        Figure(NAME, "webhook intake while events are delivered, c=64: acknowledged a second",
               Samples(tuple(delivered), "events/s"), name, peer),
    ]
