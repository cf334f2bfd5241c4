"""`guarded` is a polyd whose functions try things; every test that uses it runs at each level."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from guarded import IS_ROOT, LAUNCHERS, Guarded, make_data_folder, start


@pytest.fixture(scope="session", params=LAUNCHERS)
def guarded(request):
    level = request.param
    if level == "full" and not IS_ROOT:
        pytest.skip("only root can start a polyd that limits by control groups here")
    folder = make_data_folder(level)
    polyd = start(level, folder, {"POLY_RUNTIME_SANDBOX_REQUIRED": level, "POLY_RUNTIME_TIME_LIMIT_SECONDS": "30"})
    one = Guarded(level, polyd)
    yield one
    one.client.close()
    polyd.stop_well()
    left = list((folder / "data/sandboxes").glob("*"))
    shutil.rmtree(folder)
    assert left == [], "sandboxes are removed when polyd ends"
