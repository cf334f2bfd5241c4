"""Lists the packages that a source needs: what it imports that is neither Python's own nor ours."""

import ast
import sys

from distributions import distribution_of
from references import CATALOG_MODULES

NOT_PACKAGES = sys.stdlib_module_names | CATALOG_MODULES | {"__main__"}


def find_imports(module):
    """The distributions that bring what is imported, and the relative import statements."""
    modules, relative = set(), []
    pending = [module]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level > 0:
            relative.append(node)
        elif isinstance(node, ast.ImportFrom):
            modules.update(f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.If) and is_type_checking(node.test):
            pending.extend(node.orelse)
        else:
            pending.extend(ast.iter_child_nodes(node))
    foreign = (module for module in modules if module.partition(".")[0] not in NOT_PACKAGES)
    return sorted({distribution_of(module) for module in foreign}), relative


def is_type_checking(test):
    """What stands under `if TYPE_CHECKING:` is there for editors and never imported."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"
