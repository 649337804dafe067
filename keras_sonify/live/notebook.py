"""Live sound in a notebook, in the output of the cell that trains."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from keras_sonify.page.board import Pictured
from keras_sonify.page.embed import plain_player
from keras_sonify.page.greeting import Greeting
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event
from keras_sonify.training.record import Record, Snapshot


def in_notebook() -> bool:
    """Whether this is a Jupyter kernel: JupyterLab, Notebook, VS Code, Colab."""
    shell = _shell()
    if "spyder_kernels" in sys.modules:  # its console shows no widgets
        return False
    return shell is not None and getattr(shell, "kernel", None) is not None


def has_widgets() -> bool:
    """Whether live sound in a notebook has what it needs."""
    return find_spec("anywidget") is not None


def _shell() -> Any:  # noqa: ANN401 - IPython is not ours to type
    # Not imported: where it has not been, this is no notebook.
    ipython: Any = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


class NotebookOutlet:
    """A widget in the output of the cell that runs now.

    Attributes:
        trouble: Why there is none, in a sentence; `None` if there is one.
        may_pass: It does not.
    """

    may_pass = False

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._widget: Any = None
        self._handle: Any = None
        if not in_notebook():
            self.trouble = (
                "No live sound: `player='notebook'` plays in a Jupyter notebook, and "
                "this is none. `player='browser'` plays in a browser."
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
                self._handle = _display(widget)
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
        _leave_plain(run, hearing, self._handle)


class PlainOutput:
    """Leaves a plain player in the notebook whose kernel has the loudspeaker.

    Args:
        record: The run.
        hearing: How it is heard.
    """

    trouble = None

    def __init__(self, record: Record, hearing: Hearing) -> None:
        self._record = record
        self._hearing = hearing

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Be told of an epoch: nothing to do before the end."""

    def event(self, event: Event, notes: Sequence[Note], sentence: str) -> None:
        """Be told of an event: nothing to do before the end."""

    def close(self, timeout: float) -> None:
        """Leave the player in the cell that runs now."""
        _leave_plain(self._record.snapshot(), self._hearing)


def _leave_plain(run: Snapshot, hearing: Hearing, handle: Any = None) -> None:  # noqa: ANN401 - see `_display`
    """Show a plain player in the cell that runs now, or in an earlier thing's place.

    Args:
        run: What it plays; nothing is left of a run without any value.
        hearing: How it is heard.
        handle: What IPython gave for what it replaces. Defaults to `None`.
    """
    if not run.valued or not in_notebook():
        return
    from IPython import display

    make_html: Any = display.HTML
    plain = make_html(plain_player(replay(run, hearing)))
    if handle is None:
        _display(plain)
    else:
        handle.update(plain)


def _display(shown: object) -> Any:  # noqa: ANN401 - IPython is not ours to type
    from IPython import display

    show: Any = display.display
    return show(shown, display_id=True)
