"""Bytes to polyd and back, for requests that no HTTP library would send."""

import socket
from urllib.parse import urlsplit

ANSWER_SECONDS_MAX = 30
READ_BYTES = 65536


def connect(address):
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=ANSWER_SECONDS_MAX)


def read_answer(connection):
    """Reads one answer and gives its status, its headers by lower-case name and its body."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(READ_BYTES)
        assert chunk, f"the connection ended within the head: {received!r}"
        received += chunk
    head, body = received.split(b"\r\n\r\n", 1)
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        chunk = connection.recv(READ_BYTES)
        assert chunk, f"the connection ended within the body: {body!r}"
        body += chunk
    return int(status_line.split()[1]), headers, body


def exchange(address, request):
    """Sends `request` as it is on a connection of its own and reads one answer."""
    with connect(address) as connection:
        connection.sendall(request)
        return read_answer(connection)
