"""Servers under the same load in turns: each round measures every one of them, so that what disturbs one disturbs all."""

from collections.abc import Callable
from dataclasses import dataclass, field

from harness.figures import Samples
from harness.load import Load, Request, run_load
from harness.machine import BenchFailed
from harness.processes import Program

WARM_UP_SECONDS = 1


def _nothing() -> None:
    pass


@dataclass
class Contender:
    name: str
    program: Program
    request: Request
    load_cores: str
    # Until work that the server put off is done, so that its CPU time counts.
    settle: Callable[[], None] = _nothing
    loads: list[Load] = field(default_factory=list)
    cpu_root: list[float] = field(default_factory=list)
    cpu_below: list[float] = field(default_factory=list)

    def run(self, connections: int, seconds: int) -> Load:
        """One load, and all that the server put off because of it."""
        try:
            load = run_load(self.request, connections, seconds, self.load_cores)
            self.settle()
        except BenchFailed as failure:
            raise BenchFailed(f"{self.name}: {failure}") from failure
        return load

    def measure(self, connections: int, seconds: int) -> None:
        before = self.program.cpu()
        load = self.run(connections, seconds)
        after = self.program.cpu()
        self.loads.append(load)
        self.cpu_root.append(after.root - before.root)
        self.cpu_below.append(after.below - before.below)

    def per_second(self) -> Samples:
        return Samples(tuple(load.per_second for load in self.loads), "req/s")

    def per_cpu_second(self) -> Samples:
        spent = [root + below for root, below in zip(self.cpu_root, self.cpu_below)]
        return Samples(tuple(load.requests / cpu for load, cpu in zip(self.loads, spent)), "req/CPU-s")

    def _cpu_each(self, spent: list[float]) -> Samples:
        return Samples(tuple(cpu / load.requests * 1e6 for load, cpu in zip(self.loads, spent)), "µs")

    def cpu_each(self) -> Samples:
        return self._cpu_each([root + below for root, below in zip(self.cpu_root, self.cpu_below)])

    def cpu_each_of_root(self) -> Samples:
        return self._cpu_each(self.cpu_root)

    def cpu_each_below(self) -> Samples:
        return self._cpu_each(self.cpu_below)

    def p50(self) -> Samples:
        return Samples(tuple(load.p50_ms for load in self.loads), "ms")

    def p99(self) -> Samples:
        return Samples(tuple(load.p99_ms for load in self.loads), "ms")


def contest(contenders: list[Contender], connections: int, seconds: int, rounds: int) -> None:
    for contender in contenders:
        contender.run(connections, WARM_UP_SECONDS)
    for turn in range(rounds):
        # Nobody is always the one after the other.
        order = contenders if turn % 2 == 0 else list(reversed(contenders))
        for contender in order:
            contender.measure(connections, seconds)
