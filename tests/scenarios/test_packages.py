"""Functions with packages: found, locked and installed when a function is deployed, once for all that need the same.

The packages come from a registry of the scenarios' own (tests/packages/registry.py), so that nothing of the network is
needed; tests/packages/test_real_packages.py has some of the real registries.
"""

import json
import os
import re
import subprocess
import threading

import pytest
from support.eventually import eventually
from support.functions import deploy, run_server
from support.places import ROOT
from support.poly import Poly
from support.raw_socket import connect
from support.service import Service

SUM = "const sum = require('tiny-sum'); function add(a, b) { return sum(a, b); }"
PYTHON_SUM = "from tiny_sum import total\ndef add(a, b):\n    return total(a, b)\n"
LARGE = "const large = require('tiny-large'); function get() { return large; }"


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    running = Service(["/usr/bin/python3", ROOT / "tests/packages/registry.py", folder], dict(os.environ), folder / "errors")
    running.settings = {"POLY_PACKAGES_NPM_CONFIG": str(folder / "npmrc"), "POLY_PACKAGES_PIP_CONFIG": str(folder / "pip.conf")}
    yield running
    running.terminate()
    running.wait()


@pytest.fixture(scope="module")
def polyd(registry, tmp_path_factory):
    from support.polyd import Polyd

    running = Polyd(tmp_path_factory.mktemp("polyd") / "data", registry.settings)
    yield running
    running.stop_well()


@pytest.fixture
def own(start_polyd, registry):
    """A polyd of the scenario's own and a client of it."""
    running = start_polyd(registry.settings)
    client = running.client()
    yield running, client
    client.close()


def refused(client, name, code, language="javascript", status=400, **fields):
    answer = client.post("/functions/server", {"name": name, "context": "refused", "code": code, "language": language, **fields})
    assert answer.status == status, answer
    return answer.message


def layers(polyd):
    return sorted(entry.name for entry in (polyd.data / "layers").iterdir())


def metric(client, name):
    return float(re.search(rf"^{name} (\S+)$", client.get("/metrics").text, re.MULTILINE)[1])


def test_what_is_imported_is_installed_and_locked(admin):
    answer = admin.made("/functions/server", {"name": "add", "context": "found", "code": SUM, "language": "javascript"})
    assert answer["layer"]["packages"] == 2
    assert set(answer["layer"]) == {"hash", "packages", "reused", "installMs"}
    shown = admin.found(f"/functions/server/{answer['id']}")
    assert shown["requirements"] == ["tiny-sum"]
    assert shown["locked"] == ["tiny-add@1.1.0", "tiny-sum@1.0.0"]
    assert run_server(admin, answer["id"], a=2, b=3).json == 5


def test_python_packages_are_found_by_their_modules(admin):
    function = deploy(admin, "add", PYTHON_SUM, "python", context="python", requirements=["tiny-sum==1.0.0"])
    assert admin.found(f"/functions/server/{function}")["locked"] == ["tiny-add==1.0.0", "tiny-sum==1.0.0"]
    assert run_server(admin, function, a=2, b=3).json == 5
    imported = "def version():\n    import tiny_add\n    return tiny_add.__file__\n"
    assert run_server(admin, deploy(admin, "version", imported, "python", context="python")).text.endswith("tiny_add.py")


def test_typescript_clients_tell_versions_beside_the_names(admin):
    code = "import add from 'tiny-add'; export function version(): string { return (add as any).version; }"
    function = deploy(admin, "version", code, "typescript", context="versions", requirements=["tiny-add"], externalDependencies={"tiny-add": "^2"})
    assert admin.found(f"/functions/server/{function}")["locked"] == ["tiny-add@2.0.0"]
    assert run_server(admin, function).text == "2.0.0"
    admin.patch(f"/functions/server/{function}", {"description": "the same packages"})
    assert admin.found(f"/functions/server/{function}")["requirements"] == ["tiny-add@^2"]


