"""How a run is heard: all that is to be known beside the run itself."""

from dataclasses import dataclass

from keras_sonify.score.style import CLEAR, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How a run is heard.

    Attributes:
        style: How it sounds.
        asked: Metrics that the user named; empty for the losses and accuracies.
        words: Whether a word says what happened, after the figure of its class.
        is_full: Whether the files hold a tone an epoch, however many there are.
    """

    style: Style = CLEAR
    asked: tuple[str, ...] = ()
    words: bool = True
    is_full: bool = False
