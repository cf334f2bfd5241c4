"""Calls every function of GitHub twice, with the least arguments and with all, and says which calls were not accepted.

Run: OPENPOLY_BUILD=$PWD/build/release /usr/bin/python3 tests/real/try_every_function.py
"""

import collections
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scenarios"))

from support.places import ROOT
from support.polyd import Polyd

from prism import Prism, violations
from sample import Sampler
from training import Training, path_of

DOCUMENT = ROOT / "node_modules/@octokit/openapi/generated/api.github.com.json"
SAMPLE_CHARACTERS_MAX = 400
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
        return "accepted, but the document's own example does not fit its schema", None
    if envelope["status"] != operation.success:
        return f"prism answered {envelope['status']} for {operation.success}", envelope["data"]
    return "accepted", None


def try_all(client, training, everything):
    sampler = Sampler(training.schemas, everything)
    counts = collections.Counter()
    for operation in training.operations:
        function = training.functions.get(operation.id)
        if function is None:
            counts["refused in training"] += 1
            continue
        arguments = arguments_of(function, sampler)
        kind, details = verdict(client.post(f"/functions/api/{path_of(function)}/execute", arguments), operation)
        counts[kind] += 1
        if details:
            print(f"{kind}: {operation.id}")
            print(f"  {str(arguments)[:SAMPLE_CHARACTERS_MAX]}\n  {str(details)[:SAMPLE_CHARACTERS_MAX]}")
    print("all arguments:" if everything else "required arguments:")
    for kind, count in counts.most_common():
        print(f"  {count:5} {kind}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prism = Prism(DOCUMENT, folder / "prism.log")
        polyd = Polyd(folder / "data", {"POLY_OUTBOUND_ALLOW_NETWORKS": "127.0.0.0/8"})
        try:
            training = Training(DOCUMENT, "github", polyd, prism.address, folder)
            for everything in (False, True):
                try_all(polyd.client(), training, everything)
        finally:
            prism.stop()
            polyd.stop_well()


if __name__ == "__main__":
    main()
