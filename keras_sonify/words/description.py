"""A run in a few plain sentences, for a screen reader or a chat message."""

from collections.abc import Mapping, Sequence
from typing import Any

from keras_sonify.rules.past import happened_in
from keras_sonify.rules.step_rows import recorded
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import EPOCH_MEAN, EPOCHS, STEPS, Axis
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.metrics import is_setting
from keras_sonify.training.names import read_name
from keras_sonify.training.record import Snapshot
from keras_sonify.training.selection import Selection
from keras_sonify.words.closing import best_beside
from keras_sonify.words.course import course_in_steps, course_of
from keras_sonify.words.notices import listed
from keras_sonify.words.text import LEVEL, change, number, percent
from keras_sonify.words.verdict import axis_of, judged_by, verdict


def describe_run(
    history: History,
    asked: Sequence[str] | None = None,
    other: OtherRun | None = None,
) -> dict[str, Any]:
    """Return what is to be said of a run, as plain data.

    Args:
        history: The run.
        asked: The metrics to tell of; `None` for the losses and accuracies.
        other: The run that it was held against. Defaults to `None`.

    Returns:
        Dictionary with `epochs` (how many), `first_epoch` and `last_epoch`
        (one-based), and under `metrics` for each metric its `direction`, how many
        values `went_wrong`, as what (NaN, or infinite) and in which epochs first and
        last, and the `first`, `best` and `last` that did not, each with `epoch`
        (one-based) and `value`; and
        under `events` what happened, new bests left out, each with `kind`, `epoch`
        (one-based) and `text`; under `left_out` the names of what it does not tell of
        though nobody asked for less, rates and times aside; and as `verdict` how it
        went, in one sentence. Of a run that was held against another one, `against`
        says what that is called (`name`), by which `metric` the two are told apart, and
        in a line how the `best` values are beside each other.

        Of a run in steps `axis` is `"step"`, and there are `steps` (how many),
        `first_step` and `last_step` besides; `epochs` is how many they lie in. Values
        and events have their `step`, too. The values of a metric are medians of
        windows, except of validation, which has no such noise; how many there are is
        `values`. `noise_percent` is how far a step lies off by chance (one standard
        deviation), `spikes` how many there were, `largest_spike` one of them,
        `went_wrong_since` the step since which no value was finite. `end` says whether
        it was still `"improving"`, `"level"` with its best as far as the noise tells,
        or `"worse"`.
    """
    selection = Selection(asked)
    history = recorded(history)
    happened = happened_in(history, other=other)
    for _, values in history.rows(len(history)):
        selection.update(values)
    snapshot = Snapshot(
        history, len(history), selection.metrics, happened=happened, against=other
    )
    description = describe_snapshot(snapshot)
    names = history.names if asked is None else ()
    mean = EPOCH_MEAN if history.axis is STEPS else ""  # of what is told by its steps
    return description | {
        "left_out": [
            name
            for name in names
            if name in selection.left_out
            or not (
                name.removeprefix(mean) in description["metrics"]
                or is_setting(name)
                or read_name(name).side == "test"  # made once it is over, perhaps
            )
        ]
    }


def describe_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """Return the same of a run that has been watched already.

    Args:
        snapshot: The run.
    """
    if snapshot.axis is EPOCHS:
        points = snapshot.points()
        metrics = {m.name: course_of(m, points) for m in snapshot.valued}
    else:
        metrics = {m.name: course_in_steps(m, snapshot) for m in snapshot.valued}
    description = {
        **_extent(snapshot),
        "metrics": metrics,
        "events": [
            {"kind": event.kind, **_place(event), "text": event.text}
            for _, event in snapshot.notable
        ],
    }
    if snapshot.against is not None:
        description["against"] = _against(snapshot)
    is_over = not snapshot.is_under_way
    return {"verdict": verdict(description, is_over=is_over), **description}


def _against(snapshot: Snapshot) -> dict[str, str | None]:
    """Return what a run is held against, and how it is beside that, as plain data."""
    other = snapshot.against
    name = judged_by([metric.name for metric in snapshot.valued])
    judged = [metric for metric in snapshot.valued if metric.name == name]
    lines = [best_beside(each, snapshot.history, other) for each in judged]
    return {
        "name": other.name if other is not None else "",
        "metric": name,
        "best": next((line for told in lines for line in told), None),
    }


