"""Source text of a Python module in, the function it is about out."""

import sys
from types import FunctionType, ModuleType

from .errors import Named

MODULE_PREFIX = "openpoly_functions."


def load_function(code, path, name):
    """Raises whatever the module raises while it runs."""
    module = ModuleType(MODULE_PREFIX + path)
    module.__file__ = path
    module.__loader__ = _SourceLoader(code)  # tracebacks quote lines through it
    sys.modules[module.__name__] = module  # dataclasses and typing look types up here
    exec(compile(code, path, "exec", dont_inherit=True), module.__dict__)
    function = module.__dict__.get(name)
    if callable(function):
        return function
    others = [key for key, value in module.__dict__.items() if isinstance(value, FunctionType)]
    known = f"it defines {', '.join(others)}" if others else "it defines no function"
    raise Named("FunctionNotFound", f'the code has no function named "{name}"; {known}')


class _SourceLoader:
    def __init__(self, code):
        self._code = code

    def get_source(self, name):
        return self._code
