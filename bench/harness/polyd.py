"""polyd under measurement: started on given cores, filled through its own API."""

import json
import subprocess
import time
import uuid
from pathlib import Path

from harness.http_call import Connection, send
from harness.load import Request
from harness.machine import ALL_CORES, BenchFailed
from harness.processes import Program

KEY = str(uuid.uuid4())
JSON_TYPE = {"Content-Type": "application/json"}


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

    def deploy(self, name: str, language: str, code: str) -> str:
        function = {"context": "bench", "name": name, "language": language, "code": code}
        return self.call("POST", "/functions/server", function)["id"]

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
