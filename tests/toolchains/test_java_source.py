"""What is found in a Java source beside its types: the method itself, its faults, its needs, its classes."""

import base64
import json
import zipfile

import pytest


@pytest.fixture
def ask(java):
    def ask(source, kind="server", **request):
        return java.ask({"op": "describe", "kind": kind, "name": "run", "language": "java", "source": source, **request})

    return ask


@pytest.fixture
def described(ask):
    def described(source, **request):
        answer = ask(source, **request)
        assert answer["ok"], answer
        return answer

    return described


def test_the_code_is_the_class_files_and_where_the_method_is_in_them(described):
    source = "package shop.orders; public class Orders { record Line(int n) {} public int run() { return new Line(1).n(); } }"
    code = json.loads(described(source)["code"])
    assert (code["binaryName"], code["methodName"]) == ("shop.orders.Orders", "run")
    assert sorted(code["classes"]) == ["shop.orders.Orders", "shop.orders.Orders$Line"]
    assert base64.b64decode(code["classes"]["shop.orders.Orders"]).startswith(b"\xca\xfe\xba\xbe")


def test_the_code_of_a_client_function_also_says_what_java_clients_want_to_know(described):
    source = (
        "package shop; import io.openpoly.*; public class Orders {"
        ' public Object run(String a, int[] b) { Vari.get("keys.mail"); return Poly.call("crm.contacts.get", a); } }'
    )
    code = json.loads(described(source, kind="client")["code"])
    assert code["packageName"] == "shop"
    assert code["className"] == "Orders"
    assert code["params"] == "java.lang.String,int[]"
    assert code["availableContexts"] == "crm,crm.contacts,keys"
    assert code["code"] == source


@pytest.mark.parametrize(
    "source",
    [
        "public class A { public void run(int a) {} }",
        "class A { public static void run(int a) {} }",
        "class B {} class A { public void run(int a) {} }",
        "class A { private A(int x) {} public static void run(int a) {} }",
        "class A { private void run() {} public void run(int a) {} }",
        "interface A { static void run(int a) {} }",
        "record A(int x) { public static void run(int a) {} }",
    ],
)
def test_a_public_method_is_found_in_any_top_level_type(described, source):
    assert [argument["name"] for argument in described(source)["arguments"]] == ["a"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("class A { public void go() {} public void stop() {} }", "no public method 'run'; the public methods of its top-level classes are: go, stop"),
        ("class A { void run() {} }", "no public method 'run'; its top-level classes have no public methods"),
        ("class A { class B { public void run() {} } }", "no public method 'run'"),
        ("interface A { void run(); }", "no public method 'run'"),
        ("class A { public void run() {} public void run(int a) {} }", "several public methods 'run'"),
        ("class A { A(int x) {} public void run() {} }", "'run' must be static, or A must be a class with a constructor without parameters"),
        ("abstract class A { public void run() {} }", "'run' must be static"),
        ("", "no public method 'run'"),
    ],
)
def test_a_method_that_cannot_be_called_is_refused(ask, source, message):
    answer = ask(source)
    assert not answer["ok"]
    assert message in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("class A {\n  public int run( { }\n}", "illegal start of type", 2, 19),
        ('class A {\n  public int run() { return "x"; }\n}', "incompatible types", 2, 29),
        ("class A {\n  public void run() {\n    lost();\n  }\n}", "cannot find symbol; symbol:   method lost()", 3, 5),
        ("import com.google.gson.Gson;\nclass A { public Gson run() { return null; } }", "package com.google.gson does not exist", 1, 23),
        ("class A {\n  public int run() { }\n}", "missing return statement", 2, 22),
    ],
)
def test_errors_of_the_compiler_refuse_with_their_place(ask, source, message, line, column):
    answer = ask(source)
    assert not answer["ok"]
    error = answer["errors"][0]
    assert message in error["message"] and "\n" not in error["message"]
    assert (error["line"], error["column"]) == (line, column)


