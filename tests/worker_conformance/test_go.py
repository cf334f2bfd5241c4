"""What only Go has: arguments as Go's types, contexts, goroutines, panics, package log, programs that take the process."""

import go_samples
import pytest
from go_samples import sample
from host import CANCEL, ERROR, LOAD, LOG, NESTED, PROGRAM, RESULT, encode
from languages import LANGUAGES

GO = next(language for language in LANGUAGES if language.name == "go")
THING = 'type Thing struct { Name string `json:"name"`; Count int `json:"count,omitempty"`; Parts []Thing `json:"parts,omitempty"`; At *time.Time `json:"at,omitempty"` }; '


@pytest.fixture(params=[GO], ids=["go"])
def language(request):
    return request.param


@pytest.fixture
def load(start):
    def load(body, *imports, parameters=(), **environment):
        host = start(**environment)
        host.load(go_samples.program(sample(body, *imports)), "f", parameters)
        return host

    return load


def test_arguments_become_what_their_types_say(load):
    host = load(THING + "func f(thing Thing, counts map[string]int, more ...string) any { return []any{thing, counts, more} }", "time", parameters=["thing", "counts", "more"])
    thing = {"name": "box", "count": 2, "parts": [{"name": "lid", "at": "2024-01-02T03:04:05Z"}]}
    assert host.call([thing, {"a": 1}, ["x", "y"]]).value == [thing, {"a": 1}, ["x", "y"]]
    assert host.call([thing], id=2).value == [thing, None, None]


def test_an_argument_that_does_not_fit_names_itself_and_the_place(load):
    answer = load(THING + "func f(thing Thing) Thing { return thing }", "time", parameters=["thing"]).call([{"name": 7}])
    assert (answer.header["name"], answer.header["statusCode"]) == ("BadArguments", 400)
    assert "the argument thing does not fit main.Thing" in answer.header["message"]
    assert "Thing.name of type string" in answer.header["message"]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("func f() []int { return nil }", b"[]"),
        ('func f() map[string]string { return map[string]string{"a": "<b>&"} }', b'{"a":"<b>&"}'),
        ("func f() []byte { return []byte{1, 2} }", b'"AQI="'),
        ("type Size int; func f() Size { return 3 }", b"3"),
        ("func f() (int, error) { return 4, nil }", b"4"),
    ],
)
def test_results_are_what_encoding_json_makes_of_them(load, declared, expected):
    answer = load(declared).call()
    assert (answer.header, answer.body) == ({}, expected)


@pytest.mark.parametrize("declared", ["func f() error { return nil }", "func f() *int { return nil }", "func f() any { return nil }"])
def test_nil_is_no_value(load, declared):
    assert load(declared).call().header == {"void": True}


@pytest.mark.parametrize("declared", ['type Name string; func f() Name { return "x" }', 'func f() *string { x := "x"; return &x }', 'func f() any { return "x" }'])
def test_whatever_is_a_string_is_text(load, declared):
    answer = load(declared).call()
    assert (answer.header, answer.text) == ({"text": True}, "x")


def test_a_returned_error_tells_the_name_of_its_type_and_its_status(load):
    custom = "type OutOfStock struct{}; func (OutOfStock) Error() string { return `no tea` }; func (*OutOfStock) StatusCode() int { return 409 }; "
    answer = load(custom + "func f() error { return &OutOfStock{} }").call()
    assert answer.header == {"name": "OutOfStock", "message": "no tea", "statusCode": 409}
    answer = load('func f() error { return openpoly.Fail(404, "no order") }', "openpoly").call()
    assert answer.header == {"name": "Error", "message": "no order", "statusCode": 404}
    answer = load('func f() error { return fmt.Errorf("wrapped: %w", openpoly.Fail(404, "no order")) }', "fmt", "openpoly").call()
    assert answer.header == {"name": "Error", "message": "wrapped: no order", "statusCode": 404}


@pytest.mark.parametrize(
    ("statement", "name", "message"),
    [
        ('panic("lost")', "Panic", "lost"),
        ("var of []int; _ = of[n]", "RuntimeError", "index out of range [0] with length 0"),
        ("var of *struct{ x int }; _ = of.x", "RuntimeError", "nil pointer dereference"),
        ("_ = 1 / n", "RuntimeError", "integer divide by zero"),
        ('log.Fatalf("lost %d", n)', "Panic", "lost 0"),
    ],
)
def test_a_panic_is_an_error_with_its_line_and_the_worker_goes_on(load, statement, name, message):
    host = load(f"func f(n int) {{\n  log.SetFlags(0)\n  {statement}\n}}", "log", parameters=["n"])
    for id in (1, 2):
        host.start(id, [0])
        answer = host.until_answer(id)[-1]
        assert (answer.kind, answer.header["name"], answer.header["line"]) == (ERROR, name, 3)
        assert message in answer.header["message"]
        assert "at f (test.f:3)" in answer.header["stack"]


def test_a_panic_in_a_goroutine_ends_the_worker_and_says_why(load):
    host = load('func f() { go func() { panic("lost") }(); select {} }')
    host.start(1)
    assert host.rest() == []
    assert host.exit_code() == 2
    assert b"panic: lost" in host.process.stderr.read()


