"""polyd under measurement: started on given cores, filled through its own API."""

import json
import subprocess
import time
import uuid
from pathlib import Path

from harness.http_call import Connection, Refused, send
from harness.load import Request
from harness.machine import ALL_CORES, BenchFailed
from harness.processes import Program

KEY = str(uuid.uuid4())
ASLEEP_SECONDS_MAX = 60
JSON_TYPE = {"Content-Type": "application/json"}


class DeployRefused(BenchFailed):
    """polyd does not take this function: its language may not be in this build."""


class Polyd(Program):
    def __init__(self, binaries: Path, data: Path, cores: str = ALL_CORES, settings: dict[str, str] | None = None):
        environment = {"POLY_BOOTSTRAP_KEY": KEY, "POLY_LOG_LEVEL": "warn",
                       "POLY_OUTBOUND_ALLOW_NETWORKS": "127.0.0.0/8", **(settings or {})}
        began = time.perf_counter()
        super().__init__("polyd", [binaries / "polyd", "serve", "--listen", "127.0.0.1:0", "--data", data], cores,
                         data.with_suffix(".log"), environment, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        if not line.startswith("ready "):
            self.stop()
            raise BenchFailed(f"polyd said '{line.strip()}' and not that it is ready; see {self.log}")
        self.start_ms = (time.perf_counter() - began) * 1e3
        self.address = line.split()[1]
        self.data = data

    def request(self, method: str, path: str, body: object = None) -> Request:
        encoded = None if body is None else json.dumps(body).encode()
        return Request(self.address + path, method, encoded, {"Authorization": f"Bearer {KEY}", **JSON_TYPE})

    def call(self, method: str, path: str, body: object = None):
        return json.loads(send(self.request(method, path, body)).body)

    def deploy(self, name: str, language: str, code: str, context: str = "bench") -> str:
        function = {"context": context, "name": name, "language": language, "code": code}
        try:
            return self.call("POST", "/functions/server", function)["id"]
        except Refused as refusal:
            raise DeployRefused(f"deploying a function in {language} was answered {refusal.answered}") from refusal

    def instances(self, function_id: str) -> int:
        """Those that run or start."""
        status = self.call("GET", f"/functions/server/{function_id}/instances")
        return sum(len(revision["instances"]) + revision["starting"] for revision in status["revisions"])

    def wait_until_asleep(self, function_id: str) -> None:
        deadline = time.monotonic() + ASLEEP_SECONDS_MAX
        while self.instances(function_id):
            if time.monotonic() > deadline:
                raise BenchFailed(f"a function still has instances {ASLEEP_SECONDS_MAX} s after its last call")
            time.sleep(0.05)

    def execute_request(self, function_id: str, kind: str, arguments: dict) -> Request:
        return self.request("POST", f"/functions/{kind}/{function_id}/execute", arguments)

    def connect(self) -> Connection:
        return Connection(self.address)

    def metric(self, name: str) -> float:
        """One value of /metrics, which has no labels."""
        for line in send(Request(self.address + "/metrics")).body.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise BenchFailed(f"/metrics has no {name}")

    def wait_until_written(self) -> None:
        """Until every record that waits for the disk is there, so that its CPU time is counted too."""
        while self.metric("poly_store_queued_batches") > 0:
            time.sleep(0.02)
        self.wait_until_quiet()
