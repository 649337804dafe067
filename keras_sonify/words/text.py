"""The plain sentences that go with the sound: for a screen reader, a log, a message."""

import math
from collections.abc import Iterable, Sequence

from keras_sonify.score.cue import Cue, Reading
from keras_sonify.score.held import Beside
from keras_sonify.training.axis import STEPS, UNPLANNED, At, Plan
from keras_sonify.training.best import Best
from keras_sonify.training.events import Event, in_four_digits
from keras_sonify.training.foreign import shown
from keras_sonify.training.noise import error_of, is_level
from keras_sonify.training.points import Point, Reach
from keras_sonify.words.against import held_sentences

_MOST_TOLD = 10.0  # beyond, the number says nothing more
_LEAST_TOLD = 0.005  # a smaller share would be rounded to nothing

LEVEL = "level with best"
"""Said of a value that is not known to be worse: the noise is larger than that."""


def cue_sentence(cue: Cue, plan: Plan = UNPLANNED) -> str:
    """Return one line for one cue: where it is, and what its tones tell.

    >>> cue_sentence(Cue(epoch=11), Plan(epochs=50))
    'Epoch 12 of 50: nothing to hear'

    Args:
        cue: The cue.
        plan: How much there is to be of the run. Defaults to what nobody knows.
    """
    return f"{_start(cue.at, plan)}: {readings_sentence(cue)}"


def spoken_sentence(cue: Cue, plan: Plan = UNPLANNED) -> str:
    """Return one line for one cue and all that happened in it, nothing twice.

    Args:
        cue: The cue.
        plan: How much there is to be of the run. Defaults to what nobody knows.
    """
    opening = held_sentences(cue)
    # With its value it has been said that a metric which is heard has a new best, and
    # how many of its steps stand out.
    bests = tuple(
        f"{shown(reading.metric.name)} {number(reading.value)} "
        for reading in cue.readings
        if reading.is_best and reading.best is not None
    )
    spiky = tuple(
        f"{shown(reading.metric.name)} "
        for reading in cue.readings
        if reading.reach and reading.reach.spikes
    )
    sentence = cue_sentence(cue, plan)
    told = [
        event.text
        for event in cue.happened
        if not (event.kind == "best" and event.text.startswith(bests))
        and not (event.kind == "spike" and event.text.startswith(spiky))
    ]
    if told and not cue.readings:  # what can be told is not "nothing to hear"
        sentence, told = f"{_start(cue.at, plan)}: {'. '.join(told)}", []
    return ". ".join([*opening, with_events(sentence, told)])


def with_events(sentence: str, happened: Iterable[str]) -> str:
    """Return a sentence and what happened, but for what the sentence has said.

    Args:
        sentence: What there is to say of a point.
        happened: What happened in it, in words.
    """
    return ". ".join([sentence, *(each for each in happened if each not in sentence)])


def _start(at: At, plan: Plan) -> str:
    """Return where something is, as a sentence begins with it."""
    return at.within(plan).capitalize()


def point_name(point: Point) -> str:
    """Return what a point is called in a table: "12", or "101 to 104".

    A window of steps has the name of its last one, as its cue had.
    """
    if point.count == 1 or point.at.axis is STEPS:
        return str(point.at.number)
    return f"{point.first.number} to {point.at.number}"


def point_title(point: Point, plan: Plan = UNPLANNED) -> str:
    """Return the same at the beginning of a sentence: "Epoch 12 of 50".

    Args:
        point: The point.
        plan: How much there is to be of the run. Defaults to what nobody knows.
    """
    if point.count == 1 or point.at.axis is STEPS:
        return _start(point.at, plan)
    of = f" of {plan.epochs}" if plan.epochs else ""
    return f"{point.at.axis.units.capitalize()} {point_name(point)}{of}"


def readings_sentence(cue: Cue) -> str:
    """Return what the tones of a cue tell, without where it is.

    Args:
        cue: The cue.
    """
    told = "; ".join(
        _reading(reading, cue.happened, is_first=place == 0)
        for place, reading in enumerate(cue.readings)
    )
    return told or "nothing to hear"


def _reading(reading: Reading, happened: Sequence[Event], *, is_first: bool) -> str:
    value, best, reach = reading.value, reading.best, reading.reach
    name = shown(reading.metric.name)
    if reach and reach.spikes and not reach.moments:  # there is no median
        return f"{name} {_spikes(name, reach, happened)}"
    said = f"{name} {number(value)}"
    if math.isfinite(value) and reading.other is not None:
        # Where the other one lies is said once: it is the same for all.
        where = f" at {reading.other.at.name}" if is_first else ""
        said = f"{said}, {beside(reading, reading.other)}{where}"
        if reading.is_best and best is not None:
            said = f"{said}, best so far"
    elif math.isfinite(value) and best is not None:
        if reading.is_best:
            said = f"{said}, best so far"
        elif reach and reach.spread and is_level(value, best, error_of(reach)):
            said = f"{said}, {LEVEL}"
        else:
            said = f"{said}, {change(value, best)}"
    if reach and reach.spikes:
        said = f"{said}, {_spikes(name, reach, happened)}"
    return said


def _spikes(name: str, reach: Reach, happened: Sequence[Event]) -> str:
    """Return what stands out of a window; where, if it is one of what happened."""
    highest = max(value for _, value in reach.spikes)
    if len(reach.spikes) > 1:
        return f"{len(reach.spikes)} spikes up to {number(highest)}"
    events = (
        e for e in happened if e.kind == "spike" and e.text.startswith(f"{name} ")
    )
    where = next((f" at {event.at.name}" for event in events), "")
    return f"spike {number(highest)}{where}"


def change(value: float, best: float) -> str:
    """Return in words how much worse a value is than the best one."""
    if value == best:
        return "same as best"
    if best == 0:
        return "worse than best"
    share = abs(value - best) / abs(best)
    if share > _MOST_TOLD:
        return f"more than {_MOST_TOLD * 100:.0f} percent worse than best"
    return f"{percent(share)} worse than best"


def beside(reading: Reading, other: Beside) -> str:
    """Return in words how a finite value stands beside the other run's.

    Args:
        reading: The value.
        other: What the other run had at the same place.
    """
    value, there, reach = reading.value, other.value, reading.reach
    if not math.isfinite(there):
        return f"{other.name} {number(there)}"
    if value == there:
        return f"same as {other.name}"
    if reach and reach.spread and is_level(value, there, error_of(reach)):
        return f"level with {other.name}"
    best = Best(reading.metric.direction)
    best.update(there, 0)
    how = "better" if best.is_better(value) else "worse"
    if reading.metric.direction is None:
        how = "higher" if value > there else "lower"
    if there == 0:
        return f"{how} than {other.name}"
    share = abs(value - there) / abs(there)
    many = percent(min(share, _MOST_TOLD))
    more = "more than " if share > _MOST_TOLD else ""
    return f"{more}{many} {how} than {other.name}"


def percent(share: float) -> str:
    """Return a share in words: "8 percent", or "less than 1 percent".

    In full: some screen readers leave the sign out.
    """
    return (
        f"{100 * share:.0f} percent" if share >= _LEAST_TOLD else "less than 1 percent"
    )


def number(value: float) -> str:
    """Return a value in four digits, or in words where it is no number."""
    told = in_four_digits(value)
    return told if math.isfinite(value) else f"is {told}"


def in_three_digits(value: float) -> str:
    """Return a value as short as it is spoken, or in words where it is no number."""
    if not math.isfinite(value):
        return in_four_digits(value)
    return f"{float(f'{value:.3g}'):g}"  # thousands without an exponent
