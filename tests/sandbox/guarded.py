"""A polyd for each level of the sandbox that this machine can reach, with functions that run any code.

The levels are those of docs/sandbox.md: `full` is polyd as root, `namespaces` as a user without rights, `basic` where
namespaces are not to be had.
"""
import os
import tempfile
from pathlib import Path

from support.functions import deploy, run_server
from support.polyd import Polyd

NOBODY = 65534
IS_ROOT = os.geteuid() == 0
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if IS_ROOT else ()
NAMESPACES = ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")
# The limits hold inside the user namespace that sets them, and below.
FORBID_NAMESPACES = "; ".join(f"echo 0 > /proc/sys/user/max_{name}_namespaces" for name in NAMESPACES)
WITHOUT_NAMESPACES = ("unshare", "--user", "--map-root-user", "sh", "-c", f'{FORBID_NAMESPACES}; exec "$0" "$@"')
LAUNCHERS = {"full": (), "namespaces": AS_NOBODY, "basic": (*AS_NOBODY, *WITHOUT_NAMESPACES)}

RUNS_PYTHON = """
def run(code):
    scope = {}
    exec(code, scope)
    return scope["attempt"]()
"""
RUNS_JAVASCRIPT = """
async function run(code) {
  const made = Object.getPrototypeOf(async () => {}).constructor;
  return await new made('require', code)(require);
}
"""


class Guarded:
    """A polyd at one level, and what its functions say."""

    def __init__(self, level, polyd):
        self.level = level
        self.polyd = polyd
        self.client = polyd.client()
        self._functions = {
            (language, network): deploy(
                self.client, "run", code, language, context=f"{language}.{network}", network=network, logsEnabled=False
            )
            for language, code in (("python", RUNS_PYTHON), ("javascript", RUNS_JAVASCRIPT))
            for network in (False, True)
        }

    def answer(self, language, code, network=False):
        return run_server(self.client, self._functions[language, network], code=code)

    def python(self, body, network=False):
        """The value of the body of a function; what it raises comes back as text."""
        lines = "\n".join(f"        {line}" for line in body.strip().splitlines())
        code = f"import os\ndef attempt():\n    try:\n{lines}\n    except OSError as error:\n        return f'{{type(error).__name__}}: {{error}}'\n"
        return self._value(self.answer("python", code, network))

    def javascript(self, body, network=False):
        code = f"try {{ {body} }} catch (error) {{ return `${{error.code}}: ${{error.message}}`; }}"
        return self._value(self.answer("javascript", code, network))

    def _value(self, answer):
        assert answer.status == 201, answer
        return answer.json if "json" in answer.headers.get("content-type", "") else answer.text

    def assert_goes_on(self):
        assert self.python("return 'fine'") == "fine"
        assert self.client.get("/health/live").status == 200


def make_data_folder(level):
    """A folder of the user that polyd runs as, where that user may get."""
    folder = Path(tempfile.mkdtemp(prefix=f"openpoly-{level}-", dir="/tmp"))
    folder.chmod(0o755)
    if level != "full" and IS_ROOT:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def start(level, folder, settings=None):
    return Polyd(folder / "data", settings, launcher=LAUNCHERS[level])
