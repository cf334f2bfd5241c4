"""The TypeScript compiler at its strictest, over a project that uses a generated SDK, whose declarations it checks too."""

import json
import subprocess

from support.places import NODE, ROOT

COMPILER_OPTIONS = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noEmit": True,
    "skipLibCheck": False,
    "target": "es2022",
    "module": "nodenext",
    "types": [],
}
COMPILER_SECONDS_MAX = 120


def start_project(folder):
    """Makes `folder` an npm project with the settings of the compiler."""
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER_OPTIONS}), encoding="utf-8")
    (folder / "package.json").write_text('{"name": "consumer", "private": true, "type": "module"}', encoding="utf-8")


def check_types(project):
    """Runs tsc over a project; gives its exit status and what it said."""
    ended = subprocess.run(
        [NODE, ROOT / "node_modules/typescript/bin/tsc", "--project", project, "--pretty", "false"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=COMPILER_SECONDS_MAX,
        check=False,
    )
    return ended.returncode, ended.stdout
