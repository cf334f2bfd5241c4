"""Schemas of GraphQL become functions that a real service accepts, and that say what it answers."""

import json
import subprocess
from pathlib import Path

import pytest
from toolchain import NODE

SCHEMA = '''
"All that can be asked."
type Query {
  "One user."
  user("Which." id: ID!, withPosts: Boolean = false, as_of: DateTime): User
  users(first: Int, filter: UserFilter!, order: [Order!]): [User!]!
  search(text: String!): [Result]
  node(id: ID!): Node
  count: Int!
  nothing: Empty
  old: String @deprecated(reason: "no")
}
type Mutation { createUser(input: NewUser!): User!  find(by: One): String }
type Subscription { changes: Int }
interface Node { id: ID! }
"A user."
type User implements Node {
  id: ID! name: String posts(first: Int): [Post!]! friend: User secret(key: String!): String
  created: DateTime role: Role! meta: JSON gone: String @deprecated
}
type Post implements Node { id: ID! title: String! author: User name: Int comments: [Comment] }
type Comment { text: String post: Post likes: [Like!] }
type Like { by: String }
type Empty { hidden(key: String!): String }
union Result = User | Post
enum Role { ADMIN USER }
enum Order { ASC DESC }
scalar DateTime
scalar JSON
input UserFilter { name: String role: Role and: [UserFilter!] limit: Int! = 10 }
"Who."
input NewUser { "Its name." name: String! role: Role! }
input One @oneOf { id: ID name: String }
'''
URL = "https://a.example/graphql"


@pytest.fixture
def ask(descriptions):
    def ask(schema=SCHEMA, files=(), **options):
        files = {"s.graphql": schema} | dict(files)
        return descriptions.ask({"kind": "graphql", "files": files, "entry": "s.graphql", "options": {"context": "shop", "url": URL} | options})

    return ask


@pytest.fixture
def functions(ask):
    answer = ask()
    return {function["name"]: function for function in answer["functions"]}


