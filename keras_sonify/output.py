"""What a run is given to, written down: a few methods, for ours and for yours."""

from typing import Protocol, runtime_checkable

from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event


@runtime_checkable
class Output(Protocol):
    """Where a run is heard, told or kept.

    The loudspeaker, the pages and the files are three of it. `player=` takes an
    object of your own that has these methods, or a list of names and objects. They
    are called in the training's thread: what takes long belongs into a thread of
    yours. What they raise is told once, and costs neither the training nor another
    output.

    Example:

    ```python
    class Lamp:
        trouble = None

        def epoch(self, cue, sentence, *, play):
            colour = "red" if cue.happened else "green"
            print(colour, sentence)

        def event(self, event, notes, sentence):
            print("white", sentence)

        def close(self, timeout):
            pass


    sonify = SonifyCallback(player=["speaker", Lamp()])
    model.fit(x, y, epochs=20, callbacks=[sonify])
    ```
    """

    @property
    def trouble(self) -> str | None:
        """Why nothing comes out, in a sentence; `None` if it does."""

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Take in an epoch.

        Args:
            cue: Its sound, its `readings` and all that `happened` in it.
            sentence: The same in words.
            play: Boolean. Whether it is to be heard now; an epoch of the past is
                not, when somebody listens to a log from its middle.
        """

    def event(self, event: Event, notes: tuple[Note, ...], sentence: str) -> None:
        """Take in what happened between epochs, or how the run ended.

        Args:
            event: What happened.
            notes: Its sound; empty if it does not sound.
            sentence: The same in words.
        """

    def close(self, timeout: float) -> None:
        """End the run: finish what is under way.

        Args:
            timeout: Seconds that it may take.
        """
