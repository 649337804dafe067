"""Who plays: what the user chose, or where the user is likely to hear it."""

from keras_sonify.live.browser import browser_outlet
from keras_sonify.live.cell import in_notebook
from keras_sonify.live.event_calls import EventCalls
from keras_sonify.live.notebook import (
    FindFiles,
    NotebookOutlet,
    PlainOutput,
    has_widgets,
)
from keras_sonify.live.page_player import PagePlayer
from keras_sonify.live.speaker_player import SpeakerPlayer
from keras_sonify.live.watch import Watched
from keras_sonify.output import Output
from keras_sonify.score.earcons import DIED, earcon
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.settings import Player, PlayerName, Settings
from keras_sonify.training.events import EventKind
from keras_sonify.training.record import Record


def choose_player(player: PlayerName) -> PlayerName:
    """Return what `"auto"` comes to here.

    In a notebook it is the notebook, which is open where the user is; the kernel may
    be anywhere. Elsewhere, or without widgets, it is this machine's loudspeaker.

    Args:
        player: What the user asked for.
    """
    if player != "auto":
        return player
    return "notebook" if in_notebook() and has_widgets() else "speaker"


def make_outputs(
    settings: Settings, record: Record, hearing: Hearing, find: FindFiles
) -> list[Output]:
    """Return where a run is heard and told live.

    Args:
        settings: What the user asked for.
        record: The run.
        hearing: How it is heard.
        find: Returns where its files are; `None` if there are none.
    """
    outputs: list[Output] = []
    for player in settings.players:
        outputs.append(_make(player, settings, record, hearing, find))
        if player == "auto" and in_notebook() and not has_widgets():
            outputs.append(PlainOutput(record, hearing, find))
    if settings.on_event is not None:
        outputs.append(EventCalls(settings.on_event))
    return outputs


def _make(
    player: Player,
    settings: Settings,
    record: Record,
    hearing: Hearing,
    find: FindFiles,
) -> Output:
    if not isinstance(player, str):
        return player
    chosen = choose_player(player)
    if chosen == "speaker":
        watched = _watched(settings, record, hearing)
        return SpeakerPlayer(hearing.style.fade, settings.gain_db, watched)
    if chosen == "notebook":
        notebook = NotebookOutlet(find)
        return PagePlayer(notebook, record, hearing, gain_db=settings.gain_db)
    outlet = browser_outlet()
    player = PagePlayer(outlet, record, hearing, gain_db=settings.gain_db)
    player.watch_over(_watched(settings, record, hearing), outlet)
    return player


def _watched(settings: Settings, record: Record, hearing: Hearing) -> Watched:
    """Return what helper processes need to know of a run."""

    def sound(kind: EventKind, word: str = "") -> tuple[Note, ...]:
        if kind not in settings.earcons:
            return ()
        return earcon(kind, hearing.style, words=hearing.words, word=word)

    return Watched(record, died=sound("crashed", DIED), stalled=sound("stalled"))
