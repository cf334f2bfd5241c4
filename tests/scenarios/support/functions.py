"""Making and running functions through the API, in few words."""


CONTEXT = "scenario"


def argument(name, **fields):
    """One argument of an API function; any value fits it unless `type` says otherwise."""
    return {"name": name, **fields}


def make_api_function(client, name, url, method="GET", arguments=(), context=CONTEXT, **source_and_more):
    """Creates an API function. headers, auth, body and tls describe its request, other fields the function itself."""
    source = {"url": url, "method": method}
    for field in ("headers", "auth", "body", "tls"):
        if field in source_and_more:
            source[field] = source_and_more.pop(field)
    declared = [argument(each) if isinstance(each, str) else each for each in arguments]
    body = {"name": name, "context": context, "arguments": declared, "source": source, **source_and_more}
    return client.made("/functions/api", body)["id"]


def run_api(client, function, **arguments):
    """Runs an API function that must answer, and gives its envelope {status, data, headers}."""
    answer = client.post(f"/functions/api/{function}/execute", arguments)
    assert answer.status == 201, answer
    assert set(answer.json) == {"status", "data", "headers"}, answer
    return answer.json


def try_api(client, function, **arguments):
    """Runs an API function that may fail, and gives polyd's answer."""
    return client.post(f"/functions/api/{function}/execute", arguments)


def deploy(client, name, code, language="javascript", context=CONTEXT, **fields):
    """Deploys a server function and gives its id."""
    body = {"name": name, "context": context, "code": code, "language": language, **fields}
    return client.made("/functions/server", body)["id"]


def run_server(client, function, headers=None, **arguments):
    """Runs a server function and gives polyd's answer."""
    return client.post(f"/functions/server/{function}/execute", arguments, headers=headers)


def instances(client, function):
    """The running instances of a server function, of all its revisions."""
    revisions = client.found(f"/functions/server/{function}/instances")["revisions"]
    return [instance for revision in revisions for instance in revision["instances"]]


def executions(client, **query):
    return client.found("/executions", query=query)["results"]


def logs_of(client, execution):
    """The lines that one execution logged, as (level, text)."""
    lines = client.found(f"/executions/{execution}/logs", query={"limit": 1000})["logs"]
    return [(line["level"], line["value"]) for line in lines]


def execution_id(answer):
    return answer.headers["x-poly-execution-id"]
