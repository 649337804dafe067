"""The notebook's widget: the board of the live page, fed by the kernel."""

import anywidget
import traitlets

from keras_sonify.page.assets import asset


class RunWidget(anywidget.AnyWidget):
    """Shows a run under way, and plays the cues that it is sent.

    Attributes:
        state: What it shows; see `keras_sonify.page.board.State`.
    """

    _esm = asset("board.js", "widget.js")
    _css = asset("curves.css", "board.css", "widget.css")
    state = traitlets.Dict({}).tag(sync=True)
