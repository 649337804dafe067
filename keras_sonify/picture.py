"""A picture of sound: curves over the spectrogram of what is heard, on one time axis.

The height of a curve is the pitch of its tones, as on the run's page; the time of each
value is that of its tone in `training.wav`.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_sonify.page.ruler import Ruler
from keras_sonify.page.ticks import tick_labels, value_ticks
from keras_sonify.score.heard import Heard
from keras_sonify.score.note import Note
from keras_sonify.training.events import EVENTS
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import Metric
from keras_sonify.words.description import describe_snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".svg")
"""Kinds of pictures, by the ends of their names."""

_WIDTH, _CURVES, _SOUND = 10.0, 2.0, 2.2  # inches: the whole, and each panel's height
_LEFT, _RIGHT, _TOP, _GAP, _BOTTOM = 0.8, 0.2, 0.95, 0.5, 0.55  # inches around them
_DPI = 120
_TRAINING, _VALIDATION, _EVENT, _WRONG = "#0b5cad", "#b3430a", "#5b4b00", "#b00020"
_WINDOW, _STEP = 4096, 512  # frames: of 93 ms; tones of 40 ms stay apart
_LOW_HZ, _HIGH_HZ = 200.0, 5000.0  # pitches, with marks and partials
_FLOOR_DB = -60.0  # re the loudest moment
_AGAIN = 0.2  # of the time: so far apart, the same word is written again
_HZ = (250, 500, 1000, 2000, 4000)


def draw(heard: Heard, path: Path, suffix: str) -> None:
    """Draw a run.

    Args:
        heard: The run.
        path: Where the picture goes.
        suffix: Which kind it is: one of `SUFFIXES`.

    Raises:
        ImportError: If matplotlib is missing.
        OSError: If the picture could not be written.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(
            "A picture needs matplotlib: pip install 'keras_sonify[plot]'"
        ) from error
    verdict = describe_snapshot(heard.run)["verdict"]
    parts = len(heard.parts)
    with mpl.rc_context(_settings()), warnings.catch_warnings():
        # A font that lacks the letters of a name draws boxes: the picture holds.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        heights = [*[_CURVES] * parts, _SOUND]
        height = _TOP + sum(heights) + parts * _GAP + _BOTTOM
        figure = Figure((_WIDTH, height))
        axes: Any = figure.subplots(
            parts + 1,
            sharex=True,
            squeeze=False,
            height_ratios=heights,
            gridspec_kw={
                "left": _LEFT / _WIDTH,
                "right": 1 - _RIGHT / _WIDTH,
                "top": 1 - _TOP / height,
                "bottom": _BOTTOM / height,
                "hspace": _GAP * (parts + 1) / sum(heights),
            },
        )[:, 0]
        for place, metrics in enumerate(heard.parts):
            _curves(axes[place], heard, place, metrics)
        _spectrogram(axes[-1], heard)
        _marks(axes, heard)
        figure.suptitle(shown(verdict), y=1 - 0.25 / height, va="center")
        about: dict[str, Any] = {"Title": shown(verdict)}
        kind = suffix.removeprefix(".").lower()
        if kind == "svg":
            about["Date"] = None
        figure.savefig(path, dpi=_DPI, format=kind, metadata=about)


def _settings() -> Any:  # noqa: ANN401 - of matplotlib, which names each of hundreds
    return {
        "text.parse_math": False,  # a name may look like a formula
        "svg.fonttype": "none",  # text that can be read and searched
        "svg.hashsalt": "keras_sonify",  # the same run gives the same bytes
    }


def placed(heard: Heard, metric: Metric) -> Iterator[tuple[float, Note]]:
    """Yield the notes of a metric in the summary, each with its middle in seconds."""
    for note in heard.summary:
        if note.metric == metric.name:
            yield (note.start + note.end) / 2, note


def ticks(heard: Heard, part: int) -> list[tuple[float, int]]:
    """Return when labelled epochs or steps are heard, in seconds, with their numbers.

    Args:
        heard: The run.
        part: Which time that the summary goes through it, from 0.
    """
    ruler, grid = Ruler(heard.grid.points), heard.grid
    seconds = grid.slots * grid.slot_frames / heard.hearing.style.sample_rate
    edges = ruler.edges
    found = []
    for place, number in ruler.ticks():
        # Where its end lies between two edges, which are equally far apart in time.
        after = next(k for k, edge in enumerate(edges) if edge > place)
        share = (place + 0.5 - edges[after - 1]) / (edges[after] - edges[after - 1])
        middle = (after - 1 + share) / (len(edges) - 1)
        found.append(((part + middle) * seconds, number))
    return found


