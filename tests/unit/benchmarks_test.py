"""What a run of the benchmarks reports is what it measured: percentiles, aims, answers, the place of the figures in the docs."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import write_docs  # noqa: E402
from harness.contest import Contender  # noqa: E402
from harness.figures import Aim, Figure, Remark, Samples, Standing  # noqa: E402
from harness.load import Load, Request  # noqa: E402
from harness.machine import BenchFailed  # noqa: E402
from harness.report import markdown  # noqa: E402
from harness.spike import Exchange, spike  # noqa: E402
from measurements import payload, proxied  # noqa: E402
from suites import SUITES, Suite  # noqa: E402

MACHINE = {"cores": 2, "processor": "a processor", "memory_gib": 8, "kernel": "6.1", "versions": {"Node.js": "24"},
           "load_average_before": 0.1, "load_average_after": 0.2}


@pytest.mark.parametrize("percent, expected", [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_of_a_hundred_values_is_the_value_of_that_rank(percent, expected):
    assert Samples(tuple(range(100, 0, -1)), "ms").percentile(percent) == expected


@pytest.mark.parametrize("value, shown", [(999.4, "999 ms"), (999.6, "1,000 ms"), (0.1234, "0.123 ms"), (0, "0 ms")])
def test_a_figure_is_shown_with_three_digits_and_never_with_an_exponent(value, shown):
    assert Samples((value,), "ms").text() == shown


def test_an_aim_is_of_the_ratio_when_there_is_a_peer_and_of_our_own_value_otherwise():
    ours, peer = Samples((30.0,), "ms"), Samples((100.0,), "ms")
    assert Figure("m", "start", ours, "node", peer, Aim(at_most=0.3)).met
    assert not Figure("m", "start", ours, aim=Aim(at_most=15)).met


def test_a_report_has_the_machine_every_figure_note_remark_and_standing():
    report = markdown(MACHINE, [
        Figure("m", "calls", Samples((2.0, 1.0, 3.0), "ms"), "node", Samples((4.0,), "ms"), Aim(at_most=1), note="all were right"),
        Remark("m", "Java was left out"),
        Standing("m", "echo", ("p50",), {"polyd": (Samples((2.0,), "ms"),), "node": (None,)}),
    ])
    lines = [" ".join(line.split()) for line in report.splitlines()]
    assert lines[0] == "2 cores of a processor, 8 GiB, Linux 6.1, load average 0.1 before and 0.2 after. Node.js 24."
    assert "| calls | node: 4 ms | 2 ms (1–3) | 0.50× | ≤ 1× | yes |" in lines
    assert "- calls: all were right" in lines
    assert "- Java was left out" in lines
    assert "| polyd | 2 ms |" in lines and "| node | – |" in lines


@pytest.mark.parametrize("answer, size", [(payload.customer(), 1024), (payload.customers(), 64 * 1024)])
def test_a_payload_has_its_size_to_the_byte(answer, size):
    assert len(payload.compact(answer)) == size


def test_the_step_to_two_loops_is_taken_round_by_round():
    def contender(*per_second):
        return Contender("server", None, Request("http://server/"), "0", loads=[Load(rate, 1.0, 1, 2) for rate in per_second])

    step = proxied.scaling({1: contender(100, 50), 2: contender(150, 100)})
    assert step == Samples((1.5, 2.0), "×")


@pytest.fixture
def greeter():
    """A server that greets with another number each time; its address, and how many it has greeted."""
    greeted = []

    class Greeter(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            greeted.append(1)
            body = json.dumps({"greeting": "hello", "number": len(greeted)}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Greeter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", greeted
    server.shutdown()
    server.server_close()


def greeting_expected(address, greeting):
    return Exchange(Request(address, "POST", b"{}"), greeting, lambda answer: answer["greeting"])


def test_a_storm_is_one_call_on_each_connection(greeter):
    address, greeted = greeter
    calls = spike([greeting_expected(address, "hello")] * 20, 0)
    assert [call.status for call in calls] == [200] * 20
    assert len(greeted) == 20


def test_a_storm_fails_when_what_counts_of_an_answer_is_wrong(greeter):
    with pytest.raises(BenchFailed, match="1 of 1 connections got a wrong answer"):
        spike([greeting_expected(greeter[0], "good bye")], 0)


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_the_docs_have_one_place_for_the_figures_of_each_suite(suite):
    page = write_docs.PAGE.read_text(encoding="utf-8")
    replaced = write_docs.replaced(page, suite, "THE REPORT")
    assert replaced.count("THE REPORT") == 1
    assert write_docs.replaced(replaced, suite, "ANOTHER") == write_docs.replaced(page, suite, "ANOTHER")


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_the_docs_name_every_measurement(suite):
    page = write_docs.PAGE.read_text(encoding="utf-8")
    assert [name for name in suite.measurements if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("whole, status, expected", [(True, 0, "new"), (False, 1, "old")])
def test_only_a_whole_run_is_written_down(tmp_path, monkeypatch, whole, status, expected):
    page = tmp_path / "benchmarks.md"
    page.write_text("<!-- figures of one -->\nold\n<!-- end of one -->\n", encoding="utf-8")
    suite = Suite("one", {}, 1, tmp_path / "one.json")
    suite.result.write_text(json.dumps({"whole": whole, "report": "new"}), encoding="utf-8")
    monkeypatch.setattr(write_docs, "PAGE", page)
    monkeypatch.setattr(write_docs, "SUITES", {"one": suite})
    assert write_docs.main() == status
    assert page.read_text(encoding="utf-8") == f"<!-- figures of one -->\n{expected}\n<!-- end of one -->\n"
