"""The registries' own packages, through a polyd of these tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from support.poly import Poly
from support.polyd import Polyd


@pytest.fixture(scope="module")
def polyd(tmp_path_factory):
    running = Polyd(tmp_path_factory.mktemp("polyd") / "data")
    yield running
    running.stop_well()


@pytest.fixture
def poly(polyd, tmp_path):
    return Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