@pytest.fixture(scope="module")
def service():
    script = Path(__file__).with_name("graphql_service.mjs")
    process = subprocess.Popen([str(NODE), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def serve(query, variables, **answers):
        request = {"schema": SCHEMA, "query": query, "variables": variables, "answers": {"isNull": False, "pick": 0} | answers}
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield serve
    process.stdin.close()
    assert process.wait(30) == 0


def argument(function, name):
    return next(argument for argument in function["arguments"] if argument["name"] == name)


def query_of(function):
    """The query, and the body with each argument in the place of its hole."""
    raw = function["source"]["body"]["raw"]
    for argument in function["arguments"]:
        raw = raw.replace("{{%s}}" % argument["name"], "null")
    return json.loads(raw)["query"]


def test_each_query_and_mutation_is_a_function(ask):
    answer = ask()
    paths = [f"{function['context']}.{function['name']}" for function in answer["functions"]]
    queries = ["user", "users", "search", "node", "count", "nothing", "old"]
    assert paths == [f"shop.query.{name}" for name in queries] + ["shop.mutation.createUser", "shop.mutation.find"]
    assert answer["warnings"] == [{"method": "*", "path": "subscription", "reason": "subscriptions are no functions"}]
    assert answer["functions"][0]["description"] == "One user."
    assert [function["name"] for function in answer["functions"] if function.get("state") == "DEPRECATED"] == ["old"]


def test_arguments_are_typed_the_required_ones_first_and_optional_ones_vanish(functions):
    users = functions["users"]
    assert [(argument["name"], argument["required"], argument.get("removeIfNotPresentOnExecute", False)) for argument in users["arguments"]] == [
        ("filter", True, False),
        ("first", False, True),
        ("order", False, True),
    ]
    assert (argument(users, "filter")["type"], argument(users, "filter")["typeSchema"]) == ("object", {"x-poly-ref": {"path": "shop.UserFilter"}})
    assert argument(users, "first") == {"name": "first", "required": False, "removeIfNotPresentOnExecute": True, "type": "integer"}
    assert argument(users, "order")["typeSchema"] == {"type": "array", "items": {"x-poly-ref": {"path": "shop.Order"}}}
    user = functions["user"]
    assert argument(user, "id") == {"name": "id", "description": "Which.", "required": True, "type": "string"}
    assert argument(user, "asOf")["typeSchema"] == {"type": "string", "format": "date-time"}
    assert '"variables":{"id":{{id}},"withPosts":{{withPosts}},"as_of":{{asOf}}}' in user["source"]["body"]["raw"]


def test_enums_and_input_objects_are_schemas_once(ask):
    schemas = {schema["name"]: schema for schema in ask()["schemas"]}
    assert schemas.keys() == {"Role", "UserFilter", "Order", "NewUser", "One"}
    assert all(schema["context"] == "shop" for schema in schemas.values())
    assert schemas["Role"]["definition"] == {"type": "string", "enum": ["ADMIN", "USER"]}
    reference = {"x-poly-ref": {"path": "shop.UserFilter"}}
    assert schemas["UserFilter"]["definition"] == {
        "type": "object",
        "properties": {
            "name": {"type": ["string", "null"]},
            "role": {"anyOf": [{"x-poly-ref": {"path": "shop.Role"}}, {"type": "null"}]},
            "and": {"type": ["array", "null"], "items": reference},
            "limit": {"type": "integer"},
        },
        "required": [],
        "additionalProperties": False,
    }
    assert schemas["NewUser"]["description"] == "Who."
    assert schemas["NewUser"]["definition"]["properties"]["name"] == {"type": "string", "description": "Its name."}
    assert schemas["NewUser"]["definition"]["required"] == ["name", "role"]
    assert (schemas["One"]["definition"]["minProperties"], schemas["One"]["definition"]["maxProperties"]) == (1, 1)


SELECTIONS = [
    ("count", 3, "query count { count }"),
    ("nothing", 3, "query nothing { nothing { __typename } }"),
    ("user", 1, "query user($id: ID!, $withPosts: Boolean, $as_of: DateTime) { user(id: $id, withPosts: $withPosts, as_of: $as_of) { id name created role meta } }"),
    ("node", 1, "query node($id: ID!) { node(id: $id) { __typename id ... on User { name created role meta } ... on Post { title nameOfPost: name } } }"),
    ("createUser", 3, "mutation createUser($input: NewUser!) { createUser(input: $input) { id name posts { id title name comments { text } } created role meta } }"),
]


@pytest.mark.parametrize(("name", "depth", "query"), SELECTIONS)
def test_what_is_asked_follows_the_rule(ask, name, depth, query):
    (function,) = [function for function in ask(depth=depth)["functions"] if function["name"] == name]
    assert query_of(function) == query


def without_references(schema, answer):
    named = {f"shop.{entry['name']}": entry["definition"] for entry in answer["schemas"]}
    if isinstance(schema, list):
        return [without_references(entry, answer) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "x-poly-ref" in schema:
        return without_references(named[schema["x-poly-ref"]["path"]], answer)
    return {key: without_references(entry, answer) for key, entry in schema.items()}


VARIABLES = {
    "user": {"id": "1"},
    "users": {"filter": {"and": [{"role": "ADMIN"}]}, "order": ["ASC"]},
    "search": {"text": "a"},
    "node": {"id": "1"},
    "createUser": {"input": {"name": "a", "role": "USER"}},
    "find": {"by": {"id": "1"}},
}


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_a_service_accepts_each_query_and_what_it_answers_fits_the_type(ask, service, accepts, depth):
    answer = ask(depth=depth)
    for function in answer["functions"]:
        schema = without_references(function["returnTypeSchema"], answer)
        for answers in ({"isNull": False, "pick": 0}, {"isNull": False, "pick": 1}, {"isNull": True}):
            said = service(query_of(function), VARIABLES.get(function["name"], {}), **answers)
            assert "errors" not in said, said
            assert accepts(schema, said), (function["name"], said)
        assert accepts(schema, {"data": None, "errors": [{"message": "no", "locations": [{"line": 1, "column": 2}], "path": ["a", 0]}]})
        assert not accepts(schema, {"data": {}})
        assert not accepts(schema, {"data": {function["name"]: 0.25}})


def test_the_address_is_the_option_or_an_argument(ask):
    assert ask()["functions"][0]["source"]["url"] == URL
    named = ask(hostUrlAsArgument="server")["functions"][0]
    assert (named["source"]["url"], named["arguments"][0]) == ("{{server}}/graphql", {"name": "server", "required": True, "type": "string"})
    unknown = ask("type Query { find(hostUrl: String): Int }", url="")["functions"][0]
    assert unknown["source"]["url"] == "{{hostUrl}}"
    assert [argument["name"] for argument in unknown["arguments"]] == ["hostUrl", "hostUrl2"]
    assert '"hostUrl":{{hostUrl2}}' in unknown["source"]["body"]["raw"]


def test_a_schema_may_be_the_answer_to_the_introspection_query(ask, descriptions, service):
    introspection = (
        "query { __schema { queryType { name } mutationType { name } subscriptionType { name } types { ...T } directives { name locations args { ...V } } } }"
        " fragment T on __Type { kind name description fields(includeDeprecated: true) { name description args { ...V } type { ...R } isDeprecated deprecationReason }"
        " inputFields { ...V } interfaces { ...R } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...R } }"
        " fragment V on __InputValue { name description type { ...R } defaultValue }"
        " fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }"
    )
    said = service(introspection, {})
    assert "errors" not in said
    by_definition, by_answer = ask(), ask(json.dumps(said, indent=1))
    assert json.dumps(ask(json.dumps(said["data"]))) == json.dumps(by_answer)
    assert [query_of(function) for function in by_answer["functions"]] == [query_of(function) for function in by_definition["functions"]]


def test_a_schema_may_lie_in_several_files(ask):
    answer = ask("type Query { a: A }", files={"b.graphql": "type A { b: Int }\nextend type Query { c: Int }"})
    assert [query_of(function) for function in answer["functions"]] == ["query a { a { b } }", "query c { c }"]


def test_a_type_with_very_many_fields_is_asked_less_deep_with_a_remark(ask):
    wide = "".join(f" f{number}: Int" for number in range(300))
    answer = ask(f"type Query {{ a: A }} type A {{ {wide} b: B }} type B {{ {wide} }}")
    assert answer["warnings"] == [{"method": "POST", "path": "query.a", "reason": "it is asked for 1 instead of 3 objects below each other, which would be too many fields"}]


def test_directives_that_nobody_declared_mean_nothing(ask):
    answer = ask("type Query { a: A @aws_auth } type A @key(fields: \"id\") { id: ID! id: ID! }")
    assert [query_of(function) for function in answer["functions"]] == ["query a { a { id } }"]
    assert answer["warnings"] == [{"method": "*", "path": "s.graphql", "reason": 'Field "A.id" can only be defined once.'}]


@pytest.mark.parametrize(
    ("schema", "error"),
    [
        ("type Query {\n  a: Nope\n}", {"file": "s.graphql", "line": 2, "column": 6, "message": 'Unknown type "Nope".'}),
        ("type Query {\n  a\n}", {"file": "s.graphql", "line": 3, "column": 1, "message": 'Syntax Error: Expected ":", found "}".'}),
        ("", {"file": "s.graphql", "line": 1, "column": 1, "message": "Syntax Error: Unexpected <EOF>."}),
        ("type A { b: Int }", {"file": "s.graphql", "message": "Query root type must be provided."}),
        ('{"data": {}}', {"file": "s.graphql", "message": "it is no answer to the introspection query: `data.__schema` must be there"}),
        ('{"data": ', {"file": "s.graphql", "line": 1, "column": 10, "message": "it is not JSON: value expected"}),
    ],
)
def test_what_is_no_schema_is_refused_with_the_place(ask, schema, error):
    assert ask(schema)["errors"][0] == error


def test_options_that_are_wrong_are_an_error(descriptions):
    for options, message in (
        ({"context": "a b"}, "options.context: must be names joined by dots"),
        ({"depth": 7}, "options.depth: must be a whole number from 1 to 6"),
        ({"url": 7}, "options.url: must be text"),
    ):
        request = {"kind": "graphql", "files": {"s": SCHEMA}, "entry": "s", "options": options}
        assert descriptions.ask_in_vain(request)["message"] == message
