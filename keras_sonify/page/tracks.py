"""What a page plays from beginning to end: the summary, its voices, each metric."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from keras_sonify.page.cues import page_rate
from keras_sonify.page.ruler import Ruler
from keras_sonify.score.grid import Grid
from keras_sonify.score.heard import Heard
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style
from keras_sonify.score.summary import frames_of
from keras_sonify.training.metrics import Metric

_MOST_WHOLE = 100  # points of a metric that sound in full; beyond, a summary of it
_TAIL = 0.1  # seconds of silence: at another speed, browsers swallow the very end


@dataclass(frozen=True, slots=True)
class Track:
    """One sound of a page.

    Attributes:
        label: What it is called.
        metrics: What sounds in it.
        stepped: What of a point sounds with it when points are heard one by one;
            `None` for all, events included.
        parts: Start and end in seconds of each time that it goes through the run.
        edges: Where along the axis its tones end, which are equally long, from 0 on.
        sound: FLAC in Base64.
        condensed: Whether several points share a tone.
    """

    label: str
    metrics: tuple[str, ...]
    stepped: tuple[str, ...] | None
    parts: tuple[tuple[float, float], ...]
    edges: tuple[int, ...]
    sound: str
    condensed: bool


def tracks(heard: Heard, step: Callable[[], object] = lambda: None) -> list[Track]:
    """Return the sounds of a page.

    Args:
        heard: The run.
        step: Called after each of them. Defaults to nothing.
    """
    found = [whole_run(heard)]
    sides = {metric.validation for metric in chain(*heard.parts)}
    if len(sides) > 1:
        for label, side in (("Training only", False), ("Validation only", True)):
            found.append(_run(label, heard, side))
    for metric in heard.metrics:
        step()
        found.append(alone(heard, metric))
    return found


def whole_run(heard: Heard) -> Track:
    """Return the summary of a run; see `tracks`."""
    return replace(_run("Whole run", heard), stepped=None)


def _run(label: str, heard: Heard, side: bool | None = None) -> Track:
    """Return the summary of a run, of one side only if that is asked for."""
    sounding = [m for m in chain(*heard.parts) if side in (None, m.validation)]
    names = {metric.name for metric in sounding}
    notes = (note for note in heard.summary if not note.metric or note.metric in names)
    track = _summary(label, sounding, heard.hearing.style, heard.grid, notes)
    stepped = [m.name for m in heard.metrics if side in (None, m.validation)]
    return replace(track, stepped=tuple(stepped))


def alone(heard: Heard, metric: Metric) -> Track:
    """Return the sound of one metric, in full unless it is long."""
    if len(heard.points) <= _MOST_WHOLE:
        return _whole(heard, metric)
    style, notes = heard.hearing.style, heard.metric_summary(metric)
    return _summary(metric.name, [metric], style, heard.metric_grid, notes)


def _summary(
    label: str,
    sounding: Sequence[Metric],
    style: Style,
    grid: Grid,
    notes: Iterable[Note],
) -> Track:
    names = tuple(metric.name for metric in sounding)
    notes = list(notes)
    seconds = frames_of(grid, notes, style) / style.sample_rate
    stereo = 2 if len({metric.validation for metric in sounding}) > 1 else 1
    return Track(
        label=label,
        metrics=names,
        stepped=names,
        parts=tuple(_parts(grid, style)),
        edges=tuple(Ruler(grid.points).edges),
        sound=_sound(notes, seconds, style, stereo),
        condensed=grid.is_grouped,
    )


def _parts(grid: Grid, style: Style) -> Iterator[tuple[float, float]]:
    length = grid.slots * grid.slot_frames / style.sample_rate
    for part in range(grid.parts):
        yield part * length, (part + 1) * length


def _whole(heard: Heard, metric: Metric) -> Track:
    style = heard.hearing.style
    seconds = len(heard.points) * heard.slot_frames / style.sample_rate
    return Track(
        label=metric.name,
        metrics=(metric.name,),
        stepped=(metric.name,),
        parts=((0.0, seconds),),
        edges=tuple(Ruler(heard.points).edges),
        sound=_sound(heard.metric_notes(metric), seconds, style, channels=1),
        condensed=False,
    )


def _sound(notes: Iterable[Note], seconds: float, style: Style, channels: int) -> str:
    import numpy as np

    from keras_sonify.sound.flac import flac_text
    from keras_sonify.sound.synth import render_blocks

    rate = page_rate(style)
    blocks = render_blocks(
        notes,
        sample_rate=rate,
        channels=channels,
        fade=style.fade,
        total=round((seconds + _TAIL) * rate),
    )
    return flac_text(np.concatenate(list(blocks)), rate)
