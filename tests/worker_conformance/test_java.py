"""What only Java has: types that arguments become, threads, logging, jars, instances."""

import json
import shutil
import subprocess
import zipfile

import java_samples
import pytest
from host import CALL, CANCEL, ERROR, HELLO, LOAD, LOADED, LOG, MORE, NESTED, RESULT, call_frame, encode
from languages import LANGUAGES

JAVA = next(language for language in LANGUAGES if language.name == "java")
THREADS_MAX = 64
IMPORTS = "import io.openpoly.*; import java.math.*; import java.net.URI; import java.time.*; import java.util.*; import java.util.concurrent.*; "

SOURCES = {
    "types": """
        public enum Size { SMALL, LARGE }
        public record Line(String product, int count, Optional<Double> price, Size size) {}
        public record Page<T>(List<T> items, Map<String, T> byName) {}
        public static class Bean {
          private String name; private int age = 7; public boolean open;
          public String getName() { return name; } public void setName(String name) { this.name = name; }
          public int getAge() { return age; } public void setAge(int age) { this.age = age; }
        }
        public Object f(Kinds kinds) { return kinds; }
        public record Kinds(Page<Line> page, Bean bean, int[] numbers, String[][] texts, Set<Long> longs, Map<Size, Integer> bySize,
            Map<Integer, String> byNumber, BigDecimal exact, BigInteger big, byte[] bytes, UUID uuid, Instant at, LocalDate day, URI uri,
            char letter, OptionalInt maybe, Object anything, Collection<? extends Number> numbersToo, Duration length) {}""",
    "scalars": """
        public Object f(int i, long l, short s, byte b, double d, float x, boolean yes, char c) { return List.of(i, l, s, b, d, x, yes, c); }""",
    "records": "public record Point(int x, int y) {} public int f(Point point, String name) { return point.x(); }",
    "numbers": "public Object f(Object value) { return value == null ? null : value.getClass().getSimpleName(); }",
    "echo": "public Object f(Object value) { return value; }",
    "thrown": """
        static class OutOfStock extends Exception {
          OutOfStock() { super("no tea", new IllegalStateException("the shelf is empty")); }
          public int getStatusCode() { return 409; }
        }
        public void f() throws Exception { throw new OutOfStock(); }""",
    "nameless": "public void f() { throw new RuntimeException() { public String getMessage() { throw new IllegalStateException(); } }; }",
    "overflow": "public int f(int n) { return f(n + 1) + 1; }",
    "memory": "public int f() { return new long[Integer.MAX_VALUE - 8].length; }",
    "instances": "private int calls; private static int all; public Object f() { return List.of(++calls, ++all); }",
    "waits": """
        public Object f(String how) throws Exception {
          try {
            if (how.equals("sleep")) Thread.sleep(600_000);
            if (how.equals("future")) return new CompletableFuture<String>();
            Poly.call("test.gate");
          } catch (Exception error) { return "rescued"; }
          return "done";
        }""",
    "gate": 'public Object f(int n) { Poly.call("test.gate", n); return n; }',
    "thread": 'public void f() throws Exception { Thread t = new Thread(() -> System.out.println(PolyCustom.executionId())); t.start(); t.join(); }',
    "thread_fails": 'public void f() throws Exception { Thread t = new Thread(() -> { throw new IllegalStateException("lost"); }); t.start(); t.join(); }',
    "later": """
        public CompletableFuture<Object> f() {
          CompletableFuture<Object> first = Poly.callAsync("a.b", 1);
          return Poly.callAsync(String.class, "c.d", 2).thenCombine(first, (two, one) -> { System.out.println("both"); return List.of(one, two); });
        }""",
    "typed": """
        public record Contact(String name, int age) {}
        public record Answer(int status, Contact data) {}
        public Object f() {
          Answer answer = Poly.call(Answer.class, "crm.get", 1);
          int n = Vari.get(int.class, "shop.n");
          return answer.data().name() + n;
        }""",
    "sees": """
        public Object f(String name) {
          try { return Class.forName(name).getName(); } catch (ClassNotFoundException none) { return null; }
        }""",
    "loads": "public String f() { return leftpad.Pad.pad(\"x\") + Thread.currentThread().getContextClassLoader().getName(); }",
    "variable": 'public Object f(String name) { return Arrays.asList(System.getenv(name), System.getenv().get(name)); }',
    "child": """public String f() throws Exception {
          return new String(new ProcessBuilder("/usr/bin/env").start().getInputStream().readAllBytes());
        }""",
    "logger": 'public void f() { System.getLogger("shop").log(System.Logger.Level.WARNING, "low stock of {0}", "tea"); }',
    "logged_error": 'public void f() { java.util.logging.Logger.getLogger("shop").log(java.util.logging.Level.SEVERE, "failed", new IllegalStateException("empty")); }',
    "exits": """
        static final double LARGE = 1e300; static final long FOUR = 4;
        static class Inner { void go() { System.exit(5); } }
        public String f(String how) {
          Runnable lambda = () -> System.exit(5);
          java.util.function.IntConsumer reference = System::exit;
          try {
            if (how.equals("lambda")) lambda.run();
            if (how.equals("reference")) reference.accept(5);
            if (how.equals("inner")) new Inner().go();
          } catch (Exception error) { return "caught"; }
          return ("" + LARGE).replace("E", "e") .replace("1.0e", "1e") + " " + FOUR + " x";
        }""",
    "numbers_stream": "public java.util.stream.IntStream f(int count) { return java.util.stream.IntStream.range(0, count); }",
    "failing_input": """
        public java.io.InputStream f() {
          return new java.io.InputStream() {
            private boolean isRead;
            public int read() throws java.io.IOException { if (isRead) throw new java.io.IOException("torn"); isRead = true; return 'x'; }
            public int read(byte[] into, int at, int count) throws java.io.IOException { into[at] = (byte) read(); return 1; }
            public void close() { System.out.println("closed"); }
          };
        }""",
    "slow_stream": """
        public Iterator<String> f() {
          return new Iterator<>() {
            public boolean hasNext() { return true; }
            public String next() {
              try { Thread.sleep(600_000); } catch (InterruptedException stopped) { System.out.println("stopped"); throw new NoSuchElementException(); }
              return "x";
            }
          };
        }""",
    "optional": "public Optional<String> f(boolean some) { return some ? Optional.of(\"x\") : Optional.empty(); }",
}  # fmt: skip


