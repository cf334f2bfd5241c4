"""Waiting for what happens in the background: asked for again and again until it is so, within a deadline."""

import time

SECONDS_MAX = 30
PAUSE_SECONDS = 0.05


def eventually(ask, what, seconds=SECONDS_MAX):
    """Gives the first true value of `ask()`; fails with `what` was waited for when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = ask()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(PAUSE_SECONDS)
