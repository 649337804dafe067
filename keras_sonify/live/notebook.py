"""Live sound in a notebook, in the output of the cell that trains."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from keras_sonify.live.cell import Cell, this_cell
from keras_sonify.page.board import Pictured
from keras_sonify.page.embed import plain_player
from keras_sonify.page.greeting import Greeting
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event
from keras_sonify.training.record import Record, Snapshot

FindFiles = Callable[[], Path | None]


def has_widgets() -> bool:
    """Whether live sound in a notebook has what it needs."""
    return find_spec("anywidget") is not None


class NotebookOutlet:
    """A widget in the output of the cell that runs now.

    Args:
        find: Returns where the run's files are; `None` if there are none.

    Attributes:
        trouble: Why there is none, in a sentence; `None` if there is one.
        may_pass: It does not.
    """

    may_pass = False

    def __init__(self, find: FindFiles) -> None:
        self.trouble: str | None = None
        self._find = find
        self._widget: Any = None
        self._cell = this_cell()
        if self._cell is None:
            self.trouble = (
                "No live sound: `player='notebook'` plays in a notebook of Jupyter or "
                "marimo, and this is none. `player='browser'` plays in a browser."
            )
        elif not has_widgets():
            self.trouble = (
                "No live sound: `player='notebook'` needs anywidget. Install it with: "
                "pip install 'keras_sonify[notebook]'. Until then there is a player "
                "at the end."
            )
        else:
            try:
                from keras_sonify.live.widget import RunWidget

                widget = RunWidget()
                self._cell.show(widget)
                self._widget = widget
            except Exception as error:  # noqa: BLE001 - told; the files go on
                self.trouble = f"No live sound in this notebook: {error}"

    def show(self, state: Pictured, run: Snapshot, hearing: Hearing) -> None:
        """Replace what the widget shows; the run is the notebook's own."""
        if self._widget is not None:
            self._widget.state = dict(state)

    def greet(self, greeting: Greeting) -> None:
        """Let this be heard first by whoever enables sound."""
        if self._widget is not None:
            self._widget.greeting = dict(greeting)

    def cue(self, cue: dict[str, Any]) -> None:
        """Let a cue be heard now."""
        # A message, no trait: what sounded once must not sound when the notebook is
        # opened again, nor be saved with it. Text, for Colab loses binary buffers.
        if self._widget is not None:
            self._widget.send(cue)

    def leave(self, run: Snapshot, hearing: Hearing) -> None:
        """Leave a player in the cell that needs neither kernel nor script.

        It takes the widget's place: of a widget a saved notebook keeps nothing.
        """
        _leave_plain(run, hearing, self._cell, self._find)


class PlainOutput:
    """Leaves a plain player in the notebook whose kernel has the loudspeaker.

    Args:
        record: The run.
        hearing: How it is heard.
        find: Returns where its files are; `None` if there are none.
    """

    trouble = None

    def __init__(self, record: Record, hearing: Hearing, find: FindFiles) -> None:
        self._find = find
        self._record = record
        self._hearing = hearing

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Be told of an epoch: nothing to do before the end."""

    def event(self, event: Event, notes: Sequence[Note], sentence: str) -> None:
        """Be told of an event: nothing to do before the end."""

    def close(self, timeout: float) -> None:
        """Leave the player in the cell that runs now."""
        run, cell = self._record.snapshot(), this_cell()
        _leave_plain(run, self._hearing, cell, self._find)


def _leave_plain(
    run: Snapshot, hearing: Hearing, cell: Cell | None, find: FindFiles
) -> None:
    """Show a plain player; of a run without any value there is none.

    Args:
        run: What it plays.
        hearing: How it is heard.
        cell: Where.
        find: Returns where its files are.
    """
    if cell is not None and run.valued:
        heard = replay(run, hearing)
        cell.leave(plain_player(heard, find(), has_picture=cell.replaces))
