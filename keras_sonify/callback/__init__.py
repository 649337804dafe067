"""What Keras tells, passed on to a `Sonifier`."""

from keras_sonify.callback.callback import SonifyCallback

__all__ = ["SonifyCallback"]