@pytest.fixture(scope="session")
def classes():
    java_samples.build_parts()
    return java_samples.compiled({name: java_samples.sample(source, IMPORTS) for name, source in SOURCES.items()})


@pytest.fixture(params=[JAVA], ids=["java"])
def language(request):
    return request.param


@pytest.fixture
def load(start, classes):
    def load(name, parameters=(), **environment):
        host = start(**environment)
        host.load(java_samples.code(classes[name], name), "f", parameters)
        return host

    return load


KINDS = {
    "page": {"items": [{"product": "tea", "count": 2, "price": 1.5, "size": "SMALL"}], "byName": {"a": {"product": "cup", "count": 1, "price": None, "size": "LARGE"}}},
    "bean": {"name": "Ann", "age": 30, "open": True}, "numbers": [1, 2], "texts": [["a"], []], "longs": [5_000_000_000],
    "bySize": {"LARGE": 3}, "byNumber": {"7": "x"}, "exact": 1.000000000000000000001, "big": 10**40, "bytes": "aGk=",
    "uuid": "7c0c6b4e-0000-4000-8000-000000000000", "at": "2024-01-02T03:04:05Z", "day": "2024-01-02", "uri": "http://a/b",
    "letter": "ü", "maybe": 4, "anything": {"a": [1, 2.5, None]}, "numbersToo": [1, 2.5], "length": "PT5M",
}  # fmt: skip


def test_nested_types_are_made_of_json_and_back(load):
    assert load("types", ["kinds"]).call([KINDS]).value == KINDS


