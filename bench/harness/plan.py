"""What a run may use: where the programs are, where to work, and how long and how often to measure."""

import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Plan:
    """`scratch` is emptied when the run ends; what `cleanup` holds is stopped when its measurement ends."""

    binaries: Path
    scratch: Path
    seconds: int
    rounds: int
    starts: int
    quick: bool
    cleanup: ExitStack = field(default_factory=ExitStack)

    def pick(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @staticmethod
    def tell(what: str) -> None:
        """Says on standard error what is being done: a full run takes long."""
        print(f"  {what}", file=sys.stderr, flush=True)

    def folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.scratch))

    def keep(self, program):
        """Has `program` stopped at the end of the measurement."""
        self.cleanup.callback(program.stop)
        return program
