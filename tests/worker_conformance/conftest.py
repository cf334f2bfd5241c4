"""`worker(...)` starts a worker of the language under test; every test runs once for each language."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from host import Host
from languages import LANGUAGES


def pytest_configure(config):
    config.addinivalue_line("markers", "joins_at_load: about code that a worker puts together when it loads; not for programs that are linked before")


def pytest_collection_modifyitems(config, items):
    def is_meant(item):
        language = item.callspec.params.get("language") if hasattr(item, "callspec") else None
        return not (item.get_closest_marker("joins_at_load") and getattr(language, "is_linked", False))

    config.hook.pytest_deselected(items=[item for item in items if not is_meant(item)])
    items[:] = [item for item in items if is_meant(item)]


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