def test_what_is_not_given_is_null_empty_or_the_beans_own(load):
    kinds = {key: None for key in KINDS} | {"bean": {}, "letter": "x", "page": {"items": [{"product": "a", "count": 1, "size": "SMALL", "more": 1}]}}
    value = load("types", ["kinds"]).call([kinds]).value
    assert value["bean"] == {"name": None, "age": 7, "open": False}
    assert value["page"] == {"items": [{"product": "a", "count": 1, "price": None, "size": "SMALL"}], "byName": None}
    assert value["maybe"] is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["page", "items", 0, "count"], "two", "$.kinds.page.items[0].count: expected int, not string"),
        (["page", "items", 0, "count"], None, "$.kinds.page.items[0].count: a value is required"),
        (["page", "items", 0, "count"], 1.5, "$.kinds.page.items[0].count: expected int, and 1.5 is no whole number"),
        (["page", "items", 0, "count"], 2**31, "$.kinds.page.items[0].count: 2147483648 is too large for int"),
        (["page", "items", 0, "size"], "HUGE", "$.kinds.page.items[0].size: must be one of SMALL, LARGE"),
        (["page", "byName"], [], "$.kinds.page.byName: expected object, not array"),
        (["numbers"], {}, "$.kinds.numbers: expected array, not object"),
        (["byNumber"], {"x": "y"}, '$.kinds.byNumber: the key "x" is no Integer'),
        (["uuid"], "x", "$.kinds.uuid: is no UUID: Invalid UUID string: x"),
        (["day"], "yesterday", "$.kinds.day: is no LocalDate"),
        (["bytes"], "?", "$.kinds.bytes: expected a string in Base64"),
        (["letter"], "xy", "$.kinds.letter: expected one character, not string"),
        (["bean"], 1, "$.kinds.bean: expected object, not number"),
    ],
)
def test_what_does_not_fit_is_bad_arguments_that_name_the_place(load, path, value, message):
    kinds = json.loads(json.dumps(KINDS))
    place = kinds
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    answer = load("types", ["kinds"]).call([kinds])
    assert (answer.kind, answer.header["name"], answer.header["statusCode"]) == (ERROR, "BadArguments", 400)
    assert answer.header["message"].startswith(message)


def test_primitives_take_their_ranges(load):
    host = load("scalars", ["i", "l", "s", "b", "d", "x", "yes", "c"])
    edges = [-(2**31), 2**63 - 1, 32767, -128, 1e300, 0.5, False, "a"]
    assert host.call(edges).value == edges
    assert host.call([1.0, 2.0, 3, 4, 5, 6, True, "x"], id=2).value == [1, 2, 3, 4, 5, 6, True, "x"]
    for position, beyond in ((1, 2**63), (2, 32768), (3, 128)):
        answer = host.call([*edges[:position], beyond, *edges[position + 1 :]], id=3)
        assert "is too large for" in answer.header["message"]


@pytest.mark.parametrize(
    ("json_text", "name"),
    [("1", "Integer"), ("2147483648", "Long"), ("9223372036854775808", "BigInteger"), ("1.5", "Double"), ("1e400", "BigDecimal"), ('""', "String"), ("true", "Boolean")],
)
def test_code_that_asks_for_no_type_gets_what_json_suggests(load, json_text, name):
    host = load("numbers", ["value"])
    host.send(encode(CALL, 1, {}, f"[{json_text}]".encode()))
    assert host.next().text == name


