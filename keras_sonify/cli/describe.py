"""`keras-sonify describe`."""

import json
from pathlib import Path

import click

from keras_sonify.cli.options import (
    LOGS,
    bad_file_ends,
    check_run,
    run_option,
    split_names,
)
from keras_sonify.cli.other import kept_with
from keras_sonify.cli.sources import is_record
from keras_sonify.cli.tell import tell


@click.command(epilog=LOGS)
@click.argument("log")
@click.option(
    "--metrics",
    metavar="NAME,NAME",
    help="What to tell of; all: everything. [default: losses and accuracies]",
)
@run_option
@click.option("--brief", is_flag=True, help="A line of 40 characters, for braille.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def describe(
    log: str, metrics: str | None, run: str, *, brief: bool, as_json: bool
) -> None:
    """Tell in a few plain sentences how a training went.

    \b
    Examples:
      keras-sonify describe model_log.csv
      keras-sonify describe model_log.csv --run all --brief
      keras-sonify describe model_log.csv --json
    """  # noqa: D301
    from keras_sonify.files.past import read_about
    from keras_sonify.readers import read_log
    from keras_sonify.readers.runs import choose_runs
    from keras_sonify.words.brief import brief_line
    from keras_sonify.words.description import describe_run, sentences

    if brief and as_json:
        raise click.UsageError("--brief is for people and --json is not: choose one.")
    with bad_file_ends():
        runs = choose_runs(read_log(log), check_run(run), log)
    about = read_about(Path(log)) if is_record(log) else {}
    other = kept_with(about, Path(log))  # of the last run
    told = [
        {
            "log": log,
            "run": number,
            "runs": of,
            **describe_run(
                history, split_names(metrics), other if number == of else None
            ),
        }
        for number, of, history in runs
    ]
    if as_json:
        data = json.dumps(told if run == "all" else told[0], indent=2)
        tell(*data.splitlines(), as_is=True)
    elif brief:
        tell(*map(brief_line, told), as_is=True)
    else:
        for description in told:
            if description["runs"] > 1:
                tell(f"Run {description['run']} of {description['runs']}.")
            tell(*sentences(description))
    if not any(description["metrics"] for description in told):
        click.get_current_context().exit(1)