def test_scoped_packages_and_modules_of_the_new_kind_can_be_used(admin):
    code = """import { name } from '@tiny/scoped';
    import twice from 'tiny-esm';
    export async function all() { const esm = await import('tiny-esm'); return [name(), twice(2), esm.twice(3)]; }"""
    assert run_server(admin, deploy(admin, "all", code, "typescript", context="kinds")).json == ["scoped", 4, 6]


def test_a_client_function_brings_its_packages_into_the_server_function_that_uses_it(admin):
    client = "import sum from 'tiny-sum'; export function summed(a: number, b: number): number { return sum(a, b); }"
    admin.made("/functions/client", {"name": "summed", "context": "shared", "code": client})
    user = "import poly from 'openpoly'; export async function use(a: number) { return poly.shared.summed(a, 1); }"
    assert run_server(admin, deploy(admin, "use", user, "typescript", context="shared"), a=2).json == 3


def test_nothing_of_a_package_takes_the_place_of_the_catalog_or_of_node(admin):
    code = "function names() { return [typeof require('openpoly').poly, require('fs').existsSync('/'), require('node:path').sep]; }"
    assert run_server(admin, deploy(admin, "names", code, context="own", requirements=["tiny-add"])).json == ["function", True, "/"]


def test_a_package_that_is_not_required_is_named_by_the_error(admin):
    code = "function late() { return require('tiny' + '-hidden'); }"
    answer = run_server(admin, deploy(admin, "late", code, context="hidden"))
    assert "the package 'tiny-hidden' is not installed: add it to the requirements" in answer.message
    code = "def late():\n    import importlib\n    return importlib.import_module('tiny_hidden')\n"
    answer = run_server(admin, deploy(admin, "late", code, "python", context="hidden.python"))
    assert "No module named 'tiny_hidden': add its package to the requirements" in answer.message


def test_ten_functions_with_the_same_packages_install_once(own):
    polyd, client = own
    answers = [
        client.made("/functions/server", {"name": f"add{i}", "context": "ten", "code": SUM.replace("add(", f"add{i}("), "language": "javascript"})
        for i in range(10)
    ]
    assert [answer["layer"]["reused"] for answer in answers] == [False] + [True] * 9
    assert layers(polyd) == [answers[0]["layer"]["hash"]]
    assert metric(client, "poly_package_installs_total") == 1
    assert metric(client, "poly_package_reuses_total") == 9
    assert {run_server(client, answer["id"], a=1, b=2).json for answer in answers} == {3}


@pytest.mark.parametrize(
    ("language", "requirement", "words"),
    [
        ("javascript", "tiny-missing", "tiny-missing"),
        ("javascript", "tiny-add@^9", "No matching version found for tiny-add@^9"),
        ("javascript", "tiny-broken", "integrity"),
        ("javascript", "tiny-add@file:/etc", "$.requirements[0]: the requirement 'tiny-add@file:/etc' is not"),
        ("javascript", "--ignore-scripts=false", "$.requirements[0]"),
        ("python", "tiny-missing", "No matching distribution found for tiny-missing"),
        ("python", "tiny-add==9", "No matching distribution found for tiny-add==9"),
        ("python", "--index-url=http://localhost", "$.requirements[0]"),
    ],
)
def test_a_package_that_cannot_be_had_refuses_the_deploy_and_the_old_revision_serves(admin, language, requirement, words):
    code = {"javascript": "function f() { return 'old'; }", "python": "def f():\n    return 'old'\n"}[language]
    context = f"broken.{language}." + re.sub(r"\W", "", requirement)
    function = deploy(admin, "f", code, language, context=context)
    answer = admin.post(
        "/functions/server",
        {"name": "f", "context": context, "code": code.replace("old", "new"), "language": language, "requirements": [requirement]},
    )
    assert answer.status == 400, answer
    assert words in answer.message
    assert run_server(admin, function).text == "old"
    assert admin.found(f"/functions/server/{function}")["revision"] == 1