@pytest.mark.parametrize(
    "text",
    [
        r'"\ud83d\ude00 \u00e9 \" \\ \/ \b\f\n\r\t"', '"é😀\\u0000"', '{"a":{"a":1},"":2}', "-0.5", "1E-7", "-0", "123456789012345678901234567890",
        "[" * 200 + "]" * 200, " \t\r\n[ 1 , 2 ] ",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_json_comes_back_as_the_same_value(load, text):
    host = load("echo", ["value"])
    host.send(encode(CALL, 1, {}, f'{{"value":[{text}]}}'.encode()))
    answer = host.next()
    assert answer.kind == RESULT, answer
    assert answer.value == [json.loads(text)]


@pytest.mark.parametrize(
    "text",
    ["01", "1.", ".5", "+1", "1e", "--1", "NaN", "tru", "'a'", '"\\x"', '"\\u12"', '"\t"', '"open', "[1,]", '{"a":1,}', "{a:1}", '{"a" 1}', "[1 2]", "[" * 600 + "]" * 600, "1" * 1001, "1e99999999999"],
    ids=lambda text: text[:12],
)
def test_what_is_not_json_or_past_a_limit_is_bad_arguments(load, text):
    host = load("echo", ["value"])
    host.send(encode(CALL, 1, {}, f"[{text}]".encode()))
    assert host.next().header["name"] == "BadArguments"


def test_half_a_surrogate_pair_becomes_a_question_mark(load):
    host = load("echo", ["value"])
    host.send(encode(CALL, 1, {}, rb'[["\ud83d"]]'))
    assert host.next().value == ["?"]


def test_an_empty_optional_is_no_value(load):
    host = load("optional", ["some"])
    assert host.call([True]).text == "x"
    assert host.call([False], id=2).header == {"void": True}


def test_an_exception_tells_its_cause_and_its_status(load):
    header = load("thrown").call().header
    assert (header["name"], header["message"], header["statusCode"]) == ("OutOfStock", "no tea", 409)
    assert "Caused by: IllegalStateException: the shelf is empty" in header["stack"]


def test_an_error_that_cannot_be_read_is_still_an_answer(load):
    header = load("nameless").call().header
    assert header == {"name": "RuntimeException", "message": "the error cannot be read: IllegalStateException"}


@pytest.mark.parametrize(("sample", "name"), [("overflow", "StackOverflowError"), ("memory", "OutOfMemoryError")])
def test_an_error_of_the_jvm_ends_its_call_and_not_the_worker(load, sample, name):
    host = load(sample, ["n"] if sample == "overflow" else [])
    for id in (1, 2):
        answer = host.call([1], id=id)
        assert (answer.kind, answer.header["name"]) == (ERROR, name)


def test_each_call_has_its_own_instance_and_all_share_what_is_static(load):
    host = load("instances")
    assert [host.call(id=id).value for id in (1, 2)] == [[1, 1], [1, 2]]


@pytest.mark.parametrize("how", ["sleep", "future", "nested"])
def test_a_cancelled_call_is_woken_wherever_it_waits_and_cannot_be_rescued(load, how):
    host = load("waits", ["how"])
    host.start(1, [how])
    if how == "nested":
        host.wait_for(NESTED)
    host.send(encode(CANCEL, 1))
    answer = host.next()
    assert (answer.kind, answer.id, answer.header["name"]) == (ERROR, 1, "Cancelled")
    host.start(2, ["nested"])
    host.reply(host.wait_for(NESTED))
    assert host.next().text == "done"


def test_calls_beyond_the_threads_wait_and_can_be_cancelled_there(load):
    host = load("gate", ["n"])
    count = THREADS_MAX + 2
    host.send(*(call_frame(id, [id]) for id in range(1, count + 1)))
    gates = [host.wait_for(NESTED) for _ in range(THREADS_MAX)]
    assert {gate.header["call"] for gate in gates} == set(range(1, THREADS_MAX + 1))
    host.send(encode(CANCEL, count))
    answer = host.next()
    assert (answer.id, answer.header["name"]) == (count, "Cancelled")
    for gate in gates:
        host.reply(gate)
    host.reply(host.wait_for(NESTED))
    assert {host.wait_for(RESULT).id for _ in range(THREADS_MAX + 1)} == set(range(1, count))


def test_threads_of_a_function_speak_for_its_call(load):
    host = load("thread")
    for id in (1, 2):
        host.start(id)
        line, answer = host.until_answer(id)
        assert (line.kind, line.id, line.text) == (LOG, id, f"execution-{id}")


def test_an_error_in_a_thread_is_logged_for_its_call(load):
    host = load("thread_fails")
    host.start(1)
    *lines, answer = host.until_answer(1)
    assert answer.kind == RESULT
    assert {(line.id, line.header["level"]) for line in lines} == {(1, "error")}
    assert any("IllegalStateException: lost" in line.text for line in lines)


def test_nested_calls_need_not_be_waited_for(load):
    host = load("later")
    host.start(1)
    first, second = host.next(), host.next()
    assert [frame.header["sequence"] for frame in (first, second)] == [0, 1]
    host.reply(second, "two")
    host.reply(first, {"one": 1})
    line, answer = host.until_answer(1)
    assert (line.text, answer.value) == ("both", [{"one": 1}, "two"])


def test_values_of_the_catalog_come_as_the_type_that_was_asked_for(load):
    host = load("typed")
    host.start(1)
    host.reply(host.next(), {"status": 200, "data": {"name": "Ann", "age": 7}, "headers": {}})
    host.reply(host.next(), 5)
    assert host.next().text == "Ann5"


def test_a_value_that_does_not_fit_the_type_names_the_place(load):
    host = load("typed")
    host.start(1)
    host.reply(host.next(), {"status": 200, "data": {"name": "Ann", "age": "old"}})
    message = host.next().header["message"]
    assert message == "the value of crm.get does not fit Answer: $.data.age: expected int, not string"


@pytest.mark.parametrize(("name", "is_seen"), [("io.openpoly.Poly", True), ("java.sql.Connection", True), ("io.openpoly.worker.Main", False)])
def test_functions_see_the_jdk_and_the_catalog_and_nothing_of_the_worker(load, name, is_seen):
    answer = load("sees", ["name"]).call([name])
    assert (answer.text == name) if is_seen else (answer.header == {"void": True})


def send_load(host, code, **header):
    host.wait_for(HELLO)
    header = {"path": "test.f", "name": "f", "language": "java", "parameters": ["name"], **header}
    host.send(encode(LOAD, 0, header, code.encode()))
    return host.next()


def test_the_jars_of_the_layers_are_on_the_class_path(start, classes, tmp_path):
    (tmp_path / "leftpad").mkdir()
    source = tmp_path / "leftpad/Pad.java"
    source.write_text('package leftpad; public class Pad { public static String pad(String s) { return "  " + s; } }')
    subprocess.run([str(java_samples.JDK / "bin/javac"), "--release", "17", str(source)], check=True)
    with zipfile.ZipFile(tmp_path / "pad.jar", "w") as jar:
        jar.write(source.with_suffix(".class"), "leftpad/Pad.class")
    shutil.rmtree(tmp_path / "leftpad")
    host = start()
    assert send_load(host, java_samples.code(classes["loads"], "loads"), layers=[str(tmp_path)]).kind == LOADED
    assert host.call().text == "  xfunction:test.f"


def test_a_layer_that_is_not_there_is_a_load_error(start, classes):
    frame = send_load(start(), java_samples.code(classes["loads"], "loads"), layers=["/nowhere"])
    assert (frame.kind, frame.header["message"]) == (ERROR, "there is no folder of jars at /nowhere")


def test_the_environment_that_a_load_brings_is_the_functions_and_its_childrens(start, classes):
    host = start()
    assert send_load(host, java_samples.code(classes["variable"], "variable"), environment={"SHOP": "täglich"}).kind == LOADED
    assert host.call(["SHOP"]).value == ["täglich", "täglich"]
    host = start()
    assert send_load(host, java_samples.code(classes["child"], "child"), environment={"SHOP": "daily"}).kind == LOADED
    assert "SHOP=daily" in host.call().text.split("\n")


def test_loggers_of_the_jdk_keep_their_level(load):
    host = load("logger")
    host.start(1)
    line = host.next()
    assert (line.header["level"], line.text) == ("warn", "low stock of tea")


def test_an_exception_that_is_logged_is_one_line_with_its_stack(load):
    host = load("logged_error")
    host.start(1)
    line, _ = host.until_answer(1)
    assert line.header["level"] == "error"
    assert line.text.startswith("failed\njava.lang.IllegalStateException: empty\n\tat ")


def test_exit_is_found_wherever_a_function_has_it(load):
    host = load("exits", ["how"])
    for id, how in enumerate(("lambda", "reference", "inner"), 1):
        answer = host.call([how], id=id)
        assert (answer.header["name"], answer.header["message"]) == ("Exit", "the function called System.exit(5)")
    assert host.call(["none"], id=9).text == "1e300 4 x"


def test_streams_of_primitives_are_lines_as_others_are(load):
    host = load("numbers_stream", ["count"])
    host.start(1, [3])
    assert b"".join(frame.body for frame in host.until_answer(1)) == b"0\n1\n2\n"


def test_an_input_stream_is_closed_also_when_it_fails(load):
    host = load("failing_input")
    host.start(1)
    assert host.next().body == b"x"
    assert host.next().text == "closed"
    answer = host.next()
    assert (answer.kind, answer.header["message"]) == (ERROR, "torn")


def test_a_cancelled_stream_is_interrupted_while_it_makes_a_value(load):
    host = load("slow_stream")
    host.start(1)
    host.send(encode(CANCEL, 1))
    assert host.wait_for(ERROR, 1).header["name"] == "Cancelled"


@pytest.mark.parametrize("header", [{}, {"bytes": "all"}])
def test_more_without_a_number_is_a_protocol_error(load, header):
    host = load("echo")
    host.send(encode(MORE, 1, header))
    assert host.exit_code() != 0
