"""WSDL 1.1 documents become functions that call SOAP 1.1 services."""

import xml.etree.ElementTree as Xml

import pytest

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
URL = "https://shop.example/soap"
HEADER = (
    '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:shop"'
    ' xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:shop">'
)


def schema(content, form="qualified"):
    return f'<x:schema targetNamespace="urn:shop" elementFormDefault="{form}">{content}</x:schema>'


def wsdl(content, request="Do", answer="Done", style="document", use="literal", types=None, more="", form="qualified", fault=""):
    output = '<output message="t:Out"/>' if answer else ""
    return (
        f"{HEADER}<types>{schema(content, form) if types is None else types}</types>"
        f'<message name="In"><part name="p" element="t:{request}"/></message>'
        f'<message name="Out"><part name="p" element="t:{answer}"/></message><message name="Bad"><part name="p" element="t:{fault}"/></message>'
        f'<portType name="P"><operation name="Do"><documentation>Does it.</documentation><input message="t:In"/>{output}'
        + ('<fault name="f" message="t:Bad"/>' if fault else "")
        + "</operation></portType>"
        + f'<binding name="B" type="t:P"><soap:binding style="{style}" transport="http://schemas.xmlsoap.org/soap/http"/>'
        f'<operation name="Do"><soap:operation soapAction="urn:shop#Do"/><input><soap:body use="{use}"/></input></operation></binding>'
        f'<service name="Shop"><port name="Port" binding="t:B"><soap:address location="{URL}"/></port></service>{more}</definitions>'
    )


def element(name, content=""):
    return f'<x:element name="{name}"><x:complexType>{content}</x:complexType></x:element>'


def sequence(*members):
    return f"<x:sequence>{''.join(members)}</x:sequence>"


DONE = element("Done")


@pytest.fixture
def ask(descriptions):
    def ask(text, files=(), **options):
        return descriptions.ask({"kind": "wsdl", "files": {"shop.wsdl": text} | dict(files), "entry": "shop.wsdl", "options": {"context": "shop"} | options})

    return ask


@pytest.fixture
def function_of(ask):
    def function_of(text, **more):
        answer = ask(text, **more)
        assert "functions" in answer, answer
        assert len(answer["functions"]) == 1, answer["warnings"]
        return answer["functions"][0]

    return function_of


@pytest.fixture
def type_of(ask):
    """The type of an answer of one element, and the schemas that it refers to."""

    def type_of(content, **more):
        answer = ask(wsdl(element("Do") + content, **more))
        assert answer["functions"], answer
        return answer["functions"][0]["returnTypeSchema"], {schema["name"]: schema["definition"] for schema in answer["schemas"]}

    return type_of


def filled(function, **values):
    text = function["source"]["body"]["raw"]
    for name, value in values.items():
        text = text.replace("{{%s}}" % name, value)
    return Xml.fromstring(text)


def test_an_operation_is_a_function_with_address_action_and_documentation(function_of):
    function = function_of(wsdl(element("Do", sequence('<x:element name="item" type="x:string"/>')) + DONE))
    assert (function["name"], function["context"], function["description"]) == ("do", "shop", "Does it.")
    assert (function["source"]["method"], function["source"]["url"]) == ("POST", URL)
    assert {header["key"]: header["value"] for header in function["source"]["headers"]} == {
        "Content-Type": "text/xml; charset=utf-8",
        "Accept": "text/xml",
        "SOAPAction": '"urn:shop#Do"',
    }


@pytest.mark.parametrize(("form", "child"), [("qualified", "{urn:shop}"), ("unqualified", "")])
def test_required_plain_values_are_arguments_in_a_template(function_of, form, child):
    content = sequence('<x:element name="item" type="x:string"/>', '<x:element name="COUNT" type="t:Count"/>')
    count = '<x:simpleType name="Count"><x:restriction base="x:int"><x:minInclusive value="1"/></x:restriction></x:simpleType>'
    function = function_of(wsdl(element("Do", content) + count + DONE, form=form))
    assert function["arguments"] == [
        {"name": "item", "required": True, "type": "string"},
        {"name": "count", "required": True, "type": "integer", "typeSchema": {"type": "integer", "minimum": 1, "maximum": 2147483647}},
    ]
    envelope = filled(function, item="a", count="2")
    (root,) = envelope.find(f"{{{SOAP}}}Body")
    assert (envelope.tag, root.tag) == (f"{{{SOAP}}}Envelope", "{urn:shop}Do")
    assert [(member.tag, member.text) for member in root] == [(f"{child}item", "a"), (f"{child}COUNT", "2")]


