"""How a training went, in one sentence: what a colleague would say first."""

from collections.abc import Mapping
from typing import Any

from keras_sonify.training.metrics import is_loss
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
    last, epochs = description["last_epoch"], description["epochs"]
    broken = _broken(metrics, last)
    if broken is not None:
        return broken
    name = _judged(metrics)
    if name is None:
        return "There is nothing to judge: no metric is known to improve."
    best = metrics[name]["best"]
    if epochs == 1:
        return f"After one epoch: {_spoken(name)} {number(best['value'])}."
    at = f"best at epoch {best['epoch']}, {_spoken(name)} {number(best['value'])}"
    happened = {event["kind"]: event["epoch"] for event in description["events"]}
    since = {kind for kind, epoch in happened.items() if epoch > best["epoch"]}
    judged = [
        ("divergence" in since, f"It diverged in epoch {happened.get('divergence')}"),
        ("stuck" in happened and not _has_learnt(metrics), "It has not learnt"),
        ("overfitting" in since, "It overfits"),
        (last - best["epoch"] < max(_LATE * epochs, 2), "It improved to the end"),
        ("plateau" in since, "It levelled off"),
        (True, "It has not been better for a while"),
    ]
    return f"{next(words for holds, words in judged if holds)}: {at}."


def _judged(metrics: Mapping[str, Any]) -> str | None:
    """Return the name of what a run is judged by: the validation loss, else the loss.

    Where there is neither, it is the first metric. One without any best value does not
    count.
    """
    known = [name for name, told in metrics.items() if told["best"]]
    losses = [name for name in known if is_loss(name)]
    validated = [name for name in losses if is_validation(name)]
    return next(iter([*validated, *losses, *known]), None)


def _broken(metrics: Mapping[str, Any], last_epoch: int) -> str | None:
    """Return what is to be said of a loss that is a number no more."""
    losses = {name: told for name, told in metrics.items() if is_loss(name)}
    gone = {
        name: told
        for name, told in losses.items()
        if told["went_wrong_last"] == last_epoch
    }
    if not gone:
        return None
    if len(gone) == len(losses) and not any(told["first"] for told in gone.values()):
        return "The loss was NaN or infinite in every epoch."
    name, told = min(gone.items(), key=lambda item: item[1]["went_wrong_first"])
    if not told["best"]:
        return f"The {_spoken(name)} was NaN or infinite in every epoch."
    best = f"best at epoch {told['best']['epoch']}, {number(told['best']['value'])}"
    since = told["last"]["epoch"] + 1
    return f"The {_spoken(name)} has been NaN or infinite since epoch {since}: {best}."


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
