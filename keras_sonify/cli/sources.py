"""Which runs a command was given: those of a log, or that of a directory of ours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keras_sonify.cli.options import check_run
from keras_sonify.cli.other import kept_with
from keras_sonify.training.record import LOG

if TYPE_CHECKING:
    from keras_sonify.offline import PastRun
    from keras_sonify.settings import Settings
    from keras_sonify.training.against import OtherRun
    from keras_sonify.training.history import History
    from keras_sonify.training.origin import Origin

_OFTEN = 1000  # rows between two signs of life


@dataclass(frozen=True, slots=True)
class Source:
    """A run that a command was given.

    Attributes:
        title: What it is called in what is told.
        number: Which one of its log, from 1.
        history: What it holds.
        origin: Where it comes from.
        about: How it was heard, where it is known.
    """

    title: str
    number: int
    history: "History"
    origin: "Origin"
    about: Mapping[str, Any] = field(default_factory=dict)


def is_record(log: str) -> bool:
    """Whether this is the directory of a run, with its record in it."""
    return (Path(log) / LOG).is_file()


def sources(
    log: str, run: str, step: Callable[[str], object] = lambda _: None
) -> Iterator[Source]:
    """Yield the runs that were asked for.

    Args:
        log: A log, or a directory.
        run: Which of its runs; see `check_run`.
        step: Called with what is being done, again and again. Defaults to nothing.

    Raises:
        LogError: If there is no such run, or no log of a kind that can be read.
        OSError: If it cannot be read.
    """
    from keras_sonify.files.past import origin_of, read_past
    from keras_sonify.readers import read_log
    from keras_sonify.readers.runs import choose_runs
    from keras_sonify.training.origin import log_origin

    if is_record(log) and run == "last" and (past := read_past(Path(log))):
        origin = origin_of(past.about, Path(log))
        yield Source(log, 1, past.history, origin, past.about)
        return

    def rows() -> Iterator[tuple[int, dict[str, float]]]:
        for count, row in enumerate(read_log(log), start=1):
            if count % _OFTEN == 0:
                step(f"read {count} epochs")
            yield row

    runs = choose_runs(rows(), check_run(run), log)
    for number, _, history in runs:
        title = log if len(runs) == 1 else f"{log}, run {number}"
        origin = log_origin(log, number if len(runs) > 1 else None)
        yield Source(title, number, history, origin)


def past_run(
    source: Source,
    options: Mapping[str, Any],
    *,
    directory: str | None = None,
    other: "OtherRun | None" = None,
    step: Callable[[str], object] = lambda _: None,
) -> "tuple[Settings, PastRun]":
    """Return how a run is heard, and what takes it in: nothing has been taken in.

    Args:
        source: The run.
        options: Arguments of a `Sonifier` that were asked for: what is `None` was not,
            and is as the run was heard.
        directory: Where its files go. Defaults to nowhere.
        other: The run that it is held against. Defaults to the one that it was.
        step: Called with what is being done, again and again. Defaults to nothing.

    Raises:
        click.ClickException: If it cannot be heard so.
    """
    from keras_sonify.files.past import arguments_of, ending_of, plan_of
    from keras_sonify.offline import PastRun
    from keras_sonify.sonifier import Sonifier

    about = source.about
    chosen = {name: value for name, value in options.items() if value is not None}
    try:
        arguments = {**arguments_of(about), **chosen}
        sonifier = Sonifier(**arguments, directory=directory, player=None)
    except (TypeError, ValueError) as error:  # somebody has changed it
        raise click.ClickException(f"{source.title}, run.json: {error}") from error
    return sonifier.settings, PastRun(
        sonifier.settings,
        plan=plan_of(about),
        origin=source.origin,
        ending=ending_of(about),
        other=other or kept_with(about, Path(source.title)),
        step=step,
    )