def test_a_panic_of_a_variable_is_a_load_error_with_its_line(start):
    host = start()
    host.next()
    host.send_load(go_samples.program(sample("var of []int\nvar first = of[\n  len(of)]\nfunc f() {}")))
    answer = host.next()
    assert (answer.kind, answer.id, answer.header["line"]) == (ERROR, 0, 2)
    assert "index out of range [0] with length 0" in answer.header["message"]


def test_quotes_and_newlines_of_a_panic_at_load_arrive(start):
    host = start()
    host.next()
    host.send_load(go_samples.program(sample('func init() { panic("say \\"ä\\"\\nagain\\\\") }; func f() {}')))
    assert host.next().header["message"].split() == ["say", '"ä"', "again\\"]


WAITS = """func f(ctx context.Context, how string) (string, error) {
  switch how {
  case "done": <-ctx.Done()
  case "nested":
    if _, err := openpoly.Call(ctx, "test.gate"); err != nil { return "", err }
  case "own context":
    own, cancel := context.WithTimeout(ctx, time.Hour)
    defer cancel()
    _, err := openpoly.Call(own, "test.gate")
    return "", err
  }
  return "done", nil
}"""


@pytest.mark.parametrize("how", ["done", "nested", "own context"])
def test_a_cancelled_call_is_woken_wherever_its_context_is_waited_for(load, how):
    host = load(WAITS, "context", "openpoly", "time", parameters=["how"])
    host.start(1, [how])
    if how != "done":
        host.wait_for(NESTED)
    host.send(encode(CANCEL, 1))
    answer = host.next()
    assert (answer.kind, answer.id, answer.header["name"]) == (ERROR, 1, "Cancelled")
    assert host.call(["other"], id=2).text == "done"


def test_a_context_of_the_functions_own_ends_a_nested_call(load):
    body = """func f(ctx context.Context) error {
      short, cancel := context.WithCancel(ctx)
      cancel()
      _, err := openpoly.Call(short, "test.gate")
      return err
    }"""
    host = load(body, "context", "openpoly")
    host.start(1)
    assert host.until_answer(1)[-1].header["message"] == "test.gate: context canceled"


def test_goroutines_of_a_call_speak_for_it(load):
    body = """func f(n int) error {
      done := make(chan error)
      go func() {
        fmt.Println("goroutine of", n)
        log.Printf("log of %d", n)
        _, err := openpoly.Call(context.Background(), "test.gate", n)
        done <- err
      }()
      return <-done
    }"""
    host = load(body, "context", "fmt", "log", "openpoly", parameters=["n"])
    for id in (1, 2):
        host.start(id, [id])
    gates = [host.wait_for(NESTED) for _ in range(2)]
    assert sorted((gate.header["call"], gate.value) for gate in gates) == [(1, [1]), (2, [2])]
    for id in (1, 2):
        assert [host.wait_for(LOG, id).text for _ in range(2)] == [f"goroutine of {id}", f"log of {id}"]
    for gate in gates:
        host.reply(gate)
    assert {host.wait_for(RESULT).id for _ in range(2)} == {1, 2}


def test_bytes_for_the_streams_belong_to_no_call_when_there_are_several(load):
    body = """func f(ctx context.Context) error {
      _, err := openpoly.Call(ctx, "test.gate")
      fmt.Fprintln(os.Stdout, "whose?")
      return err
    }"""
    host = load(body, "context", "fmt", "openpoly", "os")
    host.start(1)
    host.start(2)
    gates = [host.wait_for(NESTED) for _ in range(2)]
    host.reply(gates[0])
    line = host.wait_for(LOG)
    assert (line.id, line.text) == (0, "whose?")


def test_records_of_package_log_are_one_line_without_the_time(load):
    host = load('func f() { log.Print("two\\nlines") }', "log")
    host.start(1)
    line = host.next()
    assert (line.id, line.header["level"], line.text) == (1, "info", "two\nlines")


def test_exit_is_found_wherever_a_function_has_it(load):
    body = """func f(how string) string {
      leave := os.Exit
      defer func() { recover() }()
      switch how {
      case "value": leave(5)
      case "goroutine": go os.Exit(5); select {}
      case "lines": os.
        Exit(5)
      }
      return "stayed"
    }"""
    host = load(body, "os", parameters=["how"])
    for id, how in enumerate(("value", "goroutine", "lines"), 1):
        answer = host.call([how], id=id)
        assert (answer.header["name"], answer.header["message"]) == ("Exit", "the function called os.Exit(5)")
    assert host.call(["none"], id=9).text == "stayed"


def test_values_of_the_catalog_come_as_the_type_that_was_asked_for(load):
    body = """type Contact struct { Name string; Age int }
    func f(ctx context.Context) (any, error) {
      contact, err := openpoly.CallAs[Contact](ctx, "crm.get", 1)
      if err != nil { return nil, err }
      n, err := openpoly.GetAs[int](ctx, openpoly.Variable("shop.n"))
      return []any{contact.Name, n}, err
    }"""
    host = load(body, "context", "openpoly")
    host.start(1)
    host.reply(host.next(), {"name": "Ann", "age": 7})
    host.reply(host.next(), 5)
    assert host.next().value == ["Ann", 5]
    host.start(2)
    host.reply(host.next(), {"name": "Ann", "age": "old"})
    message = host.next().header["message"]
    assert message == "the value of crm.get does not fit *main.Contact: $.Age: expected int, not string"


