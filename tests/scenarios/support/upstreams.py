"""The systems that polyd calls: real HTTP servers, started as processes of their own."""

import uuid

from support.client import Client
from support.places import AUTHORIZATION_SERVER, EXAMPLE, MISBEHAVING, NODE
from support.service import Service, environment_with


class Upstream(Service):
    def client(self):
        return Client(self.address)


def start_misbehaving(folder, arguments=()):
    """The server with one route for each kind of trouble; `/echo` is the well-behaved one."""
    command = [NODE, MISBEHAVING, "--port", "0", *arguments]
    return Upstream(command, environment_with({}), folder / f"misbehaving-{uuid.uuid4().hex}.log")


def start_authorization_server(folder, jwks, lifetime=600):
    """A real OAuth 2 server and an API that wants its tokens; `jwks` is the file with the public keys of its clients."""
    command = [NODE, AUTHORIZATION_SERVER, "--jwks", jwks, "--lifetime", str(lifetime)]
    return Upstream(command, environment_with({}), folder / f"authorization-{uuid.uuid4().hex}.log")


def start_crm(folder, key):
    """The CRM of the example, which wants `key` in the header x-api-key."""
    upstreams = EXAMPLE / "upstreams"
    command = [NODE, upstreams / "upstream.cjs", "--data", upstreams / "crm.json"]
    command += ["--openapi", upstreams / "crm.openapi.yaml", "--key-header", "x-api-key"]
    return Upstream(command, environment_with({"UPSTREAM_API_KEY": key}), folder / f"crm-{uuid.uuid4().hex}.log")
