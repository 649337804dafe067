"""Who plays: what the user chose, or where the user is likely to hear it."""

from keras_sonify.live.browser import browser_outlet
from keras_sonify.live.notebook import NotebookOutlet, has_widgets, in_notebook
from keras_sonify.live.page_player import PagePlayer
from keras_sonify.live.speaker_player import SpeakerPlayer
from keras_sonify.settings import Player, Settings
from keras_sonify.training.record import Record

AnyPlayer = SpeakerPlayer | PagePlayer


def choose_player(player: Player | None) -> Player | None:
    """Return what `"auto"` comes to here.

    In a notebook it is the notebook, which is open where the user is; the kernel may
    be anywhere. Elsewhere, or without widgets, it is this machine's loudspeaker.

    Args:
        player: What the user asked for.
    """
    if player != "auto":
        return player
    return "notebook" if in_notebook() and has_widgets() else "speaker"


def make_player(
    settings: Settings, record: Record, planned: int | None
) -> AnyPlayer | None:
    """Return who plays a run; `None` if nothing shall.

    Args:
        settings: What the user asked for.
        record: The run.
        planned: Number of its epochs; `None` if nobody knows.
    """
    player = choose_player(settings.player)
    if player is None:
        return None
    if player == "speaker":
        return SpeakerPlayer(settings.style.fade, settings.gain_db)
    outlet = browser_outlet() if player == "browser" else NotebookOutlet()
    return PagePlayer(
        outlet, record, settings.style, gain_db=settings.gain_db, planned=planned
    )
