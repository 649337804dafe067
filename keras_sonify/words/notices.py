"""What is told once of a run: of names, of `logs`, of what was asked for."""

from collections.abc import Sequence

_MOST_NAMES = 12  # in a sentence


def missing_sentence(missing: Sequence[str], available: Sequence[str]) -> str:
    """Return what is told of metrics that were asked for in vain."""
    return (
        f"Metrics to sound that are not in `logs`: {', '.join(missing)}. "
        f"Available are: {', '.join(available)}."
    )


def left_out_sentence(names: Sequence[str]) -> str:
    """Return what is told of metrics that do not sound unless one asks for them."""
    return (
        f"Not heard are: {listed(names)}. `metrics` (`--metrics`) takes the names of "
        "what to hear, or 'all'."
    )


def averaged_sentence(names: Sequence[str]) -> str:
    """Return what is told of metrics that held several numbers."""
    return f"The mean stands for what holds several numbers: {listed(names)}."


def no_logs_sentence(logs: object) -> str:
    """Return what is told of an epoch whose values have no names."""
    return (
        "`logs` must be a dictionary from metric name to value, as "
        "`train_on_batch(..., return_dict=True)` returns it: nothing is heard. "
        f"Received: {type(logs).__name__}"
    )


def listed(names: Sequence[str]) -> str:
    """Return names in a row; of many, how many more there are."""
    more = len(names) - _MOST_NAMES
    told = ", ".join(names[:_MOST_NAMES])
    return f"{told} and {more} more" if more > 0 else told


def not_in_steps_sentence() -> str:
    """Return what is told of steps in a run that began with an epoch."""
    return (
        "A run is told in steps if it begins with one: `step` must be called before "
        "the first `epoch`. This run is told in epochs."
    )


def unknown_direction(monitor: str) -> str:
    """Return what is told where nobody knows which way `monitor` improves."""
    return (
        f"Received monitor={monitor}, but Keras does not tell whether that metric is "
        "to be maximized or minimized: no epoch of it is called the best. Pass "
        "`mode='max'` if higher is better, or `mode='min'` if lower is better."
    )
