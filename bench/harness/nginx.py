"""nginx in its two parts here: the upstream that answers at once, and the proxy that API functions are held against."""

from pathlib import Path

from harness.ports import free_port, wait_until_open
from harness.processes import Program

# nginx ends a connection after so many requests; a peer that reconnects in the middle would be measured too low.
REQUESTS_A_CONNECTION = 1_000_000_000
UPSTREAM_KEEPALIVE = 64
# Nor is a kept connection to end while others have their turn.
KEEPALIVE_SECONDS = 3600
# A storm opens about as many as it has calls.
CONNECTIONS_MAX = 4096
# The longest word of a configuration has 4,096 bytes.
WORD_BYTES_MAX = 4000

_FRAME = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  keepalive_requests {requests};
  keepalive_timeout {keepalive_seconds}s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {http}
}}
"""

_UPSTREAM = """
  server {{
    listen 127.0.0.1:{port} backlog={connections};
    {parts}
    location / {{
      default_type application/json;
      {guard}
      return 200 "{body}";
    }}
  }}
"""

_PROXY = """
  upstream behind {{ server 127.0.0.1:{upstream_port}; keepalive {keepalive}; keepalive_requests {requests};
                     keepalive_timeout {keepalive_seconds}s; }}
  # Room for a whole answer, so that none goes by way of a file.
  proxy_buffers 16 8k;
  proxy_max_temp_file_size 0;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
"""


class Nginx(Program):
    def __init__(self, name: str, folder: Path, cores: str, workers: int, http: str):
        folder.mkdir(parents=True)
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _FRAME.format(folder=folder, http=http, workers=workers, requests=REQUESTS_A_CONNECTION,
                          keepalive_seconds=KEEPALIVE_SECONDS, connections=CONNECTIONS_MAX), encoding="utf-8")
        command = ["/usr/sbin/nginx", "-p", folder, "-c", configuration, "-e", folder / "error.log"]
        super().__init__(name, command, cores, folder / "output.log")


def start_upstream(folder: Path, cores: str, body: str, header: tuple[str, str]) -> tuple[Nginx, int]:
    """Answers `body` to every request with this header, name and value, and 401 to others. The body has no `'` or `$`."""
    port = free_port()
    parts = [body[start:start + WORD_BYTES_MAX] for start in range(0, len(body), WORD_BYTES_MAX)]
    name, value = header
    guard = f"if ($http_{name.lower().replace('-', '_')} != '{value}') {{ return 401; }}"
    http = _UPSTREAM.format(port=port, guard=guard, connections=CONNECTIONS_MAX,
                            parts=" ".join(f"set $part_{place} '{part}';" for place, part in enumerate(parts)),
                            body="".join(f"$part_{place}" for place in range(len(parts))))
    nginx = Nginx("the upstream", folder, cores, 1, http)
    wait_until_open(nginx, port)
    return nginx, port


def start_proxy(folder: Path, cores: str, workers: int, upstream_port: int) -> tuple[Nginx, int]:
    port = free_port()
    http = _PROXY.format(port=port, upstream_port=upstream_port, keepalive=UPSTREAM_KEEPALIVE,
                         requests=REQUESTS_A_CONNECTION, keepalive_seconds=KEEPALIVE_SECONDS)
    nginx = Nginx("nginx proxy_pass", folder, cores, workers, http)
    wait_until_open(nginx, port)
    return nginx, port