def test_without_a_network_what_was_installed_serves_and_what_was_not_is_refused(start_polyd, registry, tmp_path):
    first = start_polyd(registry.settings)
    client = first.client()
    function = deploy(client, "add", SUM, context="offline")
    first.stop_well()
    nowhere = tmp_path / "nowhere"
    nowhere.write_text("registry=http://127.0.0.1:9/\n")
    second = first.restart({"POLY_PACKAGES_NPM_CONFIG": str(nowhere)})
    client = second.client()
    assert run_server(client, function, a=1, b=1).json == 2
    again = client.made("/functions/server", {"name": "add", "context": "offline", "code": SUM + "// again", "language": "javascript"})
    assert again["layer"]["reused"] is True
    message = refused(client, "other", "function other() {}", requirements=["tiny-esm"], status=502)
    assert "the registry does not answer" in message
    assert run_server(client, function, a=1, b=1).json == 2
    second.stop_well()


def test_a_kill_in_the_middle_of_an_installation_leaves_nothing_half(start_polyd, registry):
    first = start_polyd(registry.settings)
    client = first.client()
    body = {"name": "slow", "context": "killed", "code": "function slow() {}", "language": "javascript", "requirements": ["tiny-slow"]}

    def ask():
        with pytest.raises(Exception):  # noqa: B017 - the connection breaks one way or another
            client.post("/functions/server", body)

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(lambda: any(name.startswith("new-") for name in layers(first)), "the installation has begun")
    first.kill()
    asking.join()
    first.process.wait()
    eventually(lambda: not processes_with(str(first.data)), "npm ends with polyd")
    second = first.restart(registry.settings)
    assert layers(second) == []
    assert [entry.name for entry in (second.data / "packages-cache").iterdir() if entry.name.startswith("work-")] == []
    second.stop_well()


def told(client, body, path="/functions/server", method="POST"):
    """Deploys as a stream: what was told meanwhile, and the last line."""
    answer = client.request(method, path, body, headers={"accept": "application/x-ndjson"})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-ndjson"), answer
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    return [line["progress"] for line in lines], last


def test_a_deploy_tells_how_it_goes_on_to_who_asks(own):
    _, client = own
    body = {"name": "add", "context": "told", "code": SUM, "language": "javascript"}
    progress, last = told(client, body)
    assert progress == ["reading the source", "resolving 1 npm package", "installing 2 packages"]
    assert set(last) == {"result", "status"} and last["status"] == 201
    assert last["result"]["layer"]["packages"] == 2
    function = last["result"]["id"]
    assert run_server(client, function, a=2, b=3).json == 5
    again, last = told(client, {"code": SUM + "// again"}, f"/functions/server/{function}", "PATCH")
    assert again == ["reading the source", "2 packages are there already", "checking the types of packages", "starting revision 2"]
    assert (last["status"], last["result"]["revision"]) == (200, 2)
    client_function = {"name": "twice", "context": "told", "code": "import twice from 'tiny-esm'; export function twice2(n: number) { return twice(n); }"}
    progress, last = told(client, {**client_function, "name": "twice2"}, "/functions/client")
    assert "installing 2 packages" in progress
    assert last["status"] == 201


def test_who_does_not_ask_for_a_stream_gets_the_answer_alone(admin):
    body = {"name": "add", "context": "untold", "code": SUM, "language": "javascript"}
    for accept in ("application/json, text/plain, */*", "*/*", "application/json"):
        answer = admin.post("/functions/server", body, headers={"accept": accept})
        assert answer.status == 201
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.json["name"] == "add"


def test_what_refuses_a_deploy_is_the_last_line_of_the_stream(admin):
    body = {"name": "f", "context": "told", "code": "function f() {}", "language": "javascript"}
    progress, last = told(admin, {**body, "requirements": ["tiny-missing"]})
    assert progress == ["reading the source", "resolving 1 npm package"]
    assert set(last) == {"error", "status"} and last["status"] == 400
    assert last["error"]["statusCode"] == 400
    assert "tiny-missing" in last["error"]["message"]
    progress, last = told(admin, {**body, "code": 7})
    assert (progress, last["status"]) == ([], 400)
    assert last["error"]["message"] == ["$.code: expected string, got number"]


