"""Builds the integration in an empty polyd with the commands that a user would type.

Train the two API documents, put the keys into the vault, deploy the functions, connect webhooks and a schedule.
"""

from dataclasses import dataclass
from pathlib import Path

from driver.http_json import expect, request
from driver.poly_cli import Poly
from driver.proof import prove
from driver.screen import Screen, compact
from driver.systems import EXAMPLE, Systems

FUNCTIONS = EXAMPLE / "functions"
CONTEXT = "crmToMarketing"
NIGHTLY = "0 2 * * *"


@dataclass(frozen=True)
class Integration:
    """Where the built integration is reached."""

    event_url: str
    overview_url: str
    job_id: str


class Builder:
    def __init__(self, systems: Systems, poly: Poly, screen: Screen, work: Path):
        self._systems = systems
        self._poly = poly
        self._screen = screen
        self._work = work

    def build(self) -> Integration:
        self._screen.chapter("Train: API documents become functions")
        self._train("crm", self._systems.crm, "/openapi.yaml")
        self._train("marketing", self._systems.marketing, "/openapi.json")
        self._store_keys()
        self._call_trained_function()

        self._screen.chapter("Deploy: source becomes functions")
        self._deploy_client_function("enrichCustomer", "enrichCustomer.client.ts")
        flow = self._deploy_server_function("onCustomerCreated", "onCustomerCreated.ts", "TypeScript")
        overview = self._deploy_server_function("customerOverview", "customerOverview.ts", "TypeScript")
        reconcile = self._deploy_server_function("reconcile", "reconcile.py", "Python")

        self._screen.chapter("Connect: events and schedules start functions")
        integration = Integration(
            event_url=self._connect_events(flow),
            overview_url=self._expose_overview(overview),
            job_id=self._schedule(reconcile),
        )
        self._generate_sdk()
        return integration

    def _train(self, context: str, address: str, document_path: str) -> None:
        with self._screen.step(f"train {document_path} of {context}") as step:
            served = expect(request("GET", address + document_path), 200, attempt=f"reading {document_path}")
            document = self._work / f"{context}{Path(document_path).suffix}"
            document.write_text(served if isinstance(served, str) else compact(served), encoding="utf-8")
            model = self._work / f"{context}.model.json"
            self._poly.generate_model(document, context, address, model)
            self._poly.train_model(model)
            specs = self._systems.catalog(contexts=context)
            names = sorted(spec["contextName"] for spec in specs if spec["type"] == "apiFunction")
            prove(len(names) > 0, f"training made functions below '{context}'")
            step.returned(f"{len(names)} functions: {', '.join(names)}")

    def _store_keys(self) -> None:
        with self._screen.step("put the upstream keys into the vault") as step:
            variable = self._poly.add_secret("crm", "apiKey", self._systems.crm_key)
            self._poly.add_secret("marketing", "token", self._systems.marketing_key)
            shown = self._poly.get_variable(variable["id"])
            prove(self._systems.crm_key not in compact(shown), "a secret's value is never returned")
            step.returned("crm.apiKey, marketing.token: functions can inject them, nobody can read them back")

    def _call_trained_function(self) -> None:
        with self._screen.step("call a trained function") as step:
            [spec] = self._systems.catalog(contexts="crm.customers", names="getCustomer")
            arguments = [argument["name"] for argument in spec["function"]["arguments"]]
            prove(arguments[0] == "customerId" and len(arguments) == 2,
                  f"getCustomer takes the id of the customer and the key of the CRM, and not {arguments}")
            key = {"type": "PolyVariable", "pathIdentifier": "crm.apiKey"}
            answer = self._poly.execute("crm.customers.getCustomer", {"customerId": 7, arguments[1]: key})
            prove(answer["status"] == 200, f"crm.customers.getCustomer answers 200, and not {compact(answer)}")
            step.returned(f"crm.customers.getCustomer(7): {compact(answer['data'])}")

    def _deploy_client_function(self, name: str, source: str) -> None:
        with self._screen.step(f"add the client function {name} (TypeScript)") as step:
            self._poly.add_client_function(CONTEXT, name, FUNCTIONS / source)
            step.returned(f"{CONTEXT}.{name}")

    def _deploy_server_function(self, name: str, source: str, language: str) -> str:
        with self._screen.step(f"add the server function {name} ({language})") as step:
            identifier = self._poly.add_server_function(CONTEXT, name, FUNCTIONS / source)["id"]
            [spec] = self._systems.catalog(ids=identifier)
            arguments = ", ".join(argument["name"] for argument in spec["function"]["arguments"])
            step.returned(f"{spec['contextName']}({arguments})")
            return identifier

    def _connect_events(self, function: str) -> str:
        with self._screen.step("add a webhook for the CRM's events, and its trigger") as step:
            example = {"type": "customer.created", "customerId": 7}
            webhook = self._poly.add_event_webhook(CONTEXT, "customerCreated", example)
            self._poly.add_waiting_trigger("customer created", webhook["id"], function)
            url = f"{self._systems.polyd}/webhooks/{webhook['id']}"
            step.returned(f"POST {url}")
            return url

    def _expose_overview(self, function: str) -> str:
        with self._screen.step("add a webhook that serves the orchestration") as step:
            webhook = self._poly.add_endpoint_webhook(CONTEXT, "customer", "GET", "customers/{customerId}")
            self._poly.add_waiting_trigger("customer overview", webhook["id"], function)
            url = f"{self._systems.polyd}/webhooks/{webhook['id']}/customers"
            step.returned(f"GET {url}/{{customerId}}")
            return url

    def _schedule(self, function: str) -> str:
        with self._screen.step("add the nightly job") as step:
            job = self._poly.add_cron_job("nightly reconciliation", NIGHTLY, function)
            step.returned(f"'{NIGHTLY}' UTC: {CONTEXT}.reconcile")
            return job["id"]

    def _generate_sdk(self) -> None:
        with self._screen.step("generate the TypeScript SDK of all this") as step:
            directory = self._work / "sdk"
            self._poly.generate_sdk("typescript", directory)
            files = sorted(file for file in directory.rglob("*") if file.is_file())
            prove(len(files) > 0, "`poly generate` writes files")
            step.returned(f"{directory}: {', '.join(file.name for file in files)}")
