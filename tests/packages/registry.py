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

# Packages that run code of theirs while they are installed, and look around then: what they come upon of the data folder
# of polyd, and where they leave something.
JAVASCRIPT_THIEF = """
const fs = require('fs'), path = require('path');
const note = path.join(__dirname, 'seen.json');
if (process.argv[2] === 'look') {
  const data = path.resolve(__dirname, '../../../..');
  const attempt = (work) => { try { work(); return 'done'; } catch (error) { return error.code; } };
  const seen = {};
  for (const name of ['openpoly.db', 'vault.key']) seen[name] = attempt(() => fs.readFileSync(path.join(data, name)));
  for (const name of ['.', 'layers', 'packages-cache/sandboxed', 'packages-cache/free'])
    seen[`into ${name}`] = attempt(() => fs.writeFileSync(path.join(data, name, 'planted'), ''));
  seen.itself = attempt(() => fs.writeFileSync(note, ''));
  fs.writeFileSync(note, JSON.stringify(seen));
} else {
  module.exports = JSON.parse(fs.readFileSync(note));
}
"""
PYTHON_THIEF = """
import os, zipfile

def attempt(work):
    try:
        work()
        return 'done'
    except OSError as error:
        return type(error).__name__

def build_wheel(folder, config_settings=None, metadata_directory=None):
    data = os.path.abspath(os.environ['TMPDIR'] + '/../..')
    seen = {name: attempt(lambda: open(f'{data}/{name}', 'rb').read()) for name in ('openpoly.db', 'vault.key')}
    for name in ('.', 'layers', 'packages-cache/sandboxed', 'packages-cache/free'):
        seen[f'into {name}'] = attempt(lambda: open(f'{data}/{name}/planted', 'w').close())
    seen['itself'] = attempt(lambda: open(os.environ['TMPDIR'] + '/own', 'w').close())
    info = 'tiny_thief-1.0.0.dist-info'
    files = {
        'tiny_thief.py': f'SEEN = {seen!r}',
        f'{info}/METADATA': 'Metadata-Version: 2.1\\nName: tiny-thief\\nVersion: 1.0.0\\n',
        f'{info}/WHEEL': 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n',
    }
    record = ''.join(f'{path},,\\n' for path in [*files, f'{info}/RECORD'])
    name = 'tiny_thief-1.0.0-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as archive:
        for path, text in {**files, f'{info}/RECORD': record}.items():
            archive.writestr(path, text)
    return name
"""

# name → version → (package.json, index.js, dependencies, other files)
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
    "tiny-thief": {"1.0.0": ({"scripts": {"postinstall": "node index.js look"}}, JAVASCRIPT_THIEF)},
    "tiny-typed": {"1.0.0": ({"types": "index.d.ts"}, "exports.chunk = (list, size) => [list.slice(0, size), list.slice(size)];", {}, {"index.d.ts": "export declare function chunk<T>(list: T[], size: number): T[][];"})},
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


# Of Python, as source only: name → (version, backend)
PYTHON_SOURCES = {"tiny-thief": ("1.0.0", PYTHON_THIEF)}


def archive_of(folder, files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return out.getvalue()


def source_distribution(name, version, backend):
    described = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    files = {"pyproject.toml": described, "backend.py": backend, "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}
    return f"{name}-{version}.tar.gz", archive_of(f"{name}-{version}", files)


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
            wheels = [wheel(name, version, *described) for version, described in versions.items()]
            self.documents[f"/simple/{name}/"] = self._simple(url, wheels)
        for name, described in PYTHON_SOURCES.items():
            self.documents[f"/simple/{name}/"] = self._simple(url, [source_distribution(name, *described)])

    def _npm(self, url, name, versions):
        described = {}
        for version, (more, code, *rest) in versions.items():
            manifest = {"name": name, "version": version, "main": "index.js", **more}
            if rest:
                manifest["dependencies"] = rest[0]
            files = {"package.json": json.dumps(manifest), "index.js": code, **(rest[1] if len(rest) > 1 else {})}
            content = archive_of("package", files)
            path = f"/files/{name.replace('/', '-')}-{version}.tgz"
            self.files[path] = content
            if name == "tiny-broken":
                content += b"changed"
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
            install = {"hasInstallScript": True} if "scripts" in manifest else {}
            described[version] = {**manifest, **install, "dist": {"tarball": url + path, "integrity": integrity}}
        document = {"name": name, "dist-tags": {"latest": list(versions)[-1]}, "versions": described}
        return "application/json", json.dumps(document).encode()

    def _simple(self, url, files):
        links = []
        for file, content in files:
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
