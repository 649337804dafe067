"""The page of several runs: that of a run, with a voice and a curve for each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from keras_sonify.page import notes
from keras_sonify.page.cues import KeptCue, KeptCues
from keras_sonify.page.curves import curves
from keras_sonify.page.fill import MOST_LISTED, Content, fill
from keras_sonify.page.state import Told, state_of
from keras_sonify.page.tracks import Track, alone, whole_run
from keras_sonify.page.values import KeptByPoint, column, table
from keras_sonify.score.heard import Heard
from keras_sonify.training.comparison import Comparison
from keras_sonify.training.foreign import shown
from keras_sonify.training.overlay import run_title
from keras_sonify.words.beside import apart_by, place_sentence, short_place
from keras_sonify.words.text import point_title


def comparison_page(told: Comparison, heard: Heard) -> str:
    """Return the page of several runs, in one file.

    Args:
        told: What came of comparing them.
        heard: The same runs over one another; see `hear_beside`.
    """
    kept = KeptCues(heard.hearing.style)
    kept.begin(heard)
    for index, (point, cue) in enumerate(heard.cues()):
        kept.offer(index, point, cue)
    cues = kept.all
    heading, *rest = told.sentences
    state = state_of(heard, _points(told, cues), most_events=MOST_LISTED)
    state["said"] = " ".join(shown(line) for line in told.sentences[:2])
    state["status"] = _named(told)
    found = _tracks(told, heard)
    places = {track.label: place for place, track in enumerate(found)}
    return fill(
        heard,
        cues,
        Content(
            title=heading,
            heading=heading,
            about=f"{len(told.runs)} runs, compared by {told.metric}.",
            told=rest,
            legend=f"{_sides(told)} {notes.legend(heard, has_best=False)}",
            kept=_kept(heard, cues),
            picture=curves(heard),
            table=_table(told, heard, cues),
            state=state,
            tracks=found,
            pair=tuple(places[_title(number)] for number in told.leaders),
        ),
    )


def _named(told: Comparison) -> str:
    """Return which run is which."""
    named = [f"run {run.number} is {run.name}" for run in told.runs]
    return f"{'; '.join(named).capitalize()}."


def _sides(told: Comparison) -> str:
    first, second = told.leaders
    return (
        f"Run {first} is on the left and solid, run {second} on the right and dashed."
    )


def _kept(heard: Heard, cues: KeptByPoint) -> str:
    """Return how many of the places the page holds, if not all."""
    count, axis = len(heard.points), heard.run.axis
    if len(cues) == heard.points.count:
        return ""
    places = "places" if heard.points.are_windows else axis.units
    return (
        f"<p>Of {count} {places} this page holds the sound and the values of "
        f"{len(cues)}.</p>"
    )


def _title(number: int) -> str:
    return run_title(number).capitalize()


def _points(told: Comparison, cues: KeptByPoint) -> list[Told]:
    """Return the places that the page lets be heard, in words."""
    return [
        Told(
            place=cue.place,
            text=shown(f"{_where(cue)}: {place_sentence(told, cue.values)}"),
            short=shown(f"{_where(cue)}: {short_place(told, cue.values)}"),
        )
        for cue in cues.values()
    ]


def _where(cue: KeptCue) -> str:
    return point_title(cue.point)


def _tracks(told: Comparison, heard: Heard) -> list[Track]:
    """Return what is played: the two best in turn, then each run alone."""
    first, second = told.leaders
    pair = tuple(map(run_title, told.leaders))
    both = replace(
        whole_run(heard), label=f"Runs {first} and {second} in turn", stepped=pair
    )
    of_each = sorted(heard.metrics, key=lambda metric: _number(metric.name))
    return [
        both,
        *(
            replace(alone(heard, metric), label=metric.name.capitalize())
            for metric in of_each
        ),
    ]


def _number(title: str) -> int:
    return int(title.rsplit(maxsplit=1)[-1])


def _table(told: Comparison, heard: Heard, cues: KeptByPoint) -> str:
    """Return the values of all runs at each place, and how far the best are apart."""
    first, second = map(run_title, told.leaders)
    names = sorted((metric.name for metric in heard.metrics), key=_number)
    values = [cue.point.values for cue in cues.values()]
    columns: list[tuple[str, Sequence[str]]] = [
        (escape(name), column([row.get(name) for row in values])) for name in names
    ]
    apart = [_apart(row, first, second) for row in values]
    head = f"{second} re {first}"
    return table(heard, cues, [*columns, (escape(head), apart)])


def _apart(row: Mapping[str, float], first: str, second: str) -> str:
    share = apart_by(row.get(first), row.get(second))
    return "<td></td>" if share is None else f"<td>{100.0 * share:+.1f}%</td>"
