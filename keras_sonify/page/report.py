"""`index.html`: a run in one file, to hear and to see, that needs nothing else."""

import json
from collections.abc import Iterator, Sequence
from html import escape

from keras_sonify.page.assets import asset, source_hash
from keras_sonify.page.cues import KeptCue, KeptCues
from keras_sonify.page.curves import curves, shown
from keras_sonify.page.tracks import Track, tracks
from keras_sonify.score.composer import Composer, Cue
from keras_sonify.score.style import Style
from keras_sonify.training.record import Snapshot
from keras_sonify.words.description import describe_view, sentences
from keras_sonify.words.text import ENDINGS, number

_MOST_LISTED = 200  # events that the page lists


class RunPage:
    """Makes the page of a run, again and again as it grows.

    Call `listen` and take in all cues, then `html`.

    Args:
        style: How the run sounds.
        asked: Metrics that the user named. Defaults to `()`.
    """

    def __init__(self, style: Style, asked: Sequence[str] = ()) -> None:
        self._style = style
        self._asked = asked
        self._cues = KeptCues(style)

    def listen(self, snapshot: Snapshot, composer: Composer) -> Iterator[Cue]:
        """Yield the cues of a run so far, keeping what the page lets be heard.

        Args:
            snapshot: The run.
            composer: One that is new. When all cues are out, it has heard the run.
        """
        event_at, metrics = dict(snapshot.sounded), snapshot.valued
        self._cues.begin(snapshot)
        for place, (epoch, values) in enumerate(snapshot.history.rows(snapshot.count)):
            cue = composer.cue(epoch, values, metrics, event_at.get(place))
            self._cues.offer(place, cue)
            yield cue

    def html(self, snapshot: Snapshot, composer: Composer) -> str:
        """Return the page.

        Args:
            snapshot: The run that was listened to.
            composer: The composer that has heard it.
        """
        spans = {metric.name: composer.span(metric) for metric in snapshot.valued}
        sounds = tracks(snapshot, spans, self._style, self._asked)
        cues = self._cues.all
        told = sentences({**describe_view(snapshot), "events": []})
        title = _title(snapshot)
        script, style = (
            asset("report.js"),
            asset("page.css", "curves.css", "report.css"),
        )
        return asset("report.html").format(
            policy=(
                f"default-src 'none'; script-src {source_hash(script)}; "
                f"style-src {source_hash(style)}; media-src data:; img-src data:; "
                "base-uri 'none'; form-action 'none'"
            ),
            title=_text(title),
            style=style,
            script=script,
            told="\n".join(f"<p>{_text(line)}</p>" for line in told),
            places=_places(snapshot, self._style),
            summary=sounds[0].sound,
            options="".join(
                f'<option value="{place}">{_text(sound.label)}</option>'
                for place, sound in enumerate(sounds)
            ),
            last=len(cues) - 1,
            kept=_kept(snapshot, cues),
            curves=curves(snapshot, spans, f"Curves of the run. {' '.join(told)}"),
            events=_events(snapshot, cues),
            table=_table(snapshot, cues),
            data=_data(snapshot, sounds, cues),
            sounds=_sounds(sounds, cues),
        )


def _text(text: str) -> str:
    """Return a text, whatever it is, as nothing but text."""
    return escape(shown(text))


def _places(snapshot: Snapshot, style: Style) -> str:
    """Return where the two sides are heard, if in two places."""
    if style.pan == 0 or len({metric.validation for metric in snapshot.valued}) == 1:
        return ""
    return " Training is on the left, validation on the right."


def _title(snapshot: Snapshot) -> str:
    epochs = "1 epoch" if snapshot.count == 1 else f"{snapshot.count} epochs"
    if snapshot.ending is None:  # under way, or killed
        return f"Training so far: {epochs}"
    return f"Training of {epochs}, {ENDINGS[snapshot.ending].removeprefix('was ')}"


def _kept(snapshot: Snapshot, cues: Sequence[KeptCue]) -> str:
    if len(cues) == snapshot.count:
        return ""
    return (
        f"<p>Of {snapshot.count} epochs this page holds the sound and the values of "
        f"{len(cues)}: evenly spaced ones, the best, and those of events. "
        "score.csv and the WAV files hold all.</p>"
    )


def _events(snapshot: Snapshot, cues: Sequence[KeptCue]) -> str:
    found = snapshot.notable
    if not found:
        return "<p>Nothing out of the ordinary.</p>"
    step_of = {cue.place: step for step, cue in enumerate(cues)}
    items = []
    for place, event in found[:_MOST_LISTED]:
        # The script makes a button of it: without one there is nothing to press.
        step = f' data-step="{step_of[place]}"' if place in step_of else ""
        items.append(f"<li{step}>{_text(event.sentence)}</li>")
    more = len(found) - len(items)
    rest = f"<p>And {more} more, in score.csv.</p>" if more > 0 else ""
    return f"<ol>{''.join(items)}</ol>{rest}"


def _table(snapshot: Snapshot, cues: Sequence[KeptCue]) -> str:
    names = [metric.name for metric in snapshot.valued]
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{cue.epoch + 1}</th>'
        + "".join(f"<td>{_cell(cue.values.get(name))}</td>" for name in names)
        + "</tr>"
        for cue in cues
    )
    return (
        '<table aria-labelledby="values"><thead><tr><th scope="col">epoch</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(value: float | None) -> str:
    return "" if value is None else number(value).removeprefix("is ")


def _data(snapshot: Snapshot, sounds: Sequence[Track], cues: Sequence[KeptCue]) -> str:
    """Return what the script needs, as JSON that cannot end its element."""
    happened: dict[int, str] = {}
    for place, event in snapshot.notable:
        happened[place] = f"{happened.get(place, '')}. {event.text}"
    last = max(snapshot.history.epoch(place) for place in range(snapshot.count)) + 1
    data = {
        "epochs": snapshot.count,
        "tracks": [
            {
                "label": shown(sound.label),
                "metrics": [shown(name) for name in sound.metrics],
                "stepped": sound.stepped,
                "parts": sound.parts,
                "condensed": sound.condensed,
            }
            for sound in sounds
        ],
        "steps": [
            {
                "place": cue.place,
                "line": shown(
                    f"Epoch {cue.epoch + 1} of {last}: {cue.told}"
                    + happened.get(cue.place, ""),
                ),
                "windows": cue.windows,
            }
            for cue in cues
        ],
    }
    return json.dumps(data).replace("<", "\\u003c")


def _sounds(sounds: Sequence[Track], cues: Sequence[KeptCue]) -> str:
    """Return the sounds as blocks of text, which cost nothing until they are used."""
    blocks = [(f"track-{place}", sound.sound) for place, sound in enumerate(sounds)]
    blocks += [(f"cue-{step}", cue.sound) for step, cue in enumerate(cues)]
    return "\n".join(
        f'<script type="text/plain" id="{name}">{text}</script>'
        for name, text in blocks
        if name != "track-0"  # stands in its audio element
    )