def test_doubts_of_the_compiler_are_warnings(described):
    answer = described("class A {\n  public void run() {\n    java.util.List x = null;\n  }\n}")
    assert answer["warnings"] == [
        {"message": "found raw type: java.util.List; missing type arguments for generic class java.util.List<E>", "line": 3, "column": 14}
    ]


CATALOG = 'import io.openpoly.*; import java.util.function.*; class A {{ static final String GET = "crm." + "get"; public void run(String name) {{ {} }} }}'


@pytest.mark.parametrize(
    ("body", "poly", "vari", "is_dynamic"),
    [
        ('Poly.call("crm.contacts.get", 1);', ["crm.contacts.get"], [], False),
        ('Poly.call(int.class, "crm.count"); Poly.callAsync("crm.all");', ["crm.all", "crm.count"], [], False),
        ("Poly.call(GET); Poly.call(GET);", ["crm.get"], [], False),
        ('io.openpoly.Vari.get("shop.key"); Vari.update("shop.n", 1); Vari.inject("shop.secret", "a");', [], ["shop.key", "shop.n", "shop.secret"], False),
        ('Poly.call("crm." + name);', [], [], True),
        ('Poly.call("a.b", Poly.call(name));', ["a.b"], [], True),
        ("Function<String, Object> f = Vari::get;", [], [], True),
        ('name.concat("crm.get");', [], [], False),
    ],
)
def test_paths_of_the_catalog_are_found_where_they_are_constant(described, body, poly, vari, is_dynamic):
    references = described(CATALOG.format(body))["references"]
    assert references == {"poly": poly, "vari": vari, **({"dynamic": True} if is_dynamic else {})}


def test_a_class_of_the_source_that_is_called_poly_is_not_the_catalog(described):
    source = 'class Poly { static void call(String path) {} } class A { public void run() { Poly.call("crm.get"); } }'
    assert described(source)["references"] == {"poly": [], "vari": []}


def test_packages_of_the_jdk_and_of_the_source_itself_are_no_imports(described):
    source = "package shop; import java.util.*; import java.net.http.HttpClient; import io.openpoly.Poly; class A { public void run() { new B(); } } class B {}"
    assert described(source)["imports"] == []


def test_jars_of_a_layer_are_there_to_compile_with_and_are_told(ask, described, tmp_path):
    library = ask("package tools.text; public class Shout { public static String run(String s) { return s; } }")
    (name, text), *_ = json.loads(library["code"])["classes"].items()
    with zipfile.ZipFile(tmp_path / "shout.jar", "w") as jar:
        jar.writestr(name.replace(".", "/") + ".class", base64.b64decode(text))
    source = "import tools.text.Shout; public class A { public String run() { return Shout.run(\"x\"); } }"
    assert described(source, layers=[str(tmp_path)])["imports"] == ["tools.text"]


def test_a_layer_that_is_not_there_is_a_bad_request(java):
    request = {"op": "describe", "kind": "server", "name": "run", "language": "java", "source": "", "layers": ["/nowhere"]}
    assert java.ask_in_vain(request)["message"] == "layers: there is no folder at /nowhere"


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("/** Adds up. */", "Adds up."),
        ("/**\n * Adds <b>up</b> {@code a}\n * and b.\n *\n * <p>More.\n */", "Adds up a and b."),
        ("/** First.\n *\n * Second.\n */", "First."),
        ("/** @param a number */", ""),
        ("// no Javadoc", ""),
    ],
)
def test_the_description_is_the_first_paragraph_of_the_comment(described, comment, text):
    assert described(f"class A {{\n{comment}\npublic void run(int a) {{}} }}")["description"] == text


def test_the_comment_of_the_class_serves_a_method_without_one(described):
    assert described("/** Orders of a shop. */ class A { public void run() {} }")["description"] == "Orders of a shop."


def test_parameters_have_the_texts_of_their_tags(described):
    source = "class A {\n/**\n * @param a the first\n *     of {@link A}\n * @param b\n */\npublic void run(int a, int b) {} }"
    assert [argument.get("description") for argument in described(source)["arguments"]] == ["the first of A", None]
