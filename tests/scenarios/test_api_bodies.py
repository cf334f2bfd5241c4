"""Bodies of API functions: compressed answers, and cookies."""

import gzip
import json
import zlib

import pytest
from support.functions import make_api_function, run_api, try_api
from support.scripted import Reply, Scripted

POLYD_SETTINGS = {"POLY_LOOPS": "1"}
CONTENT = {"text": "hello " * 1000}
BODY = json.dumps(CONTENT).encode()
MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def made(admin):
    """Creates a function that calls the upstream, named after the scenario's numbers."""
    names = iter(range(1000))

    def make(upstream, **fields):
        return make_api_function(admin, f"bodied{next(names)}", upstream.address + "/", **fields)

    return make


def bare_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def gzip_bomb(mebibytes):
    packer = zlib.compressobj(level=9, wbits=31)
    zeros = bytes(MEBIBYTE)
    return b"".join(packer.compress(zeros) for _ in range(mebibytes)) + packer.flush()


def answering(body, coding, status=200):
    return Scripted(lambda _, __: Reply(status, body=body, headers={"content-encoding": coding}))


def memory_of(pid):
    """The most memory that the process ever held, in bytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024


@pytest.mark.parametrize(
    "coding,body",
    [("gzip", gzip.compress(BODY)), ("deflate", zlib.compress(BODY)), ("deflate", bare_deflate(BODY))],
    ids=["gzip", "deflate", "bare-deflate"],
)
def test_a_compressed_answer_is_json(admin, made, coding, body):
    with answering(body, coding) as upstream:
        answer = run_api(admin, made(upstream))
        assert answer["data"] == CONTENT
        assert not {"content-encoding", "content-length"} & set(answer["headers"])
        assert upstream.requests[0][2]["accept-encoding"] == "gzip, deflate, br"


def test_a_function_says_itself_which_codings_it_takes(admin, made):
    with answering(BODY, "identity") as upstream:
        answer = run_api(admin, made(upstream, headers=[{"key": "Accept-Encoding", "value": "identity"}]))
        assert answer["data"] == CONTENT
        assert upstream.requests[0][2]["accept-encoding"] == "identity"


def test_an_answer_in_another_coding_comes_as_bytes(admin, made):
    with answering(b"\xff\xfe", "zstd") as upstream:
        answer = run_api(admin, made(upstream))
        assert (answer["data"], answer["headers"]["content-encoding"]) == ("//4=", "zstd")


@pytest.mark.parametrize("body,reason", [(BODY, "not compressed"), (gzip.compress(BODY)[:-4], "before its end")])
def test_a_broken_compressed_answer_is_the_upstreams_fault(admin, made, body, reason):
    with answering(body, "gzip") as upstream:
        answer = try_api(admin, made(upstream))
        assert answer.status == 502
        assert reason in answer.json["message"]


def test_a_gigabyte_in_a_megabyte_is_refused_without_being_held(admin, made, polyd):
    bomb = gzip_bomb(1024)
    with answering(bomb, "gzip") as upstream:
        function = made(upstream, policy={"responseMebibytesMax": 4})
        before = memory_of(polyd.process.pid)
        answer = try_api(admin, function)
        assert answer.status == 413
        assert "when decompressed" in answer.json["message"]
        assert memory_of(polyd.process.pid) - before < 64 * MEBIBYTE


def test_a_cookie_of_an_answer_is_not_sent_again(admin, made):
    with Scripted(lambda _, __: Reply(headers={"set-cookie": "session=17; Path=/"})) as upstream:
        function = made(upstream)
        for _ in range(2):
            assert run_api(admin, function)["headers"]["set-cookie"] == "session=17; Path=/"
        assert all("cookie" not in headers for _, _, headers in upstream.requests)
