"""The nightly job: finds customers that marketing should know and does not, and brings them over.

Events can be lost before they reach the webhook, and data from before the integration never had one. This compares
both systems and hands each missing customer to the same flow that an event would start.
"""

import logging
from typing import TypedDict

from openpoly import poly, vari

PAGE_ROWS = 100


class Reconciliation(TypedDict):
    customers: int
    without_consent: int
    already_there: int
    created: int
    failed: list[str]


def read_all(list_page):
    """Every row of a list that comes in pages; list_page(page) answers one page."""
    rows = []
    page = 1
    while True:
        answer = list_page(page)
        if answer["status"] != 200:
            raise RuntimeError(f"reading page {page}: answered {answer['status']}: {answer['data']}")
        rows.extend(answer["data"])
        if len(answer["data"]) < PAGE_ROWS:
            return rows
        page += 1


def list_customers(page):
    return poly.crm.customers.listCustomers(None, None, page, PAGE_ROWS, vari.crm.apiKey.inject())


def list_subscribers(page):
    return poly.marketing.subscribers.listSubscribers(
        None, None, None, page, PAGE_ROWS, vari.marketing.token.inject()
    )


def reconcile(event: dict | None = None, headers: dict | None = None, params: dict | None = None) -> Reconciliation:
    """Creates in marketing what is missing there, and says how much that was."""
    customers = read_all(list_customers)
    known = {subscriber["externalId"] for subscriber in read_all(list_subscribers)}
    consenting = [customer for customer in customers if customer["marketingConsent"]]
    missing = [customer for customer in consenting if f"crm-{customer['id']}" not in known]

    created = 0
    failed = []
    for customer in missing:
        try:
            created_event = {"type": "customer.created", "customerId": customer["id"]}
            outcome = poly.crmToMarketing.onCustomerCreated(created_event, {}, {})
            created += outcome["action"] == "created"
        except Exception as error:  # one bad customer must not keep the others out
            logging.error("customer %s: %s", customer["id"], error)
            failed.append(f"customer {customer['id']}: {error}")

    logging.info("%d customers compared, %d created in marketing", len(customers), created)
    return {
        "customers": len(customers),
        "without_consent": len(customers) - len(consenting),
        "already_there": len(consenting) - len(missing),
        "created": created,
        "failed": failed,
    }
