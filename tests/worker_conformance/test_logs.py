"""Console output: attributed, levelled, bounded."""

import time

import pytest
from host import LOG, NESTED, RESULT

LINE_BYTES_MAX = 16_384
CALL_LOG_BYTES_MAX = 1_048_576


def logs_of(host, arguments=None, id=1, logs=True):
    host.start(id, arguments, logs=logs)
    *before, answer = host.until_answer(id)
    assert answer.kind == RESULT
    assert all((frame.kind, frame.id) == (LOG, id) for frame in before)
    return [(frame.header["level"], frame.text) for frame in before]


def test_each_level_is_told(worker):
    assert logs_of(worker("levels")) == [
        ("debug", "a debug"),
        ("info", "an info"),
        ("warn", "a warn"),
        ("error", "an error"),
    ]


def test_a_line_says_when_it_was_written(worker):
    host = worker("print")
    before = time.time() * 1000
    host.start(1)
    line = host.next()
    assert before - 1 <= line.header["at"] <= time.time() * 1000 + 1
    assert line.text.startswith("said 1 {")


def test_text_written_to_the_streams_is_cut_into_lines(worker):
    lines = logs_of(worker("streams"))
    assert sorted(lines) == [("error", "bad"), ("info", "one"), ("info", "three"), ("info", "two")]


def test_nothing_is_sent_when_nobody_wants_the_logs(worker):
    host = worker("levels")
    assert logs_of(host, logs=False) == []
    assert len(logs_of(host, id=2)) == 4


def test_lines_belong_to_the_call_that_wrote_them(worker):
    host = worker("gate_logging", parameters=["name"])
    for id in range(1, 9):
        host.start(id, [f"call-{id}"])
    gates = [host.wait_for(NESTED) for _ in range(8)]
    for gate in reversed(gates):
        host.reply(gate)
    for id in range(1, 9):
        assert [host.wait_for(LOG, id).text for _ in range(2)] == [f"call-{id} one", f"call-{id} two"]
        host.wait_for(RESULT, id)


def test_a_line_is_cut_at_its_limit_between_two_characters(worker):
    host = worker("long_line", parameters=["n"])
    assert logs_of(host, [LINE_BYTES_MAX // 2]) == [("info", "é" * (LINE_BYTES_MAX // 2))]
    assert logs_of(host, [LINE_BYTES_MAX], id=2) == [("info", "é" * (LINE_BYTES_MAX // 2))]


@pytest.mark.parametrize("length", [0, 1000, 100_000])
def test_a_flood_ends_at_the_limit_of_the_execution_with_one_line_that_tells(worker, length):
    host = worker("many_lines", parameters=["lines", "length"])
    kept_length = min(length, LINE_BYTES_MAX)
    fitting = CALL_LOG_BYTES_MAX // (kept_length + 1)
    if length == 0:
        fitting = 2000  # far below the limit: all pass
        assert len(logs_of(host, [fitting, 0])) == fitting
        return
    *kept, told = logs_of(host, [fitting + 10, length])
    assert kept == [("info", "x" * kept_length)] * fitting
    assert told == ("warn", f"10 lines of log ({10 * length} bytes) were left out")
    assert len(logs_of(host, [5, 10], id=2)) == 5


def test_what_is_said_while_loading_belongs_to_no_call(start, language):
    host = start()
    host.next()
    host.send_load(language.samples["log_at_load"])
    line = host.wait_for(LOG)
    assert (line.id, line.text) == (0, "loading")


def test_nothing_of_a_call_comes_after_its_answer(worker):
    host = worker("logs_late", parameters=["first"])
    assert host.call([True]).text == "first"
    host.start(2, [False])
    late = host.wait_for(LOG)
    assert (late.id, late.text) == (0, "late")


def test_a_host_that_does_not_read_costs_lines_and_not_memory(start, language):
    host = start()
    host.next()
    host.send_load(language.samples["flood_at_load"])
    assert host.process.stdout.read(4) == b"done"  # the flood is over and nothing of it was read
    host.start(1)
    *lines, _, answer = host.until_answer(1)
    assert answer.value == 1
    assert sum(len(line.body) for line in lines) < 12 * CALL_LOG_BYTES_MAX
