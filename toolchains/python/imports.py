"""Lists the packages that a source needs: what it imports that is neither Python's own nor ours."""

import ast
import sys

from references import CATALOG_MODULES

NOT_PACKAGES = sys.stdlib_module_names | CATALOG_MODULES | {"__main__"}


def find_imports(module):
    """The top-level names of imported packages, and the relative import statements."""
    packages, relative = set(), []
    pending = [module]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            packages.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level > 0:
            relative.append(node)
        elif isinstance(node, ast.ImportFrom):
            packages.add(node.module.partition(".")[0])
        if isinstance(node, ast.If) and is_type_checking(node.test):
            pending.extend(node.orelse)
        else:
            pending.extend(ast.iter_child_nodes(node))
    return sorted(packages - NOT_PACKAGES), relative


def is_type_checking(test):
    """What stands under `if TYPE_CHECKING:` is there for editors and never imported."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"
