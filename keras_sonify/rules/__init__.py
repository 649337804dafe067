"""From values to what happened: rules without sound or Keras.

All rules are scale-free and meant to fire rarely. Their thresholds were tuned on logs
of real trainings; `Rules` lets each be changed.
"""

from keras_sonify.rules.step_watch import StepWatch
from keras_sonify.rules.thresholds import Rules
from keras_sonify.rules.watch import Watch

__all__ = ["Rules", "StepWatch", "Watch"]
