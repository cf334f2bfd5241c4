"""nginx in its two parts here: the upstream that answers at once, and the proxy that API functions are held against."""

from pathlib import Path

from harness.ports import free_port, wait_until_open
from harness.processes import Program

# nginx ends a connection after so many requests; a peer that reconnects in the middle would be measured too low.
REQUESTS_A_CONNECTION = 1_000_000_000
UPSTREAM_KEEPALIVE = 64

_FRAME = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests {requests};
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
    listen 127.0.0.1:{port};
    location / {{ default_type application/json; return 200 '{body}'; }}
  }}
"""

_PROXY = """
  upstream behind {{ server 127.0.0.1:{upstream_port}; keepalive {keepalive}; keepalive_requests {requests}; }}
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
            _FRAME.format(folder=folder, http=http, workers=workers, requests=REQUESTS_A_CONNECTION), encoding="utf-8")
        command = ["/usr/sbin/nginx", "-p", folder, "-c", configuration, "-e", folder / "error.log"]
        super().__init__(name, command, cores, folder / "output.log")


def start_upstream(folder: Path, cores: str, body: str) -> tuple[Nginx, int]:
    port = free_port()
    nginx = Nginx("the upstream", folder, cores, 1, _UPSTREAM.format(port=port, body=body))
    wait_until_open(nginx, port)
    return nginx, port


def start_proxy(folder: Path, cores: str, workers: int, upstream_port: int) -> tuple[Nginx, int]:
    port = free_port()
    http = _PROXY.format(port=port, upstream_port=upstream_port, keepalive=UPSTREAM_KEEPALIVE, requests=REQUESTS_A_CONNECTION)
    nginx = Nginx("nginx proxy_pass", folder, cores, workers, http)
    wait_until_open(nginx, port)
    return nginx, port
