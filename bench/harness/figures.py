"""Figures of one run: samples as medians with their range, and comparisons with an aim."""

import math
import statistics
from dataclasses import asdict, dataclass


def shown(value: float) -> str:
    if value >= 999.5:
        return f"{value:,.0f}"
    return f"{value:.3g}"


@dataclass(frozen=True)
class Samples:
    """What the rounds gave, in one unit."""

    values: tuple[float, ...]
    unit: str

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

    def text(self) -> str:
        middle = f"{shown(self.median)} {self.unit}"
        if len(self.values) == 1:
            return middle
        return f"{middle} ({shown(min(self.values))}–{shown(max(self.values))})"


@dataclass(frozen=True)
class Aim:
    """Where a figure should be: the ratio to the peer, or our own value when there is none."""

    at_least: float | None = None
    at_most: float | None = None

    def met(self, figure: float) -> bool:
        if self.at_least is not None:
            return figure >= self.at_least
        return figure <= self.at_most

    def text(self, unit: str) -> str:
        sign, value = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        return f"{sign} {value:g}{unit}"


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    measurement: str
    what: str
    ours: Samples
    peer_name: str = ""
    peer: Samples | None = None
    aim: Aim | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours.median / self.peer.median if self.peer and self.peer.median else None

    @property
    def met(self) -> bool | None:
        if not self.aim:
            return None
        return self.aim.met(self.ours.median if self.peer is None else self.ratio)

    def as_json(self) -> dict:
        return {**asdict(self), "ours_median": self.ours.median, "peer_median": self.peer.median if self.peer else None,
                "ratio": self.ratio, "met": self.met}

    def cells(self) -> list[str]:
        return [
            self.what,
            f"{self.peer_name}: {self.peer.text()}" if self.peer else "–",
            self.ours.text(),
            f"{self.ratio:.2f}×" if self.ratio is not None else "–",
            self.aim.text("×" if self.peer else f" {self.ours.unit}") if self.aim else "–",
            {True: "yes", False: "NO", None: "–"}[self.met],
        ]


@dataclass(frozen=True)
class Standing:
    """Everybody that had the same load, beside each other: one row for each, with the same columns."""

    measurement: str
    what: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[Samples | None, ...]]

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Remark:
    """What a reader of the figures has to know and no figure says."""

    measurement: str
    text: str

    def as_json(self) -> dict:
        return asdict(self)


Finding = Figure | Standing | Remark
