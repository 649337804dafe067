"""The notebook's widget: the board of the live page, fed by the kernel."""

import anywidget
import traitlets

from keras_sonify.page.assets import WIDGET_SCRIPT, asset
from keras_sonify.training.axis import EPOCHS


class RunWidget(anywidget.AnyWidget):
    """Shows a run under way, and plays the cues that it is sent.

    Attributes:
        state: What it shows; see `keras_sonify.page.board.Pictured`.
        greeting: What is heard first; see `keras_sonify.page.greeting.Greeting`.
    """

    _esm = asset(*WIDGET_SCRIPT)
    _css = asset("curves.css", "board.css", "widget.css")
    state = traitlets.Dict({"unit": EPOCHS.unit}).tag(sync=True)
    greeting = traitlets.Dict({"said": "", "sound": ""}).tag(sync=True)

    def __repr__(self) -> str:
        """Return what a front end shows that knows no widgets."""
        return "Live curves of a training"
