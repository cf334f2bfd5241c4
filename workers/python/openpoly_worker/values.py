"""Arguments in and results out: between the bodies of frames and the values a function sees."""

import json

from .errors import Named

STATUS_MIN, STATUS_MAX = 200, 599
VOID = (b'{"void":true}', b"")
ASYNC_FLAGS = 0x80 | 0x200  # `async def`, without and with yield


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


_scan = json.JSONDecoder(parse_constant=_refuse_constant).scan_once
_JSON_SPACE = " \t\n\r"


def from_json(data):
    """Raises ValueError. Faster than json.loads, which matches two patterns around every text."""
    text = data.decode().strip(_JSON_SPACE)
    try:
        value, end = _scan(text, 0)
    except StopIteration as error:
        raise ValueError(f"expected a value at character {error.value}") from None
    if end != len(text):
        raise ValueError(f"something follows the value at character {end}")
    return value


def _carried(value):
    """Values that are not JSON themselves but say how they would be."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    raise TypeError(f"a {type(value).__name__} is not JSON")


# One encoder for all values: json.dumps makes one for each. Without `markers` a value that contains
# itself ends in RecursionError, and threads share nothing.
_chunks = json.encoder.c_make_encoder(
    None, _carried, json.encoder.encode_basestring, None, ":", ",", False, False, False
)  # markers, default, encoder, indent, key separator, item separator, sort keys, skip keys, allow NaN


def to_json(value):
    """Raises TypeError or ValueError. Half a surrogate pair becomes a question mark."""
    try:
        return "".join(_chunks(value, 0)).encode("utf-8", "replace")
    except RecursionError:
        raise ValueError("it contains itself, or is nested too deeply") from None


class Signature:
    """How the arguments of a call reach a function."""

    def __init__(self, function, parameters):
        self._parameters = parameters
        plain = function
        while hasattr(plain, "__wrapped__"):
            plain = plain.__wrapped__
        code = getattr(plain, "__code__", None)
        self.is_async = code is not None and bool(code.co_flags & ASYNC_FLAGS)
        self._optional = set()  # have a default value
        self._by_keyword = set()  # cannot be given by position
        if code is not None:
            positional = code.co_varnames[: code.co_argcount]
            defaults = getattr(plain, "__defaults__", None) or ()
            self._optional.update(positional[len(positional) - len(defaults) :])
            self._optional.update(getattr(plain, "__kwdefaults__", None) or ())
            keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
            self._by_keyword.update(keyword_only)

    def arguments(self, body):
        """(positional, keywords) for the JSON body of a call."""
        if not body:
            return self._fill({}) if self._parameters else ((), {})
        try:
            values = from_json(body)
        except ValueError as error:
            raise Named("BadArguments", f"the arguments are not JSON: {error}", 400) from None
        if type(values) is list:
            given = dict(zip(self._parameters, values))
            if self._by_keyword or len(values) < len(self._parameters):
                return self._fill(given)
            return values, {}
        if type(values) is not dict:
            raise Named("BadArguments", "the arguments must be a JSON object or array", 400)
        if not self._by_keyword:
            try:
                return [values[name] for name in self._parameters], {}
            except KeyError:
                pass  # some are missing
        return self._fill(values)

    def _fill(self, given):
        """A missing argument takes its default, or None; what follows one goes by keyword."""
        positional, keywords = [], {}
        is_positional = True
        for name in self._parameters:
            if name not in given and name in self._optional:
                is_positional = False
            elif is_positional and name not in self._by_keyword:
                positional.append(given.get(name))
            else:
                keywords[name] = given.get(name)
        return positional, keywords


def encode_result(value, custom):
    """(header, body) of a `result` frame; `custom` is None when the function never looked at polyCustom."""
    if value is None and custom is None:
        return VOID
    header = {} if custom is None else response_header(custom)
    if value is None:
        return to_json({**header, "void": True}), b""
    if type(value) is str:
        return to_json({**header, "text": True}), value.encode("utf-8", "replace")
    try:
        body = to_json(value)
    except (TypeError, ValueError) as error:
        raise Named("BadResult", f"the function returned a value that JSON cannot carry: {error}") from None
    return (to_json(header) if header else b""), body


def response_header(custom):
    header = {}
    status = custom.get("responseStatusCode")
    if status is not None:
        if type(status) is not int or not STATUS_MIN <= status <= STATUS_MAX:
            raise _bad_field("responseStatusCode", f"a whole number from {STATUS_MIN} to {STATUS_MAX}")
        header["status"] = status
    content_type = custom.get("responseContentType")
    if content_type is not None:
        if type(content_type) is not str:
            raise _bad_field("responseContentType", "a string")
        header["contentType"] = content_type
    headers = custom.get("responseHeaders")
    if headers is not None:
        if not isinstance(headers, dict):
            raise _bad_field("responseHeaders", "a dict")
        header["headers"] = headers
    return header


def _bad_field(field, expected):
    return Named("BadResult", f"polyCustom.{field} must be {expected}")
