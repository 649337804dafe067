"""A history, however it was dumped, printed or kept in memory."""

from collections import deque
from pathlib import Path

import numpy as np
import pytest
from logged import LOSS, TWINS, read

from keras_sonify import Sonifier, read_log
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.rows import Row


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"loss":{"0":0.9,"1":0.5},"val_loss":{"0":1.0,"1":0.75}}', TWINS),
        ('{"0":{"loss":0.9,"val_loss":1},"1":{"loss":0.5,"val_loss":0.75}}', TWINS),
        ('{"epoch_1":{"loss":0.9},"epoch_2":{"loss":0.5}}', LOSS),
        (
            '{"columns":["loss","val_loss"],"index":[0,1],"data":[[0.9,1],[0.5,0.75]]}',
            TWINS,
        ),
        ('{"epochs":[1,2],"loss":[0.9,0.5]}', LOSS),
        ('{"loss":["0.9","0.5"]}', LOSS),
        ('{"train":{"loss":[0.9,0.5]},"val":{"loss":[1.0,0.75]}}', TWINS),
        ('{"model":"cnn","training_history":{"loss":[0.9,0.5]},"acc":0.9}', LOSS),
        ('"{\\"loss\\": [0.9, 0.5]}"', LOSS),
        ("{'loss': [0.9, 0.5], 'val_loss': [np.float32(1.0), 0.75]}", TWINS),
        (
            '{"a":{"auc":[0.6,0.5]},"b":{"auc":[0.7,0.6]}}',
            [(0, {"a-auc": 0.6, "b-auc": 0.7}), (1, {"a-auc": 0.5, "b-auc": 0.6})],
        ),
        (
            (
                '{"epoch":1,"train":{"loss":0.9},"val":{"loss":1.0}}\n'
                '{"epoch":2,"train":{"loss":0.5},"val":{"loss":0.75}}\n'
            ),
            TWINS,
        ),
        (
            (
                '{"epoch":1,"mode":"train","loss":0.9}\n{"epoch":1,"mode":"val","loss":1}\n'
                '{"epoch":2,"mode":"train","loss":0.5}\n'
                '{"epoch":2,"mode":"val","loss":0.75}\n'
            ),
            TWINS,
        ),
        (
            (
                '[{"epoch":1,"split":"train","loss":0.9},{"epoch":1,"split":"val","loss":1},'
                '{"epoch":2,"split":"train","loss":0.5},'
                '{"epoch":2,"split":"val","loss":0.75}]'
            ),
            TWINS,
        ),
        ('[{"epoch":1,"split":"val","loss":0.9},{"epoch":2,"loss":0.5}]', LOSS),
        (
            (
                '{"loss":1.7,"epoch":1,"iter":6,"step":6}\n{"val_loss":1,"step":1}\n'
                '{"loss":0.1,"epoch":1,"iter":12,"step":12}\n'
                '{"loss":0.5,"epoch":2,"iter":18,"step":18}\n{"val_loss":0.75,"step":2}\n'
            ),
            TWINS,
        ),
        (
            (
                '{"loss":1.3,"epoch":0,"step":6}\n{"loss":0.5,"epoch":0,"step":12}\n'
                '{"loss":0.5,"epoch":1,"step":18}\n'
            ),
            LOSS,
        ),
        (
            (
                '[{"loss":2,"epoch":0.5,"step":5},{"loss":0.9,"epoch":1.0,"step":10},'
                '{"loss":0.5,"epoch":2.0,"step":20},'
                '{"train_loss":1,"train_runtime":9,"epoch":2.0,"step":20}]'
            ),
            LOSS,
        ),
    ],
)
def test_a_history_is_read_however_it_was_dumped(text: str, rows: list[Row]) -> None:
    """By pandas, by a loop, in parts, as text."""
    read_rows, warned = read(text)

    assert warned == []
    assert [epoch for epoch, _ in read_rows] == [0, 1]
    for (_, found), (_, row) in zip(read_rows, rows, strict=True):
        assert found == pytest.approx(row)


def test_json_lines_with_a_step_are_heard_at_once() -> None:
    """That a line is a whole epoch is known from the second one on."""
    log = LineLog("log", print)

    counts = [
        len(log.feed(f'{{"epoch":{epoch},"step":{9 * epoch},"loss":0.5}}\n'))
        for epoch in range(4)
    ]

    assert counts == [0, 2, 1, 1]


def test_histories_in_memory_may_have_all_these_forms(tmp_path: Path) -> None:
    """What pandas or XGBoost returns, say."""
    for number, history in enumerate(
        [
            {"loss": {0: 0.9, 1: 0.5}},
            {"train": {"loss": [0.9, 0.5]}},
            [{"epoch": 1, "loss": 0.9}, {"epoch": 2, "loss": 0.5}],
            {"loss": ["0.9", "0.5"]},
            {"loss": deque([0.9, 0.5])},
            {"loss": (value for value in (0.9, 0.5))},
            np.array({"loss": [0.9, 0.5]}, dtype=object),
        ]
    ):
        directory = tmp_path / str(number)
        Sonifier.from_history(history, directory=directory)
        assert list(read_log(directory)) == LOSS


@pytest.mark.parametrize(
    "history", [{"loss": ["low"]}, {"loss": [None]}, [{"epoch": 1}], [0.5], {}]
)
def test_a_history_without_any_number_is_refused(history: object) -> None:
    """It is never passed over without a word."""
    with pytest.raises(ValueError, match=r"^`history` must be .* with numbers in it"):
        Sonifier.from_history(history, directory=None)


def test_the_record_of_a_run_without_values_is_read(tmp_path: Path) -> None:
    """It has epochs, and nothing in them."""
    (tmp_path / "log.csv").write_text("epoch\n0\n")

    with pytest.warns(UserWarning, match="holds no value of a metric"):
        assert list(read_log(tmp_path)) == [(0, {})]
