"""Figures, the goals that some of them have, and how they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One figure of a scenario.

    Attributes:
        scenario: what was done.
        name: what was measured.
        rounds: what each round measured; the figure is their median.
        unit: of what.
        at_least: the goal, if it is a lower bound.
        at_most: the goal, if it is an upper bound.
    """

    scenario: str
    name: str
    rounds: Sequence[float]
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, None if there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    @property
    def goal(self) -> str:
        """The goal in words; empty if there is none."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "" if self.at_most is None else f"at most {self.at_most:g}"

    def as_json(self) -> dict[str, Any]:
        """The figure as plain values."""
        rounds = [round(value, 6) for value in self.rounds]
        shown = {"value": round(self.value, 6), "rounds": rounds, "unit": self.unit}
        return shown | ({"goal": self.goal, "met": self.met} if self.goal else {})


def quantile(ascending: Sequence[float], share: float) -> float:
    """The least of some values that this share of them does not exceed.

    Args:
        ascending: the values, the smallest first; at least one.
        share: above 0, up to 1.
    """
    return ascending[ceil(share * len(ascending)) - 1]


def table(figures: Sequence[Figure]) -> Table:
    """All figures of a run for a person to read."""
    shown = Table(title="Messages through a local Bot API server", title_justify="left")
    for column in ("scenario", "figure"):
        shown.add_column(column)
    for column in ("median", "lowest", "highest"):
        shown.add_column(column, justify="right")
    for column in ("unit", "goal", "met"):
        shown.add_column(column)
    before = ""
    for each in figures:
        if each.scenario != before:
            shown.add_section()
        values = [_short(value) for value in (each.value, min(each.rounds), max(each.rounds))]
        met = {True: "yes", False: "NO", None: ""}[each.met]
        shown.add_row(each.scenario if each.scenario != before else "", each.name, *values, each.unit, each.goal, met)
        before = each.scenario
    return shown


def by_scenario(figures: Sequence[Figure]) -> dict[str, dict[str, Any]]:
    """All figures of a run for a program to read."""
    found: dict[str, dict[str, Any]] = {}
    for each in figures:
        found.setdefault(each.scenario, {})[each.name] = each.as_json()
    return found


def _short(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
