"""The texts that pages are made of: HTML, CSS and JavaScript, without any network."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from keras_sonify.training.axis import EPOCHS


@cache
def asset(*names: str) -> str:
    """Return files of this folder, one after the other, as one text."""
    here = files(__package__)
    return "".join((here / name).read_text(encoding="utf-8") for name in names)


def source_hash(text: str) -> str:
    """Return what lets a script or a style that stands in a page pass its policy.

    Only what has this hash runs: nothing that came in with a name ever does.
    See Content Security Policy Level 3, section 6.7.
    """
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


# Each is one module: what its files declare is known to all of them, and to no page.
_ALL = ("memory.js", "sound.js", "speech.js", "board.js", "keys.js")
REPORT_SCRIPT = (*_ALL, "report.js")
_LIVE = (*_ALL, "clock.js", "latest.js", "live_board.js")
LIVE_SCRIPT = (*_LIVE, "run_frame.js", "live.js")
WIDGET_SCRIPT = (*_LIVE, "widget.js")
LEARN_SCRIPT = ("sound.js", "learn.js")

_STYLE = ("colours.css", "curves.css", "base.css", "board.css")
LIVE_STYLE = (*_STYLE, "live.css")
REPORT_STYLE = (*_STYLE, "report.css")


@cache
def live_page() -> tuple[str, str]:
    """Return the page of a training under way, and its Content Security Policy.

    It also shows the run's page at the end, in a frame to which its policy applies.
    """
    style, script = asset(*LIVE_STYLE), asset(*LIVE_SCRIPT)
    scripts = map(source_hash, (script, asset(*REPORT_SCRIPT)))
    styles = map(source_hash, (style, asset(*REPORT_STYLE)))
    policy = (
        f"default-src 'none'; script-src {' '.join(scripts)}; "
        f"style-src {' '.join(styles)}; connect-src 'self'; "
        "media-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return asset("live.html").format(
        style=style, script=script, unit=EPOCHS.unit
    ), policy
