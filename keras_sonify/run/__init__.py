"""A run under way: recorded, judged, composed, and given to all outputs."""

from keras_sonify.run.run import Run

__all__ = ["Run"]