def _extent(snapshot: Snapshot) -> dict[str, Any]:
    """Return how long a run is, and from where to where."""
    history, count = snapshot.history, snapshot.count
    first, last = history.at(0), history.at(count - 1)
    epochs = {
        f"first_{EPOCHS.unit}": EPOCHS.number(first.epoch),
        f"last_{EPOCHS.unit}": EPOCHS.number(last.epoch),
    }
    if snapshot.axis is EPOCHS:
        return {EPOCHS.units: count, **epochs}
    return {
        "axis": snapshot.axis.unit,
        snapshot.axis.units: last.place - history.before(count),
        f"first_{snapshot.axis.unit}": first.number,
        f"last_{snapshot.axis.unit}": last.number,
        EPOCHS.units: last.epoch - first.epoch + 1,
        **epochs,
    }


def _place(event: Event) -> dict[str, int]:
    """Return where something happened, as plain data."""
    epoch = {EPOCHS.unit: EPOCHS.number(event.epoch)}
    return {event.at.axis.unit: event.at.number} | epoch


def sentences(description: Mapping[str, Any]) -> list[str]:
    """Return a description in words, a sentence a line.

    Args:
        description: What `describe_run` returned.
    """
    unit = axis_of(description).unit
    lines = [description["verdict"], _extent_sentence(description)]
    if held := description.get("against"):
        lines.append(
            f"Held against {held['name']}: references are its values at the same "
            f"{unit}."
        )
        lines += [f"{held['best']}."] if held["best"] else []
    for name, told in description["metrics"].items():
        if told["first"] is not None:
            lines.append(_sentence(name, told, description))
        lines += [*_noise(name, told), *_wrong(name, told, axis_of(description))]
    if not description["metrics"]:
        lines.append("No metric to tell of.")
    lines += [
        f"{unit.capitalize()} {event[unit]}: {event['text']}."
        for event in description["events"]
        if not _is_said(event, description)
    ]
    if left_out := description.get("left_out"):
        lines.append(
            f"Not told of are: {listed(left_out)}. `--metrics` takes the names of what "
            "to tell of, or all."
        )
    return lines


def _extent_sentence(description: Mapping[str, Any]) -> str:
    axis = axis_of(description)
    many = description[axis.units]
    first, last = (description[f"{end}_{axis.unit}"] for end in ("first", "last"))
    where = f"{first} to {last}" if many > 1 else f"{first}"
    told = f"{axis.count(many)}, {where}"
    if axis is EPOCHS:
        return f"{told}."
    return f"{told}, in {EPOCHS.count(description[EPOCHS.units])}."


def _sentence(name: str, told: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    unit = axis_of(run).unit
    first, best, last = told["first"], told["best"], told["last"]
    words = f"{name} began at {number(first['value'])}"
    ended = f"ended at {number(last['value'])}"
    is_gone = told["went_wrong"] and told["went_wrong_last"] > last[unit]
    if is_gone:
        ended = f"had its last finite value at {unit} {last[unit]}"
    if best is None:
        return f"{words} and {ended}."
    is_last = axis_of(run) is STEPS or last[unit] == run[f"last_{unit}"]
    if best[unit] == last[unit] and not is_gone and is_last:
        return f"{words} and ended at its best, {number(last['value'])}."
    against = change(last["value"], best["value"])
    if "noise_percent" in told and told["end"] != "worse":
        against = LEVEL
    return (
        f"{words}, was best at {unit} {best[unit]} with {number(best['value'])}, "
        f"and {ended}, {against}."
    )


def _noise(name: str, told: Mapping[str, Any]) -> list[str]:
    """Return what is said of the noise and the spikes of steps."""
    parts = []
    if told.get("noise_percent"):
        parts.append(f"a noise of {percent(told['noise_percent'] / 100.0)}")
    if spikes := told.get("spikes"):
        largest = told["largest_spike"]
        where = f"{number(largest['value'])} at {STEPS.unit} {largest[STEPS.unit]}"
        parts.append(
            f"a spike, {where}"
            if spikes == 1
            else f"{spikes} spikes, the largest {where}"
        )
    return [f"{name} had {' and '.join(parts)}."] if parts else []


def _wrong(name: str, told: Mapping[str, Any], axis: Axis) -> list[str]:
    """Return what is said of values that were no numbers."""
    count, where = told["went_wrong"], told["went_wrong_first"]
    if not count:
        return []
    was = f"{name} was {told['went_wrong_as']} in"
    if count == 1:
        return [f"{was} {axis.unit} {where}."]
    if told["first"] is None:
        return [f"{was} all of its {axis.count(count)}."]
    return [f"{was} {axis.count(count)}, the first of them {where}."]


def _is_said(event: Mapping[str, Any], description: Mapping[str, Any]) -> bool:
    """Whether a metric's sentence says what happened: since when it was no number."""
    unit = axis_of(description).unit
    return any(
        told["went_wrong"]
        and event["text"].removeprefix(f"{name} is ")
        in told["went_wrong_as"].split(" or ")
        and event[unit] == told["went_wrong_first"]
        for name, told in description["metrics"].items()
    )
