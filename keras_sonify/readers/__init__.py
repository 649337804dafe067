"""Training logs of any kind, as what `on_epoch_end` was given."""

from keras_sonify.readers.log import read_log
from keras_sonify.readers.rows import LogError

__all__ = ["LogError", "read_log"]
