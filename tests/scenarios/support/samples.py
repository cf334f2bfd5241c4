"""One valid request body for each kind of resource, for scenarios that need such a thing and do not care which."""

from dataclasses import dataclass


def api_function(name, context="shop", url="http://127.0.0.1:9/items/{{id}}", **changes):
    """Takes `id`; the upstream behind port 9 is never there."""
    body = {
        "name": name,
        "context": context,
        "description": "Reads an item",
        "arguments": [{"name": "id", "type": "string", "description": "Which item"}],
        "source": {"url": url, "method": "GET"},
        "returnType": "object",
    }
    return {**body, **changes}


def server_function(name, context="shop", code=None, **changes):
    """Adds two numbers, in TypeScript."""
    code = code or f"export function {name}(a: number, b: number): number {{ return a + b; }}\n"
    return {"name": name, "context": context, "description": "Adds", "code": code, **changes}


def client_function(name, context="shop", code=None, **changes):
    """Greets by name, in TypeScript."""
    code = code or f"export function {name}(who: string): string {{ return 'hello ' + who; }}\n"
    return {"name": name, "context": context, "description": "Greets", "code": code, **changes}


def webhook(name, context="shop", **changes):
    schema = {"type": "object", "properties": {"orderId": {"type": "string"}}, "required": ["orderId"]}
    body = {"name": name, "context": context, "description": "An order came in", "eventPayloadTypeSchema": schema}
    return {**body, **changes}


def variable(name, context="shop", value="blue", secrecy="NONE", **changes):
    return {"name": name, "context": context, "description": "A setting", "value": value, "secrecy": secrecy, **changes}


def schema(name, context="shop", **changes):
    definition = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    return {"name": name, "context": context, "description": "An item", "definition": definition, **changes}


def snippet(name, context="shop", **changes):
    body = {"name": name, "context": context, "description": "A fragment", "code": "const a = 1;\n"}
    return {**body, "language": "javascript", **changes}


def trigger(name, webhook_id, function_id, **changes):
    source, destination = {"webhookHandleId": webhook_id}, {"serverFunctionId": function_id}
    return {"name": name, "source": source, "destination": destination, **changes}


def job(name, function_id, **changes):
    """Runs once a year."""
    schedule = {"type": "periodical", "value": "0 0 1 1 *"}
    return {"name": name, "schedule": schedule, "functions": [{"id": function_id}], "enabled": False, **changes}


@dataclass(frozen=True)
class Kind:
    """A kind of resource with a context: where it lives and how one is made."""

    human_name: str
    collection: str
    body: callable
    spec_type: str
    permission: str
    # POST of a taken name replaces, as PUT does, instead of refusing.
    post_replaces: bool = False

    def __str__(self):
        return self.human_name

    def within(self, context):
        """A context of this kind's own: functions and webhooks share their names."""
        return f"{context}.{self.spec_type}"


API_FUNCTION = Kind("API function", "/functions/api", api_function, "apiFunction", "manageApiFunctions")
SERVER_FUNCTION = Kind(
    "server function", "/functions/server", server_function, "serverFunction", "customDev", post_replaces=True
)
CLIENT_FUNCTION = Kind(
    "client function", "/functions/client", client_function, "customFunction", "customDev", post_replaces=True
)
WEBHOOK = Kind("webhook", "/webhooks", webhook, "webhookHandle", "manageWebhooks")
VARIABLE = Kind("variable", "/variables", variable, "serverVariable", "manageNonSecretVariables")
SCHEMA = Kind("schema", "/schemas", schema, "schema", "manageSchemas")
SNIPPET = Kind("snippet", "/snippets", snippet, "snippet", "manageSnippets")

WITH_CONTEXT = [API_FUNCTION, SERVER_FUNCTION, CLIENT_FUNCTION, WEBHOOK, VARIABLE, SCHEMA, SNIPPET]
