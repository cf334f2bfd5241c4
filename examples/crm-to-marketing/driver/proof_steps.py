"""Runs the built integration as the outside world would, and proves each effect in the systems themselves."""

import statistics
import time

from driver.build_steps import CONTEXT, Integration
from driver.http_json import expect, request
from driver.poly_cli import Poly
from driver.proof import ProofFailed, prove
from driver.screen import Screen, compact
from driver.systems import Systems

WARM_CALLS = 20
LOG_LINES_SHOWN_MAX = 3
JOB_SECONDS_MAX = 60
JOB_POLL_SECONDS = 0.1

CUSTOMER_WITHOUT_CONSENT = 10
CUSTOMER_WITH_ORDERS = 8
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


class Prover:
    def __init__(self, systems: Systems, poly: Poly, screen: Screen, integration: Integration):
        self._systems = systems
        self._poly = poly
        self._screen = screen
        self._integration = integration

    def run(self) -> None:
        self._screen.chapter("Run: the CRM has a new customer")
        customer = self._create_customer()
        self._send_event_twice(customer)
        self._find_subscriber(customer)
        self._change_customer(customer)
        self._send_event_without_consent()

        self._screen.chapter("Repair: the nightly job, now")
        self._run_nightly_job()

        self._screen.chapter("Orchestrate: one new service from two systems")
        self._ask_for_overview(customer)

        self._screen.chapter("Look: what happened")
        self._read_logs()

    def _create_customer(self) -> dict:
        with self._screen.step("create a customer in the CRM itself") as step:
            customer = self._systems.create_customer(NEW_CUSTOMER)
            step.returned(compact(customer))
            return customer

    def _send_event_twice(self, customer: dict) -> None:
        event = {"type": "customer.created", "customerId": customer["id"]}
        with self._screen.step("the CRM sends its event") as step:
            outcome = self._send(event)
            step.returned(compact(outcome))
            prove(outcome["action"] == "created", "the first event creates a subscriber")
        with self._screen.step("the CRM sends the same event again") as step:
            outcome = self._send(event)
            step.returned(compact(outcome))
            prove(outcome["action"] == "unchanged", "a repeated event changes nothing")

    def _send(self, event: dict) -> dict:
        answer = request("POST", self._integration.event_url, event)
        outcome = expect(answer, 200, 201, attempt="sending the event")
        prove(isinstance(outcome, dict) and "action" in outcome,
              f"the webhook answers what the function returned, and not {compact(outcome)}")
        return outcome

    def _find_subscriber(self, customer: dict) -> None:
        with self._screen.step("ask the marketing tool itself") as step:
            found = [row for row in self._systems.subscribers() if row["externalId"] == f"crm-{customer['id']}"]
            prove(len(found) == 1, f"marketing has the customer once, and not {len(found)} times")
            [subscriber] = found
            step.returned(compact(subscriber))
            prove(subscriber["email"] == "ines.carvalho@azulejo-tech.example", "the e-mail address is normalised")
            prove(subscriber["greeting"] == "Olá Inês", "the greeting is in the customer's language")
            prove(subscriber["segmentId"] == "enterprise-europe", "the segment comes from revenue and country")

    def _change_customer(self, customer: dict) -> None:
        with self._screen.step("the customer's revenue falls, and the CRM sends its event") as step:
            self._systems.change_customer(customer["id"], {"annualRevenue": 250_000})
            outcome = self._send({"type": "customer.created", "customerId": customer["id"]})
            step.returned(compact(outcome))
            prove(outcome["action"] == "updated", "a changed customer updates the subscriber")
            prove(outcome["segmentId"] == "growth-europe", "the segment follows the revenue")

    def _send_event_without_consent(self) -> None:
        with self._screen.step("an event of a customer who did not agree to marketing") as step:
            outcome = self._send({"type": "customer.created", "customerId": CUSTOMER_WITHOUT_CONSENT})
            step.returned(compact(outcome))
            prove(outcome["action"] == "skipped", "a customer who did not agree is skipped")

    def _run_nightly_job(self) -> None:
        missing = self._systems.missing_in_marketing()
        prove(len(missing) > 0, "the seed data has customers that marketing does not know")
        with self._screen.step("run the job once") as step:
            started = self._systems.ask_polyd("POST", f"/jobs/{self._integration.job_id}/trigger")
            run = expect(started, 200, 201, 202, attempt="running the job")
            execution = self._wait_for_job()
            step.returned(f"run {run['runId']}: {execution['status']}, {execution['duration']} ms")
            prove(execution["status"] == "finished", f"the job finishes, and not as {compact(execution)}")
        with self._screen.step("ask both systems what is still missing") as step:
            left = self._systems.missing_in_marketing()
            prove(not left, f"nobody who agreed to marketing is missing there, but {sorted(left)} are")
            step.returned(f"{len(missing)} customers were missing in marketing, now none is")

    def _wait_for_job(self) -> dict:
        path = f"/jobs/{self._integration.job_id}/executions"
        deadline = time.monotonic() + JOB_SECONDS_MAX
        while time.monotonic() < deadline:
            listed = expect(self._systems.ask_polyd("GET", path), 200, attempt="reading the runs of the job")
            rows = listed["results"] if isinstance(listed, dict) else listed
            ended = [row for row in rows if row.get("duration") is not None]
            if ended:
                return ended[0]
            time.sleep(JOB_POLL_SECONDS)
        raise ProofFailed(f"the job did not end within {JOB_SECONDS_MAX} s")

    def _ask_for_overview(self, customer: dict) -> None:
        url = f"{self._integration.overview_url}/{customer['id']}"
        with self._screen.step(f"GET the overview of customer {customer['id']}") as step:
            overview = expect(request("GET", url), 200, attempt="asking for the overview")
            step.returned(compact(overview))
            prove(overview["marketing"]["subscribed"] is True, "the overview says that the customer is subscribed")
        with self._screen.step("GET the overview of a customer with orders") as step:
            with_orders = f"{self._integration.overview_url}/{CUSTOMER_WITH_ORDERS}"
            overview = expect(request("GET", with_orders), 200, attempt="asking for the overview")
            step.returned(compact(overview))
            prove(overview["orders"]["count"] > 0, f"the overview counts the orders of customer {CUSTOMER_WITH_ORDERS}")
        for customer_id, status in (("999999", 404), ("abc", 400)):
            with self._screen.step(f"GET the overview of customer {customer_id}, who does not exist") as step:
                answer = request("GET", f"{self._integration.overview_url}/{customer_id}")
                step.returned(f"{answer.status} {compact(answer.data)}")
                prove(answer.status == status, f"the answer for customer {customer_id} is a {status}")
        with self._screen.step(f"GET it {WARM_CALLS} times more, three upstream calls each") as step:
            times = sorted(_overview_milliseconds(url) for _ in range(WARM_CALLS))
            step.returned(f"median {statistics.median(times):.1f} ms, fastest {times[0]:.1f} ms")

    def _read_logs(self) -> None:
        with self._screen.step("read the logs of onCustomerCreated") as step:
            lines = self._poly.logs(f"{CONTEXT}.onCustomerCreated")["logs"]
            prove(len(lines) > 0, "what a function prints is in its logs")
            for line in lines[:LOG_LINES_SHOWN_MAX]:
                step.returned(f"{line['timestamp']} {line['level']} {line['value']}")


def _overview_milliseconds(url: str) -> float:
    started = time.perf_counter()
    expect(request("GET", url), 200, attempt="asking for the overview")
    return (time.perf_counter() - started) * 1000