def test_a_request_without_content_has_no_arguments(function_of):
    function = function_of(wsdl(element("Do") + DONE))
    assert function["arguments"] == []
    assert [member.tag for member in filled(function).find(f"{{{SOAP}}}Body")] == ["{urn:shop}Do"]


def test_a_request_that_is_a_plain_value_is_the_argument_body(function_of):
    function = function_of(wsdl('<x:element name="Do" type="x:boolean"/>' + DONE))
    assert function["arguments"] == [{"name": "body", "required": True, "type": "boolean"}]
    assert filled(function, body="true").find(f"{{{SOAP}}}Body/{{urn:shop}}Do").text == "true"


NESTED = [
    sequence('<x:element name="a" type="x:string" minOccurs="0"/>'),
    sequence('<x:element name="a" type="x:string" maxOccurs="2"/>'),
    sequence('<x:element name="a" type="x:string" nillable="true"/>'),
    '<x:choice><x:element name="a" type="x:string"/></x:choice>',
    '<x:attribute name="a" use="required"/>',
    sequence(f'<x:element name="a"><x:complexType>{sequence("""<x:element name="b" type="x:string"/>""")}</x:complexType></x:element>'),
]


@pytest.mark.parametrize("content", NESTED)
def test_a_request_with_more_than_plain_values_is_one_object(function_of, content):
    function = function_of(wsdl(element("Do", content) + DONE))
    (argument,) = function["arguments"]
    assert (argument["name"], argument["type"], argument["required"]) == ("body", "object", True)
    assert argument["typeSchema"]["properties"].keys() == {"a"}
    assert argument["typeSchema"]["xml"] == {"name": "Do", "namespace": "urn:shop"}
    assert filled(function, body="<x/>").find(f"{{{SOAP}}}Body/x") is not None


QUALIFIED = {"xml": {"namespace": "urn:shop"}}


def test_sequences_choices_lists_and_attributes_are_properties_in_order(type_of):
    content = sequence(
        '<x:element name="z" type="x:string"><x:annotation><x:documentation> The\n last. </x:documentation></x:annotation></x:element>',
        '<x:element name="many" type="x:int" minOccurs="0" maxOccurs="unbounded"/>',
        '<x:choice><x:element name="a" type="x:date"/><x:sequence><x:element name="b" type="x:boolean"/></x:sequence></x:choice>',
        '<x:sequence maxOccurs="3"><x:element name="c" type="x:double"/></x:sequence>',
        '<x:element name="none" type="x:int" maxOccurs="0"/>',
    )
    attributes = '<x:attribute name="id" type="x:long" use="required"/><x:attribute name="z" default="q"/><x:attribute name="no" use="prohibited"/>'
    answer, _ = type_of(element("Done", content + attributes))
    assert list(answer["properties"]) == ["z", "many", "a", "b", "c", "id", "z2"]
    assert answer["required"] == ["z", "c", "id"]
    assert answer["properties"] == {
        "z": {"type": "string", "description": "The last."} | QUALIFIED,
        "many": {"type": "array", "items": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}} | QUALIFIED,
        "a": {"type": "string"} | QUALIFIED,
        "b": {"type": "boolean"} | QUALIFIED,
        "c": {"type": "array", "items": {"type": "number"}} | QUALIFIED,
        "id": {"type": "integer", "xml": {"attribute": True}},
        "z2": {"type": "string", "default": "q", "xml": {"name": "z", "attribute": True}},
    }


def test_named_types_are_schemas_once_and_may_refer_to_themselves(type_of):
    child = '<x:element name="child" type="t:tree-node" minOccurs="0" maxOccurs="unbounded"/>'
    node = f'<x:complexType name="tree-node">{sequence(child)}</x:complexType>'
    answer, schemas = type_of(element("Done", sequence('<x:element name="root" type="t:tree-node"/>', '<x:element name="other" type="t:tree-node" nillable="true"/>')) + node)
    reference = {"x-poly-ref": {"path": "shop.TreeNode"}}
    assert answer["properties"] == {"root": reference | QUALIFIED, "other": {"anyOf": [reference, {"type": "null"}]} | QUALIFIED}
    assert schemas == {"TreeNode": {"type": "object", "properties": {"child": {"type": "array", "items": reference} | QUALIFIED}, "required": []}}


