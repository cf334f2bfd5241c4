"""OpenAPI documents of version 2.0, or of several files, become one document of version 3."""

import json

import pytest
from toolchain import COMMANDS, Toolchain


@pytest.fixture
def ask(descriptions):
    def ask(files, entry="openapi.yaml", **options):
        texts = {path: text if isinstance(text, str) else json.dumps(text) for path, text in files.items()}
        return descriptions.ask({"kind": "openapi", "files": texts, "entry": entry, "options": options})

    return ask


@pytest.fixture
def document_of(ask):
    def document_of(files, **options):
        answer = ask(files if isinstance(files, dict) and "openapi.yaml" in files else {"openapi.yaml": files}, **options)
        assert "document" in answer, answer
        return answer["document"]

    return document_of


def swagger(paths, **more):
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "api.example.com", "paths": paths} | more


def operation(*parameters, responses=None, **more):
    return {"parameters": list(parameters), "responses": responses or {"204": {"description": "none"}}} | more


OK = {"description": "ok"}
ROOT = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: https://a.example}]\n"


# -- several files


FILES = {
    "openapi.yaml": ROOT
    + """
paths:
  /pets: {$ref: ./paths/pets.yaml}
  /nodes:
    get:
      parameters: [{$ref: shared.json#/Limit}]
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: ./schemas/node.yaml}}}}
        400: {$ref: shared.json#/Bad}
""",
    "paths/pets.yaml": """
get:
  operationId: listPets
  responses: {200: {description: ok, content: {application/json: {schema: {$ref: ../schemas/pet.yaml#/Pet}}}}}
""",
    "schemas/pet.yaml": """
Pet:
  discriminator: {propertyName: kind, mapping: {cat: '#/Cat', dog: dog.yaml}}
  oneOf: [{$ref: '#/Cat'}, {$ref: dog.yaml}]
Cat: {type: object, properties: {friends: {type: array, items: {$ref: '#/Pet'}}}}
""",
    "schemas/dog.yaml": "{type: object, title: Dog}",
    "schemas/node.yaml": "{type: object, properties: {children: {type: array, items: {$ref: node.yaml}}}}",
    "shared.json": {
        "Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        "Bad": {"description": "bad", "content": {"application/json": {"schema": {"$ref": "schemas/dog.yaml"}}}},
    },
}


