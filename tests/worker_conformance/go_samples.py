"""The sample functions in Go, as programs: the toolchain makes each when it is asked for, and it is kept for the session."""

import base64
import functools
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [str(ROOT / "build/go/openpoly-worker")]


@functools.cache
def toolchain():
    sys.path.insert(0, str(ROOT / "tests/toolchains"))
    from toolchain import Toolchain

    subprocess.run(["/usr/bin/python3", str(ROOT / "scripts/build-go.py")], check=True)
    return Toolchain("go")


@functools.cache
def program(source, name="f"):
    answer = toolchain().ask({"op": "describe", "kind": "server", "name": name, "language": "go", "source": source})
    assert answer["ok"], (answer, source)
    return base64.b64decode(answer["code"])


class Samples(Mapping):
    def __init__(self, sources):
        self._sources = sources

    def __getitem__(self, name):
        if name == "syntax":
            return b"no program"
        return program(self._sources[name], "g" if name == "other_name" else "f")

    def __iter__(self):
        return iter(self._sources)

    def __len__(self):
        return len(self._sources)


def sample(body, *imports):
    return "package sample; " + "".join(f'import "{each}"; ' for each in imports) + body.lstrip()


RANGE_ERROR = "type RangeError string; func (e RangeError) Error() string { return string(e) }; "

SEQUENCE = """func sequence[T any](values []T) func(func(T) bool) {
  return func(yield func(T) bool) { for _, value := range values { if !yield(value) { return } } }
}
"""