def test_extensions_have_what_their_base_has_first(type_of):
    identity, more = '<x:element name="id" type="x:int"/>', '<x:element name="more" type="x:string"/>'
    base = f"<x:complexType name='Base'>{sequence(identity)}<x:attribute name='v'/></x:complexType>"
    extended = f"<x:complexType><x:complexContent><x:extension base='t:Base'>{sequence(more)}</x:extension></x:complexContent></x:complexType>"
    restricted = "<x:complexType><x:complexContent><x:restriction base='t:Base'><x:sequence/></x:restriction></x:complexContent></x:complexType>"
    answer, _ = type_of(f'<x:element name="Done">{extended}</x:element>{base}')
    assert (list(answer["properties"]), answer["required"]) == (["id", "v", "more"], ["id", "more"])
    answer, _ = type_of(f'<x:element name="Done">{restricted}</x:element>{base}')
    assert list(answer["properties"]) == ["v"]


def test_a_value_with_attributes_is_an_object(type_of):
    money = "<x:complexType><x:simpleContent><x:extension base='x:decimal'><x:attribute name='currency' use='required'/></x:extension></x:simpleContent></x:complexType>"
    answer, _ = type_of(f'<x:element name="Done">{money}</x:element>')
    assert answer["properties"] == {"value": {"type": "number", "xml": {"text": True}}, "currency": {"type": "string", "xml": {"attribute": True}}}
    assert answer["required"] == ["value", "currency"]


def test_groups_and_references_are_followed(type_of):
    content = (
        f'<x:group name="G">{sequence("""<x:element ref="t:Named"/><x:element ref="t:Plain" minOccurs="0"/>""")}</x:group>'
        '<x:attributeGroup name="A"><x:attribute name="lang"/></x:attributeGroup><x:element name="Plain" type="x:int"/>'
        + element("Named", sequence('<x:element name="in" type="x:string"/>', '<x:element ref="t:Named" minOccurs="0"/>'))
        + element("Done", '<x:group ref="t:G"/><x:attributeGroup ref="t:A"/>')
    )
    answer, schemas = type_of(content, form="unqualified")
    assert answer["properties"]["Named"] == {"x-poly-ref": {"path": "shop.Named"}} | QUALIFIED
    assert answer["properties"]["Plain"]["type"] == "integer"
    assert answer["required"] == ["Named"]
    assert list(answer["properties"]) == ["Named", "Plain", "lang"]
    assert schemas["Named"]["properties"] == {"in": {"type": "string"}, "Named": {"x-poly-ref": {"path": "shop.Named"}} | QUALIFIED}


SIMPLE = [
    ('base="x:string"><x:enumeration value="a"/><x:enumeration value="b"/>', {"type": "string", "enum": ["a", "b"]}),
    ('base="x:int"><x:enumeration value="1"/>', {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1, "enum": [1]}),
    ('base="x:string"><x:pattern value="[a-z]{2}|x"/><x:maxLength value="4"/>', {"type": "string", "maxLength": 4, "pattern": "^(?:[a-z]{2}|x)$"}),
    ('base="x:string"><x:pattern value="\\i\\c*"/><x:length value="3"/>', {"type": "string", "minLength": 3, "maxLength": 3}),
    ('base="x:decimal"><x:minExclusive value="0"/><x:maxInclusive value="9.5"/>', {"type": "number", "exclusiveMinimum": 0, "maximum": 9.5}),
    ('base="x:base64Binary">', {"type": "string", "contentEncoding": "base64"}),
    ('base="x:unsignedByte">', {"type": "integer", "minimum": 0, "maximum": 255}),
]


@pytest.mark.parametrize(("restriction", "expected"), SIMPLE)
def test_simple_types_have_their_facets(type_of, restriction, expected):
    answer, _ = type_of(f'<x:element name="Done"><x:simpleType><x:restriction {restriction}</x:restriction></x:simpleType></x:element>')
    assert answer == expected | {"xml": {"name": "Done", "namespace": "urn:shop"}}


def test_faults_are_the_answer_of_status_500(function_of):
    (fault,) = function_of(wsdl(element("Do") + DONE + element("Bad", sequence('<x:element name="code" type="x:int"/>')), fault="Bad"))["otherReturnTypes"]
    assert (fault["statusCode"], fault["schema"]["required"]) == ("500", ["faultcode", "faultstring"])
    assert fault["schema"]["properties"]["detail"]["properties"]["Bad"]["properties"].keys() == {"code"}


def test_an_operation_without_an_answer_is_void(function_of):
    assert function_of(wsdl(element("Do"), answer=""))["returnType"] == "void"


def test_the_address_is_that_of_the_port_the_option_or_an_argument(function_of):
    text = wsdl(element("Do", sequence('<x:element name="hostUrl" type="x:string"/>')) + DONE)
    assert function_of(text, url="https://other.example/x")["source"]["url"] == "https://other.example/x"
    named = function_of(text, hostUrlAsArgument="server")
    assert (named["source"]["url"], named["arguments"][0]["name"]) == ("{{server}}/soap", "server")
    unknown = function_of(text.replace(URL, ""))
    assert unknown["source"]["url"] == "{{hostUrl}}"
    assert [argument["name"] for argument in unknown["arguments"]] == ["hostUrl", "hostUrl2"]


