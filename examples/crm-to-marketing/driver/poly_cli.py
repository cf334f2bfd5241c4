"""Every call of the command line program `poly` that the demo makes, in one place.

The methods are named for what a user wants; the arguments that `poly` takes for it are written here only.
"""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

COMMAND_SECONDS_MAX = 120


class CommandFailed(Exception):
    """`poly` ended with another exit status than 0, or printed something that is not JSON."""


class Poly:
    def __init__(self, program: Path, address: str, key: str):
        self._program = program
        self._environment = {**os.environ, "POLY_API_BASE_URL": address, "POLY_API_KEY": key}

    def generate_model(self, document: Path, context: str, host_url: str, model: Path) -> None:
        self._run("model", "generate", document, "--context", context, "--host-url", host_url, "--output", model)

    def train_model(self, model: Path) -> Any:
        return self._json("model", "train", model)

    def add_secret(self, context: str, name: str, value: str) -> dict:
        return self._created("variable", "add", name, "--context", context, "--value", value, "--secrecy", "SECRET")

    def get_variable(self, identifier: str) -> Any:
        return self._json("variable", "get", identifier)

    def add_client_function(self, context: str, name: str, source: Path) -> dict:
        return self._created("function", "add", name, source, "--context", context, "--client")

    def add_server_function(self, context: str, name: str, source: Path) -> dict:
        return self._created("function", "add", name, source, "--context", context, "--server", "--logs", "enabled")

    def add_event_webhook(self, context: str, name: str, event_payload: Any) -> dict:
        return self._created(
            "webhook", "add", name, "--context", context, "--method", "POST",
            "--event-payload", json.dumps(event_payload),
        )

    def add_endpoint_webhook(self, context: str, name: str, method: str, subpath: str) -> dict:
        return self._created(
            "webhook", "add", name, "--context", context, "--method", method, "--subpath", subpath,
            "--event-payload", "{}",
        )

    def add_waiting_trigger(self, name: str, webhook: str, function: str) -> dict:
        return self._created(
            "trigger", "add", name, "--webhook", webhook, "--function", function, "--wait-for-response",
        )

    def add_cron_job(self, name: str, cron: str, function: str) -> dict:
        return self._created("job", "add", name, "--cron", cron, "--function", function)

    def generate_sdk(self, language: str, directory: Path) -> None:
        self._run("generate", "--language", language, "--output", directory)

    def execute(self, path: str, arguments: dict) -> Any:
        return self._json("execute", path, "--data", json.dumps(arguments))

    def logs(self, path: str) -> Any:
        return self._json("logs", path)

    def _json(self, *arguments) -> Any:
        printed = self._run(*arguments, "--json")
        try:
            return json.loads(printed)
        except json.JSONDecodeError as error:
            raise CommandFailed(f"{self._shown(arguments)} printed no JSON ({error}): {printed[:300]}") from error

    def _created(self, *arguments) -> dict:
        """What a command made: an object that says its id."""
        made = self._json(*arguments)
        if not isinstance(made, dict) or "id" not in made:
            raise CommandFailed(f"{self._shown(arguments)} printed no object with an 'id': {json.dumps(made)[:300]}")
        return made

    def _run(self, *arguments) -> str:
        command = [str(self._program), *map(str, arguments)]
        try:
            done = subprocess.run(
                command, env=self._environment, capture_output=True, text=True,
                timeout=COMMAND_SECONDS_MAX, check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f"{self._shown(arguments)} took longer than {COMMAND_SECONDS_MAX} s") from error
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip())[:1000]
            raise CommandFailed(f"{self._shown(arguments)} ended with status {done.returncode}: {reason}")
        return done.stdout

    @staticmethod
    def _shown(arguments) -> str:
        """The command as a person would type it, without the value of a secret."""
        words = ["poly", *map(str, arguments)]
        shown = ["…" if before == "--value" else word for before, word in zip(["", *words], words)]
        return f"`{shlex.join(shown)}`"
