"""What was raised, as the header of an `error` frame: with the user's own lines and none of the harness."""

import os

MESSAGE_CHARACTERS_MAX = 16_384
STACK_FRAMES_MAX = 20
MODULE_HINT = ": add its package to the requirements of the function and deploy it again"
HARNESS = os.path.dirname(os.path.abspath(__file__)) + os.sep


class Named(Exception):
    """An error that the harness itself answers with, under a name of the protocol."""

    def __init__(self, name, message, status_code=None):
        super().__init__(message)
        self.name = name
        self.statusCode = status_code


class PolyError(Exception):
    """What `poly` or `vari` was asked for went wrong; `statusCode` and `code` may be None."""

    def __init__(self, message, status_code=None, code=None):
        super().__init__(message)
        self.statusCode = status_code
        self.code = code


class Cancelled(BaseException):
    """Ends the code of a call that nobody waits for any more."""


def describe(error):
    try:
        return _describe(error)
    except Exception as broken:
        return {"name": type(error).__name__, "message": f"the error cannot be read: {type(broken).__name__}"}


def _describe(error):
    if isinstance(error, SystemExit):
        code = 0 if error.code is None else error.code
        return {"name": "Exit", "message": f"the function called sys.exit({code})"}
    name = error.name if isinstance(error, Named) else type(error).__name__
    message = str(error) + (MODULE_HINT if isinstance(error, ModuleNotFoundError) else "")
    description = {"name": name, "message": message[:MESSAGE_CHARACTERS_MAX]}
    positions = _user_positions(error)
    if positions:
        lines = [f'  File "{file}", line {line}, in {function}' for file, line, function in positions]
        stack = ["Traceback (most recent call last):", *lines, f"{name}: {description['message']}"]
        description["stack"] = "\n".join(stack)
        description["line"] = positions[-1][1]
    if isinstance(error, SyntaxError) and error.lineno is not None:
        description["line"] = error.lineno
    status = getattr(error, "statusCode", None)
    if is_error_status(status):
        description["statusCode"] = status
    return description


def is_error_status(value):
    return type(value) is int and 400 <= value <= 599


def _user_positions(error):
    positions = []
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not code.co_filename.startswith(HARNESS):
            positions.append((code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    return positions[-STACK_FRAMES_MAX:]
