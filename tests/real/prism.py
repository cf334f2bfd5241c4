"""Prism, a mock server made by others: it answers for a document and refuses requests that the document does not allow."""

import json
import re

from support.client import Client
from support.places import NODE, ROOT
from support.service import Service, environment_with

PRISM = ROOT / "node_modules/.bin/prism"
LISTENING = re.compile(r"Prism is listening on (http://\S+)")


class Prism(Service):
    """Every violation is an error: 422, or 500 when the document's own example does not fit its own schema."""

    def __init__(self, document, error_file):
        command = [NODE, PRISM, "mock", "--errors", "--host", "127.0.0.1", "--port", "0", document]
        super().__init__(command, environment_with({"NO_COLOR": "1"}), error_file)

    def _read_lines(self):
        for line in self.process.stdout:
            listening = LISTENING.search(line)
            if listening:
                self._ready.put(listening[1])
        self._ready.put(None)

    def client(self):
        return Client(self.address)


def violations(headers, data):
    """What prism found wrong: in its problem document, or beside another answer in a header that it cuts when it is long."""
    if isinstance(data, dict) and "validation" in data:
        return data["validation"]
    found = headers.get("sl-violations")
    if found is None:
        return []
    assert not found.startswith("Too many"), f"prism cut its violations short: {found}"
    return json.loads(found)
