"""Parameters in headers, and forms: what GitHub's description does not have, in a small document of our own."""

from pathlib import Path

import pytest

from prism import violations

DOCUMENT = Path(__file__).parent / "headers.openapi.json"
CONTEXT = "post"
LABEL = {
    "id": 7,
    "xCopies": 2,
    "xPaper": "A4",
    "xColours": ["red", "blue"],
    "body": {"lines": ["Ada Lovelace", "12 St James's Square"]},
}


def run(admin, function, arguments):
    answer = admin.post(f"/functions/api/{CONTEXT}.{function}/execute", arguments)
    assert answer.status == 201, answer
    return answer.json


@pytest.mark.parametrize(
    "more",
    [{}, {"xDraft": False}, {"xDraft": True, "xColours": ["blue"], "xPaper": "letter"}],
    ids=["required only", "boolean", "other values"],
)
def test_prism_accepts_headers(admin, training, more):
    envelope = run(admin, "parcelsLabel", {**LABEL, **more})
    assert not violations(envelope["headers"], envelope["data"]), envelope
    assert (envelope["status"], envelope["data"]) == (204, None)


@pytest.mark.parametrize(
    ("name", "value"), [("X-Copies", "none"), ("X-Paper", "A5"), ("X-Colours", "red,green")], ids=str
)
def test_prism_refuses_headers_that_the_document_does_not_allow(prism, name, value):
    client = prism.client()
    headers = {"X-Copies": "2", "X-Paper": "A4", "X-Colours": "red", name: value}
    answer = client.put("/parcels/7", LABEL["body"], headers=headers)
    client.close()
    assert answer.status == 422, answer
    assert violations(answer.headers, answer.json), answer


@pytest.mark.parametrize("wrong", [{"xPaper": "A5"}, {"xCopies": 0}, {"xColours": ["green"]}], ids=str)
def test_polyd_refuses_them_before_anything_is_sent(admin, training, wrong):
    answer = admin.post(f"/functions/api/{CONTEXT}.parcelsLabel/execute", {**LABEL, **wrong})
    assert answer.status == 400, answer
    assert next(iter(wrong)) in answer.message


def test_prism_accepts_a_form(admin, training):
    envelope = run(admin, "parcelsSend", {"payload": {"street": "a & b = ü", "grams": 250, "fragile": True}})
    assert not violations(envelope["headers"], envelope["data"]), envelope
    assert (envelope["status"], envelope["data"]) == (201, {"id": 7})
