"""Commands of curl, as people paste them, become requests."""

import pytest


@pytest.fixture
def ask(descriptions):
    return lambda text: descriptions.ask({"kind": "curl", "files": {"c.sh": text}, "entry": "c.sh"})


@pytest.fixture
def requests(ask):
    def requests(text):
        answer = ask(text)
        assert "requests" in answer, answer
        return answer["requests"]

    return requests


@pytest.fixture
def request_of(requests):
    def request_of(text):
        (request,) = requests(text)
        return request

    return request_of


@pytest.fixture
def error(ask):
    return lambda text: ask(text)["errors"][0]["message"]


def headers_of(request):
    return {header["key"]: header["value"] for header in request["headers"]}


def test_a_command_copied_from_a_browser(request_of):
    request = request_of(
        "curl 'https://api.example.com/v1/users/17?expand=address&page=2' \\\n"
        "  -H 'accept: application/vnd.api+json' \\\n"
        "  -H 'accept-language: en' -H 'sec-fetch-mode: cors' -H 'user-agent: Mozilla/5.0' \\\n"
        "  -H $'x-note: it\\'s \\u00e9' \\\n"
        "  --compressed"
    )
    assert (request["method"], request["url"]) == ("GET", "https://api.example.com/v1/users/{{userId}}?expand=address&page=2")
    assert (request["name"], request["group"]) == ("get users by userId", ["users"])
    assert headers_of(request) == {"accept": "application/vnd.api+json", "x-note": "it's é"}
    assert request["variables"] == {"userId": {"value": "17"}}
    assert (request["auth"], request["body"], request["samples"]) == (None, {"mode": "empty"}, [])


def test_a_command_copied_for_windows(request_of):
    request = request_of('curl ^"https://a.example/x?y=1^&z=2^" ^\r\n  -H ^"X-A: b^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"')
    assert request["url"] == "https://a.example/x?y=1&z=2"
    assert request["body"] == {"mode": "raw", "raw": '{"a":1}', "language": "json"}


METHODS = [
    ("curl x.example", "GET"),
    ("curl -I x.example", "HEAD"),
    ("curl -d a=b x.example", "POST"),
    ("curl -G -d a=b x.example", "GET"),
    ("curl -T file x.example", "PUT"),
    ("curl -XDELETE x.example", "DELETE"),
    ("curl -sSLX patch x.example", "PATCH"),
    ("curl --request PUT -d a=b x.example", "PUT"),
]


@pytest.mark.parametrize(("command", "method"), METHODS)
def test_the_method_is_what_curl_would_send(request_of, command, method):
    request = request_of(command)
    assert (request["method"], request["url"].split("?")[0]) == (method, "http://x.example")


BODIES = [
    ("-d a=b -d 'c=d e'", {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "b"}, {"key": "c", "value": "d e"}]}),
    ("--data-urlencode 'q=red & blue'", {"mode": "urlencoded", "urlencoded": [{"key": "q", "value": "red & blue"}]}),
    ("--data-raw 'at=@home'", {"mode": "urlencoded", "urlencoded": [{"key": "at", "value": "@home"}]}),
    ("-d '{\"a\":1}'", {"mode": "raw", "raw": '{"a":1}', "language": "json"}),
    ("--json '{\"a\":' --json '1}'", {"mode": "raw", "raw": '{"a":1}', "language": "json"}),
    ("-H 'Content-Type: text/plain' -d 'a=b'", {"mode": "raw", "raw": "a=b", "language": "text"}),
    ("-H 'Content-Type: application/soap+xml' -d '<a/>'", {"mode": "raw", "raw": "<a/>", "language": "xml"}),
    ("--data-binary @picture.png", {"mode": "file"}),
    (
        "-F 'file=@a.png;type=image/png' -F name=x --form-string 'note=@;type=x'",
        {
            "mode": "formdata",
            "formdata": [
                {"key": "file", "value": "", "type": "file"},
                {"key": "name", "value": "x", "type": "text"},
                {"key": "note", "value": "@;type=x", "type": "text"},
            ],
        },
    ),
]


@pytest.mark.parametrize(("options", "body"), BODIES)
def test_the_body_is_of_the_kind_that_is_sent(request_of, options, body):
    assert request_of(f"curl {options} https://x.example/y")["body"] == body


def test_data_of_a_get_goes_into_the_query(request_of):
    request = request_of('curl -G https://x.example/search?lang=en --data-urlencode "q=red cats" -d limit=10')
    assert request["url"] == "https://x.example/search?lang=en&q=red%20cats&limit=10"


def test_an_address_that_nobody_quoted_is_taken_whole(requests):
    urls = [request["url"] for request in requests("curl https://x.example/s?a=1&b=2&c=3 -d x=y & curl https://x.example/t?a=1 & d=4")]
    assert urls == ["https://x.example/s?a=1&b=2&c=3", "https://x.example/t?a=1&d=4"]