def test_what_lies_in_other_files_becomes_components_under_its_own_name(document_of):
    document = document_of(FILES)
    paths, components = document["paths"], document["components"]
    assert paths["/pets"]["get"]["operationId"] == "listPets"
    assert paths["/nodes"]["get"]["parameters"] == [{"$ref": "#/components/parameters/Limit"}]
    assert paths["/nodes"]["get"]["responses"]["400"] == {"$ref": "#/components/responses/Bad"}
    assert components["schemas"].keys() == {"Pet", "Cat", "dog", "node"}
    assert components["schemas"]["Pet"]["discriminator"]["mapping"] == {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/dog"}
    assert components["schemas"]["node"]["properties"]["children"]["items"] == {"$ref": "#/components/schemas/node"}
    assert components["responses"]["Bad"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/dog"}


def test_components_that_are_files_keep_their_names_and_pointers_of_all_kinds_are_followed(document_of):
    document = document_of({
        "openapi.yaml": ROOT.replace("3.0.3", "3.1.0")
        + """
paths:
  /pets/{id}: {$ref: 'paths/all.yaml#/~1pets~1{id}'}
webhooks: {newPet: {$ref: paths/all.yaml#/hook}}
components:
  schemas: {Pet: {$ref: ./schemas/Pet.yaml}, Alias: {$ref: '#/components/schemas/Pet'}}
  securitySchemes: {key: {$ref: shared.yaml#/key}}
""",
        "paths/all.yaml": """
/pets/{id}:
  get:
    responses:
      default:
        description: ok
        content: {application/json: {schema: {$ref: ../openapi.yaml#/components/schemas/Pet, description: mine}, examples: {a: {$ref: ../no.yaml}}}}
hook: {post: {requestBody: {$ref: ../shared.yaml#/Body}, responses: {200: {description: ok}}}}
""",
        "schemas/Pet.yaml": "{type: object, $defs: {Tag: {type: string}}, properties: {tag: {$ref: '#/$defs/Tag'}, self: {$ref: '#'}}}",
        "shared.yaml": "{key: {type: http, scheme: basic}, Body: {content: {application/json: {schema: {$ref: schemas/Pet.yaml}}}}}",
    })
    pet = {"$ref": "#/components/schemas/Pet"}
    schemas = document["components"]["schemas"]
    assert (schemas.keys(), schemas["Alias"]) == ({"Pet", "Alias", "Tag"}, pet)
    assert schemas["Pet"]["properties"] == {"tag": {"$ref": "#/components/schemas/Tag"}, "self": pet}
    content = document["paths"]["/pets/{id}"]["get"]["responses"]["default"]["content"]
    assert content["application/json"]["schema"] == pet | {"description": "mine"}
    assert document["webhooks"]["newPet"]["post"]["requestBody"] == {"$ref": "#/components/requestBodies/Body"}
    assert document["components"]["securitySchemes"] == {"key": {"type": "http", "scheme": "basic"}}


def test_the_same_files_always_give_the_same_document(ask):
    assert json.dumps(ask(FILES)) == json.dumps(ask(dict(reversed(FILES.items()))))


def test_two_things_of_one_name_are_numbered_with_a_remark(ask):
    schema = "{type: object, properties: {a: {$ref: '%s#/Pet'}}}"
    responses = "200: {description: ok, content: {application/json: {schema: {$ref: a.yaml#/Pet}}}}, 201: {description: ok, content: {application/json: {schema: {$ref: b.yaml#/Pet}}}}"
    answer = ask({
        "openapi.yaml": ROOT + f"paths: {{/x: {{get: {{responses: {{{responses}}}}}}}}}",
        "a.yaml": "Pet: {type: string}",
        "b.yaml": "Pet: " + schema % "a.yaml",
    })
    schemas = answer["document"]["components"]["schemas"]
    assert schemas == {"Pet": {"type": "string"}, "Pet-2": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Pet"}}}}
    assert "Renamed Pet to Pet-2" in answer["warnings"][0]["reason"]


def reference_to(target):
    return ROOT + f"""
paths:
  /x:
    get:
      responses: {{200: {{description: ok, content: {{application/json: {{schema: {{$ref: "{target}"}}}}}}}}}}
"""


POINTER = "#/paths/~1x/get/responses/200/content/application~1json/schema"
BROKEN = [
    ("https://b.example/pet.json#/Pet", "is on another host, which is not allowed"),
    ("//b.example/pet.json#/Pet", "is on another host, which is not allowed"),
    ("file:///etc/passwd", "is on another host, which is not allowed"),
    ("../secret.yaml", "leaves the folder of the document"),
    ("/etc/passwd", "leaves the folder of the document"),
    ("nope.yaml#/Pet", "names the file nope.yaml, which was not given"),
    ("a%20b.yaml", "names the file a b.yaml, which was not given"),
]


@pytest.mark.parametrize(("target", "reason"), BROKEN)
def test_a_reference_that_leads_out_is_refused_with_file_pointer_and_line(ask, target, reason):
    (error,) = ask({"openapi.yaml": reference_to(target)})["errors"]
    assert (error["file"], error["line"]) == ("openapi.yaml", 8)
    assert error["message"] == f"{POINTER}: `$ref` {target} {reason}"


def test_a_reference_to_nothing_in_a_file_that_is_there_is_refused(ask):
    (error,) = ask({"openapi.yaml": reference_to("a.yaml#/Nope"), "a.yaml": "Pet: {}"})["errors"]
    assert error == {"file": "openapi.yaml", "message": f"{POINTER}: its `$ref` leads to nothing"}


def test_all_references_that_lead_out_are_named_and_those_of_examples_mean_nothing(ask):
    more = "  /y: {$ref: b.yaml}\ncomponents: {examples: {a: {value: {$ref: c.yaml}}}}\n"
    errors = ask({"openapi.yaml": reference_to("a.yaml") + more})["errors"]
    assert [error["message"].split("`$ref` ")[1] for error in errors] == [
        "a.yaml names the file a.yaml, which was not given",
        "b.yaml names the file b.yaml, which was not given",
    ]


def test_a_description_may_lie_in_a_file_of_text(document_of):
    files = {"openapi.yaml": ROOT.replace("title: T", "title: T, description: {$ref: about.md}") + "paths: {}\n", "about.md": "# About: *this*\n"}
    assert document_of(files)["info"]["description"] == "# About: *this*\n"


def test_files_of_the_web_are_asked_for_when_that_is_allowed_and_taken_when_given(ask):
    files = {"openapi.yaml": reference_to("https://b.example/v1/pet.yaml#/Pet")}
    assert ask(files, allowRemoteReferences=True) == {"missing": ["https://b.example/v1/pet.yaml"]}
    files["https://b.example/v1/pet.yaml"] = "Pet: {properties: {a: {$ref: 'owner.yaml'}}}"
    assert ask(files, allowRemoteReferences=True) == {"missing": ["https://b.example/v1/owner.yaml"]}
    files["https://b.example/v1/owner.yaml"] = "{type: string}"
    assert ask(files, allowRemoteReferences=True)["document"]["components"]["schemas"].keys() == {"Pet", "owner"}


# -- version 2.0


def test_the_document_of_version_3_is_left_as_it_is(document_of):
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "x-own": [1]}
    assert document_of(document) == document


def test_servers_come_from_host_base_path_and_schemes_https_first(document_of):
    own = {"get": operation(schemes=["http"])}
    document = document_of(swagger({"/x": own}, basePath="/v1", schemes=["http", "ws", "https"]))
    assert document["servers"] == [{"url": "https://api.example.com/v1"}, {"url": "http://api.example.com/v1"}]
    assert document["paths"]["/x"]["get"]["servers"] == [{"url": "http://api.example.com/v1"}]
    assert document_of(swagger({}))["servers"] == [{"url": "http://api.example.com"}]


COLLECTIONS = [
    ("query", None, {"style": "form", "explode": False}),
    ("query", "csv", {"style": "form", "explode": False}),
    ("query", "multi", {"style": "form", "explode": True}),
    ("query", "ssv", {"style": "spaceDelimited", "explode": False}),
    ("query", "pipes", {"style": "pipeDelimited", "explode": False}),
    ("path", None, {"style": "simple", "explode": False}),
    ("header", "csv", {"style": "simple", "explode": False}),
]


@pytest.mark.parametrize(("place", "collection_format", "style"), COLLECTIONS)
def test_collection_formats_become_styles(document_of, place, collection_format, style):
    parameter = {"name": "a", "in": place, "type": "array", "items": {"type": "integer"}} | ({"collectionFormat": collection_format} if collection_format else {})
    (found,) = document_of(swagger({"/x": {"get": operation(parameter)}}))["paths"]["/x"]["get"]["parameters"]
    assert found == {"name": "a", "in": place, "schema": {"type": "array", "items": {"type": "integer"}}} | style


def test_a_collection_format_that_version_3_lacks_is_remarked(ask):
    parameter = {"name": "a", "in": "query", "type": "array", "collectionFormat": "tsv", "items": {"type": "string"}}
    answer = ask({"openapi.yaml": swagger({"/x": {"get": operation(parameter)}})})
    assert answer["warnings"] == [{"method": "GET", "path": "/x", "reason": "the collectionFormat tsv of 'a' is not carried"}]


def body_of(document, path="/x", method="post"):
    return document["paths"][path][method]["requestBody"]


def test_forms_have_fields_files_and_their_collection_formats(document_of):
    fields = [
        {"name": "file", "in": "formData", "type": "file", "required": True, "description": "The file."},
        {"name": "tags", "in": "formData", "type": "array", "items": {"type": "string"}},
        {"name": "note", "in": "formData", "type": "string", "x-nullable": True, "default": "n"},
    ]
    content = body_of(document_of(swagger({"/x": {"post": operation(*fields)}}, consumes=["application/json"])))["content"]
    assert content == {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The file."},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "note": {"type": "string", "nullable": True, "default": "n"},
                },
                "required": ["file"],
            },
            "encoding": {"tags": {"style": "form", "explode": False}},
        }
    }