def test_schemas_and_definitions_may_lie_in_other_files(ask):
    types = '<x:schema><x:import namespace="urn:shop" schemaLocation="xsd/shop.xsd"/><x:import namespace="urn:none" schemaLocation="http://other.example/none.xsd"/></x:schema>'
    files = {
        "xsd/shop.xsd": '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:shop"><x:include schemaLocation="./more.xsd"/>' + element("Do") + "</x:schema>",
        "xsd/more.xsd": '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:include schemaLocation="shop.xsd"/>' + DONE + "</x:schema>",
    }
    text = wsdl("", types=types)
    assert [function["name"] for function in ask(text, files)["functions"]] == ["do"]
    assert ask(text, files, allowRemoteReferences=True) == {"missing": ["http://other.example/none.xsd"]}
    outer = f'{HEADER}<import namespace="urn:shop" location="inner.wsdl"/></definitions>'
    assert [function["name"] for function in ask(outer, {"inner.wsdl": wsdl(element("Do") + DONE)})["functions"]] == ["do"]


LEFT_OUT = [
    (wsdl(element("Do") + DONE, style="rpc"), "the style rpc is not read, document is"),
    (wsdl(element("Do") + DONE, use="encoded"), "encoded messages are not read, literal ones are"),
    (wsdl(DONE), "the element t:Do is not described"),
    (wsdl(element("Do", sequence('<x:element name="a" type="t:Nope"/>')) + DONE), "the type Nope of 'urn:shop' is not described"),
    (wsdl(element("Do", sequence('<x:element name="a" type="q:Nope"/>')) + DONE), "the prefix of 'q:Nope' is not declared"),
    (wsdl(element("Do", '<x:group ref="t:G"/>') + '<x:group name="G"><x:sequence><x:group ref="t:G"/></x:sequence></x:group>' + DONE), "types are nested deeper than 64"),
    (
        wsdl(
            element("Do", '<x:group ref="t:G0"/>')
            + "".join(f'<x:group name="G{n}"><x:sequence><x:group ref="t:G{n + 1}"/><x:group ref="t:G{n + 1}"/></x:sequence></x:group>' for n in range(40))
            + '<x:group name="G40"><x:sequence/></x:group>'
            + DONE
        ),
        "the schema takes more than 200000 steps to read",
    ),
]


@pytest.mark.parametrize(("text", "reason"), LEFT_OUT)
def test_an_operation_that_cannot_be_read_is_left_out_with_the_reason(ask, text, reason):
    answer = ask(text)
    assert answer["functions"] == []
    (remark,) = answer["warnings"]
    assert (remark["method"], remark["path"]) == ("POST", "Do")
    assert remark["reason"].startswith("it is left out: shop.wsdl:1: ") and reason in remark["reason"]


def test_what_is_left_out_of_an_operation_is_remarked(ask):
    content = element("Do", sequence('<x:any minOccurs="0"/>')) + '<x:element name="Done"><x:complexType mixed="true"/></x:element>'
    text = wsdl(content).replace("<input><soap:body", '<input><soap:header message="t:In" part="p" use="literal"/><soap:body')
    assert {(remark["path"], remark["reason"]) for remark in ask(text)["warnings"]} == {
        ("Do", "the SOAP header of its input is left out"),
        ("shop.wsdl:1", "elements of any name are left out"),
        ("shop.wsdl:1", "text between the elements of mixed content is left out"),
    }


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", {"line": 1, "message": "it is not XML: there is no element"}),
        ("<a>\n<b></a>", {"line": 2, "message": "it is not XML: Unexpected close tag"}),
        ("<a xmlns='urn:x'/>", {"message": "it is no WSDL: its element is a, not definitions"}),
        ('<description xmlns="http://www.w3.org/ns/wsdl"/>', {"message": "WSDL 1.1 is read, this is version 2.0"}),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', {"message": "a document type is not read"}),
        ("<a>" * 200, {"message": "it is nested deeper than 100"}),
        (f'{HEADER}<import location="../up.wsdl"/></definitions>', {"message": "the import of ../up.wsdl leaves the folder of the document"}),
        (f'{HEADER}<import location="no.wsdl"/></definitions>', {"message": "the import of no.wsdl names the file no.wsdl, which was not given"}),
    ],
)
def test_what_is_no_wsdl_is_refused_with_the_place(ask, text, error):
    (found,) = ask(text)["errors"]
    assert found | error == found
    assert found["file"] == "shop.wsdl"
