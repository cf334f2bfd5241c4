"""Whole documents of other people's APIs become functions that polyd takes and an SDK that the strict compiler takes.

Run: OPENPOLY_BUILD=$PWD/build/release /usr/bin/python3 -m pytest -q tests/real/test_documents.py
"""

import collections

import pytest

from compiler import check_types, start_project
from documents import DOCUMENTS
from trained import train
from training import path_of, poly


@pytest.fixture(scope="module")
def trained(polyd, tmp_path_factory):
    """Every document, trained into one catalog."""
    folder = tmp_path_factory.mktemp("models")
    return {document.name: train(document, polyd, folder) for document in DOCUMENTS}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_operation_is_kept_or_refused_with_a_reason(trained, document):
    model = trained[document.name].model
    counts = (len(model["functions"]), len(model["webhooks"]), trained[document.name].refused)
    assert counts == (document.functions, document.webhooks, document.refused)
    assert model["report"]["operations"] == document.operations
    assert document.operations == document.functions + document.webhooks + sum(document.refused.values())


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_the_server_takes_every_function_webhook_and_schema(trained, admin, document):
    model, answer = trained[document.name].model, trained[document.name].answer
    made = model["functions"] + model["webhooks"] + model["schemas"]
    assert (answer["problems"], answer["failed"], answer["added"]) == ([], 0, len(made))
    published = collections.Counter(spec["type"] for spec in admin.found("/specs") if is_below(spec, document.name))
    assert published["apiFunction"] == document.functions
    assert published["webhookHandle"] == document.webhooks


def is_below(spec, context):
    return path_of(spec).startswith(f"{context}.")


def test_training_a_document_again_changes_nothing(trained, polyd, tmp_path):
    document = DOCUMENTS[0]
    again = train(document, polyd, tmp_path)
    assert again.model == trained[document.name].model
    assert (again.answer["added"], again.answer["updated"], again.answer["failed"]) == (0, 0, 0)


def test_the_sdk_of_all_documents_passes_the_strict_compiler(trained, polyd, tmp_path):
    assert len(trained) == len(DOCUMENTS)
    start_project(tmp_path)
    poly(polyd, "generate", folder=tmp_path)
    (tmp_path / "consumer.ts").write_text("import poly from 'openpoly';\n\nexport default poly;\n", encoding="utf-8")
    assert check_types(tmp_path) == (0, "")
