"""For tests of your own: an output that keeps what a run gives to it."""

from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event


class RecordingOutput:
    """An `Output` that plays nothing and keeps all that it is given.

    With it a test sees what an output of yours would be called with, and with
    `happened` what `on_event` would.

    Example:

    ```python
    output = RecordingOutput()
    sonifier = Sonifier(directory=None, player=output)
    sonifier.epoch(0, {"loss": float("nan")})
    sonifier.end()
    assert [event.kind for event in output.happened] == ["nan_loss", "finished"]
    ```

    Attributes:
        trouble: What a run is told of it; may be set. Defaults to `None`.
        epochs: What `epoch` was called with: cue, sentence, and whether to play it.
        events: What `event` was called with: event, notes and sentence.
        happened: All events in their order, those of epochs among them.
        is_closed: Whether the run has ended.
    """

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.epochs: list[tuple[Cue, str, bool]] = []
        self.events: list[tuple[Event, tuple[Note, ...], str]] = []
        self.happened: list[Event] = []
        self.is_closed = False

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Keep an epoch; see `Output.epoch`."""
        self.epochs.append((cue, sentence, play))
        self.happened.extend(cue.happened)

    def event(self, event: Event, notes: tuple[Note, ...], sentence: str) -> None:
        """Keep what happened between epochs or at the end; see `Output.event`."""
        self.events.append((event, notes, sentence))
        self.happened.append(event)

    def close(self, timeout: float) -> None:
        """Note that the run has ended; see `Output.close`."""
        self.is_closed = True
