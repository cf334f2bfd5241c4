"""The sample functions in Java, as class files: all are compiled at once, when the first is asked for.

Each sample is a class `Sample` in a package of its own, so that one run of the compiler does for all. What a
worker loads is what the toolchain would make of it.
"""

import base64
import functools
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JAVA_PARTS = ROOT / "build/java"
JDK = sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*/bin/javac"))[0].parents[1]
COMMAND = [
    str(JDK / "bin/java"), f"@{ROOT / 'workers/java/start-flags'}", f"-XX:SharedArchiveFile={JAVA_PARTS / 'openpoly-worker.jsa'}",
    f"-Djava.library.path={JAVA_PARTS}", "-jar", str(JAVA_PARTS / "openpoly-worker.jar"),
]  # fmt: skip


def build_parts():
    subprocess.run(["/usr/bin/python3", str(ROOT / "scripts/build-java.py")], check=True)


def compiled(sources):
    """`{name: {class name: class file in Base64}}` for sources by package name."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        files = []
        for name, source in sources.items():
            file = folder / name / "Sample.java"
            file.parent.mkdir()
            file.write_text(f"package {name}; {source.lstrip()}")
            files.append(str(file))
        package = folder / "leftpad/Pad.java"
        package.parent.mkdir()
        package.write_text("package leftpad; public class Pad { public static String pad(String s) { return s; } }")
        command = [str(JDK / "bin/javac"), "--release", "17", "-g", "-parameters", "-cp", str(JAVA_PARTS / "openpoly-api.jar"), "-d", str(folder / "out")]
        subprocess.run([*command, *files, str(package)], check=True)
        out = folder / "out"
        return {
            name: {f"{name}.{file.stem}": base64.b64encode(file.read_bytes()).decode() for file in (out / name).glob("*.class")}
            for name in sources
        }


def code(classes, name, method="f"):
    return json.dumps({"binaryName": f"{name}.Sample", "methodName": method, "classes": classes})


class Samples(Mapping):
    def __init__(self, sources):
        self._sources = sources

    @functools.cached_property
    def _classes(self):
        build_parts()
        return compiled(self._sources)

    def __getitem__(self, name):
        if name == "syntax":
            return json.dumps({"binaryName": "Sample", "methodName": "f", "classes": {"Sample": base64.b64encode(b"no class").decode()}})
        return code(self._classes[name], name, "twice" if name.startswith("client") else "f")

    def __iter__(self):
        return iter(self._sources)

    def __len__(self):
        return len(self._sources)


def sample(body, imports=""):
    return f"{imports}public class Sample {{ {body} }}"


IMPORTS = "import io.openpoly.*; import java.util.*; import java.util.concurrent.*; "


def plain(body):
    return sample(body, IMPORTS)


def streams(body):
    return sample(body, IMPORTS + "import java.util.stream.*; ")


JAVA = Samples({
    "pair": plain("public List<Object> f(Object a, Object b) { return Arrays.asList(a, b); }"),
    "nothing": plain("public void f() {}"),
    "text": plain('public String f() { return "grüße \\"you\\""; }'),
    "identity": plain("public CompletableFuture<Object> f(Object value) { return CompletableFuture.completedFuture(value); }"),
    "sized": plain('public String[] f(int n) { return new String[] {"x".repeat(n)}; }'),
    "not_json": plain('public Object f() { return Map.of("big", new Thread()); }'),
    "cycle": plain('public Object f() { Map<String, Object> a = new HashMap<>(); a.put("a", a); return a; }'),
    "raise": plain("static Object helper() {\n  throw new IndexOutOfBoundsException(\"too far\");\n}\npublic Object f() { return helper(); }"),
    "raise_async": plain(
        "public CompletableFuture<Object> f() {\n  return CompletableFuture.supplyAsync(() -> {\n"
        '    throw new IndexOutOfBoundsException("too far");\n  }); }'
    ),
    "raise_at_load": plain('static final int A = 1;\nstatic { if (A == 1) throw new IllegalStateException("not today"); }\npublic void f() {}'),
    "other_name": plain("public int g() { return 1; }"),
    "exit_at_load": plain("static { System.exit(4); }\npublic void f() {}"),
    "exit": plain("public void f() { System.exit(3); }"),
    "gate": plain('public Object f(Object name) { Poly.call("test.gate", name); return name; }'),
    "gate_logging": plain("""public void f(String name) {
          System.out.println(name + " one");
          Poly.call("test.gate", name);
          System.out.println(name + " two");
        }"""),
    "two_questions": plain("""public List<Object> f(Object a, Object b) {
          Object first = Poly.call("crm.contacts.get", a);
          Object second = Poly.call("shop.order", b, Map.of("deep", List.of(1)));
          return Arrays.asList(first, second);
        }"""),
    "question_caught": plain("""public List<Object> f() {
          try { Poly.call("crm.get"); return null; }
          catch (PolyError error) { return Arrays.asList(error.getClass().getSimpleName(), error.getMessage(), error.getStatusCode(), error.getCode()); }
        }"""),
    "variables": plain("""public List<Object> f() {
          Object value = Vari.get("shop.key");
          Vari.update("shop.key", Map.of("n", 1));
          return Arrays.asList(value, Vari.inject("shop.key", "a.b"), Vari.inject("shop.key"));
        }"""),
    "uses_client": plain('public Object f(int n) { return Poly.call("tools.twice", n); }'),
    "client_asks": plain('public List<Object> twice(int n) { return List.of(Poly.call("crm.get", n), n * 2); }'),
    "client": plain("public int twice(int n) { return n * 2; }"),
    "custom_reads": plain('public List<Object> f() { return List.of(PolyCustom.executionId(), PolyCustom.get("who")); }'),
    "custom_sets": plain("""public Object f(Object value) {
          PolyCustom.responseStatusCode(202);
          PolyCustom.responseContentType("text/csv");
          PolyCustom.responseHeaders(Map.of("x-a", "b"));
          return value;
        }"""),
    "custom_bad": plain('public void f() { PolyCustom.set("responseStatusCode", "201"); }'),
    "custom_raises": plain('public void f() { PolyCustom.responseStatusCode(404); throw new NoSuchElementException("no such order"); }'),
    "custom_overlaps": plain("""public Object f(int status) {
          PolyCustom.responseStatusCode(status);
          Poly.call("test.gate", status);
          return PolyCustom.get("who");
        }"""),
    "levels": sample(
        """static final Logger LOG = Logger.getLogger("sample");
        public void f() { LOG.setLevel(Level.ALL); LOG.fine("a debug"); LOG.info("an info"); LOG.warning("a warn"); LOG.severe("an error"); }""",
        "import java.util.logging.*; ",
    ),
    "print": plain('public void f() { System.out.println("said 1 " + Map.of("a", List.of(2))); }'),
    "streams": plain(
        'public void f() { System.out.print("one\\ntw"); System.out.print("o\\nthree"); System.err.print("bad\\n"); }'
    ),
    "long_line": plain('public void f(int n) { System.out.println("é".repeat(n)); }'),
    "many_lines": plain('public void f(int lines, int length) { for (int i = 0; i < lines; i++) System.out.println("x".repeat(length)); }'),
    "log_at_load": plain('static { System.out.println("loading"); }\npublic int f() { return 1; }'),
    "flood_at_load": sample(
        """static {
          for (int i = 0; i < 4000; i++) System.out.println("x".repeat(16000));
          try { new FileOutputStream(FileDescriptor.out).write("done".getBytes()); } catch (IOException closed) { throw new IllegalStateException(closed); }
        }
        public int f() { return 1; }""",
        "import java.io.*; ",
    ),
    "logs_late": plain("""static final CountDownLatch RELEASE = new CountDownLatch(1);
        static void late() {
          try { RELEASE.await(); } catch (InterruptedException stopped) { return; }
          System.out.println("late");
        }
        public String f(boolean first) {
          if (!first) { RELEASE.countDown(); return "second"; }
          new Thread(Sample::late).start();
          return "first";
        }"""),
    "environment": plain("public Object f() { return System.getenv().keySet(); }"),
    "child_descriptors": plain("""public String f() throws Exception {
          Process process = new ProcessBuilder("/bin/ls", "-l", "/proc/self/fd").start();
          return new String(process.getInputStream().readAllBytes());
        }"""),
    "dies": plain("""public void f() throws Exception {
          new ProcessBuilder("/bin/kill", "-KILL", String.valueOf(ProcessHandle.current().pid())).start().waitFor();
          new CountDownLatch(1).await();
        }"""),
    "stream": streams("public Stream<Object> f(List<Object> values) { return values.stream(); }"),
    "stream_plain": plain("public Iterator<Object> f(List<Object> values) { return values.iterator(); }"),
    "stream_promised": streams("public CompletableFuture<Stream<Object>> f(List<Object> values) { return CompletableFuture.supplyAsync(values::stream); }"),
    "stream_bytes": sample(
        """public InputStream f(int count, int size) {
          byte[] bytes = new byte[count * size];
          java.util.Arrays.fill(bytes, (byte) 0xff);
          return new ByteArrayInputStream(bytes);
        }""",
        "import java.io.*; ",
    ),
    "stream_custom": streams("""public Stream<String> f() {
          PolyCustom.responseStatusCode(202);
          PolyCustom.responseContentType("text/csv");
          PolyCustom.responseHeaders(Map.of("x-a", "b"));
          return Stream.of("a,b\\n");
        }"""),
    "stream_gate": streams("""public Stream<String> f() {
          return Stream.of("before", "after").peek(text -> { if (text.equals("after")) Poly.call("test.gate", "x"); });
        }"""),
    "stream_fails": streams("""public Stream<String> f() {
          return Stream.of("one", "two").peek(text -> { if (text.equals("two")) throw new IndexOutOfBoundsException("too far"); });
        }"""),
    "stream_not_json": streams('public Stream<Object> f() { return Stream.of("one", new Thread()); }'),
    "stream_endless": streams(
        'public Stream<byte[]> f() { return Stream.generate(() -> new byte[1000]).onClose(() -> System.out.println("closed")); }'
    ),
    "needs_package": plain('static final String PADDED = leftpad.Pad.pad("x");\npublic int f() { return 1; }'),
})  # fmt: skip
