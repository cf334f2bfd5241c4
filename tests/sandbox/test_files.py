"""What a function reads and writes: its own folder, what programs need, and nothing of polyd or of other functions."""

import pytest
from support.places import ROOT

# The root of a namespace has no such name; where there is only Landlock, the name is there and closed.
CLOSED = ("FileNotFoundError", "PermissionError", "ENOENT", "EACCES", "EROFS", "OSError: [Errno 30]")


def assert_closed(outcome):
    assert isinstance(outcome, str) and outcome.startswith(CLOSED), outcome


@pytest.mark.parametrize("name", ["vault.key", "openpoly.db", "lock"])
def test_files_of_polyd_are_not_read(guarded, name):
    path = guarded.polyd.data / name
    assert path.exists()
    assert_closed(guarded.python(f"return open({str(path)!r}, 'rb').read().hex()"))
    assert_closed(guarded.javascript(f"return require('fs').readFileSync({str(path)!r}).toString('hex')"))


@pytest.mark.parametrize("path", ["/etc/shadow", "/root", "/home", "/var/log", "/run", "/etc/ssl/private"])
def test_the_host_is_not_read(guarded, path):
    assert_closed(
        guarded.python(f"return os.listdir({path!r}) if os.path.isdir({path!r}) else open({path!r}).read()")
    )


def test_of_the_data_folder_only_the_layers_are_seen(guarded):
    seen = guarded.python(f"return os.listdir({str(guarded.polyd.data)!r})")
    if guarded.level == "basic":
        assert_closed(seen)
    else:
        assert seen == ["layers"]


def test_what_another_function_wrote_is_not_seen(guarded):
    folder = guarded.javascript("require('fs').writeFileSync('secret.txt', 'mine'); return process.cwd()")
    seen = guarded.python(f"return os.listdir({folder!r})")
    if guarded.level == "basic":
        assert_closed(seen)
        assert_closed(guarded.python(f"return open('{folder}/secret.txt').read()"))
    else:
        assert "secret.txt" not in seen
    assert guarded.javascript("return require('fs').readFileSync('secret.txt', 'utf8')") == "mine"


@pytest.mark.parametrize("path", ["workers/node/main.cjs", "workers/python/main.py", "node_modules/evil", "evil"])
def test_the_harness_is_not_written(guarded, path):
    target = ROOT / path
    before = target.stat() if target.exists() else None
    answers = [
        guarded.python(f"open({str(target)!r}, 'a').close()"),
        guarded.javascript(f"require('fs').appendFileSync({str(target)!r}, '')"),
    ]
    if not target.is_relative_to("/tmp"):  # a function has a /tmp of its own, and may write what is only there
        for answer in answers:
            assert_closed(answer)
    after = target.stat() if target.exists() else None
    assert (after and after.st_mtime_ns) == (before and before.st_mtime_ns)


@pytest.mark.parametrize("path", ["/usr/evil", "/etc/evil", "/evil", "/dev/evil", "/proc/self/oom_score_adj"])
def test_the_system_is_not_written(guarded, path):
    assert_closed(guarded.python(f"open({path!r}, 'w').write('1')"))


def test_layers_are_read_and_not_written(guarded):
    layer = guarded.polyd.data / "layers/for-a-test"
    layer.mkdir(mode=0o755, exist_ok=True)
    (layer / "module.txt").write_text("shared")
    assert guarded.python(f"return open('{layer}/module.txt').read()") == "shared"
    for path in (layer / "module.txt", layer / "evil", layer.parent / "evil"):
        assert_closed(guarded.python(f"open('{path}', 'a').close()"))


def test_a_file_does_not_grow_past_its_limit(guarded):
    outcome = guarded.python(
        """
chunk = b'x' * (1 << 20)
with open('large', 'wb', buffering=0) as file:
    try:
        for _ in range(200):
            file.write(chunk)
    finally:
        size = os.path.getsize('large')
        os.remove('large')
        if size > 64 << 20:
            return f'grew to {size}'
"""
    )
    assert outcome.startswith("OSError: ["), outcome
    outcome = guarded.javascript(
        """
        const fs = require('fs');
        const file = fs.openSync('large', 'w');
        try {
          for (let count = 0; count < 200; count++) fs.writeSync(file, Buffer.alloc(1 << 20, 1));
        } finally {
          fs.closeSync(file);
          fs.unlinkSync('large');
        }"""
    )
    assert outcome.startswith(("EFBIG", "ENOSPC")), outcome


def test_many_files_do_not_fill_the_disk(guarded):
    if guarded.level == "basic":
        pytest.skip("without namespaces the folder is one of the disk: each file is bounded, their sum is not")
    written = guarded.python(
        """
written = 0
for number in range(20):
    try:
        with open(f'/tmp/fill-{number}', 'wb', buffering=0) as file:
            for _ in range(10):
                written += file.write(b'x' * (1 << 20))
    except OSError:
        break
for name in os.listdir('/tmp'):
    if name.startswith('fill-'):
        os.remove(f'/tmp/{name}')
return written
"""
    )
    assert 32 << 20 < written <= 64 << 20


def test_devices_are_not_made(guarded):
    assert_closed(guarded.python("import stat\nos.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))"))
