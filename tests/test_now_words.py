"""One sentence says how a training stands, in words that can be read aloud."""

import dataclasses
import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from keras_sonify.cli.now import as_data, sentence
from keras_sonify.files.process import Life
from keras_sonify.files.standing import Standing
from keras_sonify.training.events import EVENT_KINDS, EVENTS, EventKind

UNDER_WAY = Standing(
    directory=Path("sonification"),
    epoch=11,
    planned=50,
    silent_seconds=7.4,
    life="alive",
    host="gpu-box",
    usual_seconds=20.0,
    best=("val_loss", 9, 0.31234),
)
SENTENCES: list[tuple[dict[str, Any], str]] = [
    (
        {},
        "Training epoch 13 of 50 for 7 seconds, 13 minutes left, best val_loss 0.312.",
    ),
    (
        {"planned": None, "usual_seconds": None, "best": None},
        "Training epoch 13 for 7 seconds.",
    ),
    (
        {"silent_seconds": 45.0},
        "Training epoch 13 of 50 for 45 seconds, 12 minutes left, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0},
        (
            "No epoch for 4 minutes, usually 20 seconds; epoch 13 of 50, "
            "best val_loss 0.312."
        ),
    ),
    (
        {"silent_seconds": 240.0, "usual_seconds": 600.0},
        "Training epoch 13 of 50 for 4 minutes, 6.3 hours left, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0, "life": "gone"},
        "Died in epoch 13 of 50; last epoch 4 minutes ago, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 1.0, "life": "paused"},
        "Paused in epoch 13 of 50; last epoch 1 second ago, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0, "life": "unknown"},
        "On gpu-box, epoch 12 of 50 ended 4 minutes ago, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0, "life": "unknown", "host": ""},
        "Epoch 12 of 50 ended 4 minutes ago, best val_loss 0.312.",
    ),
    (
        {"life": "closed", "host": ""},
        "Epoch 12 of 50 ended 7 seconds ago, best val_loss 0.312.",
    ),
    (
        {"life": "unknown"},
        "Training epoch 13 of 50 for 7 seconds, 13 minutes left, best val_loss 0.312.",
    ),
    (
        {"epoch": 49, "silent_seconds": 7000.0},
        "Epoch 50 of 50, the last, ended 117 minutes ago, best val_loss 0.312.",
    ),
    (
        {"ending": "stopped_early", "ended_seconds": 10_800.0, "life": "gone"},
        (
            "Training stopped early after epoch 12 of 50, 3 hours ago, "
            "best val_loss 0.312."
        ),
    ),
    (
        {"ending": "interrupted", "ended_seconds": 9000.0},
        (
            "Training was interrupted after epoch 12 of 50, 2.5 hours ago, "
            "best val_loss 0.312."
        ),
    ),
    (
        {"ending": "finished", "epoch": 49, "best": None},
        "Training finished after epoch 50 of 50.",
    ),
    (
        {"epoch": -1, "silent_seconds": 9000.0, "best": None},
        "Training its first epoch for 2.5 hours, 50 are planned.",
    ),
    (
        {"epoch": -1, "silent_seconds": 9000.0, "life": "gone", "best": None},
        "Died in its first epoch, begun 2.5 hours ago.",
    ),
    (
        {"epoch": -1, "silent_seconds": 9000.0, "life": "unknown", "best": None},
        "On gpu-box, its first epoch began 2.5 hours ago.",
    ),
    (
        {"step": 1200, "planned_steps": 5000, "usual_seconds": None},
        "Training, step 1200 of 5000, best val_loss 0.312.",
    ),
    (
        {"step": 1200, "planned_steps": 5000, "planned": 2, "usual_seconds": 600.0},
        "Training, step 1200 of 5000, 15 minutes left, best val_loss 0.312.",
    ),
    (
        {"step": 1200, "silent_seconds": 240.0},
        "No step for 4 minutes; step 1200, best val_loss 0.312.",
    ),
    (
        {"step": 1200, "planned_steps": 5000, "life": "gone"},
        "Died after step 1200 of 5000, 7 seconds ago, best val_loss 0.312.",
    ),
    (
        {"step": 5000, "planned_steps": 5000},
        "Step 5000 of 5000, the last, ended 7 seconds ago, best val_loss 0.312.",
    ),
    (
        {"step": 5000, "planned_steps": 5000, "ending": "finished", "best": None},
        "Training finished after step 5000 of 5000.",
    ),
    (
        {"best": ("Validation  Loss", 9, 123456.789)},
        (
            "Training epoch 13 of 50 for 7 seconds, 13 minutes left, "
            "best Validation_Loss 1.23e+05."
        ),
    ),
]


@pytest.mark.parametrize(("changes", "told"), SENTENCES)
def test_a_state_is_told_so(changes: Mapping[str, Any], told: str) -> None:
    """These are the states that there are, in words that can be read aloud."""
    standing = dataclasses.replace(UNDER_WAY, **changes)

    assert sentence(standing) == told
    assert as_data(standing)["sentence"] == told


def test_no_state_takes_more_than_fifteen_words() -> None:
    """Whatever is known of a run, how long it was silent, and whatever names are."""
    endings: list[EventKind | None] = [k for k in EVENT_KINDS if EVENTS[k].ending]
    bests = [("a " * 99, 9, -1.25e-7), None]
    table = product(
        (-1, 0, 11, 999_999, 1_000_000), (None, 50, 1_000_000), (0.0, 61.0, 3e5, 1e12)
    )

    for epoch, planned, silent in table:
        for life, ending, best, usual in product(
            get_args(Life), [*endings, None], bests, (None, 1.0, 5000.0, 1e9)
        ):
            told = sentence(
                Standing(
                    directory=Path(),
                    epoch=epoch,
                    planned=planned,
                    silent_seconds=silent,
                    life=life,
                    host="a host of many words " * 9,
                    usual_seconds=usual,
                    best=best,
                    ending=ending,
                    ended_seconds=silent,
                )
            )
            assert len(told.split()) <= 15, told
            assert re.fullmatch(r"[A-Z].*[^.,; ]\.", told), told