def test_a_form_without_files_is_urlencoded_unless_it_says_otherwise(document_of):
    field = {"name": "a", "in": "formData", "type": "string"}
    assert body_of(document_of(swagger({"/x": {"post": operation(field)}})))["content"].keys() == {"application/x-www-form-urlencoded"}
    said = operation(field, consumes=["multipart/form-data"])
    assert body_of(document_of(swagger({"/x": {"post": said}})))["content"].keys() == {"multipart/form-data"}


def test_bodies_that_are_shared_stand_in_each_operation(document_of):
    body = {"name": "b", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Pet"}}
    field = {"name": "f", "in": "formData", "type": "string"}
    document = document_of(
        swagger(
            {
                "/x": {"post": operation({"$ref": "#/parameters/Body"}, {"$ref": "#/parameters/Limit"})},
                "/y": {"get": operation(), "post": operation(), "parameters": [field, {"$ref": "#/parameters/Limit"}]},
                "/z": {"parameters": [field], "post": operation({"$ref": "#/parameters/Other"}), "put": operation(body)},
            },
            parameters={"Body": body, "Other": field | {"name": "g"}, "Limit": {"name": "limit", "in": "query", "type": "integer"}},
            definitions={"Pet": {"type": "object"}},
        )
    )
    assert body_of(document) == {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    assert document["paths"]["/x"]["post"]["parameters"] == [{"$ref": "#/components/parameters/Limit"}]
    assert document["paths"]["/y"]["parameters"] == [{"$ref": "#/components/parameters/Limit"}]
    assert document["components"]["parameters"]["Limit"] == {"name": "limit", "in": "query", "schema": {"type": "integer"}}

    def form(path, method):
        return list(body_of(document, path, method)["content"]["application/x-www-form-urlencoded"]["schema"]["properties"])

    assert (form("/y", "get"), form("/y", "post"), form("/z", "post")) == (["f"], ["f"], ["f", "g"])
    assert "application/json" in body_of(document, "/z", "put")["content"]


def test_media_types_of_the_operation_go_before_those_of_the_document(document_of):
    schema = {"schema": {"type": "object"}}
    document = document_of(
        swagger(
            {
                "/x": {
                    "post": operation({"name": "b", "in": "body"} | schema, responses={"200": OK | schema, "404": {"$ref": "#/responses/None"}}, consumes=["text/xml"], produces=["application/hal+json"]),
                    "get": operation(responses={"200": OK | schema, "404": {"$ref": "#/responses/None"}}),
                }
            },
            consumes=["application/xml"],
            produces=["application/xml"],
            responses={"None": {"description": "none"} | schema},
        )
    )
    post, get = document["paths"]["/x"]["post"], document["paths"]["/x"]["get"]
    assert post["requestBody"]["content"].keys() == {"text/xml"}
    assert post["responses"]["200"]["content"].keys() == post["responses"]["404"]["content"].keys() == {"application/hal+json"}
    assert get["responses"]["200"]["content"].keys() == {"application/xml"}
    assert get["responses"]["404"] == {"$ref": "#/components/responses/None"}
    assert document["components"]["responses"]["None"]["content"].keys() == {"application/xml"}


def test_an_answer_that_is_a_file_is_bytes(document_of):
    file = OK | {"schema": {"type": "file"}}
    responses = {"200": file, "404": OK | {"schema": {"type": "object"}}}
    paths = {"/x": {"get": operation(responses=responses)}, "/y": {"get": operation(responses=responses, produces=["image/png", "application/json"])}}
    document = document_of(swagger(paths, produces=["application/json"]))
    binary = {"schema": {"type": "string", "format": "binary"}}
    assert document["paths"]["/x"]["get"]["responses"]["200"]["content"] == {"application/octet-stream": binary}
    assert document["paths"]["/x"]["get"]["responses"]["404"]["content"].keys() == {"application/json"}
    assert document["paths"]["/y"]["get"]["responses"]["200"]["content"] == {"image/png": binary}


def test_security_and_nullable_and_discriminators_are_carried(document_of):
    document = document_of(
        swagger(
            {"/x": {"get": operation(security=[{"app": ["read"]}])}},
            securityDefinitions={
                "key": {"type": "apiKey", "in": "query", "name": "k"},
                "basic": {"type": "basic", "description": "b"},
                "app": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example/t", "scopes": {"read": "r"}},
                "code": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a.example/a", "tokenUrl": "https://a.example/t", "scopes": {}},
            },
            security=[{"key": []}],
            definitions={"Pet": {"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string"}, "owner": {"type": "string", "x-nullable": True}}}},
        )
    )
    schemes = document["components"]["securitySchemes"]
    assert schemes["key"] == {"type": "apiKey", "in": "query", "name": "k"}
    assert schemes["basic"] == {"type": "http", "scheme": "basic", "description": "b"}
    assert schemes["app"]["flows"] == {"clientCredentials": {"tokenUrl": "https://a.example/t", "scopes": {"read": "r"}}}
    assert schemes["code"]["flows"].keys() == {"authorizationCode"}
    assert (document["security"], document["paths"]["/x"]["get"]["security"]) == ([{"key": []}], [{"app": ["read"]}])
    pet = document["components"]["schemas"]["Pet"]
    assert pet["discriminator"] == {"propertyName": "kind"} and pet["properties"]["owner"] == {"type": "string", "nullable": True}


