"""Packages in the folders that `load` names: what code may import from them, and what they cannot replace."""

import json

import pytest
from host import HELLO, encode
from languages import LANGUAGES

LOAD = 0x01
BY_NAME = {language.name: language for language in LANGUAGES}


@pytest.fixture(params=["javascript", "python"])
def language(request):
    return BY_NAME[request.param]


@pytest.fixture
def load(start, language):
    """Loads `code` with these layers and gives the host, and the first frame that is no log."""

    def load(code, layers, clients=()):
        host = start()
        host.wait_for(HELLO)
        header = {"functionId": "f", "path": "a.f", "name": "f", "language": language.name, "parameters": [], "clientFunctions": list(clients), "layers": [str(each) for each in layers]}
        host.send(encode(LOAD, 0, header, code.encode()))
        return host, host.next()

    return load


def package(layer, language, name, code):
    if language.name == "python":
        layer.mkdir(exist_ok=True)
        (layer / f"{name}.py").write_text(code)
        return
    folder = layer / "node_modules" / name
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0"}))
    (folder / "index.js").write_text(code)


CODE = {
    "javascript": {
        "one": "exports.value = 'one'; exports.other = () => require('two').value;",
        "two": "exports.value = 'two';",
        "fake": "exports.poly = 1; exports.sep = 1; exports.dumps = 1;",
        "use": "const one = require('one'); exports.f = () => [one.value, one.other(), require('one').value];",
        "first": "exports.f = () => require('two').value;",
        "missing": "exports.f = () => require('@some/thing/part');",
        "catalog": "exports.f = () => [typeof require('openpoly').poly, typeof require('path').sep];",
    },
    "python": {
        "one": "value = 'one'\ndef other():\n    import two\n    return two.value\n",
        "two": "value = 'two'\n",
        "fake": "poly = 1\nsep = 1\ndumps = 1\n",
        "use": "import one\ndef f():\n    return [one.value, one.other(), one.value]\n",
        "first": "def f():\n    import two\n    return two.value\n",
        "missing": "def f():\n    import some_thing\n",
        "catalog": "def f():\n    import openpoly, json\n    return [type(openpoly.poly).__name__, type(json.dumps).__name__]\n",
    },
}


def test_code_and_packages_find_packages(load, language, tmp_path):
    for name in ("one", "two"):
        package(tmp_path / "layer", language, name, CODE[language.name][name])
    host, _ = load(CODE[language.name]["use"], [tmp_path / "layer"])
    assert host.call().value == ["one", "two", "one"]


def test_the_first_layer_that_has_a_package_gives_it(load, language, tmp_path):
    package(tmp_path / "a", language, "one", CODE[language.name]["one"])
    package(tmp_path / "b", language, "two", CODE[language.name]["two"])
    package(tmp_path / "c", language, "two", CODE[language.name]["two"].replace("'two'", "'later'"))
    host, _ = load(CODE[language.name]["first"], [tmp_path / "a", tmp_path / "b", tmp_path / "c"])
    assert host.call().text == "two"


def test_the_catalog_and_the_languages_own_modules_win(load, language, tmp_path):
    for name in ("openpoly", "polyapi", "path", "json"):
        package(tmp_path / "layer", language, name, CODE[language.name]["fake"])
    host, _ = load(CODE[language.name]["catalog"], [tmp_path / "layer"])
    assert host.call().value == {"javascript": ["function", "string"], "python": ["Path", "function"]}[language.name]


def test_a_package_that_is_not_there_is_named_with_what_to_do(load, language, tmp_path):
    host, _ = load(CODE[language.name]["missing"], [tmp_path])
    message = host.call().header["message"]
    assert {"javascript": "@some/thing", "python": "some_thing"}[language.name] in message
    assert "requirements of the function" in message