GO = Samples({
    "pair": sample("func f(a, b any) []any { return []any{a, b} }"),
    "nothing": sample("func f() {}"),
    "text": sample('func f() string { return `grüße "you"` }'),
    "identity": sample("func f(value any) any { return value }"),
    "sized": sample('func f(n int) []string { return []string{strings.Repeat("x", n)} }', "strings"),
    "not_json": sample('func f() any { return map[string]any{"big": make(chan int)} }'),
    "cycle": sample('func f() any { a := map[string]any{}; a["a"] = a; return a }'),
    "raise": sample(RANGE_ERROR + 'func helper() any {\n  panic(RangeError("too far"))\n}\nfunc f() any { return helper() }'),
    "raise_async": sample(RANGE_ERROR + 'func f() error {\n  defer func() {}()\n  func() { panic(RangeError("too far")) }()\n  return nil\n}'),
    "raise_at_load": sample('var a = 1\nfunc init() { panic(errors.New("not today")) }\nfunc f() {}', "errors"),
    "other_name": sample("func g() int { return 1 }"),
    "exit_at_load": sample("func init() { os.Exit(4) }; func f() {}", "os"),
    "exit": sample("func f() { os.Exit(3) }", "os"),
    "gate": sample('func f(ctx context.Context, name any) (any, error) { _, err := openpoly.Call(ctx, "test.gate", name); return name, err }', "context", "openpoly"),
    "gate_logging": sample("""func f(ctx context.Context, name string) error {
          fmt.Println(name, "one")
          if _, err := openpoly.Call(ctx, "test.gate", name); err != nil { return err }
          fmt.Println(name, "two")
          return nil
        }""", "context", "fmt", "openpoly"),
    "two_questions": sample("""func f(ctx context.Context, a, b any) (any, error) {
          first, err := openpoly.Call(ctx, "crm.contacts.get", a)
          if err != nil { return nil, err }
          second, err := openpoly.Call(ctx, "shop.order", b, map[string]any{"deep": []int{1}})
          return []any{first, second}, err
        }""", "context", "openpoly"),
    "question_caught": sample("""func f(ctx context.Context) (any, error) {
          _, err := openpoly.Call(ctx, "crm.get")
          var known *openpoly.Error
          if !errors.As(err, &known) { return nil, err }
          return []any{known.Name, known.Message, known.StatusCode, known.Code}, nil
        }""", "context", "errors", "openpoly"),
    "variables": sample("""func f(ctx context.Context) (any, error) {
          key := openpoly.Variable("shop.key")
          value, err := key.Get(ctx)
          if err != nil { return nil, err }
          err = key.Update(ctx, map[string]int{"n": 1})
          return []any{value, key.InjectPart("a.b"), key.Inject()}, err
        }""", "context", "openpoly"),
    "uses_client": sample('func f(ctx context.Context, n int) (any, error) { return openpoly.Call(ctx, "tools.twice", n) }', "context", "openpoly"),
    "custom_reads": sample("""func f(ctx context.Context) any {
          custom := openpoly.Custom(ctx)
          return []any{custom.ExecutionID(), custom.Get("who")}
        }""", "context", "openpoly"),
    "custom_sets": sample("""func f(ctx context.Context, value any) any {
          custom := openpoly.Custom(ctx)
          custom.SetStatus(202)
          custom.SetContentType("text/csv")
          custom.SetHeaders(map[string]string{"x-a": "b"})
          return value
        }""", "context", "openpoly"),
    "custom_bad": sample('func f(ctx context.Context) { openpoly.Custom(ctx).Set("responseStatusCode", "201") }', "context", "openpoly"),
    "custom_raises": sample(
        'func f(ctx context.Context) error { openpoly.Custom(ctx).SetStatus(404); return errors.New("no such order") }', "context", "errors", "openpoly"
    ),
    "custom_overlaps": sample("""func f(ctx context.Context, status int) (any, error) {
          openpoly.Custom(ctx).SetStatus(status)
          _, err := openpoly.Call(ctx, "test.gate", status)
          return openpoly.Custom(ctx).Get("who"), err
        }""", "context", "openpoly"),
    "levels": sample("""func f(ctx context.Context) {
          log := openpoly.Log(ctx)
          log.Debug("a debug"); log.Info("an info"); log.Warn("a", "warn"); log.Error("an error")
        }""", "context", "openpoly"),
    "print": sample('func f() { fmt.Println("said", 1, struct{ A []int }{[]int{2}}) }', "fmt"),
    "streams": sample("""func f() {
          os.Stdout.WriteString("one\\ntw"); os.Stdout.WriteString("o\\nthree"); fmt.Fprintln(os.Stderr, "bad")
        }""", "fmt", "os"),
    "long_line": sample('func f(n int) { fmt.Println(strings.Repeat("é", n)) }', "fmt", "strings"),
    "many_lines": sample(
        'func f(lines, length int) { for i := 0; i < lines; i++ { fmt.Println(strings.Repeat("x", length)) } }', "fmt", "strings"
    ),
    "log_at_load": sample('func init() { fmt.Println("loading") }; func f() int { return 1 }', "fmt"),
    "flood_at_load": sample("""func init() {
          for i := 0; i < 4000; i++ { fmt.Println(strings.Repeat("x", 16000)) }
          syscall.Write(1, []byte("done"))
        }
        func f() int { return 1 }""", "fmt", "strings", "syscall"),
    "logs_late": sample("""var release = make(chan bool)
        func f(first bool) string {
          if !first { close(release); return "second" }
          go func() { <-release; fmt.Println("late") }()
          return "first"
        }""", "fmt"),
    "environment": sample("""func f() any {
          names := []string{}
          for _, pair := range os.Environ() { names = append(names, strings.SplitN(pair, "=", 2)[0]) }
          return names
        }""", "os", "strings"),
    "child_descriptors": sample("""func f() (string, error) {
          output, err := exec.Command("/bin/ls", "-l", "/proc/self/fd").CombinedOutput()
          return string(output), err
        }""", "os/exec"),
    "stream": sample(SEQUENCE + "func f(values []any) func(func(any) bool) { return sequence(values) }"),
    "stream_plain": sample("""func f(ctx context.Context, values []any) <-chan any {
          given := make(chan any)
          go func() {
            defer close(given)
            for _, value := range values {
              select { case given <- value: case <-ctx.Done(): return }
            }
          }()
          return given
        }""", "context"),
    "stream_promised": sample("""type Sequence[T any] func(yield func(T, error) bool) error
        func f(values []any) (Sequence[any], error) {
          return func(yield func(any, error) bool) error {
            for _, value := range values { if !yield(value, nil) { return nil } }
            return nil
          }, nil
        }"""),
    "stream_bytes": sample("""type zeros struct{ left int }
        func (z *zeros) Read(into []byte) (int, error) {
          if z.left < len(into) { into = into[:z.left] }
          for i := range into { into[i] = 0xff }
          z.left -= len(into)
          if z.left == 0 { return len(into), io.EOF }
          return len(into), nil
        }
        func f(count, size int) io.Reader { return &zeros{count * size} }""", "io"),
    "stream_custom": sample("""func f(ctx context.Context) <-chan string {
          custom := openpoly.Custom(ctx)
          custom.SetStatus(202)
          custom.SetContentType("text/csv")
          custom.SetHeaders(map[string]string{"x-a": "b"})
          given := make(chan string, 1)
          given <- "a,b\\n"
          close(given)
          return given
        }""", "context", "openpoly"),
    "stream_gate": sample("""func f(ctx context.Context) func(func(string, error) bool) {
          return func(yield func(string, error) bool) {
            if !yield("before", nil) { return }
            _, err := openpoly.Call(ctx, "test.gate", "x")
            yield("after", err)
          }
        }""", "context", "openpoly"),
    "stream_fails": sample("""func f() func(func(string) bool) error {
          return func(yield func(string) bool) error { yield("one"); return errors.New("too far") }
        }""", "errors"),
    "stream_not_json": sample("func f() func(func(any) bool) { return func(yield func(any) bool) { _ = yield(`one`) && yield(func() {}) } }"),
    "stream_endless": sample("""func f() func(func([]byte) bool) {
          return func(yield func([]byte) bool) {
            defer fmt.Println("closed")
            for yield(make([]byte, 1000)) {}
          }
        }""", "fmt"),
    "dies": sample("func f() { syscall.Kill(syscall.Getpid(), syscall.SIGKILL); select {} }", "syscall"),
})  # fmt: skip
