"""Load by wrk, and what came back. Any answer that is no success fails the measurement."""

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from harness.machine import LOAD_CORE, BenchFailed

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Request:
    url: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def run_load(request: Request, connections: int, seconds: int, cores: str = LOAD_CORE) -> Load:
    with tempfile.NamedTemporaryFile(prefix="bench-body-") as body_file:
        body_file.write(request.body or b"")
        body_file.flush()
        command = ["taskset", "-c", cores, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s",
                   "-s", SCRIPT, request.url, "--", request.method, body_file.name if request.body else "-",
                   *(f"{name}: {value}" for name, value in request.headers.items())]
        finished = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    results = [line for line in finished.stdout.splitlines() if line.startswith("RESULT ")]
    if finished.returncode != 0 or not results:
        raise BenchFailed(f"wrk against {request.url} failed: {finished.stdout}{finished.stderr}")
    result = json.loads(results[0].removeprefix("RESULT "))
    if result["refused"] or result["broken"] or not result["requests"]:
        raise BenchFailed(f"{request.method} {request.url}: of {result['requests']} answers {result['refused']} had an "
                          f"error status, and {result['broken']} connections broke")
    return Load(result["requests"], result["microseconds"] / 1e6, result["p50_us"] / 1e3, result["p99_us"] / 1e3)