def test_version_2_0_in_several_files(document_of):
    document = document_of({
        "openapi.yaml": swagger({"/x": {"$ref": "paths/x.yaml"}}),
        "paths/x.yaml": "post: {parameters: [{$ref: '../p.yaml#/Body'}], responses: {200: {description: ok, schema: {$ref: '../d.yaml#/Pet'}}}}",
        "p.yaml": "Body: {name: b, in: body, schema: {$ref: 'd.yaml#/Pet'}}",
        "d.yaml": "Pet: {type: object, properties: {mother: {$ref: '#/Pet'}}}",
    })
    reference = {"$ref": "#/components/schemas/Pet"}
    assert body_of(document)["content"]["application/json"]["schema"] == reference
    assert document["components"]["schemas"]["Pet"]["properties"]["mother"] == reference


def test_parts_that_are_none_are_left_out_with_a_remark(ask):
    paths = {
        "/a": 7,
        "/b": {"get": 7, "x-own": None, "post": operation(7, {"in": "query"}, {"name": "a", "in": "moon"}, responses={"200": None, "201": OK})},
        "/c": {"get": {"parameters": 7, "responses": 7}},
    }
    answer = ask({"openapi.yaml": swagger(paths, definitions={"A": 7}, securityDefinitions={"s": None}, parameters=7)})
    assert answer["document"]["paths"].keys() == {"/b", "/c"}
    assert answer["document"]["paths"]["/b"]["post"]["responses"].keys() == {"201"}
    assert {(remark["method"], remark["path"], remark["reason"]) for remark in answer["warnings"]} == {
        ("*", "parameters", "it is not an object"),
        ("*", "definitions/A", "it is not an object"),
        ("*", "securityDefinitions/s", "it is not an object"),
        ("*", "/a", "it is not an object"),
        ("GET", "/b", "it is not an object"),
        ("POST", "/b", "a parameter is not an object"),
        ("POST", "/b", "a parameter lacks its name or place"),
        ("POST", "/b", "its response 200 is not an object"),
        ("GET", "/c", "its parameters are not a list"),
        ("GET", "/c", "its responses are not an object"),
    }


