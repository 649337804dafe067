"""`index.html`: a run in one file, to hear and to see, that needs nothing else."""

import json
from collections.abc import Callable, Iterator, Sequence
from html import escape

from keras_sonify.page import notes
from keras_sonify.page.assets import REPORT_SCRIPT, REPORT_STYLE, asset, source_hash
from keras_sonify.page.best import BestPoint, best_point
from keras_sonify.page.cues import KeptCues
from keras_sonify.page.curves import curves
from keras_sonify.page.state import Happening, State, Told, state_of, status_of
from keras_sonify.page.tracks import Track, tracks
from keras_sonify.page.values import (
    KeptByPoint,
    paragraphs,
    silent_sentences,
    value_table,
)
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import Heard
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.axis import EPOCHS, STEPS, Plan
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.foreign import shown
from keras_sonify.words.description import describe_snapshot, sentences
from keras_sonify.words.origin import origin_sentence
from keras_sonify.words.short import short_sentence
from keras_sonify.words.text import point_title, with_events
from keras_sonify.words.verdict import judge

_MOST_LISTED = 200  # events that the page lists


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
        sounds = tracks(heard, self._step)
        cues = self._cues.all
        description = describe_snapshot(snapshot)
        heading, *told = sentences({**description, "events": []})
        if judge(description) is None:
            heading, told = status_of(snapshot), [heading, *told]
        best = best_point(heard, description)
        points = _points(heard, cues)
        state = state_of(heard, points, most_events=_MOST_LISTED)
        script = asset(*REPORT_SCRIPT)
        style = asset(*REPORT_STYLE)
        name = snapshot.origin.name
        return asset("report.html").format(
            policy=(
                f"default-src 'none'; script-src {source_hash(script)}; "
                f"style-src {source_hash(style)}; media-src data:; img-src data:; "
                "base-uri 'none'; form-action 'none'"
            ),
            title=_text(f"{name}: {heading}" if name else heading),
            style=style,
            script=script,
            heading=_text(heading),
            about=_text(origin_sentence(snapshot.origin)),
            status=_text(status_of(snapshot)),
            told=paragraphs([*told, *silent_sentences(heard)]),
            summary=sounds[0].sound,
            options="".join(
                f'<option value="{place}">{_text(sound.label)}</option>'
                for place, sound in enumerate(sounds)
            ),
            last=len(cues) - 1,
            unit=snapshot.axis.unit,
            title_unit=snapshot.axis.unit.capitalize(),
            no_best="" if best else " hidden",
            no_events="" if snapshot.notable else " hidden",
            legend=_text(notes.legend(heard, has_best=best is not None)),
            kept=notes.kept(heard, cues),
            curves=curves(heard, best.marked if best else None),
            events=_events(state["events"], len(snapshot.notable)),
            table=value_table(heard, cues, best),
            data=_data(heard, state, sounds, cues, best),
            sounds=_sounds(sounds, cues),
        )


def _text(text: str) -> str:
    """Return a text, whatever it is, as nothing but text."""
    return escape(shown(text))


def _events(listed: Sequence[Happening], count: int) -> str:
    if not listed:
        return "<p>Nothing out of the ordinary.</p>"
    # The script makes buttons of them: without one there is nothing to press.
    items = "".join(f"<li>{_text(each['text'])}</li>" for each in listed)
    more = count - len(listed)
    rest = f"<p>And {more} more, in score.csv.</p>" if more > 0 else ""
    return f"<ol>{items}</ol>{rest}"


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


def _data(
    heard: Heard,
    state: State,
    sounds: Sequence[Track],
    cues: KeptByPoint,
    best: BestPoint | None,
) -> str:
    """Return what the script needs, as JSON that cannot end its element.

    It is the state that a live page is sent, less the picture, which the page holds,
    and besides what can be played.
    """
    windows = [cue.windows for cue in cues.values()]
    data = {
        **state,
        "best": best.middle if best else None,
        "tracks": [
            {
                "label": shown(sound.label),
                "metrics": [shown(name) for name in sound.metrics],
                "stepped": sound.stepped,
                "parts": sound.parts,
                "edges": sound.edges,
                "note": _note(heard, sound),
            }
            for sound in sounds
        ],
        "points": [
            {**told, "windows": times}
            for told, times in zip(state["points"], windows, strict=True)
        ],
    }
    return json.dumps(data).replace("<", "\\u003c")


def _note(heard: Heard, sound: Track) -> str:
    """Return what is said of a track besides its label."""
    axis = heard.run.axis
    if not sound.condensed or len(sound.metrics) > 1 or axis is STEPS:
        return ""
    return f" Several {axis.units} share a tone; its own file has them all."


def _sounds(sounds: Sequence[Track], cues: KeptByPoint) -> str:
    """Return the sounds as blocks of text, which cost nothing until they are used."""
    blocks = [(f"track-{place}", sound.sound) for place, sound in enumerate(sounds)]
    blocks += [(f"cue-{step}", cue.sound) for step, cue in enumerate(cues.values())]
    return "\n".join(
        f'<script type="text/plain" id="{name}">{text}</script>'
        for name, text in blocks
        if name != "track-0"  # stands in its audio element
    )
