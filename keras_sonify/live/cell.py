"""The output of the notebook's cell that runs now: in Jupyter, or in marimo."""

import sys
from typing import Any, Protocol

_WAIT = 5.0  # seconds that a view may take to come
_LATE = "ks-late"
"""Of what `widget.js` takes away when there is a view."""


class Cell(Protocol):
    """Where the widget is shown, and what is left in its place at the end.

    Attributes:
        replaces: Whether what is left takes the widget's place.
    """

    replaces: bool

    def show(self, widget: Any) -> None:  # noqa: ANN401 - anywidget is not typed
        """Show the widget."""

    def leave(self, html: str) -> None:
        """Show what stays at the end, in the widget's place if there was one."""


def this_cell() -> "Cell | None":
    """Return the output of the cell that runs now; `None` if this is no notebook."""
    if (marimo := _marimo()) is not None:
        return _MarimoCell(marimo)
    return _JupyterCell() if _in_jupyter() else None


def in_notebook() -> bool:
    """Whether this is JupyterLab, Notebook, VS Code, Colab or marimo."""
    return _in_jupyter() or _marimo() is not None


def _in_jupyter() -> bool:
    if "spyder_kernels" in sys.modules:  # its console shows no widgets
        return False
    # Not imported: where it has not been, this is no notebook.
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def _marimo() -> Any:  # noqa: ANN401 - a module that is not ours to type
    marimo: Any = sys.modules.get("marimo")
    is_one = getattr(marimo, "running_in_notebook", None)
    return marimo if is_one is not None and is_one() else None


class _JupyterCell:
    replaces = True

    def __init__(self) -> None:
        self._widget: Any = None
        self._late: Any = None

    def show(self, widget: Any) -> None:  # noqa: ANN401
        # A kernel that trains hears nothing of its views. So the line is there from
        # the first, but unseen, and a view takes it away.
        self._late = _display(_html(_LATE_LINE))
        self._widget = _display(widget)

    def leave(self, html: str) -> None:
        if self._widget is None:
            _display(_html(html))
            return
        self._widget.update(_html(html))
        self._late.update(_html(""))


_LATE_LINE = (
    f"<style>@keyframes {_LATE} {{ to {{ visibility: visible }} }}</style>"
    f'<p class="{_LATE}" '
    f'style="visibility: hidden; animation: {_LATE} 0s {_WAIT:g}s forwards">'
    "No live sound here yet. If no curves follow, the page of this notebook lacks "
    "anywidget, which this kernel has: where Jupyter itself is installed, run "
    "<code>pip install anywidget</code>, and load the page again. A player follows at "
    "the end in any case.</p>"
)


class _MarimoCell:
    """In marimo an output cannot be replaced: what is left comes below the widget."""

    replaces = False

    def __init__(self, marimo: Any) -> None:  # noqa: ANN401
        self._marimo = marimo

    def show(self, widget: Any) -> None:  # noqa: ANN401
        self._marimo.output.append(self._marimo.ui.anywidget(widget))

    def leave(self, html: str) -> None:
        self._marimo.output.append(self._marimo.Html(html))


def _html(text: str) -> object:
    from IPython import display

    make_html: Any = display.HTML
    html: object = make_html(text)
    return html


def _display(shown: object) -> Any:  # noqa: ANN401 - IPython is not ours to type
    from IPython import display

    show: Any = display.display
    return show(shown, display_id=True)
