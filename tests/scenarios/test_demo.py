"""The example that the README starts with, run from nothing to its end."""

import subprocess

from support.places import BUILD, EXAMPLE
from support.service import environment_with

DEMO_SECONDS_MAX = 170
PYTHON = "/usr/bin/python3"
PROOFS = [
    "the CRM sends the same event again",
    "ask the marketing tool itself",
    "the customer's revenue falls",
    "an event of a customer who did not agree to marketing",
    "ask both systems what is still missing",
    "GET the overview of a customer with orders",
    "read the logs of onCustomerCreated",
]


def test_the_demo_proves_the_integration_and_ends():
    ended = subprocess.run(
        [PYTHON, EXAMPLE / "demo.py", "--once", "--binaries", BUILD / "bin"],
        env=environment_with({"NO_COLOR": "1"}),
        capture_output=True,
        text=True,
        timeout=DEMO_SECONDS_MAX,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for proof in PROOFS:
        assert proof in ended.stdout, ended.stdout
