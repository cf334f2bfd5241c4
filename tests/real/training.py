"""A document made into a catalog as its user does it, by `poly model generate` and `poly model train`.

Beside it stands the document as this test reads it by itself, so that what was trained can be compared with it.
"""

import json
import re
import subprocess
import time
from dataclasses import dataclass, field

from support.places import POLY
from support.service import environment_with

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
COMMAND_SECONDS_MAX = 120


@dataclass
class Operation:
    method: str
    path: str
    id: str
    responses: list = field(default_factory=list)

    @property
    def success(self):
        """The status that its mock answers a good request with: the lowest that is described."""
        return min(int(status) for status in self.responses if status.isdigit())

    @property
    def shape(self):
        """Method and path, whatever the holes of the path are called."""
        return self.method, re.sub(r"\{[^}]*\}", "{}", self.path)


def operations_of(document):
    """Every operation, in the order of the document."""
    return [
        Operation(method, path, operation["operationId"], list(operation["responses"]))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def poly(polyd, *arguments, folder=None):
    """Runs the command line with the key of polyd's admin; it must succeed. Gives what it printed."""
    ended = subprocess.run(
        [str(part) for part in (POLY, *arguments)],
        cwd=folder,
        env=environment_with({"POLY_API_BASE_URL": polyd.address, "POLY_API_KEY": polyd.key}),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
        check=False,
    )
    assert ended.returncode == 0, f"poly {arguments}: {ended.returncode}\n{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}"
    return ended.stdout


class Training:
    """`model` is what was made of the document, `trained` what became of it, `seconds` how long both took."""

    def __init__(self, document, context, polyd, host, folder):
        self.operations = operations_of(json.loads(document.read_text(encoding="utf-8")))
        file = folder / "model.json"
        started = time.monotonic()
        poly(polyd, "model", "generate", document, "--context", context, "--host-url", host, "--output", file)
        generated = time.monotonic()
        self.trained = json.loads(poly(polyd, "model", "train", file, "--json"))
        self.seconds = {"generate": generated - started, "train": time.monotonic() - generated}
        self.model = json.loads(file.read_text(encoding="utf-8"))
        self.schemas = {path_of(schema): schema["definition"] for schema in self.model["schemas"]}
        self.functions = self._functions_by_operation(host)

    def _functions_by_operation(self, host):
        """The function of each operation id. Functions come in the order of the document, refused ones left out."""
        refused = {(each["method"].lower(), each["path"]) for each in self.model["report"]["refused"]}
        kept = [each for each in self.operations if (each.method, each.path) not in refused]
        functions = {}
        for operation, function in zip(kept, self.model["functions"], strict=True):
            source = function["source"]
            path = source["url"].removeprefix(host).partition("?")[0]
            shape = source["method"].lower(), re.sub(r"\{\{[^}]*\}\}", "{}", path)
            assert shape == operation.shape, f"{operation} became {path_of(function)}: {shape}"
            functions[operation.id] = function
        return functions


def path_of(thing):
    return f"{thing['context']}.{thing['name']}"
