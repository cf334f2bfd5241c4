"""Prism, a mock server made by others: it answers for a document and refuses requests that the document does not allow."""

import re

from support.places import NODE, ROOT
from support.client import Client
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
    """What prism found wrong, however it says so: in a header, or in a problem document of its own."""
    if "sl-violations" in headers:
        return headers["sl-violations"]
    return data.get("validation") if isinstance(data, dict) else None
