"""An upstream that answers when the scenario says so, for what must happen while a call is under way."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps

HOLD_SECONDS_MAX = 60


class HeldUpstream:
    """Used with `with`; answers every request with `answer` as JSON once released."""

    def __init__(self, answer):
        arrived, released, body = threading.Event(), threading.Event(), dumps(answer).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                arrived.set()
                released.wait(HOLD_SECONDS_MAX)
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Keeps quiet: the scenario says what matters."""

        self._arrived, self._released = arrived, released
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def wait_for_request(self):
        assert self._arrived.wait(HOLD_SECONDS_MAX), "no request arrived"

    def release(self):
        self._released.set()
