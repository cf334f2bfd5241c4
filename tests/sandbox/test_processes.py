"""What a function does to other processes, and how much of the machine its own may take."""

import os
import socket

import pytest
from support.eventually import eventually
from support.functions import deploy, run_server

SYSTEM_CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    return [result, os.strerror(ctypes.get_errno())]
"""
NOT_PERMITTED = [-1, os.strerror(1)]


def pid_of(guarded):
    return guarded.polyd.process.pid


@pytest.mark.parametrize("name", ["environ", "mem", "maps", "auxv"])
def test_polyd_is_not_looked_into(guarded, name):
    outcome = guarded.python(f"return open('/proc/{pid_of(guarded)}/{name}', 'rb').read(10).hex()")
    assert outcome.startswith(("FileNotFoundError", "PermissionError")), outcome


@pytest.mark.parametrize("name", ["cwd", "root", "exe", "fd/0", "fd/1", "fd/5"])
def test_files_that_polyd_has_open_are_not_reached(guarded, name):
    path = f"/proc/{pid_of(guarded)}/{name}"
    for attempt in (f"return os.readlink({path!r})", f"return str(os.open({path!r}, os.O_RDONLY))"):
        assert guarded.python(attempt).startswith(("FileNotFoundError", "PermissionError")), attempt


def test_nothing_of_polyd_is_in_the_environment(guarded):
    names = guarded.python("return sorted(os.environ)")
    assert set(names) <= {"PATH", "HOME", "LANG", "LC_CTYPE", "TMPDIR"}
    assert guarded.polyd.key not in guarded.python("return open('/proc/self/environ').read()")


def test_others_are_not_seen_in_namespaces(guarded):
    if guarded.level == "basic":
        pytest.skip("the numbers and names of other processes can be seen without namespaces; not what is in them")
    pids = guarded.python("return [int(name) for name in os.listdir('/proc') if name.isdigit()]")
    assert set(pids) <= set(range(1, 20))


@pytest.mark.parametrize(
    "call",
    [
        "ptrace', 16, pid, 0, 0",  # attach
        "ptrace', 0, 0, 0, 0",  # be traced by the parent
        "process_vm_readv', pid, 0, 0, 0, 0, 0",
        "mount', b'none', b'/tmp', b'tmpfs', 0, None",
        "umount2', b'/proc', 2",
        "unshare', 0x10000000",  # a user namespace
        "setns', 0, 0",
        "chroot', b'/tmp'",
        "reboot', 0",
        "swapoff', b'/dev/vda'",
        "sethostname', b'evil', 4",
        "init_module', None, 0, b''",
        "syscall', 321, 0, 0, 0",  # bpf
        "syscall', 298, 0, 0, 0, 0, 0",  # perf_event_open
        "syscall', 323, 0",  # userfaultfd
        "syscall', 250, 0, 0, 0, 0, 0",  # keyctl
        "syscall', 438, 0, 0, 0",  # pidfd_getfd
        "syscall', 304, 0, 0, 0",  # open_by_handle_at
        "syscall', 428, -100, b'/', 0",  # open_tree
    ],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are those of x86-64")
def test_system_calls_that_reach_out_are_denied(guarded, call):
    body = f"{SYSTEM_CALL}\npid = {pid_of(guarded)}\nreturn call('{call})"
    assert guarded.python(body) == NOT_PERMITTED


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are those of x86-64")
@pytest.mark.parametrize("number", [425, 435])  # io_uring_setup, clone3
def test_system_calls_with_another_way_are_absent(guarded, number):
    assert guarded.python(f"{SYSTEM_CALL}\nreturn call('syscall', {number}, 0, 0)") == [-1, os.strerror(38)]


def test_polyd_is_not_signalled(guarded):
    pid = pid_of(guarded)
    for number in (0, 15, 9):
        assert guarded.python(f"return os.kill({pid}, {number})").startswith(("PermissionError", "ProcessLookupError"))
        assert guarded.javascript(f"return process.kill({pid}, {number})").startswith(("EPERM", "ESRCH"))
    guarded.assert_goes_on()


def test_no_program_brings_privileges(guarded):
    status = guarded.python("return open('/proc/self/status').read()")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"
    assert {int(fields[name], 16) for name in ("CapPrm", "CapEff", "CapInh", "CapAmb")} == {0}
    became = guarded.python("import subprocess\nreturn subprocess.run(['/bin/su', '-c', 'id -u'], stdin=0).returncode")
    assert became != 0


def test_each_worker_of_root_is_somebody_else(guarded):
    users = [guarded.python("return os.getuid()"), guarded.javascript("return process.getuid()")]
    if guarded.level == "full":
        assert min(users) >= 200_000 and len(set(users)) == 2
    else:
        assert len(set(users)) == 1


FORK_BOMB = """
import os, signal
def attempt():
    children = []
    try:
        while len(children) < 2000:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except OSError:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return len(children)
