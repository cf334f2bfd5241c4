"""polyd and its client are those of the scenarios; prism and the trained catalog are made here, once for each file."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "scenarios"))
sys.path.insert(0, str(Path(__file__).parent))

from support.polyd import Polyd

from prism import Prism
from training import Training

SETTINGS = {"POLY_OUTBOUND_ALLOW_NETWORKS": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def polyd(tmp_path_factory):
    """A polyd over an empty folder."""
    running = Polyd(tmp_path_factory.mktemp("polyd") / "data", SETTINGS)
    yield running
    running.stop_well()


@pytest.fixture(scope="module")
def admin(polyd):
    client = polyd.client()
    yield client
    client.close()


@pytest.fixture(scope="module")
def prism(request, tmp_path_factory):
    """Prism as a mock of the file's DOCUMENT."""
    running = Prism(request.module.DOCUMENT, tmp_path_factory.mktemp("prism") / "errors.log")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def training(request, polyd, prism, tmp_path_factory):
    """The file's DOCUMENT, trained by the real command line to call prism."""
    folder = tmp_path_factory.mktemp("training")
    return Training(request.module.DOCUMENT, request.module.CONTEXT, polyd, prism.address, folder)
