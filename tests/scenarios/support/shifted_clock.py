"""A wall clock that a scenario puts forward and back under a running polyd (shifted_clock.c)."""

import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("shifted_clock.c")


class ShiftedClock:
    """`settings` are those of the polyd that reads it. Its workers, which inherit nothing, have the clock of the host."""

    def __init__(self, folder):
        library = folder / "shifted_clock.so"
        subprocess.run(["clang-19", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, SOURCE], check=True)
        self._shift = folder / "shifted_clock"
        self.settings = {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(self._shift)}
        self._shift.write_bytes(struct.pack("q", 0))

    def shift(self, seconds):
        """From now on the clock is so many seconds ahead of the host's, or behind it."""
        with self._shift.open("r+b") as file:
            file.write(struct.pack("q", seconds))
