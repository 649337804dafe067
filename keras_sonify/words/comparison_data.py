"""Several runs as plain data, for programs."""

from typing import Any

from keras_sonify.training.axis import EPOCHS
from keras_sonify.training.comparison import ComparedRun, Comparison, Difference
from keras_sonify.training.course import Value


def as_data(told: Comparison) -> dict[str, Any]:
    """Return what came of comparing runs as plain data, for JSON.

    Args:
        told: What came of it.
    """
    return {
        "verdict": told.sentences[0],
        "metric": told.metric,
        "direction": told.direction,
        "winner": told.winner,
        "ranking": [*told.ranking],
        "compared": [*told.leaders],
        "at_best": _difference(told.at_best),
        "at_end": _difference(told.at_end),
        "leads": [
            {"run": lead.number, lead.at.axis.unit: lead.at.number}
            for lead in told.leads
        ],
        "median": told.median,
        "new_bests": [*told.new_bests],
        "failed": [*told.failed],
        "runs": [_run_data(run) for run in told.runs],
    }


def _difference(apart: Difference) -> dict[str, Any]:
    share = None if apart.share is None else round(100.0 * apart.share, 2)
    return {"ahead": apart.ahead, "percent": share}


def _run_data(run: ComparedRun) -> dict[str, Any]:
    units = run.end.axis.units if run.end else EPOCHS.units
    return {
        "run": run.number,
        "name": run.name,
        units: run.count,
        "first": _value_data(run.first),
        "best": _value_data(run.best),
        "last": _value_data(run.last),
        "failed": run.has_failed,
        "running": run.is_running,
    }


def _value_data(value: Value | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {value.at.axis.unit: value.at.number, "value": value.value}
