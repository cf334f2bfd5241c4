"""The level that is reached: told, required, switched off; and what is left of it after a crash."""

import shutil
import subprocess
from pathlib import Path

import pytest
from guarded import IS_ROOT, LAUNCHERS, make_data_folder, start
from support.functions import deploy, run_server
from support.poly import Poly
from support.polyd import refusal


def sandbox_of(client):
    (check,) = [check for check in client.found("/health/ready")["checks"] if check["name"] == "sandbox"]
    return check


@pytest.fixture
def folder_for():
    folders = []

    def make(level):
        if level == "full" and not IS_ROOT:
            pytest.skip("only root can start a polyd that limits by control groups here")
        folders.append(make_data_folder(level))
        return folders[-1]

    yield make
    for folder in folders:
        shutil.rmtree(folder)


def test_the_level_is_told(guarded):
    check = sandbox_of(guarded.client)
    assert check["ok"] is True
    assert check["message"].startswith(f"{guarded.level}: landlock (version "), check
    assert '"what functions are held to"' in guarded.polyd.errors()


def test_doctor_tells_the_level(guarded, tmp_path):
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": guarded.polyd.address, "POLY_API_KEY": guarded.polyd.key})
    assert f"server: sandbox: {guarded.level}: landlock" in poly.run("doctor").output


@pytest.mark.parametrize(("level", "required"), [("namespaces", "full"), ("basic", "namespaces")])
def test_less_than_is_required_refuses_to_start(folder_for, level, required):
    data = folder_for(level) / "data"
    status, said = refusal(data, {"POLY_RUNTIME_SANDBOX_REQUIRED": required}, launcher=LAUNCHERS[level])
    assert status != 0
    assert f"runtime.sandbox_required wants '{required}'" in said and f"reaches only {level}: " in said


def test_a_sandbox_that_is_required_is_not_off(folder_for):
    settings = {"POLY_RUNTIME_SANDBOX": "off", "POLY_RUNTIME_SANDBOX_REQUIRED": "basic"}
    status, said = refusal(folder_for("full") / "data", settings)
    assert status != 0 and "switched off" in said


def test_a_level_that_is_none_is_refused(folder_for):
    status, said = refusal(folder_for("full") / "data", {"POLY_RUNTIME_SANDBOX_REQUIRED": "some"})
    assert status != 0 and "is not one of none, basic, namespaces, full" in said


def test_off_is_said_loudly(folder_for):
    polyd = start("full", folder_for("full"), {"POLY_RUNTIME_SANDBOX": "off"})
    client = polyd.client()
    check = sandbox_of(client)
    assert check["ok"] is False and "switched off" in check["message"]
    assert "THE SANDBOX IS OFF" in polyd.errors()
    client.close()
    polyd.stop_well()


def test_what_a_crash_left_behind_is_removed_by_the_next_start(folder_for):
    folder = folder_for("full")
    polyd = start("full", folder)
    client = polyd.client()
    function = deploy(client, "sleeps", "async function sleeps() { return 1; }")
    assert run_server(client, function).status == 201
    client.close()
    sandboxes = folder / "data/sandboxes"
    for sandbox in sandboxes.iterdir():
        (sandbox / "left").touch()
    before = groups_of(sandboxes)
    assert before
    polyd.kill()
    assert list(sandboxes.glob("*/left"))
    again = start("full", folder)
    left = [list(sandboxes.glob("*/left")), before & groups_of(sandboxes)]
    groups = groups_of(sandboxes)
    again.stop_well()
    assert left == [[], set()]
    assert not [path for path, _ in before | groups if path.exists()]


def groups_of(sandboxes):
    """The control groups of sandboxes that are there: path and number, which a new one at the same path has not."""
    groups = Path("/sys/fs/cgroup").glob("*/**/openpoly-*/*")
    names = {sandbox.name for sandbox in sandboxes.iterdir()}
    return {(group, group.stat().st_ino) for group in groups if group.name in names}
