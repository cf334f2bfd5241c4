"""The `describe` operation: one function's source in, everything that a deploy needs to know out.

A fault of the source is an answer (`ok: False` with places in the source), never an exception. The
source is parsed and compiled, which finds every error that loading it would, and never run.
"""

import ast
import warnings

from imports import find_imports
from names import Names, top_level
from references import find_references
from signature import describe_signature

SOURCE_BYTES_MAX = 1024 * 1024
WARNINGS_MAX = 20


class BadRequest(Exception):
    """A request that is not one; the message names the field and the reason."""


def describe(request):
    name, source, type_schemas = request.get("name"), request.get("source"), request.get("typeSchemas") or {}
    if request.get("kind") not in ("server", "client"):
        raise BadRequest("kind: must be 'server' or 'client'")
    if not isinstance(name, str) or not name.isidentifier():
        raise BadRequest("name: must be the name of a function")
    if request.get("language") != "python":
        raise BadRequest("language: must be 'python'")
    if not isinstance(source, str):
        raise BadRequest("source: must be text")
    if not isinstance(type_schemas, dict) or not all(isinstance(schema, dict) for schema in type_schemas.values()):
        raise BadRequest("typeSchemas: must be an object of JSON Schemas")
    if len(source.encode("utf-8", "surrogatepass")) > SOURCE_BYTES_MAX:
        return failure(f"the source is larger than {SOURCE_BYTES_MAX} bytes")
    try:
        return describe_source(name, source, type_schemas)
    except (RecursionError, MemoryError):
        return failure("the source is nested too deeply")


def describe_source(name, source, type_schemas):
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always")
        try:
            module = ast.parse(source, filename=f"{name}.py")
            compile(module, f"{name}.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            return failure(error.msg, error.lineno, error.offset)
        except ValueError as error:
            return failure(str(error))

    functions = deployable_functions(module)
    if name not in functions:
        return failure(not_found(name, functions))
    packages, relative_imports = find_imports(module)
    function = functions[name]
    return {
        "ok": True,
        "code": source,
        **describe_signature(Names(module), type_schemas, function),
        "imports": packages,
        "references": find_references(module),
        "warnings": [
            *[warning("a relative import is not deployed with the function: a function is one file", node) for node in relative_imports],
            *parameter_warnings(function),
            *[{"message": str(doubt.message), "line": doubt.lineno, "column": 1} for doubt in doubts],
        ][:WARNINGS_MAX],
    }


def deployable_functions(module):
    """Functions by name; of several with one name the last one counts, as it does when the module runs."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {statement.name: statement for statement in top_level(module) if isinstance(statement, kinds)}


def failure(message, line=1, column=1):
    return {"ok": False, "errors": [{"message": message, "line": max(line or 1, 1), "column": max(column or 1, 1)}]}


def not_found(name, functions):
    if not functions:
        return f"the source has no function '{name}'; it declares no function at its top level"
    return f"the source has no function '{name}'; the functions at its top level are: {', '.join(functions)}"


def warning(message, node):
    return {"message": message, "line": node.lineno, "column": node.col_offset + 1}


def parameter_warnings(function):
    if function.args.vararg:
        yield warning(f"'*{function.args.vararg.arg}' receives its argument, a list, as one element", function.args.vararg)
    if function.args.kwarg:
        yield warning(f"'**{function.args.kwarg.arg}' cannot be given by a caller", function.args.kwarg)
