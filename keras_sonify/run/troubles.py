"""What a run warns of: values that are none, names that do not come, silent outputs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from keras_sonify.files.keeper import FilesKeeper
from keras_sonify.live.advice import other_ways
from keras_sonify.live.cell import in_notebook
from keras_sonify.live.python import no_helper
from keras_sonify.live.queued_player import QueuedPlayer
from keras_sonify.live.speaker_player import SpeakerPlayer
from keras_sonify.output import Output
from keras_sonify.settings import Settings
from keras_sonify.training.selection import Selection
from keras_sonify.training.values import Values
from keras_sonify.training.warn import Warner
from keras_sonify.words import notices

_MOST_TOLD = 4  # times that sound went and came back; a loose plug is told no oftener


class Troubles:
    """Warns of what is wrong with a run while it goes on, of each thing once.

    Args:
        warner: Warns.
        settings: What the user asked for.
        outputs: What the run is given to.
        keeper: Which of them keeps the files; `None` if there are none.
    """

    def __init__(
        self,
        warner: Warner,
        settings: Settings,
        outputs: Sequence[Output],
        keeper: FilesKeeper | None,
    ) -> None:
        self._warner = warner
        self._is_auto = "auto" in settings.player_names
        self._outputs = outputs
        self._keeper = keeper
        self._troubled: set[int] = set()  # outputs, by their place
        self._returns = Counter[int]()  # how often each of them worked again

    def of_values(self, logs: object, read: Values) -> None:
        """Warn of what is no dictionary, and of what is heard by its mean.

        Args:
            logs: What came.
            read: What was read of it.
        """
        if logs is not None and not isinstance(logs, Mapping):
            self._warner.once("logs", notices.no_logs_sentence(logs))
        if read.averaged and not self._warner.has_told("averaged"):
            self._warner.once("averaged", notices.averaged_sentence(read.averaged))

    def of_names(
        self,
        selection: Selection,
        unreadable: Sequence[str] = (),
        *,
        at_end: bool = False,
    ) -> None:
        """Warn of what does not sound, or was asked for and does not come.

        Args:
            selection: What sounds.
            unreadable: The names of what was no number. Defaults to `()`.
            at_end: Boolean. Whether nothing will come any more. Defaults to `False`.
        """
        for name in (m.name for m in selection.metrics if m.name in unreadable):
            self._warner.once(
                f"unreadable {name}",
                f"`{name}` is no single number and is not sounded where it is none.",
            )
        if selection.left_out and not self._warner.has_told("left out"):
            told = notices.left_out_sentence(selection.left_out)
            self._warner.once("left out", told)
        if missing := selection.missing(at_end=at_end):
            available = selection.available()
            self._warner.once("missing", notices.missing_sentence(missing, available))

    def of_outputs(self) -> None:
        """Warn of outputs that are silent, of those that are back, and of the files."""
        for place, output in enumerate(self._outputs):
            self._of_output(place, output)
        if self._keeper is not None and self._keeper.notice:
            self._warner.once("aside", self._keeper.notice)
        if self._keeper is not None and self._keeper.is_shared:
            where = str(self._keeper.files.directory)
            _shared.once(
                where,
                f"Another run writes into {where} now: the files will be those of the "
                "one that writes last. `{run}` in `directory` keeps runs apart.",
            )

    def _of_output(self, place: int, output: Output) -> None:
        name = f"`{type(output).__name__}`"
        trouble = self._warner.attempt(name, partial(_trouble, output), None)
        if trouble and isinstance(output, QueuedPlayer) and not output.is_over:
            trouble = f"{trouble} It is tried again."
        is_speaker = isinstance(output, SpeakerPlayer)
        # The other ways need a helper process, too.
        if trouble and self._is_auto and is_speaker and no_helper() is None:
            trouble = f"{trouble} {other_ways(is_notebook=in_notebook())}"
        returns = min(self._returns[place], _MOST_TOLD)
        if trouble:
            self._warner.once(f"trouble {place} {returns}", trouble)
            self._troubled.add(place)
        elif is_speaker and place in self._troubled:
            self._warner.once(f"back {place} {returns}", "Live sound is back.")
            self._troubled.discard(place)
            self._returns[place] += 1


def _trouble(output: Output) -> str | None:
    return output.trouble


_shared = Warner()  # of a directory that two runs share, one warns for both
