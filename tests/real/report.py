"""Writes docs/training-report.md: what becomes of each real document, and why something of it was left out.

Run: OPENPOLY_BUILD=$PWD/build/release /usr/bin/python3 tests/real/report.py --calls

Without --calls, what the report says of calls stays as it is.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scenarios"))

from support.places import ROOT
from support.polyd import Polyd

from documents import DOCUMENTS, GITHUB
from trained import train
from try_every_function import call_every_function

REPORT = ROOT / "docs/training-report.md"
OPENING = """# What becomes of real documents

Whole documents of other people's APIs, trained by `poly model generate` and `poly model train`. `kept` are functions and
webhooks; `changed` are those things of kept operations that were left out; `refused` are operations that are no
functions. Written by `tests/real/report.py`; `tests/real/test_documents.py` and `test_github.py` hold the numbers.

```
OPENPOLY_BUILD=$PWD/build/release /usr/bin/python3 tests/real/report.py --calls
```

| document | style | operations | kept | changed | refused | schemas | failed in training |
|---|---|---|---|---|---|---|---|
"""

CALLS = """
## Calls
Each of GitHub's functions, called against prism, which checks requests by the same document. Prism answers with the
document's examples: those that do not fit its schemas do not fit the result types either ([why](../tests/real/README.md)).

| arguments | number | what became of it |
|---|---|---|
"""


def row(document, trained):
    model = trained.model
    numbers = (
        model["report"]["operations"],
        len(model["functions"]) + len(model["webhooks"]),
        trained.changed.total(),
        trained.refused.total(),
        len(model["schemas"]),
        trained.answer["failed"],
    )
    return f"| {document.name} | {document.style} | {' | '.join(f'{number:,}' for number in numbers)} |\n"


def reasons(document, trained):
    for kind, counts in (("refused", trained.refused), ("changed", trained.changed)):
        for reason, count in counts.most_common():
            yield f"| {document.name} | {kind} | {count:,} | {reason.replace('|', chr(92) + '|')} |\n"


def calls():
    text = CALLS
    for arguments, counts in call_every_function().items():
        text += "".join(f"| {arguments} | {count:,} | {kind} |\n" for kind, count in counts.most_common())
    return text


def calls_of_last_time():
    _, found, rest = REPORT.read_text(encoding="utf-8").partition(CALLS) if REPORT.exists() else ("", "", "")
    return found + rest


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        polyd = Polyd(folder / "data")
        try:
            results = [(document, train(document, polyd, folder)) for document in (GITHUB, *DOCUMENTS)]
        finally:
            polyd.stop_well()
    text = OPENING + "".join(row(*result) for result in results)
    text += "\n## Reasons\n| document | what | number | reason |\n|---|---|---|---|\n"
    text += "".join(line for result in results for line in reasons(*result))
    text += calls() if "--calls" in sys.argv[1:] else calls_of_last_time()
    REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
