"""The systems that polyd calls: real HTTP servers, started as processes of their own."""

import uuid

from support.client import Client
from support.places import EXAMPLE, MISBEHAVING, NODE
from support.service import Service, environment_with


class Upstream(Service):
    def client(self):
        return Client(self.address)


def start_misbehaving(folder, arguments=()):
    """The server with one route for each kind of trouble; `/echo` is the well-behaved one."""
    command = [NODE, MISBEHAVING, "--port", "0", *arguments]
    return Upstream(command, environment_with({}), folder / f"misbehaving-{uuid.uuid4().hex}.log")


def start_crm(folder, key):
    """The CRM of the example, which wants `key` in the header x-api-key."""
    upstreams = EXAMPLE / "upstreams"
    command = [NODE, upstreams / "upstream.cjs", "--data", upstreams / "crm.json"]
    command += ["--openapi", upstreams / "crm.openapi.yaml", "--key-header", "x-api-key"]
    return Upstream(command, environment_with({"UPSTREAM_API_KEY": key}), folder / f"crm-{uuid.uuid4().hex}.log")
