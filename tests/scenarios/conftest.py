"""The fixtures of the scenarios: one polyd for each file of scenarios, more on demand, and the systems around it.

A file sets POLYD_SETTINGS to give its polyd other settings. Every polyd is stopped by SIGTERM, has to end with status 0,
and must not have made a sanitizer speak.
"""

import pytest

from support.polyd import Polyd
from support.upstreams import start_misbehaving

SETTINGS = {"POLY_OUTBOUND_ALLOW_NETWORKS": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def polyd(request, tmp_path_factory):
    """A polyd over a new store, shared by the scenarios of one file."""
    settings = {**SETTINGS, **getattr(request.module, "POLYD_SETTINGS", {})}
    running = Polyd(tmp_path_factory.mktemp("polyd") / "data", settings)
    yield running
    running.stop_well()


@pytest.fixture(scope="module")
def admin(polyd):
    """A client with the first key of the store, which may do everything."""
    client = polyd.client()
    yield client
    client.close()


@pytest.fixture
def start_polyd(tmp_path):
    """Starts a polyd of the scenario's own: `start_polyd()`, or with other settings, options, data folder or key."""
    started = []

    def start(settings=None, arguments=(), data=None, key=None):
        running = Polyd(data or tmp_path / "data", {**SETTINGS, **(settings or {})}, arguments, key)
        started.append(running)
        return running

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop_well()
        else:
            running.assert_sound()


@pytest.fixture(scope="session")
def misbehaving(tmp_path_factory):
    """The upstream with one route for each kind of trouble."""
    upstream = start_misbehaving(tmp_path_factory.mktemp("upstream"))
    yield upstream
    assert upstream.stop() == 0