def test_a_client_that_goes_away_does_not_stop_its_deploy(start_polyd, registry):
    polyd = start_polyd(registry.settings)
    client = polyd.client()
    body = json.dumps({"name": "add", "context": "gone", "code": SUM, "language": "javascript"}).encode()
    head = f"POST /functions/server HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {polyd.key}\r\naccept: application/x-ndjson\r\ncontent-length: {len(body)}\r\n\r\n"
    with connect(polyd.address) as connection:
        connection.sendall(head.encode() + body)
        received = b""
        while b"resolving" not in received:
            received += connection.recv(4096)
    eventually(lambda: client.get("/functions/server", query={"search": "gone"}).json, "the function is there")
    (function,) = client.found("/functions/server", query={"search": "gone"})
    assert run_server(client, function["id"], a=1, b=2).json == 3
    (layer,) = layers(polyd)
    assert not layer.startswith("new-")
    assert [entry.name for entry in (polyd.data / "packages-cache").iterdir() if entry.name.startswith("work-")] == []
    polyd.stop_well()


def processes_with(text):
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if text in line and "node" in line]


def test_a_full_disk_is_a_clear_error(start_polyd, registry, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=7m", "none", disk], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a file system of a few MiB can be mounted by root only")
    try:
        running = start_polyd(registry.settings, data=disk)
        client = running.client()
        function = deploy(client, "f", "function f() { return 'old'; }")
        assert "the disk is full" in refused(client, "get", LARGE, status=503)
        assert run_server(client, function).text == "old"
        assert layers(running) == []
        running.stop_well()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_layer_that_was_lost_is_installed_again_from_its_lock(start_polyd, registry):
    first = start_polyd(registry.settings)
    client = first.client()
    function = deploy(client, "add", SUM, context="lost")
    first.stop_well()
    (layer,) = layers(first)
    subprocess.run(["chmod", "-R", "u+w", first.data / "layers"], check=True)
    subprocess.run(["rm", "-r", first.data / "layers"], check=True)
    second = first.restart(registry.settings)
    client = second.client()
    eventually(lambda: layers(second) == [layer], "the layer is there again")
    assert run_server(client, function, a=1, b=1).json == 2
    second.stop_well()


def test_the_command_line_says_what_was_installed(polyd, tmp_path):
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    file = poly.write("version.js", "function version() { return require('tiny-add').version; }")
    added = poly.run("function", "add", "version", file, "--context", "cli", "--server", "--requirement", "tiny-add@^1")
    assert added.status == 0, added
    assert "1 package" in added.errors
    assert poly.json("function", "get", "cli.version")["locked"] == ["tiny-add@1.1.0"]
    assert poly.json("execute", "cli.version") == "1.1.0"
    wrong = poly.write("wrong.ts", "import { chunk } from 'tiny-typed';\nexport const wrong = () => chunk('text', 2);")
    added = poly.run("function", "add", "wrong", wrong, "--context", "cli", "--server")
    assert added.status == 0, added
    assert "warning: line 2, column 34: Argument of type 'string'" in added.errors


def test_a_wrong_use_of_a_package_is_told_with_its_place(admin):
    code = "import { chunk } from 'tiny-typed';\nexport function pairs(list: number[]): number[][] {\n  return chunk('list', 2);\n}"
    progress, last = told(admin, {"name": "pairs", "context": "typed", "code": code})
    assert progress[-1] == "checking the types of packages"
    assert last["status"] == 201
    assert last["result"]["warnings"] == ["line 3, column 16: Argument of type 'string' is not assignable to parameter of type 'number[]'."]
    right = admin.made("/functions/server", {"name": "pairs", "context": "typed", "code": code.replace("'list'", "list")})
    assert right["warnings"] == []
    assert right["requirements"] == ["tiny-typed"]
    assert run_server(admin, right["id"], list=[1, 2, 3]).json == [[1, 2], [3]]
