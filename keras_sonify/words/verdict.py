"""How a training went, in one sentence: what a colleague would say first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from keras_sonify.training.axis import EPOCHS, STEPS, Axis
from keras_sonify.training.metrics import is_loss, is_reward
from keras_sonify.training.names import is_validation
from keras_sonify.words.text import number

_SO_FAR = "It still improves"
_LATE = 0.05  # of the epochs, or two: a best one that late is one at the end
_LEAST_GAIN = 0.02  # of its first value: what has gained less has not learnt

Judged = Literal[
    "broken",
    "single",
    "divergence",
    "stuck",
    "overfitting",
    "improving",
    "level",
    "worse",
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a run is judged to do.

    Attributes:
        kind: What it does: its loss is no number any more, there is a single point, or
            what is to be said of it.
        name: The metric that it is judged by; of a broken one, its loss.
        axis: What the run counts.
    """

    kind: Judged
    name: str
    axis: Axis


def verdict(description: Mapping[str, Any], *, is_over: bool = True) -> str:
    """Return the verdict on a run.

    What happened last counts: a run that found a new best after it overfitted, say,
    does not overfit any more.

    Args:
        description: What `describe_run` returned.
        is_over: Boolean. Whether it ends there, for all that is known. Defaults to
            `True`.
    """
    judged = judge(description)
    if judged is None:
        return "There is nothing to judge: no metric is known to improve."
    told = description["metrics"][judged.name]
    name, unit = loss_in_words(judged.name), judged.axis.unit
    if judged.kind == "broken":
        return _broken_sentence(judged, description)
    best = told["best"]
    if judged.kind == "single":
        return f"After one {unit}: {name} {number(best['value'])}."
    words = _WENT[judged.kind]
    if judged.kind == "improving" and not is_over:
        words = _SO_FAR
    if judged.kind == "divergence":
        words = f"{words} in {unit} {_happened(description, unit)['divergence']}"
    if "noise_percent" in told and told["end"] != "worse":
        last, first = number(told["last"]["value"]), number(told["first"]["value"])
        return f"{words}: {name} {last}, from {first}."
    return f"{words}: best at {unit} {best[unit]}, {name} {number(best['value'])}."


_WENT: Mapping[Judged, str] = {
    "divergence": "It diverged",
    "stuck": "It has not learnt",
    "overfitting": "It overfits",
    "improving": "It improved to the end",
    "level": "It levelled off",
    "worse": "It has not been better for a while",
}


def judge(description: Mapping[str, Any]) -> Judgement | None:
    """Return what a run does; `None` if there is nothing to judge it by.

    Args:
        description: What `describe_run` returned.
    """
    metrics: Mapping[str, Any] = description["metrics"]
    axis = axis_of(description)
    if broken := _broken(metrics, description, axis):
        return Judgement("broken", broken, axis)
    name = _judged(metrics, axis)
    if name is None:
        return None
    told = metrics[name]
    best = told["best"]
    if description[axis.units] == 1:
        return Judgement("single", name, axis)
    happened = _happened(description, axis.unit)
    since = {kind for kind, at in happened.items() if at > best[axis.unit]}
    end = told["end"] if "end" in told else _end(best, description)
    found: list[tuple[bool, Judged]] = [
        ("divergence" in since and end != "improving", "divergence"),
        ("stuck" in happened and not _has_learnt(metrics), "stuck"),
        ("overfitting" in since, "overfitting"),
        (end == "improving", "improving"),
        (end == "level" or "plateau" in since, "level"),
        (True, "worse"),
    ]
    return Judgement(next(kind for holds, kind in found if holds), name, axis)


def _happened(description: Mapping[str, Any], unit: str) -> dict[str, int]:
    """Return where each kind of event happened last."""
    return {event["kind"]: event[unit] for event in description["events"]}


def best_of(description: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Return the metric that a run is judged by, and its best value with its place.

    Args:
        description: What `describe_run` returned.

    Returns:
        `None` where there is no best value, or no loss that was ever a number.
    """
    metrics = description["metrics"]
    name = _judged(metrics, axis_of(description))
    has_loss = any(map(is_loss, metrics))
    if name is None or (has_loss and not (is_loss(name) or is_reward(name))):
        return None
    return name, metrics[name]["best"]


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
    if axis is not STEPS:
        return judged_by(known)
    several = [
        name for name in known if not is_validation(name) or metrics[name]["values"] > 1
    ]
    return judged_by(several or known)


def judged_by(names: Sequence[str]) -> str | None:
    """Return the metric that a run is judged by, out of these; `None` if of none.

    Args:
        names: Metrics, in the order of a cue.
    """
    rewards = [name for name in names if is_reward(name)]
    losses = [name for name in names if is_loss(name)]
    validated = [name for name in losses if is_validation(name)]
    return next(iter([*rewards, *validated, *losses, *names]), None)


def _broken(
    metrics: Mapping[str, Any], description: Mapping[str, Any], axis: Axis
) -> str | None:
    """Return the first loss that is a number no more; `None` if there is none."""
    losses = {name: told for name, told in metrics.items() if is_loss(name)}
    gone = {
        name: told for name, told in losses.items() if _is_gone(told, description, axis)
    }
    if not gone:
        return None
    return min(gone, key=lambda name: gone[name]["went_wrong_first"])


def _broken_sentence(judged: Judgement, description: Mapping[str, Any]) -> str:
    """Return what is to be said of a loss that is a number no more."""
    metrics, unit = description["metrics"], judged.axis.unit
    told, name = metrics[judged.name], loss_in_words(judged.name)
    was = told["went_wrong_as"]
    if not any(metrics[each]["first"] for each in metrics if is_loss(each)):
        return f"The loss was {was} in every {unit}."
    if not told["best"]:
        return f"The {name} was {was} in every {unit}."
    best = f"best at {unit} {told['best'][unit]}, {number(told['best']['value'])}"
    since = told.get("went_wrong_since", told["last"][unit] + 1)
    return f"The {name} has been {was} since {unit} {since}: {best}."


def _is_gone(
    told: Mapping[str, Any], description: Mapping[str, Any], axis: Axis
) -> bool:
    """Whether a metric was no number any more at the end."""
    if axis is STEPS:  # not each step has a value of each metric
        return told["went_wrong_since"] is not None
    return bool(told["went_wrong_last"] == description[f"last_{axis.unit}"])


def loss_in_words(name: str) -> str:
    """Return what a loss is called in a sentence; any other metric keeps its name."""
    if not is_loss(name):
        return name
    return "validation loss" if is_validation(name) else "training loss"


def _has_learnt(metrics: Mapping[str, Any]) -> bool:
    loss = next((told for name, told in metrics.items() if is_loss(name)), None)
    if loss is None or not loss["best"]:
        return True
    first = loss["first"]["value"]
    return bool(first - loss["best"]["value"] >= _LEAST_GAIN * abs(first))
