"""Servers that answer the JSON they are sent, each started and addressed: what a warm server function is held against."""

from pathlib import Path

from harness.contest import Contender
from harness.load import Request
from harness.machine import ALL_CORES, NODE, PEERS
from harness.plan import Plan
from harness.polyd import JSON_TYPE
from harness.ports import free_port, wait_until_open
from harness.processes import Program
from measurements.payload import compact, customer

MODULES = PEERS / "node_modules"
FRAMEWORK = MODULES / "@google-cloud/functions-framework/build/src/main.js"
WORKERD = MODULES / "@cloudflare/workerd-linux-64/bin/workerd"


def _start(plan: Plan, name: str, command: list, port: int, environment: dict[str, str] | None = None) -> Contender:
    program = plan.keep(Program(name, command, ALL_CORES, plan.folder("peer") / "log", environment))
    wait_until_open(program, port)
    request = Request(f"http://127.0.0.1:{port}/", "POST", compact(customer()).encode(), JSON_TYPE)
    return Contender(name, program, request, ALL_CORES)


def start_bare_node(plan: Plan, mode: str) -> Contender:
    """`echo` reads and writes the JSON; `constant` looks at nothing."""
    port = free_port()
    command = [NODE, PEERS / "hello_server.cjs", port, mode, compact(customer())]
    return _start(plan, f"bare Node, {mode}", command, port)


def start_functions_framework(plan: Plan) -> Contender:
    port = free_port()
    command = [NODE, FRAMEWORK, f"--source={PEERS / 'echo_framework.cjs'}", "--target=echo", f"--port={port}"]
    return _start(plan, "functions-framework", command, port, {"NODE_ENV": "production"})


def start_workerd(plan: Plan) -> Contender:
    port = free_port()
    command = [WORKERD, "serve", PEERS / "echo.capnp", f"--socket-addr=http=127.0.0.1:{port}"]
    return _start(plan, "workerd", command, port)


def missing_parts() -> list[Path]:
    return [part for part in (FRAMEWORK, WORKERD) if not part.exists()]
