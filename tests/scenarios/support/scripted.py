"""An upstream whose every answer the scenario decides, and which knows how many requests it had at once."""

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    status: int = 200
    body: bytes = b'{"ok":true}'
    headers: dict = field(default_factory=dict)
    after: threading.Event | None = None  # what the answer waits for


class Scripted:
    """Calls `reply(headers, number)` for each request of a path, whose number counts from 1; used with `with`."""

    WAIT_SECONDS_MAX = 60

    def __init__(self, reply):
        self.reply = reply
        self.requests = []  # (method, target, headers)
        self.at_once = self.most_at_once = 0
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def _handler(scripted):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self):
                self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                number = scripted._began(self.command, self.path, headers)
                reply = scripted.reply(headers, number)
                if reply.after:
                    reply.after.wait(scripted.WAIT_SECONDS_MAX)
                scripted._ended()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has given up
                    self.send(reply)

            def send(self, reply):
                self.send_response(reply.status)
                for name, value in {"content-type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                if reply.status != 304:
                    self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                if reply.status != 304:
                    self.wfile.write(reply.body)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                """Keeps quiet: the scenario says what matters."""

        return Handler

    def _began(self, method, target, headers):
        with self._changed:
            self.requests.append((method, target, headers))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self._changed.notify_all()
            return len(self.requests)

    def _ended(self):
        with self._changed:
            self.at_once -= 1

    def wait_for(self, count):
        """Returns once so many requests have come."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.requests) >= count, self.WAIT_SECONDS_MAX)
        assert arrived, f"only {len(self.requests)} of {count} requests came"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
