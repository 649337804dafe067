"""Where a run is heard: on the left, on the right."""

from keras_sonify.score.heard import Heard


def sides_sentence(heard: Heard) -> str:
    """Return where the two sides are heard; empty if in one place."""
    sides = {metric.validation for metric in heard.metrics}
    if heard.hearing.style.pan == 0 or len(sides) == 1 or heard.voices:
        return ""
    return "Training is on the left, validation on the right."