def marks(heard: Heard) -> list[tuple[float, str]]:
    """Return what is marked in the summary, in seconds, each with its word."""
    return [
        (note.start, EVENTS[note.kind].word)
        for note in heard.summary
        if note.text and not note.metric and note.kind in EVENTS
    ]


def _curves(axes: "Axes", heard: Heard, part: int, metrics: Sequence[Metric]) -> None:
    """Draw the metrics of a part at the height of their pitch."""
    span = heard.spans[metrics[0].name]
    values: list[float] = []
    broken: list[float] = []
    for metric in metrics:
        notes = list(placed(heard, metric))
        tones = [(t, n.value) for t, n in notes if n.kind == "tone" and span]
        wrong = [t for t, n in notes if n.kind == "nan"]
        spikes = [(t, n.value) for t, n in notes if n.kind == "spike" and span]
        colour = _VALIDATION if metric.validation else _TRAINING
        axes.plot(
            [t for t, _ in tones],
            [span.position(value) for _, value in tones] if span else [],
            color=colour,
            linestyle="--" if metric.validation else "-",
            marker="." if len(tones) == 1 else "",
            label=shown(metric.name),
        )
        if span and spikes:
            height = [span.position(value) for _, value in spikes]
            times = [t for t, _ in spikes]
            axes.plot(times, height, "D", color=colour, markersize=5, label="spike")
        values += [value for _, value in tones + spikes if math.isfinite(value)]
        broken += wrong
    drawn = [span.position(value) for value in values] if span else []
    low, high = min(drawn, default=0.0), max(drawn, default=1.0)
    edge = max(0.05 * (high - low), 0.02)
    axes.set_ylim(low - edge, high + edge)
    axes.plot(broken, [high] * len(broken), "x", color=_WRONG, clip_on=False)
    at = value_ticks(min(values), max(values), span) if values and span else []
    axes.set_yticks([span.position(v) for v in at] if span else [], tick_labels(at))
    axes.grid(axis="y", alpha=0.3)
    axes.legend(loc="best", fontsize="small")
    above = axes.secondary_xaxis("top")
    labels = ticks(heard, part)
    above.set_xticks([t for t, _ in labels], [str(number) for _, number in labels])
    above.tick_params(length=2, labelsize="small")
    above.set_xlabel(heard.run.axis.unit, fontsize="small")


def _spectrogram(axes: "Axes", heard: Heard) -> None:
    """Draw the sound of the summary, both sides as one."""
    import numpy as np

    from keras_sonify.sound.synth import render

    style = heard.hearing.style
    frames = render(
        heard.summary, sample_rate=style.sample_rate, channels=1, fade=style.fade
    )[:, 0]
    total = max(heard.summary_frames, len(frames))
    sound = np.pad(frames, (_WINDOW // 2, _WINDOW + total - len(frames)))
    windows = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_STEP]
    spectra = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW))).T
    hz = np.fft.rfftfreq(_WINDOW, 1 / style.sample_rate)
    heard_hz = (hz >= _LOW_HZ / 1.1) & (hz <= _HIGH_HZ * 1.1)
    loudest = max(float(spectra.max(initial=0.0)), 1e-9)
    level_db = 20 * np.log10(np.maximum(spectra[heard_hz] / loudest, 1e-6))
    seconds = np.arange(windows.shape[0]) * _STEP / style.sample_rate
    axes.pcolormesh(
        seconds,
        hz[heard_hz],
        level_db,
        vmin=_FLOOR_DB,
        vmax=0.0,
        cmap="Greys",
        shading="nearest",
        rasterized=True,
    )
    axes.set_yscale("log")
    axes.set_ylim(_LOW_HZ, _HIGH_HZ)
    axes.set_yticks(_HZ, [str(each) for each in _HZ])
    axes.minorticks_off()
    axes.set_xlim(0.0, total / style.sample_rate)
    axes.set_ylabel("Hz, darker is louder")
    axes.set_xlabel("seconds of training.wav")


def _marks(axes: "Sequence[Axes]", heard: Heard) -> None:
    """Draw what is marked in the summary through all panels, with its word."""
    _, end = axes[-1].get_xlim()
    row, named = 0, dict[str, float]()
    for seconds, word in marks(heard):
        for panel in axes:
            panel.axvline(seconds, color=_EVENT, linewidth=1, linestyle=":")
        if seconds - named.get(word, -end) < _AGAIN * end:
            continue  # the same once more, right after: one word is enough
        named[word] = seconds
        axes[-1].annotate(
            word,
            (seconds, 0.99 - 0.09 * row),  # near ones under one another
            xycoords=("data", "axes fraction"),
            xytext=(3, 0),
            textcoords="offset points",
            va="top",
            fontsize="small",
            color=_EVENT,
        )
        row = (row + 1) % 4
