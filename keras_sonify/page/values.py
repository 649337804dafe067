"""The table of a run's page: what each point has measured, heard or not."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from keras_sonify.page.best import BestPoint
from keras_sonify.page.cues import KeptCue
from keras_sonify.score.heard import Heard
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import in_cue_order, is_setting
from keras_sonify.words.notices import listed
from keras_sonify.words.text import number, point_name

_MOST_COLUMNS = 60  # log.csv has the others

KeptByPoint = Mapping[int, KeptCue]


def value_table(heard: Heard, cues: KeptByPoint, best: BestPoint | None) -> str:
    """Return all values of the points of a page, as a table.

    Args:
        heard: The run.
        cues: Its points that the page holds, by index.
        best: The best point; `None` if there is none.
    """
    sounding = [metric.name for metric in heard.metrics]
    names = [*sounding, *_silent(heard)][:_MOST_COLUMNS]
    columns = [
        column(
            [cue.point.values.get(name) for cue in cues.values()],
            [*cues].index(best.index)
            if best and name == best.marked[0] and best.index in cues
            else None,
        )
        for name in names
    ]
    heads = [
        f"{_text(name)}{'' if name in sounding else ' <small>not heard</small>'}"
        for name in names
    ]
    return table(heard, cues, [*zip(heads, columns, strict=True)], best)


def table(
    heard: Heard,
    cues: KeptByPoint,
    columns: Sequence[tuple[str, Sequence[str]]],
    best: BestPoint | None = None,
) -> str:
    """Return columns as a table with a row for each point of a page.

    Args:
        heard: The run.
        cues: Its points that the page holds, by index.
        columns: For each its head and its cells, as HTML.
        best: The best point. Defaults to `None`: none is marked.
    """
    head = "".join(f'<th scope="col">{title}</th>' for title, _ in columns)
    cells = zip(*(of_one for _, of_one in columns), strict=True)
    body = "".join(
        f"<tr>{_row_head(cue, is_best=best is not None and index == best.index)}"
        f"{''.join(row)}</tr>"
        for (index, cue), row in zip(cues.items(), cells, strict=True)
    )
    return (
        '<table aria-labelledby="values"><thead><tr>'
        f'<th scope="col">{heard.run.axis.unit}</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def silent_sentences(heard: Heard) -> list[str]:
    """Return what is said of the metrics of a run that are not heard."""
    silent = _silent(heard)
    missed = [shown(name) for name in silent if not is_setting(name)]
    told = []
    more = len(heard.metrics) + len(silent) - _MOST_COLUMNS
    if missed:
        told.append(
            f"Not heard are: {listed(missed)}. The table of values has them; "
            "`--metrics all`, or `metrics='all'`, lets them be heard."
        )
    if more > 0:
        told.append(f"log.csv has {more} metrics that the table has not.")
    return told


def _silent(heard: Heard) -> list[str]:
    """Return the names of a run's values that are not heard."""
    sounding = {metric.name for metric in heard.metrics}
    names = [name for name in heard.run.history.names if name not in sounding]
    return in_cue_order(names)  # however they came: a log has its own order


def _row_head(cue: KeptCue, *, is_best: bool) -> str:
    name = point_name(cue.point)
    if is_best:
        return f'<th scope="row" class="best">{name} best</th>'
    return f'<th scope="row">{name}</th>'


def column(values: Sequence[float | None], best: int | None = None) -> list[str]:
    """Return the cells of a column, so that decimals lie under one another.

    What is missing of a number's decimals is said beside it, and takes room unseen.

    Args:
        values: What stands in it.
        best: In which row the best value stands. Defaults to `None`: it is not marked.
    """
    texts = ["" if v is None else number(v).removeprefix("is ") for v in values]
    longest = max(map(_after_digits, texts), key=len, default="")
    cells = []
    for row, text in enumerate(texts):
        missing = longest[len(_after_digits(text)) :] if text[-1:].isdigit() else ""
        pad = f' data-pad="{missing}"' if missing else ""
        kind = ' class="best"' if row == best else ""
        cells.append(f"<td{kind}{pad}>{text}</td>")
    return cells


def _after_digits(text: str) -> str:
    """Return the point of a number and its decimals, as zeros: what they are wide."""
    point = text.find(".")
    if point < 0 or not text[-1:].isdigit():
        return ""
    return "." + "0" * (len(text) - point - 1)


def _text(text: str) -> str:
    """Return a text, whatever it is, as nothing but text."""
    return escape(shown(text))


def paragraphs(lines: Iterable[str]) -> str:
    """Return sentences, a paragraph each."""
    return "\n".join(f"<p>{_text(line)}</p>" for line in lines)
