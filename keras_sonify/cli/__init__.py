"""The command line. Each command lives in a file of its own; this one starts them."""

import io
import os
import sys
import warnings

import click

from keras_sonify import __version__
from keras_sonify.cli.compare import compare
from keras_sonify.cli.demo import demo
from keras_sonify.cli.describe import describe
from keras_sonify.cli.devices import devices
from keras_sonify.cli.earcons import earcons
from keras_sonify.cli.learn import learn
from keras_sonify.cli.listen import listen
from keras_sonify.cli.now import now
from keras_sonify.cli.plot import plot
from keras_sonify.cli.render import render
from keras_sonify.cli.tell import tell, tell_mistake, told_all
from keras_sonify.words.terminal import terminal_columns
from keras_sonify.words.wrapped import MOST_COLUMNS

_ENDED_BY_CTRL_C = 130
_LEAST_HELP, _FREE = 30, 2  # columns


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def commands() -> None:
    """Hear a Keras model train.

    \b
    Examples:
      keras-sonify demo
      keras-sonify render model_log.csv --play
      ssh gpu-box tail -n +1 -F model_log.csv | keras-sonify listen -
    """  # noqa: D301 - \b is click's mark for lines that it must not fill


for _command in (
    demo,
    learn,
    render,
    listen,
    describe,
    compare,
    now,
    plot,
    earcons,
    devices,
):
    commands.add_command(_command)


def main() -> None:
    """Run the command line; a user's mistake or a Ctrl-C never shows a traceback."""
    warnings.showwarning = _show_warning
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names of metrics and files may hold what the terminal's encoding does not.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = commands(standalone_mode=False, terminal_width=help_columns())
        if sys.stdout:  # there is none where it was closed with `>&-`
            sys.stdout.flush()
    except click.ClickException as error:
        tell_mistake(error)
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = _ENDED_BY_CTRL_C
    except SystemExit:
        status = 0  # click's way to tell that whoever read our output has gone
    except OSError as error:
        # The disk is full to which our output goes: say no more to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        tell(f"Error: {error}", err=True)
        status = 1
    sys.exit(status if told_all() else status or 1)


def help_columns() -> int:
    """Return how wide help is: click itself makes it no narrower than 50 columns."""
    return max(min(terminal_columns(), MOST_COLUMNS) - _FREE, _LEAST_HELP)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    tell(str(message), err=True)
