"""Live sound in a notebook, in the output of the cell that trains."""

import sys
from importlib.util import find_spec
from typing import Any

from keras_sonify.page.board import State


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
    """

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

    def show(self, state: State) -> None:
        """Replace what the widget shows."""
        if self._widget is not None:
            self._widget.state = dict(state)

    def cue(self, cue: dict[str, Any]) -> None:
        """Let a cue be heard now."""
        # A message, no trait: what sounded once must not sound when the notebook is
        # opened again, nor be saved with it. Text, for Colab loses binary buffers.
        if self._widget is not None:
            self._widget.send(cue)

    def leave(self, html: str) -> None:
        """Leave a player in the cell that needs neither kernel nor script.

        It takes the widget's place: of a widget a saved notebook keeps nothing.
        """
        show_plain(html, self._handle)


def show_plain(html: str, handle: Any = None) -> None:  # noqa: ANN401 - see `_display`
    """Show HTML in the cell that runs now, or in the place of something shown before.

    Args:
        html: What to show.
        handle: What IPython gave for that. Defaults to `None`.
    """
    from IPython import display

    make_html: Any = display.HTML
    plain = make_html(html)
    if handle is None:
        _display(plain)
    else:
        handle.update(plain)


def _display(shown: object) -> Any:  # noqa: ANN401 - IPython is not ours to type
    from IPython import display

    show: Any = display.display
    return show(shown, display_id=True)