def test_variables_of_the_shell_are_variables(request_of):
    request = request_of('curl -H "Authorization: Bearer $API_TOKEN" "https://x.example/users/${user}" -d "{\\"a\\": \\"$value\\"}" -d \'$no\'')
    assert request["url"] == "https://x.example/users/{{user}}"
    assert request["auth"] == {"type": "bearer", "bearer": [{"key": "token", "value": "{{apiTOKEN}}"}]}
    assert request["variables"]["apiTOKEN"] == {"secret": True}
    assert "{{value}}" in request["body"]["raw"] and "$no" in request["body"]["raw"]


CREDENTIALS = [
    ("-H 'Authorization: Bearer TOPSECRET'", "bearer", "token"),
    ("-u me:TOPSECRET", "basic", "password"),
    ("-H 'Authorization: Basic TOPSECRET'", "basic", "password"),
    ("-H 'X-Api-Key: TOPSECRET'", "apikey", "xApiKey"),
    ("-H 'Authorization: token TOPSECRET'", "apikey", "token"),
    ("--oauth2-bearer TOPSECRET", "bearer", "token"),
]


@pytest.mark.parametrize(("options", "kind", "variable"), CREDENTIALS)
def test_credentials_become_secret_variables(request_of, options, kind, variable):
    request = request_of(f"curl {options} https://x.example/y")
    assert request["auth"]["type"] == kind
    assert request["variables"][variable] == {"secret": True}
    assert "TOPSECRET" not in str(request)
    assert request["headers"] == []


def test_credentials_in_addresses_and_bodies_are_blotted_out(ask):
    answer = ask(
        "curl https://me:TOPSECRET@x.example/y?api_key=TOPSECRET\n"
        "curl https://x.example/login -d 'user=me&password=TOPSECRET'\n"
        "curl https://x.example/session --json '{\"inner\":{\"client_secret\":\"TOPSECRET\"}}' -b 'sid=TOPSECRET'\n"
    )
    assert "TOPSECRET" not in str(answer)
    first, login, session = answer["requests"]
    assert (first["url"], first["auth"]["type"]) == ("https://x.example/y?api_key=***", "basic")
    assert login["body"]["urlencoded"] == [{"key": "user", "value": "me"}, {"key": "password", "value": "***"}]
    assert session["body"]["raw"] == '{"inner":{"client_secret":"***"}}'
    assert answer["warnings"] == [{"method": "POST", "path": "https://x.example/session", "reason": "its cookies are left out"}]


def test_tokens_are_known_by_their_looks(ask):
    token = "ghp_TOPSECRET0123456789"
    answer = ask(
        f"curl https://x.example/bot123456:TOPSECRET-0123456789abc/send -H 'X-Thing: {token}' -d '{{\"a\": [\"{token}\"]}}'\n"
        "curl 'https://x.example/maps?key=AIzaTOPSECRET0123456789&id=7'"
    )
    assert "TOPSECRET" not in str(answer)
    send, maps = answer["requests"]
    assert (send["url"], send["variables"]["id"]) == ("https://x.example/{{id}}/send", {"secret": True})
    assert send["auth"]["apikey"][1] == {"key": "value", "value": "{{xThing}}"}
    assert maps["url"] == "https://x.example/maps?key=***&id=7"


def test_several_commands_are_several_requests_and_of_one_shape_one(requests):
    script = (
        "#!/bin/sh\n"
        "curl https://x.example/users/1 # the first\n"
        "curl 'https://x.example/users/22?deep=1' | jq . > out.json && curl -XDELETE https://x.example/users/1;\n"
        "curl -d '{\"a\":1}' https://x.example/a --next https://x.example/b https://x.example/c\n"
    )
    assert [(request["method"], request["url"]) for request in requests(script)] == [
        ("GET", "https://x.example/users/{{userId}}?deep=1"),
        ("DELETE", "https://x.example/users/{{userId}}"),
        ("POST", "https://x.example/a"),
        ("GET", "https://x.example/b"),
        ("GET", "https://x.example/c"),
    ]


def test_what_is_not_carried_is_remarked(ask):
    answer = ask("curl -k -x proxy:1 --cert a.pem --digest -u a:b https://x.example/y")
    assert [warning["reason"] for warning in answer["warnings"]] == [
        "-k is left out: certificates are always checked",
        "its proxy is left out",
        "the client's certificate is left out",
        "digest authentication is left out",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no command of curl with an address in it"),
        ("wget https://x.example", "there is no command of curl with an address in it"),
        ("curl -X POST", "there is no command of curl with an address in it"),
        ("curl --frobnicate https://x.example", "no option --frobnicate that is known here"),
        ("curl https://x.example -H", "the option -H of curl lacks its value"),
        ("curl https://x.example/ $(cat token)", "`(` is a shell's"),
        ("\n".join(["curl https://x.example/"] * 20_001), "more than 20000 requests"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(error, text, message):
    assert message in error(text)
