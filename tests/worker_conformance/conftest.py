"""`worker(...)` starts a worker of the language under test; every test runs once for each language."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from host import Host
from languages import LANGUAGES


@pytest.fixture(params=LANGUAGES, ids=lambda language: language.name)
def language(request):
    return request.param


@pytest.fixture
def start(language):
    """Starts a generic worker."""
    hosts = []

    def start(**environment):
        host = Host(language.command, environment)
        host.language = language.name
        hosts.append(host)
        return host

    yield start
    for host in hosts:
        host.close()


@pytest.fixture
def worker(start, language):
    """Starts a worker and loads a sample."""

    def worker(sample, parameters=(), clients=(), **environment):
        host = start(**environment)
        host.load(language.samples[sample], parameters=parameters, clients=clients)
        return host

    return worker
