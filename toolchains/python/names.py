"""What the names of a module mean, without importing anything.

A name at the top level of a source is an import, a class, or an assignment; `Names` answers which,
so that `List`, `typing.List` and `t.List` are one thing to those who read annotations.
"""

import ast
import importlib

# Modules of the standard library that name types; what `from m import *` brings is asked of them.
TYPE_MODULES = {"collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum", "typing", "uuid"}

# Modules that name the same things as another.
SAME_MODULE = {"typing_extensions": "typing", "collections.abc": "typing", "pydantic.main": "pydantic", "pydantic.fields": "pydantic"}


class Names:
    def __init__(self, module):
        self.classes = {}
        self.assigned = {}
        self._imported = {}
        for statement in top_level(module):
            self._add(statement)

    def qualified(self, node):
        """The dotted name that an expression such as `t.List` stands for, or None."""
        if isinstance(node, ast.Name):
            return self._canonical(self._imported.get(node.id, node.id))
        if isinstance(node, ast.Attribute):
            owner = self.qualified(node.value)
            return owner and self._canonical(f"{owner}.{node.attr}")
        return None

    def _add(self, statement):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                target = alias.name if alias.asname else alias.name.partition(".")[0]
                self._imported[alias.asname or target] = target
        elif isinstance(statement, ast.ImportFrom) and statement.level == 0:
            for name, asname in imported_names(statement):
                self._imported[asname or name] = f"{statement.module}.{name}"
        elif isinstance(statement, ast.ClassDef):
            self.classes[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self.assigned[target.id] = statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            self.assigned[statement.target.id] = statement.value

    @staticmethod
    def _canonical(name):
        module, _, member = name.rpartition(".")
        module = SAME_MODULE.get(module, module)
        return f"{module}.{member}" if module else member


def imported_names(statement):
    for alias in statement.names:
        if alias.name != "*":
            yield alias.name, alias.asname
        elif statement.module in TYPE_MODULES:
            module = importlib.import_module(statement.module)
            yield from ((name, None) for name in getattr(module, "__all__", dir(module)))


def top_level(module):
    """The statements that run when the module is loaded, those under `if`, `try` and `with` included."""
    pending = list(reversed(module.body))
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for field in ("finalbody", "handlers", "orelse", "body"):
            inner = getattr(statement, field, None)
            if isinstance(inner, list):
                pending.extend(reversed(inner))
