"""Answers of functions, checked by ajv against the result types that the functions promise."""

import json
import subprocess
from pathlib import Path

from support.places import NODE, ROOT

CHECKER = Path(__file__).parent / "check_answers.mjs"
CHECKER_SECONDS_MAX = 300


def misfits(training, answers):
    """`answers` is data by operation id; gives what is wrong with each that does not fit, by operation id."""
    wrong = {}
    typed = []
    for identifier, data in answers.items():
        function = training.functions[identifier]
        if function["returnType"] == "void":
            if data is not None:
                wrong[identifier] = ["there is an answer where none is promised"]
        else:
            schema = function.get("returnTypeSchema") or type_of(function)
            typed.append({"function": identifier, "schema": schema, "data": data})
    checked = subprocess.run(
        [NODE, CHECKER, ROOT / "package.json"],
        input=json.dumps({"schemas": training.schemas, "answers": typed}),
        capture_output=True,
        text=True,
        timeout=CHECKER_SECONDS_MAX,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    return wrong | {each["function"]: each["faults"] for each in json.loads(checked.stdout)}


def type_of(function):
    return {} if function["returnType"] == "any" else {"type": function["returnType"]}
