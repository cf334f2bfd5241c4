"""What programs rightly do still works inside."""

import shutil
import subprocess
from pathlib import Path

import pytest


def test_code_is_compiled_while_it_runs(guarded):
    body = """
      const code = new Uint8Array([0,97,115,109,1,0,0,0,1,7,1,96,2,127,127,1,127,3,2,1,0,7,7,1,3,97,100,100,0,0,10,9,1,7,0,32,0,32,1,106,11]);
      const { instance } = await WebAssembly.instantiate(code);
      let sum = 0;
      for (let number = 0; number < 1e6; number++) sum = instance.exports.add(sum, 1);
      return sum;"""
    assert guarded.javascript(body) == 1_000_000


def test_threads_run(guarded):
    body = """
      const { Worker } = require('worker_threads');
      const worker = new Worker("require('worker_threads').parentPort.postMessage(6 * 7)", { eval: true });
      return await new Promise((done, failed) => worker.on('message', done).on('error', failed));"""
    assert guarded.javascript(body) == 42
    body = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool:\n    return sum(pool.map(abs, range(-9, 0)))"
    assert guarded.python(body) == 45


def test_temporary_files_are_written_and_read(guarded):
    body = "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as file:\n    file.write('text')\n    file.seek(0)\n    return file.read()"
    assert guarded.python(body) == "text"
    body = """
      const fs = require('fs');
      const folder = fs.mkdtempSync(require('path').join(require('os').tmpdir(), 'legal-'));
      fs.writeFileSync(folder + '/file', 'text');
      return fs.readFileSync(folder + '/file', 'utf8');"""
    assert guarded.javascript(body) == "text"


def test_programs_of_the_system_are_run(guarded):
    assert guarded.python("import subprocess\nreturn subprocess.check_output('echo one | tr a-z A-Z', shell=True, text=True)") == "ONE\n"
    assert guarded.javascript("return require('child_process').execSync('date -u -d @0 +%Y').toString()") == "1970\n"
    assert guarded.javascript("return require('child_process').execFileSync(process.execPath, ['-p', '6*7']).toString()") == "42\n"


def test_random_numbers_zones_languages_and_certificates_are_there(guarded):
    assert len(guarded.javascript("return require('crypto').randomBytes(8).toString('hex')")) == 16
    body = "return new Intl.DateTimeFormat('de', { timeZone: 'Europe/Berlin', timeStyle: 'long' }).format(0)"
    assert "01:00:00" in guarded.javascript(body)
    body = "import datetime, zoneinfo\nreturn str(datetime.datetime.fromtimestamp(0, zoneinfo.ZoneInfo('Asia/Tokyo')))"
    assert guarded.python(body) == "1970-01-01 09:00:00+09:00"
    if Path("/etc/ssl/certs/ca-certificates.crt").exists():
        assert guarded.python("import ssl\nreturn len(ssl.create_default_context().get_ca_certs())") > 10


def test_the_machine_is_known(guarded):
    assert guarded.javascript("return require('os').cpus().length") > 0
    assert guarded.python("return os.cpu_count()") > 0
    assert guarded.python("return os.getpid() in map(int, filter(str.isdigit, os.listdir('/proc')))") is True


def test_processes_share_memory_in_namespaces(guarded):
    if guarded.level == "basic":
        pytest.skip("/dev/shm is everybody's, so it is not there without namespaces")
    body = "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n    return pool.map(abs, [-1, -2])"
    assert guarded.python(body) == [1, 2]


@pytest.mark.skipif(not shutil.which("java"), reason="there is no Java")
def test_java_runs_as_a_child(guarded):
    out = guarded.python("import subprocess\nreturn subprocess.run(['java', '-Xmx32m', '-XX:+UseSerialGC', '-version'], capture_output=True, text=True).stderr")
    assert "version" in out, out
    assert subprocess.run(["java", "-version"], check=False, capture_output=True).returncode == 0
