"""A client of polyd's API: one kept connection, JSON in and out, and answers that explain themselves when a test fails."""

import http.client
import json
from urllib.parse import urlencode, urlsplit

ANSWER_SECONDS_MAX = 60


class Answer:
    def __init__(self, asked, status, headers, body):
        self.asked = asked
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def message(self):
        """The message of an error answer, as one text."""
        message = self.json["message"]
        return "; ".join(message) if isinstance(message, list) else message

    def __repr__(self):
        return f"{self.asked} -> {self.status} {self.body[:2000]!r}"


class Client:
    def __init__(self, address, key=None):
        self.address = address
        self.key = key
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=ANSWER_SECONDS_MAX)

    def with_key(self, key):
        """The same server, asked by another key; None asks without one."""
        return Client(self.address, key)

    def close(self):
        self._connection.close()

    def request(self, method, path, body=None, query=None, headers=None):
        """Sends `body` as it is when it is bytes, else as JSON. `query` may be a dict or a list of pairs."""
        sent = dict(headers or {})
        if self.key is not None:
            sent.setdefault("authorization", f"Bearer {self.key}")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("content-type", "application/json")
        if query:
            path = f"{path}?{urlencode(query, doseq=True)}"
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request starts afresh
            raise
        return Answer(f"{method} {path}", response.status, response.headers, content)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.request("PUT", path, body, **options)

    def patch(self, path, body=None, **options):
        return self.request("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def made(self, path, body):
        """Creates something that must be created, and gives its description."""
        answer = self.post(path, body)
        assert answer.status == 201, answer
        return answer.json

    def found(self, path, **options):
        """Reads something that must be there."""
        answer = self.get(path, **options)
        assert answer.status == 200, answer
        return answer.json
