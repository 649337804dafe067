"""Where a run comes from, in a sentence: what it is called, and when it was."""

from datetime import datetime

from keras_sonify.training.foreign import shown
from keras_sonify.training.origin import Origin
from keras_sonify.words.duration import duration


def origin_sentence(origin: Origin) -> str:
    """Return what a run is called and when it was, as far as that is known.

    Args:
        origin: Where it comes from.

    Returns:
        A sentence; empty where nothing is known.
    """
    told = [shown(origin.name)] if origin.name else []
    if origin.logged is not None:
        told.append(f"last written on {_time(origin.logged)}")
    if origin.began is not None:
        if origin.ended is None:
            told.append(f"begun on {_time(origin.began)}")
        else:
            took = duration(max(origin.ended - origin.began, 0.0))
            told.append(f"{_time(origin.began)}, {took}")
    return f"{', '.join(told)}." if told else ""


def _time(seconds: float) -> str:
    """Return a time in words, as the clock on the wall had it."""
    at = datetime.fromtimestamp(seconds).astimezone()
    return f"{at.day} {at:%B %Y, %H:%M}"
