"""`--against`: the run whose values are the references."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from keras_sonify.training.against import OtherRun

_Command = TypeVar("_Command", bound=Callable[..., object])


def against_option(takes: str) -> Callable[[_Command], _Command]:
    """Return the option, for a command.

    Args:
        takes: What it takes there, as help shows it.
    """
    return click.option(
        "--against",
        metavar=takes,
        help="Another run, whose values are the references: its directory, or a log.",
    )


def find_other_run(against: str | None) -> "OtherRun | None":
    """Return the run that is asked for, where there is no run before.

    Raises:
        click.ClickException: If it cannot be had.
        click.UsageError: If the run before is asked for.
    """
    from keras_sonify.files.other import NoOtherRunError, find_other
    from keras_sonify.settings import LAST

    if against is None:
        return None
    if against == LAST:
        raise click.UsageError(
            "--against takes the directory of a run, or a log: only a training under "
            f"way knows which was last. Received: {against}"
        )
    try:
        return find_other(against, None)
    except NoOtherRunError as error:
        raise click.ClickException(str(error)) from error


def kept_with(about: Mapping[str, Any], directory: Path) -> "OtherRun | None":
    """Return the run that one was held against; say so where it is there no more.

    Args:
        about: What `run.json` says of that one; empty where there is none.
        directory: Where that one is kept.
    """
    from keras_sonify.files.other import WITHOUT, NoOtherRunError, kept_other
    from keras_sonify.training.warn import warn

    try:
        return kept_other(directory) if about else None
    except NoOtherRunError as error:
        warn(f"{error} {WITHOUT}")
        return None
