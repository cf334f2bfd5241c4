"""What the modules `openpoly` and `polyapi` give to code: `poly`, `vari` and `polyCustom`.

Paths are not known in advance; `poly.crm.contacts.get(1)` becomes a question to the host when it is
called. In an `async def` it gives an awaitable, elsewhere the value.
"""

import sys
from types import ModuleType

from .call import current_call
from .errors import Named, PolyError

MODULE_NAMES = ("openpoly", "polyapi")


def install_catalog(ask, client_functions, language):
    """`client_functions` maps a path to a client function that runs here: (language, run(*values))."""

    def call_function(path, values):
        client = client_functions.get(path)
        if client is None:
            return ask("call", path, values)
        client_language, run = client
        if client_language != language:
            raise Named(
                "WrongLanguage",
                f"client function {path} is {client_language}: a {language} function cannot run it",
            )
        return run(*values)

    def call_variable(full_path, values):
        path, _, method = full_path.rpartition(".")
        if path and method == "get":
            return ask("variable.get", path, [])
        if path and method == "update":
            return ask("variable.update", path, values[:1])
        if path and method == "inject":
            return _reference(path, *values)
        raise TypeError(f"vari.{full_path} is not a function: a variable has get, update and inject")

    for name in MODULE_NAMES:
        module = ModuleType(name)
        module.poly = Path("poly", "", call_function)
        module.vari = Path("vari", "", call_variable)
        module.polyCustom = PolyCustom()
        module.PolyError = PolyError
        sys.modules[name] = module


class Path:
    """A dotted path that grows by attributes and is used by calling it."""

    __slots__ = ("_root", "_path", "_apply")

    def __init__(self, root, path, apply):
        self._root = root
        self._path = path
        self._apply = apply

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)  # asked by the language itself, never part of a path
        return Path(self._root, f"{self._path}.{name}" if self._path else name, self._apply)

    def __call__(self, *values, **named):
        if not self._path:
            raise TypeError(f"{self._root} is not a function: name one by its path")
        if named:
            raise TypeError(f"{self!r} takes its arguments by position")
        return self._apply(self._path, list(values))

    def __repr__(self):
        return f"{self._root}.{self._path}" if self._path else self._root


def _reference(path, subpath=None):
    reference = {"type": "PolyVariable", "pathIdentifier": path}
    if subpath:
        reference["path"] = subpath
    return reference


class PolyCustom:
    """One object for all code; each call sees its own values through it, as attributes or items."""

    __slots__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        call = current_call()
        return None if call is None else call.custom.get(name)

    def __setattr__(self, name, value):
        call = current_call()
        if call is None:
            raise RuntimeError(f"polyCustom.{name} can be set only while a call is answered")
        call.custom[name] = value

    __getitem__ = __getattr__
    __setitem__ = __setattr__

    def get(self, name, default=None):
        value = self[name]
        return default if value is None else value
