"""What is found in a Go source beside its types: the function itself, its faults, its needs, its program."""

import base64

import pytest


@pytest.fixture
def ask(go):
    def ask(source, kind="server", name="run"):
        return go.ask({"op": "describe", "kind": kind, "name": name, "language": "go", "source": source})

    return ask


@pytest.fixture
def described(ask):
    def described(source, **request):
        answer = ask(source, **request)
        assert answer["ok"], answer
        return answer

    return described


def test_the_code_is_a_packed_program(described):
    program = base64.b64decode(described("package any\nfunc run() {}")["code"], validate=True)
    assert program.startswith(b"\x7fELF")
    assert len(program) < 3_000_000


def test_the_same_source_makes_the_same_program(described):
    source = "package any\nfunc run() {}"
    assert described(source)["code"] == described(source)["code"]


@pytest.mark.parametrize(
    "source",
    [
        "package shop; func run(a int) {}",
        "package main; func run(a int) {}",
        "// A comment.\npackage shop // of a shop\nfunc run(a int) error { return nil }",
        'package shop\nimport "context"\nfunc run(ctx context.Context, a int) {}',
        'package shop\nimport . "fmt"\nfunc run(a int) { Println(a) }',
        'package shop\nimport say "fmt"\nfunc run(a int) { say.Print(a) }',
        'package shop; import "os"; func run(a int) { leave := os.Exit; leave(a) }',
        "package shop; type T struct{}; func (T) run() {}; func run(a int) {}",
        'package shop; import "fmt"; var string, worker, openpoly_worker = 1, 2, 3; func run(a int) { fmt.Println(string, worker, openpoly_worker) }',
        "package shop; func init() {}; func init() {}; func run(a int) {} // last line",
    ],
)
def test_a_function_of_any_package_is_found_and_its_context_is_no_argument(described, source):
    assert [argument["name"] for argument in described(source)["arguments"]] == ["a"]


def test_an_exported_function_is_found_by_its_own_name(described):
    assert described("package shop; func Run(a int) {}", name="Run")["arguments"][0]["name"] == "a"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("package a; func Run() {}; func stop() {}", "no function 'run'; its functions are: Run, stop"),
        ("package a; type T int; func (T) run() {}", "no function 'run'; it declares no function"),
        ("package a; var run = func() {}", "no function 'run'"),
        ("package a; func run() {}; func main() {}", "a function has no 'main'"),
        ("package a; func run[T any](a T) {}", "has no type parameters"),
        ("package a; func run(int) {}", "a parameter needs a name"),
        ("package a; func run(_ int) {}", "a parameter needs a name"),
        ("package a; func run(a chan int) {}", "the parameter a: JSON cannot carry a chan int"),
        ("package a; func run() func() { return nil }", "JSON cannot carry a func()"),
        ("package a; func run() chan<- int { return nil }", "JSON cannot carry a chan<- int"),
        ("package a; func run() func(func(int)) { return nil }", "JSON cannot carry a func(func(int))"),
        ("package a; func run() []chan int { return nil }", "JSON cannot carry a []chan int"),
        ("package a; func run() (int, int) { return 1, 2 }", "at most one value and an error"),
        ("package a; func run() (error, int) { return nil, 2 }", "at most one value and an error"),
        ("", "expected 'package'"),
    ],
)
def test_a_function_that_cannot_be_called_is_refused(ask, source, message):
    answer = ask(source)
    assert not answer["ok"]
    assert message in answer["errors"][0]["message"]


