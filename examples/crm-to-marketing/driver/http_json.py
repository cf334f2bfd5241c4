"""One HTTP request with JSON in and out, for what the demo does as an outside system would: without a client library."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

ANSWER_SECONDS_MAX = 60


class RequestFailed(Exception):
    """No answer came, or not the one that was expected."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    data: Any


def request(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    content = None if body is None else json.dumps(body).encode()
    sent = {"content-type": "application/json"} if content is not None else {}
    outgoing = urllib.request.Request(url, content, {**sent, **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(outgoing, timeout=ANSWER_SECONDS_MAX) as response:
            return _answer(response)
    except urllib.error.HTTPError as response:
        return _answer(response)
    except OSError as error:
        raise RequestFailed(f"{method} {url}: {error}") from error


def expect(answer: Answer, *statuses: int, attempt: str) -> Any:
    """The data of an answer that has one of these statuses; anything else ends the demo."""
    if answer.status not in statuses:
        raise RequestFailed(f"{attempt}: answered {answer.status}: {json.dumps(answer.data)[:500]}")
    return answer.data


def _answer(response) -> Answer:
    text = response.read().decode(errors="replace")
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        return Answer(response.status, headers, json.loads(text) if text else None)
    except json.JSONDecodeError:
        return Answer(response.status, headers, text)
