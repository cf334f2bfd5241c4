"""What polyd has acknowledged, kept outside of it, so that a scenario can ask after a crash whether it is still there.

A writer makes one change at a time. The change that is under way when polyd dies is in doubt: it may be there or not,
but whole. Everything before it has to be there exactly.
"""

import random
from dataclasses import dataclass
from typing import Any, Callable


@dataclass(frozen=True)
class Kind:
    """A kind of resource: how one is written and how its value is read back."""

    collection: str
    body: Callable[[str, str], dict]  # (name, value) -> the request that creates it
    change: Callable[[str], dict]  # value -> the request that changes it
    read: Callable[[Any, str], str]  # (client, id) -> the value


@dataclass
class Doubt:
    change: str  # create, patch or delete
    identity: str  # of a creation: the name, for its id was not told
    value: str = ""


class Writer:
    """Creates, changes and deletes resources of one kind until its server is gone."""

    def __init__(self, kind, seed):
        self.kind = kind
        self.acknowledged = {}  # id -> value
        self.changes = 0
        self._doubt = None
        self._touched = set()
        self._random = random.Random(seed)
        self._number = 0

    def change_something(self, client):
        self._number += 1
        value = f"value {self._number}"
        choice = self._random.random()
        if not self.acknowledged or choice < 0.5:
            name = f"item{self._number}"
            self._doubt = Doubt("create", name, value)
            identity = client.made(self.kind.collection, self.kind.body(name, value))["id"]
        else:
            identity = self._random.choice(sorted(self.acknowledged))
            path = f"{self.kind.collection}/{identity}"
            self._doubt = Doubt("patch" if choice < 0.85 else "delete", identity, value)
            if self._doubt.change == "patch":
                answer = client.patch(path, self.kind.change(value))
            else:
                answer = client.delete(path)
            assert answer.status in (200, 204), answer
        if self._doubt.change == "delete":
            del self.acknowledged[identity]
        else:
            self.acknowledged[identity] = value
            self._touched.add(identity)
        self._doubt = None
        self.changes += 1

    def check(self, client, everything=False):
        """Compares what is there with what was acknowledged since the last check, or with everything."""
        there = {item["id"]: item for item in client.found(self.kind.collection)}
        self._settle_doubt(client, there)
        assert set(there) == set(self.acknowledged), f"{self.kind.collection} differ from what was acknowledged"
        for identity in self.acknowledged if everything else self._touched & set(self.acknowledged):
            assert self.kind.read(client, identity) == self.acknowledged[identity], identity
        self._touched.clear()

    def _settle_doubt(self, client, there):
        doubt, self._doubt = self._doubt, None
        if not doubt:
            return
        if doubt.change == "create":
            made = [identity for identity, item in there.items() if item["name"] == doubt.identity]
            for identity in made:
                assert self.kind.read(client, identity) == doubt.value
                self.acknowledged[identity] = doubt.value
        elif doubt.change == "delete":
            if doubt.identity not in there:
                del self.acknowledged[doubt.identity]
        elif self.kind.read(client, doubt.identity) == doubt.value:
            self.acknowledged[doubt.identity] = doubt.value
