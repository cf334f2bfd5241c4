"""polyd is killed again and again while it changes things: what it acknowledged is there afterwards, every time."""

import http.client
import random
import threading
import time

from support.eventually import eventually
from support.functions import deploy, make_api_function
from support.ledger import Kind, Writer
from support.recorder import Recorder

KILLS = 50
ALIVE_SECONDS_MAX = 0.3
SEED = 20
SERVER_GONE = (ConnectionError, http.client.HTTPException, TimeoutError)

SNIPPETS = Kind(
    "/snippets",
    lambda name, value: {"name": name, "context": "crash", "language": "javascript", "code": value},
    lambda value: {"code": value},
    lambda client, identity: client.found(f"/snippets/{identity}")["code"],
)
VARIABLES = Kind(
    "/variables",
    lambda name, value: {"name": name, "context": "crash.vault", "value": value, "secrecy": "NONE"},
    lambda value: {"value": value},
    lambda client, identity: client.get(f"/variables/{identity}/value").text,
)
SCHEMAS = Kind(
    "/schemas",
    lambda name, value: {"name": name, "context": "crash", "definition": {"type": "string", "title": value}},
    lambda value: {"definition": {"type": "string", "title": value}},
    lambda client, identity: client.found(f"/schemas/{identity}")["definition"]["title"],
)
FUNCTIONS = Kind(
    "/functions/client",
    lambda name, value: {
        "name": name, "context": "crash", "description": value, "language": "python", "code": f"def {name}():\n    pass\n"
    },
    lambda value: {"description": value},
    lambda client, identity: client.found(f"/functions/client/{identity}")["description"],
)  # fmt: skip

DELIVER = """
const { poly } = require('openpoly');
async function deliver(event) { await poly.outside.arrived(event.n); }"""


class Sender:
    """Sends numbered events to a webhook that nobody answers, and remembers which were acknowledged."""

    def __init__(self, webhook):
        self.webhook = webhook
        self.acknowledged = set()
        self._number = 0

    def change_something(self, client):
        self._number += 1
        answer = client.post(f"/webhooks/{self.webhook}", {"n": self._number})
        assert answer.status == 200, answer
        self.acknowledged.add(self._number)


def work_until_gone(make_client, worker, problems):
    client = make_client()
    try:
        while True:
            worker.change_something(client)
    except SERVER_GONE:
        pass
    except AssertionError as problem:
        problems.append(problem)
    finally:
        client.close()


def live_and_die(running, workers, alive_seconds):
    """Lets every worker change things at once, and kills polyd in the middle of it."""
    problems = []
    threads = [
        threading.Thread(target=work_until_gone, args=(running.client, worker, problems)) for worker in workers
    ]
    for thread in threads:
        thread.start()
    time.sleep(alive_seconds)
    running.kill()
    for thread in threads:
        thread.join()
    assert problems == []
    running.assert_sound()


def deliver_the_rest(client):
    """Waits until no event is left; one that was killed in each of its attempts is a dead letter and is replayed."""

    def left():
        waiting = client.found("/events", query={"limit": 1000})["results"]
        for event in waiting:
            if event["state"] == "dead":
                client.post(f"/events/{event['id']}/replay")
        return waiting

    eventually(lambda: not left(), "every event is delivered", seconds=60)


def test_what_was_acknowledged_survives_fifty_kills(start_polyd):
    moments = random.Random(SEED)
    upstream = Recorder()
    try:
        running = start_polyd()
        client = running.client()
        make_api_function(client, "arrived", upstream.address + "/{{n}}", arguments=["n"], context="outside")
        function = deploy(client, "deliver", DELIVER, context="inside")
        webhook = client.made("/webhooks", {"name": "events", "context": "inside"})["id"]
        client.made(
            "/triggers", {"source": {"webhookHandleId": webhook}, "destination": {"serverFunctionId": function}}
        )
        client.close()
        writers = [Writer(SNIPPETS, 1), Writer(VARIABLES, 2), Writer(SCHEMAS, 3), Writer(FUNCTIONS, 4)]
        sender = Sender(webhook)
        for _ in range(KILLS):
            live_and_die(running, [*writers, sender], moments.uniform(0, ALIVE_SECONDS_MAX))
            running = start_polyd(data=running.data, key=running.key)
            client = running.client()
            for writer in writers:
                writer.check(client)
            client.close()

        client = running.client()
        for writer in writers:
            writer.check(client, everything=True)
        assert sum(writer.changes for writer in writers) > 2 * KILLS
        deliver_the_rest(client)
        arrived = {int(seen.target.removeprefix("/")) for seen in upstream.requests}
        assert sender.acknowledged and sender.acknowledged <= arrived
        client.close()
        running.stop_well()
    finally:
        upstream.close()
