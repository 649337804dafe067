"""However many names and cells a log has, reading it takes time in step with both."""

import io
import json
import time
import tracemalloc

from keras_sonify import read_log
from keras_sonify.readers.json_log import history_rows
from keras_sonify.training.history import History


def test_a_name_that_comes_once_costs_nothing_later() -> None:
    """Ten times the epochs with names of their own take ten times the memory."""

    def size(count: int) -> int:
        tracemalloc.start()
        history = History()
        for epoch in range(count):
            history.append(epoch, {f"metric_{epoch}": 0.5})
        assert sum(len(values) for _, values in history.rows(count)) == count
        assert sum(len(point.reaches) for point in history.points(count)) == count
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return taken

    assert size(5000) < 20 * size(500)


def test_a_new_name_in_each_line_is_bounded() -> None:
    """A thousand metrics are more than anybody hears: the others are left out."""
    lines = [json.dumps({"loss": 0.5, f"metric_{epoch}": 1.0}) for epoch in range(3000)]
    warned: list[str] = []

    rows = list(read_log(io.StringIO("\n".join(lines)), warn=warned.append))

    assert [values["loss"] for _, values in rows] == [0.5] * 3000
    assert len({name for _, values in rows for name in values}) == 1000
    assert warned == ["the log: more than 1000 metrics; the others were left out."]


def test_a_name_that_is_a_book_is_left_out() -> None:
    """It would stand in each row of each table, and in each sentence."""
    text = f"epoch,loss,{'n' * 1001},{'m' * 1000}\n0,0.5,0.5,0.5\n1,0.25,1,1\n"
    warned: list[str] = []

    rows = list(read_log(io.StringIO(text), warn=warned.append))

    assert [set(values) for _, values in rows] == [{"loss", "m" * 1000}] * 2
    told = "the name of a metric is longer than 1000 characters; it was left out."
    assert warned == [f"the log: {told}"]


def test_a_row_of_countless_cells_is_left_out() -> None:
    """It is counted before it is taken apart."""
    content = f"epoch,loss\n0,0.5\n{',' * 200_000}\n1,0.25\n"
    warned: list[str] = []

    rows = list(read_log(io.StringIO(content), warn=warned.append))

    assert [values["loss"] for _, values in rows] == [0.5, 0.25]
    assert warned == ["the log, line 3: more than 100000 cells; it was left out."]


def test_many_short_columns_beside_a_long_one_take_no_time() -> None:
    """Each value is looked at once, not each column in each epoch."""
    count = 10_000
    history = {"loss": [0.5] * count, **{f"m_{k}": [1.0] for k in range(count)}}
    begun = time.process_time()

    rows = list(history_rows(history))

    assert len(rows) == count
    assert len(rows[-1][1]) == count + 1
    assert time.process_time() - begun < 5.0  # a hundredth of it is taken


def test_columns_of_one_value_each_take_no_time() -> None:
    """As pandas writes them: each value is looked at once, not once a column."""
    count = 10_000
    text = json.dumps({f"m{place}": {str(place): 1.0} for place in range(count)})
    begun = time.process_time()

    assert len(list(history_rows(json.loads(text)))) == count
    assert time.process_time() - begun < 2.0
