"""Several runs beside one another: who is better, where, and by how much."""

from dataclasses import dataclass, field

from keras_sonify.training.axis import At
from keras_sonify.training.best import Best
from keras_sonify.training.course import Value
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.leads import Pair

MOST_RUNS = 9
"""Runs that are told and heard one by one; of more, each is one tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """One of several runs.

    Attributes:
        number: Which one, from 1, in the order in which they were given.
        name: What it is called: the path of its log, say.
        metric: What it calls the metric that is compared.
        count: How many epochs or steps it had.
        end: Where it ended; `None` if it never began.
        first: The first value; `None` if it had none.
        best: The best value.
        last: The value at its end: the median of the last three of ten and more.
        wrong_since: Since when no value was a finite number, to the end.
        has_failed: Whether it has no value at its end, or somebody says so.
        is_running: Whether it is still being written.
    """

    number: int
    name: str
    metric: str
    count: int
    end: At | None
    first: Value | None = None
    best: Value | None = None
    last: Value | None = None
    wrong_since: At | None = None
    has_failed: bool = False
    is_running: bool = False
    history: History = field(default_factory=History, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two runs are apart.

    Attributes:
        ahead: Number of the better run; `None` if they are level, as far as their own
            noise tells, or within 0.5 percent.
        behind: Number of the other one; `None` if they are level.
        share: How far apart, as a share of the value of the one behind; `None` where
            one of the values is no number, or none to take a share of.
    """

    ahead: int | None = None
    behind: int | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class LeadChange:
    """Where a run took the lead.

    Attributes:
        at: The place, on the axis of the first of the two.
        number: The run.
    """

    at: At
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of comparing runs by a metric; `str` tells it in words.

    Attributes:
        metric: The metric.
        direction: Which way it improves.
        runs: The runs, in the order in which they were given.
        ranking: Their numbers, the best one first, by their best values; those that
            have failed last.
        winner: The best run; `None` if two are level. Of two whose best values are
            level, the one that ends better.
        leaders: The two best runs, in the order in which they were given; one or none
            where no more have a value.
        at_best: How far those two are apart at their best.
        at_end: How far at their ends.
        leads: Where one of the two took the lead from the other, the first time
            included; empty where they are level, or share too few places.
        pairs: The values of the two at the same places.
        median: The median of the best values of all runs that have not failed.
        is_sweep: Whether there are too many to be heard one by one, or each is but one
            value.
        sentences: The same in words.
    """

    metric: str
    direction: Direction
    runs: tuple[ComparedRun, ...]
    ranking: tuple[int, ...]
    winner: int | None
    leaders: tuple[int, ...]
    at_best: Difference
    at_end: Difference
    leads: tuple[LeadChange, ...]
    pairs: tuple[Pair, ...] = field(repr=False)
    median: float | None
    is_sweep: bool
    sentences: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        """Return what came of it in words, a sentence a line."""
        return "\n".join(self.sentences)

    def run(self, number: int) -> ComparedRun:
        """Return the run of a number."""
        return self.runs[number - 1]

    @property
    def failed(self) -> tuple[int, ...]:
        """Numbers of the runs that failed."""
        return tuple(run.number for run in self.runs if run.has_failed)

    @property
    def new_bests(self) -> tuple[int, ...]:
        """Numbers of the runs that were better than all before them."""
        best = Best(self.direction)
        return tuple(
            run.number
            for run in self.runs
            if run.best and not run.has_failed
            if best.update(run.best.value, run.number)
        )
