"""A run in a few plain sentences, for a screen reader or a chat message."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from keras_sonify.rules.past import happened_in
from keras_sonify.rules.step_rows import recorded
from keras_sonify.training.best import Best
from keras_sonify.training.history import History, Points
from keras_sonify.training.metrics import Metric, is_setting
from keras_sonify.training.names import read_name
from keras_sonify.training.record import Snapshot
from keras_sonify.training.selection import Selection
from keras_sonify.words.text import change, listed, number
from keras_sonify.words.verdict import verdict


def describe_run(
    history: History,
    asked: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return what is to be said of a run, as plain data.

    Args:
        history: The run.
        asked: The metrics to tell of; `None` for the losses and accuracies.

    Returns:
        Dictionary with `epochs` (how many), `first_epoch` and `last_epoch`
        (one-based), and under `metrics` for each metric its `direction`, how many
        values `went_wrong` and in which epochs first and last, and the `first`,
        `best` and `last` that did not, each with `epoch` (one-based) and `value`; and
        under `events` what happened, new bests left out, each with `kind`, `epoch`
        (one-based) and `text`; under `left_out` the names of what it does not tell of
        though nobody asked for less, rates and times aside; and as `verdict` how it
        went, in one sentence.
    """
    selection = Selection(asked)
    history = recorded(history)
    happened = happened_in(history)
    for _, values in history.rows(len(history)):
        selection.update(values)
    snapshot = Snapshot(history, len(history), selection.metrics, happened=happened)
    description = describe_snapshot(snapshot)
    names = history.names if asked is None else ()
    return description | {
        "left_out": [
            name
            for name in names
            if name in selection.left_out
            or not (
                name in description["metrics"]
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
    history, count = snapshot.history, snapshot.count
    points = snapshot.points()
    description = {
        "epochs": count,
        "first_epoch": history.at(0).epoch + 1,
        "last_epoch": history.at(count - 1).epoch + 1,
        "metrics": {
            metric.name: _describe(metric, points) for metric in snapshot.valued
        },
        "events": [
            {"kind": event.kind, "epoch": event.epoch + 1, "text": event.text}
            for _, event in snapshot.notable
        ],
    }
    return {"verdict": verdict(description), **description}


def _describe(metric: Metric, points: Points) -> dict[str, Any]:
    finite: list[tuple[int, float]] = []
    wrong: list[int] = []
    best, count = Best(metric.direction), 0
    for point in points:
        reach = point.reaches.get(metric.name)
        if reach is None:
            continue
        count += reach.wrong
        for place, value in reach.moments:
            epoch = points.at(place).epoch + 1
            best.update(value, epoch)
            if math.isfinite(value):
                finite = [*finite[:1], (epoch, value)]
            else:
                wrong = [*wrong[:1], epoch]
    return {
        "direction": metric.direction,
        "first": _point(finite[0] if finite else None),
        "best": _point(best.found),
        "last": _point(finite[-1] if finite else None),
        "went_wrong": count,
        "went_wrong_first": wrong[0] if wrong else None,
        "went_wrong_last": wrong[-1] if wrong else None,
    }


def _point(point: tuple[int, float] | None) -> dict[str, float] | None:
    return None if point is None else {"epoch": point[0], "value": point[1]}


def sentences(description: Mapping[str, Any]) -> list[str]:
    """Return a description in words, a sentence a line.

    Args:
        description: What `describe_run` returned.
    """
    epochs = description["epochs"]
    first, last = description["first_epoch"], description["last_epoch"]
    lines = [
        description["verdict"],
        f"{epochs} epochs, {first} to {last}." if epochs > 1 else f"1 epoch, {first}.",
    ]
    for name, told in description["metrics"].items():
        lines.append(_sentence(name, told, last))
        count, where = told["went_wrong"], told["went_wrong_first"]
        if count == 1:
            lines.append(f"{name} was not a finite number in epoch {where}.")
        elif count:
            lines.append(
                f"{name} was not a finite number in {count} epochs, "
                f"the first of them {where}.",
            )
    if not description["metrics"]:
        lines.append("No metric to tell of.")
    lines += [f"Epoch {e['epoch']}: {e['text']}." for e in description["events"]]
    if left_out := description.get("left_out"):
        lines.append(
            f"Not told of are: {listed(left_out)}. `--metrics` takes the names of what "
            "to tell of, or all."
        )
    return lines


def _sentence(name: str, told: Mapping[str, Any], last_epoch: int) -> str:
    first, best, last = told["first"], told["best"], told["last"]
    if first is None:
        return f"{name} had no finite value."
    words = f"{name} began at {number(first['value'])}"
    ended = f"ended at {number(last['value'])}"
    if told["went_wrong"] and told["went_wrong_last"] > last["epoch"]:
        ended = f"had its last finite value at epoch {last['epoch']}"
    if best is None:
        return f"{words} and {ended}."
    if best["epoch"] == last["epoch"] == last_epoch:
        return f"{words} and ended at its best, {number(last['value'])}."
    return (
        f"{words}, was best at epoch {best['epoch']} with {number(best['value'])}, "
        f"and {ended}, {change(last['value'], best['value'])}."
    )
