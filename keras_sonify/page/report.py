"""`index.html`: a run in one file, to hear and to see, that needs nothing else."""

from collections.abc import Callable, Iterator

from keras_sonify.page import notes
from keras_sonify.page.best import best_point
from keras_sonify.page.cues import KeptCues
from keras_sonify.page.curves import curves
from keras_sonify.page.fill import MOST_LISTED, Content, fill
from keras_sonify.page.state import Told, state_of, status_of
from keras_sonify.page.tracks import tracks
from keras_sonify.page.values import (
    KeptByPoint,
    silent_sentences,
    value_table,
)
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import Heard
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.axis import EPOCHS, Plan
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.foreign import shown
from keras_sonify.words.description import describe_snapshot, sentences
from keras_sonify.words.origin import origin_sentence
from keras_sonify.words.short import short_sentence
from keras_sonify.words.text import point_title, with_events
from keras_sonify.words.verdict import judge


class RunPage:
    """Makes the page of a run, again and again as it grows.

    Args:
        hearing: How the run is heard.
        step: Called again and again while `html` gets on. Defaults to nothing.
    """

    def __init__(
        self, hearing: Hearing, step: Callable[[], object] = lambda: None
    ) -> None:
        self._step = step
        self._cues = KeptCues(hearing.style)
        self._has_kept: Heard | None = None

    def listening(self, heard: Heard) -> Iterator[Cue]:
        """Yield all cues of a run, and keep of them what the page lets be heard.

        Whoever needs the cues anyway spares the page to make them once more.
        """
        self._cues.begin(heard)
        for index, (point, cue) in enumerate(heard.cues()):
            self._cues.offer(index, point, cue)
            yield cue
        self._has_kept = heard

    def html(self, heard: Heard) -> str:
        """Return the page of a run."""
        if self._has_kept is not heard:
            for _ in self.listening(heard):
                self._step()
        snapshot = heard.run
        cues = self._cues.all
        description = describe_snapshot(snapshot)
        heading, *told = sentences({**description, "events": []})
        if judge(description) is None:
            heading, told = status_of(snapshot), [heading, *told]
        best = best_point(heard, description)
        points = _points(heard, cues)
        state = state_of(heard, points, most_events=MOST_LISTED)
        name = snapshot.origin.name
        return fill(
            heard,
            cues,
            Content(
                title=f"{name}: {heading}" if name else heading,
                heading=heading,
                about=origin_sentence(snapshot.origin),
                told=[*told, *silent_sentences(heard)],
                legend=notes.legend(heard, has_best=best is not None),
                kept=notes.kept(heard, cues),
                picture=curves(heard, best.marked if best else None),
                table=value_table(heard, cues, best),
                state=state,
                tracks=tracks(heard, self._step),
                best=best,
            ),
        )


def _points(heard: Heard, cues: KeptByPoint) -> list[Told]:
    """Return the points that the page lets be heard, in words."""
    happened: dict[int, list[Event]] = {}
    for place, event in heard.run.notable:
        happened.setdefault(heard.points.index(place), []).append(event)
    plan = _plan(heard)
    return [
        Told(
            place=cue.place,
            text=shown(
                with_events(
                    f"{point_title(cue.point, plan)}: {cue.told}",
                    [event.text for event in happened.get(index, [])],
                )
            ),
            short=shown(
                short_sentence(
                    cue.point.at, cue.readings, by_importance(happened.get(index, []))
                )
            ),
        )
        for index, cue in cues.items()
    ]


def _plan(heard: Heard) -> Plan:
    """Return how much there is of a run, as its points are told: what has come."""
    ends = [point.at for point in heard.points]
    epochs = EPOCHS.number(max(at.epoch for at in ends))
    return Plan(epochs, ends[-1].step)