# -- what is refused, and how large it may be


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", {"message": "it is not YAML: expected a document, but the input is empty"}),
        ("a: 1", {"message": "it is no OpenAPI document: neither `openapi` nor `swagger` says a version"}),
        ("openapi: 4.0.0", {"message": "OpenAPI 2.0, 3.0 and 3.1 are read, this is 4.0.0"}),
        ("swagger: '1.2'", {"message": "OpenAPI 2.0, 3.0 and 3.1 are read, this is 1.2"}),
        ("a: 1\nb: [1,\nc: 3\n", {"line": 3, "column": 1, "message": "it is not YAML: deficient indentation"}),
        ("a: 1\na: 2\n", {"line": 2, "column": 1, "message": "it is not YAML: duplicated mapping key"}),
        ("a: &a [1]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join('*' + chr(97 + n) for _ in range(20))}]\n" for n in range(8)), {"message": "it has more than 4000000 values, repeated ones counted"}),
        ("a: &a [*a]\nswagger: '2.0'", {}),
        ("[" * 300 + "]" * 300, {}),
    ],
)
def test_what_is_no_document_is_refused_with_the_place(ask, text, error):
    (found,) = ask({"openapi.yaml": text})["errors"]
    assert found | error == found
    assert found["file"] == "openapi.yaml"