"""
THREAD_BOMB = """
import threading
def attempt():
    threading.stack_size(64 << 10)
    done = threading.Event()
    count = 0
    try:
        while count < 2000:
            threading.Thread(target=done.wait, daemon=True).start()
            count += 1
    except RuntimeError:
        done.set()
    return count
"""


@pytest.mark.parametrize("bomb", [FORK_BOMB, THREAD_BOMB], ids=["processes", "threads"])
def test_a_bomb_stays_in_its_limit(guarded, bomb):
    if guarded.level == "basic":
        pytest.skip("without a user or a namespace of its own a worker shares the number of all processes of polyd's user")
    answer = guarded.answer("python", bomb)
    if answer.status == 201:
        assert 16 < answer.json < 256
    else:  # what the kernel keeps for each process counts too
        assert "memory" in answer.message, answer
    guarded.assert_goes_on()


def test_nothing_is_left_of_a_worker_that_ends(guarded):
    body = """
import subprocess, sys
keywords = {} if BASIC else {'start_new_session': True}
subprocess.Popen(['/bin/sleep', 'SECONDS'], stdin=subprocess.DEVNULL, **keywords)
import time
time.sleep(0.2)
os._exit(3)
"""
    seconds = f"86{os.getpid()}"
    code = body.replace("BASIC", str(guarded.level == "basic")).replace("SECONDS", seconds)
    code = "import os\ndef attempt():\n" + "\n".join(f"    {line}" for line in code.splitlines())
    assert guarded.answer("python", code).status == 500
    eventually(lambda: os.system(f"pgrep -f '^/bin/sleep {seconds}$' > /dev/null") != 0, "the child is gone")


def test_leaving_the_process_group_is_refused_where_it_would_be_an_escape(guarded):
    outcome = guarded.python("import subprocess\nreturn subprocess.run(['/bin/true'], start_new_session=True).returncode")
    if guarded.level == "basic":
        assert "PermissionError" in str(outcome) or outcome == 0  # Python may not tell that setsid failed
        assert guarded.python("return os.setsid()").startswith("PermissionError")
    else:
        assert outcome == 0


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "def attempt():\n    kept = []\n    while True:\n        kept.append(bytearray(8 << 20))\n"),
        ("javascript", "const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1));"),
        (
            "python",
            "import subprocess\ndef attempt():\n    subprocess.run(['/usr/bin/tail', '/dev/zero'])\n    return 'ended'\n",
        ),
    ],
)
def test_a_memory_balloon_ends_by_itself(guarded, language, code):
    answer = guarded.answer(language, code)
    assert answer.status == 500 or answer.text == "ended", answer
    guarded.assert_goes_on()


BURNS = """
function burn() {
  const began = process.hrtime.bigint();
  const used = process.cpuUsage();
  while (process.hrtime.bigint() - began < 1_000_000_000n);
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1e6;
}
"""


def test_a_function_has_its_share_of_the_processor(guarded):
    if guarded.level != "full":
        pytest.skip("the share of the processor is kept by control groups")
    function = deploy(guarded.client, "burn", BURNS, context="share", cpu=0.2)
    assert run_server(guarded.client, function).json < 0.5


def test_an_abstract_socket_of_the_host_is_not_reached(guarded):
    name = f"\0openpoly-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(name)
        listener.listen()
        body = f"import socket\nsocket.socket(socket.AF_UNIX).connect({name!r})\nreturn 'reached'"
        for network in (False, True):
            assert guarded.python(body, network=network) != "reached"
