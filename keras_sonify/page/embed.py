"""The run's page, and a plain player, as parts of a notebook's output."""

import base64
from html import escape
from pathlib import Path

from keras_sonify.page.assets import asset
from keras_sonify.page.curves import curves, standalone
from keras_sonify.page.report import RunPage
from keras_sonify.page.sides import sides_sentence
from keras_sonify.page.state import status_of
from keras_sonify.page.tracks import whole_run
from keras_sonify.score.heard import Heard
from keras_sonify.training.foreign import shown
from keras_sonify.words.closing import short_path
from keras_sonify.words.description import describe_snapshot, sentences

_FRAME_HEIGHT = 900  # CSS pixels: down to the curves; the rest scrolls


def run_page(heard: Heard) -> str:
    """Return the page of a run as it is now; see `RunPage`."""
    return RunPage(heard.hearing).html(heard)


class PageFrame:
    """The run's page, which a notebook shows in a frame of its own.

    Args:
        html: The page.

    Attributes:
        html: The same, to be written to a file or served.
    """

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        # The sandbox keeps the page from the notebook, and the other way round.
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="Player of the run" '
            f'sandbox="allow-scripts" allow="autoplay" width="100%" '
            f'height="{_FRAME_HEIGHT}" style="border: 0"></iframe>'
        )


def plain_player(
    heard: Heard, directory: Path | None = None, *, has_picture: bool = True
) -> str:
    """Return a small player without any script, which a saved notebook keeps.

    It cannot know whether the device sleeps: its sound begins with a lead-in.

    Args:
        heard: The run.
        directory: Where its files are. Defaults to `None`: there are none.
        has_picture: Boolean. Whether it shows the curves. Defaults to `True`.
    """
    from keras_sonify.sound.flac import after_lead_in  # loads NumPy

    told = [
        f"{status_of(heard.run)}.",
        sides_sentence(heard),
        *sentences(describe_snapshot(heard.run)),
        _page_sentence(directory),
    ]
    sound = after_lead_in(whole_run(heard).sound)
    return (
        f"<figure>{_picture(heard) if has_picture else ''}"
        '<audio controls aria-label="The whole run" '
        f'src="data:audio/flac;base64,{sound}"></audio>'
        f"<figcaption>{''.join(f'<p>{escape(line)}</p>' for line in told if line)}"
        "</figcaption></figure>"
    )


def _picture(heard: Heard) -> str:
    style = asset("colours.css", "curves.css", "picture.css")
    drawn = standalone(curves(heard), style)
    picture = base64.b64encode(drawn.encode()).decode("ascii")
    return (
        f'<img alt="Curves of the run" style="max-width: 100%; width: 720px" '
        f'src="data:image/svg+xml;base64,{picture}"><br>'
    )


def _page_sentence(directory: Path | None) -> str:
    """Return where the whole page is."""
    shown_by = "`page()` of the callback, or of the `Sonifier`, shows the whole page"
    if directory is None:
        return f"{shown_by}, to step from epoch to epoch."
    path = shown(short_path(directory / "index.html"))
    return f"{shown_by}, to step from epoch to epoch; it is {path}, too."
