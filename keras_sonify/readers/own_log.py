"""`log.csv`, the record that we keep of a run: in epochs, or in steps with windows."""

from collections.abc import Sequence

from keras_sonify.readers.columns import Columns
from keras_sonify.readers.csv_log import CsvLog
from keras_sonify.readers.header import find_header
from keras_sonify.readers.own_row import STEP_COLUMNS, window_in
from keras_sonify.readers.rows import Record, Row, StepRow, read_number, read_step


class OwnLog(CsvLog):
    """Takes in the lines of our own record: its epochs count from 0, as Keras's do.

    Its metrics are called as they were, whatever they are: a column of theirs never
    tells a place.
    """

    counts_from_zero = True
    finds_steps = False

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return the first line: whatever the metrics are called, it is the header."""
        return 0 if head[0].startswith("epoch,") else find_header(head)

    def _read(self, columns: Columns, cells: Sequence[str]) -> Sequence[Row | Record]:
        if columns.header[: len(STEP_COLUMNS)] != STEP_COLUMNS:
            return super()._read(columns, cells)
        step = read_step(read_number(cells[1]))
        if step is None:
            self._left_out.add(self._line, "no number of a step")
            return []
        start = len(STEP_COLUMNS)
        values = {
            name: number
            for name, cell in zip(columns.names[start:], cells[start:], strict=True)
            if name is not None and (number := read_number(cell)) is not None
        }
        return [StepRow(step, values, window_in(cells, values))]
