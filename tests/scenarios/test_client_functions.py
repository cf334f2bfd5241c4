"""Client functions: code that is shipped to whoever uses it, in /specs, inside server functions and in the SDK."""

import json
import subprocess

import pytest
from support.functions import deploy, run_server
from support.places import NODE
from support.poly import Poly

SHOUT = "export function shout(text: string): string { return text.toUpperCase() + '!'; }"


def deploy_client(client, name, code, language="typescript", context="shared"):
    body = {"name": name, "context": context, "code": code, "language": language}
    return client.made("/functions/client", body)["id"]


def test_code_of_a_client_function_is_in_the_specs_and_runs_as_commonjs(admin):
    identity = deploy_client(admin, "shout", SHOUT)
    (entry,) = admin.found("/specs", query={"ids": identity})
    assert (entry["type"], entry["language"], entry["contextName"]) == ("customFunction", "javascript", "shared.shout")
    assert entry["requirements"] == []
    program = f"{entry['code']}\nconsole.log((typeof shout === 'function' ? shout : exports.shout).call(null, 'hi'));"
    ran = subprocess.run([NODE, "-e", program], capture_output=True, text=True, timeout=30, check=False)
    assert ran.stdout == "HI!\n", ran.stderr


def test_a_client_function_runs_inside_the_server_function_that_calls_it(admin):
    deploy_client(admin, "shout", SHOUT)
    code = "import { poly } from 'openpoly';\nexport async function loud(text: string): Promise<string> { return await poly.shared.shout(text); }"
    answer = run_server(admin, deploy(admin, "loud", code, "typescript"), text="hello")
    assert answer.text == "HELLO!"


def test_a_change_of_a_client_function_reaches_its_users_without_their_redeploy(admin):
    deploy_client(admin, "mark", "export function mark(): string { return 'one'; }")
    code = "import { poly } from 'openpoly';\nexport async function marked(): Promise<string> { return await poly.shared.mark(); }"
    function = deploy(admin, "marked", code, "typescript")
    assert run_server(admin, function).text == "one"
    deploy_client(admin, "mark", "export function mark(): string { return 'two'; }")
    assert run_server(admin, function).text == "two"


def test_client_functions_may_call_client_functions_and_the_catalog(admin):
    deploy(admin, "three", "function three() { return 3; }", context="numbers")
    deploy_client(admin, "twice", "export function twice(n: number): number { return 2 * n; }")
    code = """
    import { poly } from 'openpoly';
    export async function six(): Promise<number> { return await poly.shared.twice(await poly.numbers.three()); }"""
    deploy_client(admin, "six", code)
    user = "import { poly } from 'openpoly';\nexport async function usesSix(): Promise<number> { return await poly.shared.six(); }"
    function = deploy(admin, "usesSix", user, "typescript")
    assert run_server(admin, function).json == 6
    deploy_client(admin, "twice", "export function twice(n: number): number { return 20 * n; }")
    assert run_server(admin, function).json == 60, "a change two steps away arrives as well"


def test_a_python_function_uses_python_client_functions(admin):
    deploy_client(admin, "whisper", "def whisper(text: str) -> str:\n    return text.lower()\n", "python")
    code = "from polyapi import poly\n\ndef quiet(text: str) -> str:\n    return poly.shared.whisper(text)\n"
    assert run_server(admin, deploy(admin, "quiet", code, "python"), text="HELLO").text == "hello"


def test_an_error_in_a_client_function_is_the_error_of_its_user(admin):
    deploy_client(admin, "fails", "export function fails(): void { throw new Error('client trouble'); }")
    code = "import { poly } from 'openpoly';\nexport async function user(): Promise<void> { await poly.shared.fails(); }"
    answer = run_server(admin, deploy(admin, "user", code, "typescript"))
    assert answer.status == 500 and "client trouble" in answer.message, answer


@pytest.fixture
def project(polyd, admin, tmp_path):
    """A project of npm with the SDK that `poly generate` made in it."""
    deploy_client(admin, "shout", SHOUT)
    deploy(admin, "seven", "function seven() { return 7; }", context="numbers")
    code = """
    import { poly } from 'openpoly';
    export async function shoutSeven(): Promise<string> { return await poly.shared.shout('n' + (await poly.numbers.seven())); }"""
    deploy_client(admin, "shoutSeven", code)
    (tmp_path / "package.json").write_text(json.dumps({"name": "user", "private": True}), encoding="ascii")
    poly = Poly(tmp_path, {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key})
    generated = poly.run("generate")
    assert generated.status == 0, generated
    return tmp_path


@pytest.mark.parametrize("package", ["openpoly", "polyapi"])
def test_the_sdk_runs_client_functions_in_its_own_process(project, polyd, package):
    program = f"""
    const sdk = require('{package}');
    const poly = sdk.poly ?? sdk.default ?? sdk;
    (async () => {{
      console.log(JSON.stringify([await poly.shared.shout('hi'), await poly.shared.shoutSeven()]));
    }})();"""
    (project / "use.cjs").write_text(program, encoding="ascii")
    environment = {"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key}
    ran = subprocess.run(
        [NODE, "use.cjs"], cwd=project, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == ["HI!", "N7!"]
