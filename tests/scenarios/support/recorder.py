"""An upstream inside the test process: it keeps every request exactly as it came, and counts connections.

Answers are 200 with `answer`, or with `{"seen":N}`, the number of the request, when that is not set.
"""

import json
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Seen:
    method: str
    target: str
    headers: dict
    raw_headers: list
    body: bytes
    client: str | None = None  # the name in the certificate that was shown

    @property
    def json(self):
        return json.loads(self.body)


class Recorder:
    def __init__(self, certificate=None, client_authority=None):
        self.requests = []
        self.answer = None
        self.connections = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(certificate))
        self._server.daemon_threads = True
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.chain, certificate.key)
            if client_authority:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(client_authority.chain)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        self.port = self._server.server_address[1]
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def _handler(recorder, certificate):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body of an answer would otherwise wait for each other's acknowledgement.
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                with recorder._lock:
                    recorder.connections += 1

            def answer(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = Seen(self.command, self.path, headers, self.headers.items(), body, self.client_name())
                with recorder._lock:
                    recorder.requests.append(seen)
                    content = recorder.answer or json.dumps({"seen": len(recorder.requests)}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def client_name(self):
                shown = self.connection.getpeercert() if certificate else None
                return dict(pair[0] for pair in shown["subject"])["commonName"] if shown else None

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

            def log_message(self, *_):
                """Tests read `requests`, not the console."""

        return Handler

    @property
    def last(self):
        return self.requests[-1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