def test_a_question_that_does_not_fit_a_frame_is_an_error_where_it_is_asked(load):
    body = 'func f(ctx context.Context, n int) error { _, err := openpoly.Call(ctx, "crm.put", strings.Repeat("x", n)); return err }'
    limit = 2_000_000
    host = load(body, "context", "openpoly", "strings", parameters=["n"], OPENPOLY_FRAME_BYTES_MAX=str(limit))
    assert f"{limit} are the most" in host.call([limit]).header["message"]


def test_the_environment_that_a_load_brings_is_there_before_the_code(start):
    body = 'var shop = os.Getenv("SHOP"); func f() string { return shop + os.Getenv("GOMEMLIMIT") }'
    host = start(GOMEMLIMIT="200MiB")
    host.next()
    host.send_program(go_samples.program(sample(body, "os")))
    host.send(encode(LOAD, 0, {"path": "test.f", "name": "f", "language": "go", "environment": {"SHOP": "täglich"}}))
    assert host.call().text == "täglich"


def test_the_limit_of_memory_reaches_the_program(start):
    host = start(GOMEMLIMIT="200MiB")
    host.load(go_samples.program(sample("func f() int64 { return debug.SetMemoryLimit(-1) }", "runtime/debug")))
    assert host.call().value == 200 * 1024 * 1024


@pytest.mark.parametrize("code", ["no file", b"", b"no program"])
def test_what_is_no_program_is_a_load_error_and_the_worker_still_waits(start, code):
    host = start()
    host.next()
    host.send_load(code)
    assert host.next().header["name"] == "BadProgram"
    host.send_load(go_samples.GO["text"])
    assert host.wait_for(0x42).id == 0


def test_a_program_without_a_file_is_a_protocol_error(start):
    host = start()
    host.next()
    host.send(encode(PROGRAM, 0))
    assert host.exit_code() == 1
    assert b"protocol error" in host.process.stderr.read()


def test_the_program_is_not_among_the_files_that_it_has_open(load):
    host = load('func f() (string, error) { all, err := os.ReadDir("/proc/self/fd"); names := ""; for _, one := range all { to, _ := os.Readlink("/proc/self/fd/" + one.Name()); names += to + " " }; return names, err }', "os")
    names = host.call().text
    assert "socket:" in names
    assert "memfd" not in names and "/tmp" not in names


def test_an_error_beside_a_value_ends_the_stream(load):
    host = load(
        'func f() func(func(int, error) bool) { return func(yield func(int, error) bool) { yield(1, nil); yield(0, errors.New("too far")); yield(2, nil) } }', "errors"
    )
    host.start(1)
    assert host.next().body == b"1\n"
    answer = host.next()
    assert (answer.kind, answer.header["message"]) == (ERROR, "too far")


def test_a_panic_between_the_values_is_the_error_of_the_call(load):
    host = load("func f(of []int) func(func(int) bool) { return func(yield func(int) bool) { yield(1); yield(of[0]) } }", parameters=["of"])
    host.start(1)
    assert host.next().body == b"1\n"
    assert host.next().header["name"] == "RuntimeError"
    assert host.call([[5]], id=2).kind == RESULT


def test_what_is_given_after_the_answer_goes_nowhere(load):
    body = """var release, given = make(chan bool), make(chan bool)
    func f(isFirst bool) any {
      if !isFirst { close(release); return <-given }
      return func(yield func(int) bool) { yield(1); go func() { <-release; given <- yield(2) }() }
    }"""
    host = load(body, parameters=["isFirst"])
    assert host.call([True]).header == {"void": True}
    assert host.call([False], id=2).value is False


def test_a_reader_is_closed_when_nobody_reads_on(load):
    body = """type endless struct{}
    func (endless) Read(into []byte) (int, error) { return len(into), nil }
    func (endless) Close() error { fmt.Println("closed"); return nil }
    func f() io.ReadCloser { return endless{} }"""
    host = load(body, "fmt", "io")
    host.start(1)
    host.next()
    host.send(encode(CANCEL, 1))
    assert host.wait_for(ERROR, 1).header["name"] == "Cancelled"
    assert host.wait_for(LOG).text == "closed"


def test_a_channel_that_nobody_writes_to_ends_with_the_call(load):
    host = load("func f() chan int { return make(chan int) }")
    host.start(1)
    host.send(encode(CANCEL, 1))
    assert host.next().header["name"] == "Cancelled"


@pytest.mark.parametrize("kind", ["chan int", "func(func(int) bool)", "io.Reader"])
def test_no_stream_is_no_value(load, kind):
    answer = load(f"var _ io.Reader; func f() {kind} {{ return nil }}", "io").call()
    assert (answer.kind, answer.header) == (RESULT, {"void": True})