def test_a_client_function_is_refused_with_what_to_do(ask):
    answer = ask("package a; func run() {}", kind="client")
    assert "deploy it as a server function" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("package a\nfunc run( { }", "expected ')', found '{'", 2, 11),
        ('package a\nfunc run() int { return "x" }', 'cannot use "x" (untyped string constant) as int value in return statement', 2, 25),
        ("package a\nfunc run() {\n\tlost()\n}", "undeclared name: lost", 3, 2),
        ("package a\nfunc run() int {\n}", "missing return", 3, 1),
        ("package a\nfunc run() {\n\tx := 1\n}", "x declared but not used", 3, 2),
        ('package a\nimport "os"\nfunc run() {}', '"os" imported but not used', 2, 8),
        ('package a\nimport "github.com/google/uuid"\nfunc run() { uuid.New() }', "functions in Go have the standard library and openpoly", 2, 8),
        ('package a\nimport "internal/abi"\nfunc run() { abi.New() }', "functions in Go have the standard library and openpoly", 2, 8),
        ('package a\nimport "openpoly/internal/worker"\nfunc run() { worker.Exit(1) }', "functions in Go have the standard library", 2, 8),
        ('package a\nimport "C"\nfunc run() { C.puts(nil) }', 'could not import C', 2, 8),
        ("package a\nfunc outside()\nfunc run() {}", "missing function body", 2, 6),
        ('package a\nimport "fmt"\nfunc run() { fmt.Println(1); lost() }', "undeclared name: lost", 3, 30),
    ],
)
def test_errors_of_the_compiler_refuse_with_their_place(ask, source, message, line, column):
    answer = ask(source)
    assert not answer["ok"]
    error = answer["errors"][0]
    assert message in error["message"] and "\n" not in error["message"]
    assert (error["line"], error["column"]) == (line, column)


def test_all_faults_are_told_up_to_twenty(ask):
    calls = "\n".join(f"\tlost{number}()" for number in range(30))
    answer = ask(f"package a\nfunc run() {{\n{calls}\n}}")
    assert [error["line"] for error in answer["errors"]] == list(range(3, 23))


CATALOG = """package a
import ("context"; "openpoly")
const path = "crm." + "get"
func run(ctx context.Context, name string) {{ {} }}"""


@pytest.mark.parametrize(
    ("body", "poly", "vari", "is_dynamic"),
    [
        ('openpoly.Call(ctx, "crm.contacts.get", 1)', ["crm.contacts.get"], [], False),
        ('openpoly.CallAs[int](ctx, "crm.count"); openpoly.Call(ctx, "crm.all")', ["crm.all", "crm.count"], [], False),
        ("openpoly.Call(ctx, path); openpoly.Call(ctx, path)", ["crm.get"], [], False),
        ('k := openpoly.Variable("shop.key"); k.Get(ctx); openpoly.Variable("shop.n").Update(ctx, 1)', [], ["shop.key", "shop.n"], False),
        ('openpoly.Call(ctx, "crm." + name)', [], [], True),
        ("call := openpoly.Call; call(ctx, name)", [], [], True),
        ('(openpoly.Call)(ctx, "a.b")', ["a.b"], [], False),
        ("_ = openpoly.Variable(name)", [], [], True),
        ('openpoly.Log(ctx).Info("crm.get")', [], [], False),
    ],
)
def test_what_is_used_of_the_catalog_is_found(described, body, poly, vari, is_dynamic):
    expected = {"poly": poly, "vari": vari, **({"dynamic": True} if is_dynamic else {})}
    assert described(CATALOG.format(body))["references"] == expected


def test_the_catalog_is_found_under_any_name(described):
    source = 'package a\nimport . "openpoly"\nfunc run() { Call(nil, "a.b"); CallAs[int](nil, "a.c") }'
    assert described(source)["references"]["poly"] == ["a.b", "a.c"]


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("// run adds up.", "run adds up."),
        ("// run adds\n// up.\n//\n// More.", "run adds up."),
        ("/* run adds up. */", "run adds up."),
        ("// Far away.\n", ""),
        ("//go:noinline", ""),
    ],
)
def test_the_description_is_the_first_paragraph_of_the_comment(described, comment, text):
    assert described(f"package a\n{comment}\nfunc run(a int) {{}}")["description"] == text
