"""A registry of npm and of Python packages for tests: small packages made on the spot, over HTTP on a free port.

`registry.py FOLDER` writes FOLDER/npmrc and FOLDER/pip.conf, which point the tools here, and prints `ready URL PID`.
`GET /requests` tells what was asked for so far. A file called `*slow*` never comes to its end.
"""

import base64
import hashlib
import io
import json
import os
import sys
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# name → version → (package.json, index.js)
NPM = {
    "tiny-add": {
        "1.0.0": ({}, "module.exports = (a, b) => a + b;"),
        "1.1.0": ({}, "module.exports = (a, b) => a + b; module.exports.version = '1.1.0';"),
        "2.0.0": ({}, "module.exports = (a, b) => b + a; module.exports.version = '2.0.0';"),
    },
    "tiny-sum": {"1.0.0": ({"dependencies": {"tiny-add": "^1"}}, "const add = require('tiny-add'); module.exports = (...all) => all.reduce((a, b) => add(a, b), 0);")},
    "tiny-esm": {"1.0.0": ({"type": "module", "exports": "./index.js"}, "import add from 'tiny-add'; export const twice = (a) => add ? a * 2 : a; export default twice;", {"tiny-add": "^1"})},
    "@tiny/scoped": {"1.0.0": ({"types": "index.d.ts"}, "exports.name = () => 'scoped';")},
    "tiny-script": {"1.0.0": ({"scripts": {"postinstall": "node -e \"require('fs').writeFileSync('ran', '')\""}}, "module.exports = require('fs').existsSync(__dirname + '/ran');")},
    "tiny-broken": {"1.0.0": ({}, "module.exports = 1;")},
    "tiny-slow": {"1.0.0": ({}, "module.exports = 1;")},
    "tiny-large": {"1.0.0": ({}, "module.exports = 1; //" + "x" * (8 << 20))},
}

# name → version → (requirements, module text)
PYTHON = {
    "tiny-add": {"1.0.0": ([], "def add(a, b):\n    return a + b\n"), "2.0.0": ([], "def add(a, b):\n    return b + a\n")},
    "tiny-sum": {"1.0.0": (["tiny-add<2"], "from tiny_add import add\ndef total(*all):\n    result = 0\n    for each in all:\n        result = add(result, each)\n    return result\n")},
    "tiny-slow": {"1.0.0": ([], "")},
}


def npm_archive(name, version, manifest, code):
    files = {"package.json": json.dumps(manifest), "index.js": code}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return out.getvalue()


def wheel(name, version, requirements, text):
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requirements)
    files = {
        f"{module}.py": text,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    return f"{module}-{version}-py3-none-any.whl", out.getvalue()


class Registry:
    def __init__(self, url):
        self.documents = {}
        self.files = {}
        for name, versions in NPM.items():
            self.documents[f"/npm/{name}"] = self._npm(url, name, versions)
        for name, versions in PYTHON.items():
            self.documents[f"/simple/{name}/"] = self._simple(url, name, versions)

    def _npm(self, url, name, versions):
        described = {}
        for version, (more, code, *dependencies) in versions.items():
            manifest = {"name": name, "version": version, "main": "index.js", **more}
            if dependencies:
                manifest["dependencies"] = dependencies[0]
            content = npm_archive(name, version, manifest, code)
            path = f"/files/{name.replace('/', '-')}-{version}.tgz"
            self.files[path] = content
            if name == "tiny-broken":
                content += b"changed"
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
            install = {"hasInstallScript": True} if "scripts" in manifest else {}
            described[version] = {**manifest, **install, "dist": {"tarball": url + path, "integrity": integrity}}
        document = {"name": name, "dist-tags": {"latest": list(versions)[-1]}, "versions": described}
        return "application/json", json.dumps(document).encode()

    def _simple(self, url, name, versions):
        links = []
        for version, (requirements, text) in versions.items():
            file, content = wheel(name, version, requirements, text)
            self.files[f"/files/{file}"] = content
            links.append(f'<a href="{url}/files/{file}#sha256={hashlib.sha256(content).hexdigest()}">{file}</a>')
        return "text/html", f"<html><body>{''.join(links)}</body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry = None
    asked = []

    def do_GET(self):
        path = self.path.replace("%2f", "/").replace("%2F", "/").partition("?")[0]
        if path == "/requests":
            return self._answer(200, "application/json", json.dumps(self.asked).encode())
        self.asked.append(path)
        if path in self.registry.documents:
            return self._answer(200, *self.registry.documents[path])
        if path in self.registry.files:
            return self._answer(200, "application/octet-stream", self.registry.files[path])
        return self._answer(404, "application/json", json.dumps({"error": f"Not found: {path}"}).encode())

    def do_HEAD(self):
        self.do_GET()

    def _answer(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if "slow" in self.path and self.path.startswith("/files/"):
            self.wfile.write(content[:1])
            self.wfile.flush()
            threading.Event().wait()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def main():
    folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    url = f"http://127.0.0.1:{server.server_address[1]}"
    Handler.registry = Registry(url)
    (folder / "npmrc").write_text(f"registry={url}/npm/\n", encoding="utf-8")
    (folder / "pip.conf").write_text(f"[global]\nindex-url = {url}/simple/\ntrusted-host = 127.0.0.1\n", encoding="utf-8")
    print(f"ready {url} {os.getpid()}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
