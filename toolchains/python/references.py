"""Finds what a source uses of the catalog.

`poly.crm.contacts.get(1)` is a use of the function crm.contacts.get, `vari.shop.key.inject()` of the
variable shop.key. Names are followed through imports, simple assignments and Python's scopes, so a
local `poly` that has nothing to do with the catalog is not one. Where a path is computed, or a part
of the catalog is handed on as a value, the list cannot be complete, and `dynamic` says so.
"""

import ast

CATALOG_MODULES = {"openpoly", "polyapi"}
VARIABLE_METHODS = {"get", "inject", "update", "on_update", "onUpdate"}
ROOTS = {"poly", "vari"}
COMPUTED = object()
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def find_references(module):
    """`{"poly": [...paths], "vari": [...paths], "dynamic"?: True}`, sorted."""
    finder = Finder()
    finder.visit_scope(module, None)
    found = {root: sorted(paths) for root, paths in finder.paths.items()}
    return {**found, "dynamic": True} if finder.is_dynamic else found


class Scope:
    """What the names of a function or module are bound to: the expression for a name with one meaning."""

    def __init__(self, owner, outer):
        self.outer = outer
        self.bindings = {}
        self.elsewhere = set()
        self._resolving = set()
        self._simple_targets = set()
        if isinstance(owner, FUNCTIONS):
            arguments = owner.args
            for parameter in arguments.posonlyargs + arguments.args + arguments.kwonlyargs + [arguments.vararg, arguments.kwarg]:
                if parameter:
                    self._bind(parameter.arg, None)
        for node in own_nodes(owner):
            self._read(node)

    def place(self, node):
        """Where in the catalog an expression points: a path that starts with its root, or None."""
        if isinstance(node, ast.Name):
            return self._place_of_name(node.id)
        if isinstance(node, ast.Attribute):
            return member(self.place(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            return member(self.place(node.value), constant_key(node.slice))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) >= 2:
            return member(self.place(node.args[0]), constant_key(node.args[1]))
        return None

    def _place_of_name(self, name):
        bindings = None if name in self.elsewhere else self.bindings.get(name)
        if bindings is None:
            return self.outer._place_of_name(name) if self.outer else None
        if len(bindings) != 1 or name in self._resolving:
            return None
        binding = bindings[0]
        if not isinstance(binding, ast.AST):
            return binding
        self._resolving.add(name)
        place = self.place(binding)
        self._resolving.discard(name)
        return place

    def is_followed(self, statement):
        """True for `name = <part of the catalog>` where each use of the name is itself followed."""
        target = simple_target(statement)
        return target is not None and self.bindings.get(target.id) == [statement.value]

    def _bind(self, name, value):
        bindings = self.bindings.setdefault(name, [])
        if len(bindings) < 2 and value not in bindings:  # two meanings are as good as many
            bindings.append(value)

    def _read(self, node):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            self.elsewhere.update(node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                self._bind(alias.asname or root, () if root in CATALOG_MODULES else None)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                is_catalog = node.level == 0 and node.module in CATALOG_MODULES and alias.name in ROOTS
                self._bind(alias.asname or alias.name, (alias.name,) if is_catalog else None)
        elif target := simple_target(node):
            self._simple_targets.add(target)
            self._bind(target.id, node.value)
        elif isinstance(node, (*FUNCTIONS[:2], ast.ClassDef)):
            self._bind(node.name, None)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in self._simple_targets:
            self._bind(node.id, None)


def simple_target(statement):
    """The name in `name = value` and `name: annotation = value`."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    else:
        target = statement.target if isinstance(statement, ast.AnnAssign) and statement.value else None
    return target if isinstance(target, ast.Name) else None


def own_nodes(owner):
    """The nodes of a scope, a statement before its parts, without those inside functions that it defines."""
    pending = list(owner.body) if isinstance(owner.body, list) else [owner.body]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))


def constant_key(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else COMPUTED


def member(place, name):
    if place is None or COMPUTED in place:
        return place
    if place == () and name not in ROOTS:
        return None
    return (*place, name)


class Finder:
    def __init__(self):
        self.paths = {"poly": set(), "vari": set()}
        self.is_dynamic = False

    def visit_scope(self, owner, outer):
        scope = Scope(owner, outer)
        for node in owner.body if isinstance(owner.body, list) else [owner.body]:
            self._visit(node, scope, None)

    def _visit(self, node, scope, parent):
        if isinstance(node, FUNCTIONS):
            for outside in (*node.args.defaults, *node.args.kw_defaults, *getattr(node, "decorator_list", [])):
                if outside:
                    self._visit(outside, scope, node)
            self.visit_scope(node, scope)
            return
        place = scope.place(node)
        if place:
            self._record(node, place, scope, parent)
            return
        for child in ast.iter_child_nodes(node):
            self._visit(child, scope, node)

    def _record(self, node, place, scope, parent):
        self._visit_keys(node, scope)
        if COMPUTED in place:
            self.is_dynamic = True
            return
        if scope.is_followed(parent):
            return
        if not (isinstance(parent, ast.Call) and parent.func is node):
            self.is_dynamic = True
        root, *path = place
        if root == "vari" and path and path[-1] in VARIABLE_METHODS:
            path.pop()
        if path:
            self.paths[root].add(".".join(path))

    def _visit_keys(self, node, scope):
        """A computed key may itself use the catalog."""
        while not isinstance(node, ast.Name):
            if isinstance(node, ast.Subscript):
                self._visit(node.slice, scope, node)
            elif isinstance(node, ast.Call):
                self._visit(node.args[1], scope, node)
            node = node.args[0] if isinstance(node, ast.Call) else node.value
