"""How a training went, in one sentence: what a colleague would say first."""

from collections.abc import Mapping
from typing import Any

from keras_sonify.training.axis import EPOCHS, STEPS, Axis
from keras_sonify.training.metrics import is_loss, is_reward
from keras_sonify.training.names import is_validation
from keras_sonify.words.text import number

_LATE = 0.05  # of the epochs, or two: a best one that late is one at the end
_LEAST_GAIN = 0.02  # of its first value: what has gained less has not learnt


def verdict(description: Mapping[str, Any]) -> str:
    """Return the verdict on a run.

    What happened last counts: a run that found a new best after it overfitted, say,
    does not overfit any more.

    Args:
        description: What `describe_run` returned.
    """
    metrics: Mapping[str, Any] = description["metrics"]
    axis = axis_of(description)
    broken = _broken(metrics, description, axis)
    if broken is not None:
        return broken
    name = _judged(metrics, axis)
    if name is None:
        return "There is nothing to judge: no metric is known to improve."
    told = metrics[name]
    best = told["best"]
    if description[axis.units] == 1:
        return f"After one {axis.unit}: {_spoken(name)} {number(best['value'])}."
    happened = {event["kind"]: event[axis.unit] for event in description["events"]}
    since = {kind for kind, at in happened.items() if at > best[axis.unit]}
    end = told["end"] if "end" in told else _end(best, description)
    where = f"It diverged in {axis.unit} {happened.get('divergence')}"
    judged = [
        ("divergence" in since and end != "improving", where),
        ("stuck" in happened and not _has_learnt(metrics), "It has not learnt"),
        ("overfitting" in since, "It overfits"),
        (end == "improving", "It improved to the end"),
        (end == "level" or "plateau" in since, "It levelled off"),
        (True, "It has not been better for a while"),
    ]
    words = next(words for holds, words in judged if holds)
    if "noise_percent" in told and end != "worse":
        last, first = number(told["last"]["value"]), number(told["first"]["value"])
        return f"{words}: {_spoken(name)} {last}, from {first}."
    at = f"best at {axis.unit} {best[axis.unit]}"
    return f"{words}: {at}, {_spoken(name)} {number(best['value'])}."


def best_of(description: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Return the metric that a run is judged by, and its best value with its place.

    Args:
        description: What `describe_run` returned.

    Returns:
        `None` where there is no best value.
    """
    metrics = description["metrics"]
    name = _judged(metrics, axis_of(description))
    return None if name is None else (name, metrics[name]["best"])


def axis_of(description: Mapping[str, Any]) -> Axis:
    """Return what the run counts that a description is of."""
    return STEPS if description.get("axis") == STEPS.unit else EPOCHS


def _end(best: Mapping[str, Any], description: Mapping[str, Any]) -> str:
    """Return how a metric ends in a run of epochs."""
    back = description[f"last_{EPOCHS.unit}"] - best[EPOCHS.unit]
    is_late = back < max(_LATE * description[EPOCHS.units], 2)
    return "improving" if is_late else "worse"


def _judged(metrics: Mapping[str, Any], axis: Axis) -> str | None:
    """Return the name of what a run is judged by: the validation loss, else the loss.

    An agent is judged by its reward. Where there is neither, it is the first metric.
    One without any best value does not count, nor does a single validation in steps:
    nobody knows whether it improved.
    """
    known = [name for name, told in metrics.items() if told["best"]]
    rewards = [name for name in known if is_reward(name)]
    losses = [name for name in known if is_loss(name)]
    validated = [name for name in losses if is_validation(name)]
    if axis is STEPS:
        validated = [name for name in validated if metrics[name]["values"] > 1]
    return next(iter([*rewards, *validated, *losses, *known]), None)


def _broken(
    metrics: Mapping[str, Any], description: Mapping[str, Any], axis: Axis
) -> str | None:
    """Return what is to be said of a loss that is a number no more."""
    losses = {name: told for name, told in metrics.items() if is_loss(name)}
    gone = {
        name: told for name, told in losses.items() if _is_gone(told, description, axis)
    }
    if not gone:
        return None
    name, told = min(gone.items(), key=lambda item: item[1]["went_wrong_first"])
    was = told["went_wrong_as"]
    if len(gone) == len(losses) and not any(told["first"] for told in gone.values()):
        return f"The loss was {was} in every {axis.unit}."
    if not told["best"]:
        return f"The {_spoken(name)} was {was} in every {axis.unit}."
    best = (
        f"best at {axis.unit} {told['best'][axis.unit]}, "
        f"{number(told['best']['value'])}"
    )
    since = told.get("went_wrong_since", told["last"][axis.unit] + 1)
    return f"The {_spoken(name)} has been {was} since {axis.unit} {since}: {best}."


def _is_gone(
    told: Mapping[str, Any], description: Mapping[str, Any], axis: Axis
) -> bool:
    """Whether a metric was no number any more at the end."""
    if axis is STEPS:  # not each step has a value of each metric
        return told["went_wrong_since"] is not None
    return bool(told["went_wrong_last"] == description[f"last_{axis.unit}"])


def _spoken(name: str) -> str:
    """Return a metric's name as one says it."""
    if not is_loss(name):
        return name
    return "validation loss" if is_validation(name) else "training loss"


def _has_learnt(metrics: Mapping[str, Any]) -> bool:
    loss = next((told for name, told in metrics.items() if is_loss(name)), None)
    if loss is None or not loss["best"]:
        return True
    first = loss["first"]["value"]
    return bool(first - loss["best"]["value"] >= _LEAST_GAIN * abs(first))
