"""A point of a run in at most twelve words, and how a run stands, in one sentence.

They are spoken beside tones: what a run is judged by, in three digits, and no more.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from keras_sonify.score.cue import Reading
from keras_sonify.score.held import Holder
from keras_sonify.training.axis import At
from keras_sonify.training.events import EVENTS, Event
from keras_sonify.training.metrics import is_loss
from keras_sonify.training.names import is_validation, read_name, split_words
from keras_sonify.training.noise import error_of, is_level
from keras_sonify.training.record import Snapshot
from keras_sonify.words.closing import ending_sentence
from keras_sonify.words.description import describe_snapshot
from keras_sonify.words.text import LEVEL, beside, in_three_digits, percent
from keras_sonify.words.verdict import (
    Judgement,
    judge,
    judged_by,
    loss_in_words,
    verdict,
)

_MOST_WORDS = 12
_MOST_OF_EVENT = 9  # words of an event that are told as they are
_MOST_SHARE = 10.0  # worse than that is just far worse
_LEAST_SHARE = 0.005
_THAN = " than best"  # goes without saying beside a word
_MOST_IN_NAME = 4  # words of a name that are said
_LONGEST_NAME = 40  # characters of it

_STANDING: Mapping[str, str] = {
    "divergence": "it diverged",
    "stuck": "it has not learnt yet",
    "overfitting": "it overfits",
    "improving": "it still improves",
    "level": "it has levelled off",
    "worse": "it has not been better for a while",
}
"""How a run stands that goes on, by what it is judged to do."""


def short_sentence(
    at: At, readings: Sequence[Reading], happened: Sequence[Event] = ()
) -> str:
    """Return one point in at most twelve words.

    Args:
        at: Where it is.
        readings: What its tones tell.
        happened: What happened in it, the most important first. Defaults to `()`.
    """
    where = at.name.capitalize()
    told = _reading(readings)
    # With its value it is said that a metric has a new best.
    news = next((event for event in happened if event.kind != "best"), None)
    if news is None:
        return f"{where}: {told or 'nothing to hear'}"
    if len(news.text.split()) <= _MOST_OF_EVENT:
        return f"{where}: {news.text}"
    word = EVENTS[news.kind].word
    both = f"{where}: {word}; {told.removesuffix(_THAN)}"
    is_long = not told or len(both.split()) > _MOST_WORDS
    return f"{where}: {word}" if is_long else both


def _reading(readings: Sequence[Reading]) -> str:
    """Return the verdict on what a run is judged by; empty if nothing was read."""
    by_name = {reading.metric.name: reading for reading in readings}
    judged = judged_by(list(by_name))
    if judged is None:
        return ""
    reading = by_name[judged]
    value, reach = reading.value, reading.reach
    name = spoken_name(judged)
    if reach and reach.spikes and not reach.moments:  # there is no median
        return f"{name} stands far out"
    if not math.isfinite(value):
        return f"{name} is {in_three_digits(value)}"
    is_new = reading.is_best and reading.best is not None and reading.other is None
    return f"{'new best ' if is_new else ''}{name} {_beside(reading)}"


def _beside(reading: Reading) -> str:
    """Return how a finite value is held against the other run's, or the best one."""
    value, best, reach = reading.value, reading.best, reading.reach
    if reading.other is not None:
        return beside(reading, reading.other)
    if best is None or reading.is_best:
        return in_three_digits(value)
    if reach and reach.spread and is_level(value, best, error_of(reach)):
        return LEVEL
    return _against(value, best)


def spoken_name(name: str) -> str:
    """Return a metric's name as one says it, in a few words.

    >>> spoken_name("val_loss"), spoken_name("val_top_5_accuracy"), spoken_name("auc")
    ('validation loss', 'validation top 5 accuracy', 'auc')
    """
    if is_loss(name):
        return loss_in_words(name)
    family = read_name(name).family
    words = (split_words(family) or [family])[:_MOST_IN_NAME]
    said = " ".join(words)[:_LONGEST_NAME]
    return f"validation {said}" if is_validation(name) else said


def _against(value: float, best: float) -> str:
    """Return how a value is held against the best one."""
    if value == best:
        return LEVEL
    share = abs(value - best) / abs(best) if best else math.inf
    if share > _MOST_SHARE:
        return f"far worse{_THAN}"
    if share < _LEAST_SHARE:
        return f"hardly worse{_THAN}"
    return f"{percent(share)} worse{_THAN}"


def tell_me(run: Snapshot) -> str:
    """Return how a run stands, or how it went, in one sentence.

    Args:
        run: The run, of at least one epoch or step.
    """
    at = run.history.at(run.count - 1)
    description = describe_snapshot(run)
    if run.ending is None:
        place = at.within(run.plan).capitalize()
        standing = _standing(judge(description), description)
        return ", ".join([f"{place}: {standing}", *_beside_now(run)]) + "."
    ended = ending_sentence(run.ending, at, run.plan)
    told = [verdict(description)]
    if run.against is not None and (best := description["against"]["best"]):
        told = [told[0].removesuffix("."), f"{best}."]
    return "; ".join([ended, *(f"{each[0].lower()}{each[1:]}" for each in told)])


def _beside_now(run: Snapshot) -> list[str]:
    """Return how the last point is beside the other run; nothing without one."""
    *_, point = run.points()
    judged = judged_by([metric.name for metric in run.valued])
    holder = Holder(run.against)
    for metric in run.valued:
        reach = point.reaches.get(metric.name)
        found = holder.beside(point.at, [metric], point).get(metric.name)
        if metric.name == judged and found and reach and math.isfinite(reach.value):
            value = Reading(
                metric=metric,
                value=reach.value,
                best=None,
                is_best=False,
                reach=reach,
            )
            return [beside(value, found)]
    return []


def _standing(judged: Judgement | None, description: Mapping[str, Any]) -> str:
    """Return how a run stands that goes on, without where."""
    if judged is None or judged.kind == "broken":
        told = verdict(description).removesuffix(".")
        return told[0].lower() + told[1:]
    metric = description["metrics"][judged.name]
    best, last = metric["best"], metric["last"]
    name = spoken_name(judged.name)
    if judged.kind == "single":
        return f"{name} {in_three_digits(last['value'])}"
    now = f"{_STANDING[judged.kind]}; {name} {in_three_digits(last['value'])}"
    is_best = best["value"] == last["value"]
    if is_best or ("noise_percent" in metric and metric["end"] != "worse"):
        return f"{now}, {'its best so far' if is_best else LEVEL}"
    unit = judged.axis.unit
    return f"{now}, {_against(last['value'], best['value'])} at {unit} {best[unit]}"
