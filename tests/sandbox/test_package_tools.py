"""npm and pip are held to what functions are held to: a package whose code runs while it is installed finds nothing of polyd."""

import os
import shutil

import pytest
from guarded import IS_ROOT, LAUNCHERS, make_data_folder, start
from support.functions import deploy, run_server
from support.places import ROOT
from support.service import Service

THIEVES = {
    "javascript": "function seen() { return require('tiny-thief'); }",
    "python": "import tiny_thief\ndef seen():\n    return tiny_thief.SEEN\n",
}
OTHERS = {
    "javascript": "function add(a, b) { return require('tiny-sum')(a, b); }",
    "python": "from tiny_sum import total\ndef add(a, b):\n    return total(a, b)\n",
}
GONE = {"javascript": {"ENOENT", "EACCES"}, "python": {"FileNotFoundError", "PermissionError"}}


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    running = Service(["/usr/bin/python3", ROOT / "tests/packages/registry.py", folder], dict(os.environ), folder / "errors")
    yield folder
    running.terminate()
    running.wait()


def settings_for(folder, registry):
    """The configuration lies where the user of that polyd may read it, and nobody else."""
    for name in ("npmrc", "pip.conf"):
        shutil.copy(registry / name, folder / name)
        shutil.chown(folder / name, folder.stat().st_uid, folder.stat().st_gid)
        (folder / name).chmod(0o600)
    return {
        "POLY_PACKAGES_NPM_CONFIG": str(folder / "npmrc"),
        "POLY_PACKAGES_PIP_CONFIG": str(folder / "pip.conf"),
        "POLY_PACKAGES_INSTALL_SCRIPTS": "true",
        "POLY_PACKAGES_SOURCE_DISTRIBUTIONS": "true",
    }


@pytest.fixture(scope="module", params=[*LAUNCHERS, "off"])
def installing(request, registry):
    """The level, and a client of a polyd at it that lets packages run their code."""
    level = request.param
    if level == "full" and not IS_ROOT:
        pytest.skip("only root can start a polyd that limits by control groups here")
    folder = make_data_folder(level if level != "off" else "full")
    guard = {"POLY_RUNTIME_SANDBOX": "off"} if level == "off" else {"POLY_RUNTIME_SANDBOX_REQUIRED": level}
    polyd = start("full" if level == "off" else level, folder, {**settings_for(folder, registry), **guard})
    client = polyd.client()
    yield level, client, folder / "data"
    client.close()
    polyd.stop_well()
    shutil.rmtree(folder)


@pytest.mark.parametrize("language", THIEVES)
def test_code_of_a_package_that_is_installed_finds_nothing_of_polyd(installing, language):
    level, client, data = installing
    function = deploy(client, "seen", THIEVES[language], language, context=f"thief.{language}", requirements=["tiny-thief"])
    seen = run_server(client, function).json
    assert seen.pop("itself") == "done"
    assert seen.keys() == {"openpoly.db", "vault.key", *(f"into {name}" for name in (".", "layers", "packages-cache/sandboxed", "packages-cache/free"))}
    if level == "off":  # what it would find
        assert seen["openpoly.db"] == seen["vault.key"] == seen["into ."] == "done"
        return
    assert {seen["openpoly.db"], seen["vault.key"]} <= GONE[language], seen
    # It may have written into folders of the same names in a root of its own.
    assert list(data.rglob("planted")) == []


@pytest.mark.parametrize("language", OTHERS)
def test_packages_are_installed_at_every_level(installing, language):
    _, client, data = installing
    function = deploy(client, "add", OTHERS[language], language, context=f"sum.{language}", requirements=["tiny-sum"])
    assert run_server(client, function, a=2, b=3).json == 5
    layer = data / "layers" / client.found(f"/functions/server/{function}")["layer"]["hash"]
    owners = {path.lstat().st_uid for path in [layer, *layer.rglob("*")]}
    assert owners == {data.stat().st_uid}
    assert [entry.name for entry in (data / "packages-cache").iterdir() if entry.name.startswith("work-")] == []
