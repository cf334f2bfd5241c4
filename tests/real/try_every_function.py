"""Calls every function of GitHub twice, with the least arguments and with all.

It says which calls were not accepted, and which answers are not of the type that the function promises.

Run: OPENPOLY_BUILD=$PWD/build/release /usr/bin/python3 tests/real/try_every_function.py
"""

import collections
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scenarios"))

from support.places import ROOT
from support.polyd import Polyd

from answers import misfits
from prism import Prism, violations
from sample import Sampler
from training import Training, path_of

DOCUMENT = ROOT / "node_modules/@octokit/openapi/generated/api.github.com.json"
SAMPLE_CHARACTERS_MAX = 400
ACCEPTED = "accepted, with the status that the document names"
BAD_EXAMPLE = "accepted, but the document's own example does not fit its schema"
WARNING = "Warning"  # a deprecated parameter, say


def arguments_of(function, sampler):
    return {
        argument["name"]: sampler.value(argument.get("typeSchema") or {"type": argument["type"]})
        for argument in function["arguments"]
        if argument["required"] or sampler.everything
    }


def verdict(answer, operation):
    """What became of a call, and the details when it was not accepted."""
    if answer.status != 201:
        return f"polyd answered {answer.status}", answer.text
    envelope = answer.json
    found = violations(envelope["headers"], envelope["data"])
    errors = [each for each in found if each["severity"] != WARNING]
    if any("response" not in each["location"] for each in errors):
        return "prism refused the request", errors
    if errors:
        return BAD_EXAMPLE, None
    if envelope["status"] != operation.success:
        return f"prism answered {envelope['status']} for {operation.success}", envelope["data"]
    return ACCEPTED, None


def try_all(client, training, everything):
    """How many calls met with which fate, and how many of the accepted ones were answered with what fits."""
    sampler = Sampler(training.schemas, everything)
    counts = collections.Counter()
    answers = {}
    for operation in training.operations:
        function = training.functions.get(operation.id)
        if function is None:
            counts["refused in training"] += 1
            continue
        arguments = arguments_of(function, sampler)
        answer = client.post(f"/functions/api/{path_of(function)}/execute", arguments)
        kind, details = verdict(answer, operation)
        counts[kind] += 1
        if kind == ACCEPTED:
            answers[operation.id] = answer.json["data"]
        if details:
            print(f"{kind}: {operation.id}")
            print(f"  {str(arguments)[:SAMPLE_CHARACTERS_MAX]}\n  {str(details)[:SAMPLE_CHARACTERS_MAX]}")
    wrong = misfits(training, answers)
    for identifier, faults in wrong.items():
        print(f"answer of another type: {identifier}\n  {str(faults)[:SAMPLE_CHARACTERS_MAX]}")
    counts["answers that fit the result type"] = len(answers) - len(wrong)
    return counts


def call_every_function():
    """What became of the calls, by which arguments they were given."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prism = Prism(DOCUMENT, folder / "prism.log")
        polyd = Polyd(folder / "data", {"POLY_OUTBOUND_ALLOW_NETWORKS": "127.0.0.0/8"})
        try:
            training = Training(DOCUMENT, "github", polyd, prism.address, folder)
            least = try_all(polyd.client(), training, everything=False)
            return {"required arguments": least, "all arguments": try_all(polyd.client(), training, everything=True)}
        finally:
            prism.stop()
            polyd.stop_well()


def main():
    for arguments, counts in call_every_function().items():
        print(f"{arguments}:")
        for kind, count in counts.most_common():
            print(f"  {count:5} {kind}")


if __name__ == "__main__":
    main()
