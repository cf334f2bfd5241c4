"""From no call to 500 at the same time, of a function that is asleep and takes 5 ms: how long until answers come evenly, and
whether every call gets one."""

from collections import Counter

from harness.figures import Aim, Figure, Finding, Samples
from harness.machine import BenchFailed
from harness.plan import Plan
from harness.spike import Call, Exchange, spike
from measurements.sleeping import start_sleeping

NAME = "spike"
CONNECTIONS = 500
# A second's p99 is steady when it is at most so many times that of the last second.
STEADY_SHARE = 1.5
CODE = {
    "javascript": """export default async function pause(number) {
  await new Promise((done) => setTimeout(done, 5));
  return { number };
}
""",
    "python": """import asyncio


async def pause(number: int) -> dict:
    await asyncio.sleep(0.005)
    return {"number": number}
""",
}


def _p99_by_second(calls: list[Call], seconds: int) -> list[float]:
    windows: list[list[float]] = [[] for _ in range(seconds)]
    for call in calls:
        if call.ended_seconds < seconds:
            windows[int(call.ended_seconds)].append(call.milliseconds)
    # A second without any answer is as far from steady as can be.
    return [Samples(tuple(window), "ms").percentile(99) if window else float("inf") for window in windows]


def _one_spike(plan: Plan, language: str, seconds: int) -> tuple[list[Call], int]:
    """The calls, and how many instances there were at their end."""
    polyd, [function] = start_sleeping(plan, "pause", language, CODE[language], 1, {})
    exchanges = [Exchange(polyd.execute_request(function, "server", {"number": number}), {"number": number})
                 for number in range(CONNECTIONS)]
    calls = spike(exchanges, seconds)
    instances = polyd.instances(function)
    polyd.stop()
    return calls, instances


def _failures(calls: list[Call]) -> Counter:
    return Counter("no answer" if not call.status else str(call.status) for call in calls if not 200 <= call.status < 300)


def _spikes(plan: Plan, language: str) -> list[Finding]:
    seconds = plan.pick(full=20, quick=4)
    steady, first, last, slowest, rate = [], [], [], [], []
    failures: Counter = Counter()
    for turn in range(plan.pick(full=3, quick=1)):
        plan.tell(f"{language}: spike {turn + 1}, {CONNECTIONS} calls at once for {seconds} s")
        calls, instances = _one_spike(plan, language, seconds)
        by_second = _p99_by_second(calls, seconds)
        if by_second[-1] == float("inf"):
            raise BenchFailed(f"{language}: no call was answered in the last second of the spike")
        steady.append(next(second for second, p99 in enumerate(by_second) if p99 <= STEADY_SHARE * by_second[-1]))
        first.append(min(call.ended_seconds for call in calls) * 1e3)
        last.append(by_second[-1])
        slowest.append(max(call.milliseconds for call in calls))
        rate.append(len(calls) / seconds)
        failures += _failures(calls)
    where = f"spike from 0 to {CONNECTIONS} calls, {language}"
    told = ", ".join(f"{count} × {what}" for what, count in failures.items()) or "every call was answered"
    return [
        Figure(NAME, f"{where}: errors", Samples((failures.total(),), "calls"), aim=Aim(at_most=0), note=told),
        Figure(NAME, f"{where}: p99 is steady after", Samples(tuple(steady), "s"), note=f"{instances} instances at the end"),
        Figure(NAME, f"{where}: first answer", Samples(tuple(first), "ms")),
        Figure(NAME, f"{where}: p99 of the last second", Samples(tuple(last), "ms")),
        Figure(NAME, f"{where}: slowest call", Samples(tuple(slowest), "ms")),
        Figure(NAME, f"{where}: answers a second", Samples(tuple(rate), "calls/s")),
    ]


def measure(plan: Plan) -> list[Finding]:
    return [finding for language in CODE for finding in _spikes(plan, language)]