def test_json_that_breaks_is_refused_with_the_place(ask):
    (error,) = ask({"openapi.json": '{"openapi": "3.0.0",\n "info": }'}, entry="openapi.json")["errors"]
    assert error == {"file": "openapi.json", "line": 2, "column": 10, "message": "it is not JSON: value expected"}


def test_yaml_is_read_by_its_core_schema(document_of):
    text = ROOT + "paths: {}\nx-values: {on: yes, day: 2024-01-01, octal: 0o17, text: 1_000}\nx-base: &b {a: 1}\nx-merged: {<<: *b, c: 2}\n"
    document = document_of(text)
    assert document["x-values"] == {"on": "yes", "day": "2024-01-01", "octal": 15, "text": "1_000"}
    assert document["x-merged"] == {"a": 1, "c": 2}


def chain(count):
    """`count` schemas that refer to each other in one long chain."""
    properties = {f"field{number}": {"type": "string", "description": "Some text. " * 5} for number in range(3)}
    schemas = {f"S{number}": {"properties": properties | {"next": {"$ref": f"#/S{number + 1}"}}} for number in range(count)}
    return schemas | {f"S{count}": {"type": "string"}}


def test_a_chain_of_references_may_be_long(ask):
    answer = ask({"openapi.yaml": reference_to("s.json#/S0"), "s.json": chain(5000)})
    assert len(answer["document"]["components"]["schemas"]) == 5001


def test_a_document_that_fills_the_memory_is_refused_and_the_process_lives(monkeypatch):
    monkeypatch.setitem(COMMANDS, "descriptions", [COMMANDS["descriptions"][0], "--max-old-space-size=40", COMMANDS["descriptions"][-1]])
    toolchain = Toolchain("descriptions")
    request = {"kind": "openapi", "files": {"a.yaml": reference_to("s.json#/S0"), "s.json": json.dumps(chain(20_000))}, "entry": "a.yaml"}
    (error,) = toolchain.ask(request)["errors"]
    assert "MiB of memory to read" in error["message"]
    assert toolchain.ask({"op": "ping"}) == {"ok": True}
    assert toolchain.close() == 0
