"""What the person at the terminal sees: numbered steps, what each returned, and how long it took.

Colours are used on a terminal only, so that the output of a script stays plain text.
"""

import json
import os
import sys
import time
from contextlib import contextmanager

LINE_COLUMNS = 100
RESULT_COLUMNS_MAX = 160

BOLD, DIM, GREEN, RED, CYAN = "1", "2", "32", "31", "36"


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(text: str, *codes: str) -> str:
    return f"\033[{';'.join(codes)}m{text}\033[0m" if _coloured() else text


def shortened(text: str, columns: int = RESULT_COLUMNS_MAX) -> str:
    flat = " ".join(str(text).split())
    return flat if len(flat) <= columns else flat[: columns - 1] + "…"


def compact(value) -> str:
    """A value as one line of JSON, letters of all languages as they are."""
    return json.dumps(value, ensure_ascii=False)


class Step:
    """One running step; what it is told is printed below its title when it ends."""

    def __init__(self):
        self.lines: list[str] = []

    def returned(self, text: str) -> None:
        self.lines.append(shortened(text))


class Screen:
    def __init__(self):
        self._steps = 0

    def title(self, text: str, explanation: str) -> None:
        print(f"\n{paint(text, BOLD)}\n{paint(explanation, DIM)}", flush=True)

    def chapter(self, text: str) -> None:
        print(f"\n{paint(text, BOLD, CYAN)}", flush=True)

    @contextmanager
    def step(self, text: str):
        """Runs the block as one numbered step; its time is measured, an exception marks it as failed."""
        self._steps += 1
        head = f"{self._steps:>3}  {text} "
        print(head, end="", flush=True)
        step = Step()
        started = time.perf_counter()
        try:
            yield step
        except BaseException:
            print(paint("✗", RED), flush=True)
            raise
        milliseconds = f"{(time.perf_counter() - started) * 1000:.0f} ms"
        dots = "·" * max(3, LINE_COLUMNS - len(head) - len(milliseconds) - 3)
        print(f"{paint(dots, DIM)} {milliseconds} {paint('✓', GREEN)}")
        for line in step.lines:
            print(f"     {paint('→', CYAN)} {line}")
        sys.stdout.flush()

    def commands(self, title: str, commands: list[tuple[str, str]]) -> None:
        self.chapter(title)
        for meaning, command in commands:
            print(f"  {paint('# ' + meaning, DIM)}\n  {command}")
        sys.stdout.flush()

    def say(self, text: str) -> None:
        print(f"\n{text}", flush=True)

    def failure(self, reason: str) -> None:
        print(f"\n{paint('The demo failed: ', RED, BOLD)}{reason}", flush=True)

    def log_tail(self, name: str, lines: list[str]) -> None:
        print(paint(f"\nThe last lines of {name}:", BOLD))
        for line in lines:
            print(f"  {line}")
        sys.stdout.flush()
