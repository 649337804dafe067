"""Logs in JSON: a saved history, JSON lines, Hugging Face's `trainer_state.json`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keras_sonify.readers.first_epoch import FirstEpoch
from keras_sonify.readers.json_entries import (
    Entries,
    entry_values,
    epoch_of,
    name_of,
    tells_step,
)
from keras_sonify.readers.json_forms import as_number, in_plain_form, is_column
from keras_sonify.readers.json_text import begins_document, parse
from keras_sonify.readers.merged import Merged
from keras_sonify.readers.rows import LogError, Record, Row, Warn, metric_names
from keras_sonify.readers.sides import flat, side_of, with_side
from keras_sonify.readers.timeline import on_axis
from keras_sonify.training.directions import is_metric_name
from keras_sonify.training.values import read_values

_BLANK = "\ufeff\r\n\t "
_OBJECT = re.compile(r'\{\s*"')
_LARGEST = 2**28  # bytes of a document, which has to be held as a whole


class JsonLog:
    """Takes in the lines of a log and gives out its epochs.

    A line that is an object by itself is an epoch (JSON lines). Else the lines are
    kept until they make a document.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        self._name = name
        self._warn = warn
        self._held = bytearray()  # short lines would take much more as strings
        self._is_lines: bool | None = None
        self._line = before
        self._left_out = 0
        self._counted = -1
        self._first = FirstEpoch()
        self._merged = Merged()
        self._makes_parts: bool | None = None  # of epochs, several of which make one
        self._tells_steps = False
        self._is_first = True  # of the entries that are no settings
        self._entries = Entries(self._first)

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return which line is JSON: the first one, or one that holds an epoch."""
        last = head[-1].strip(_BLANK)
        if any(line.strip(_BLANK) for line in head[:-1]):
            # What a program prints may hold any JSON, its settings, say.
            entry = parse(last) if _OBJECT.match(last) else None
            is_json = isinstance(entry, dict) and epoch_of(entry) is not None
        else:
            is_json = begins_document(last)
        return len(head) - 1 if is_json else None

    def feed(self, line: str) -> list[Row | Record]:
        """Take in one line; return the rows that are complete now.

        Raises:
            LogError: If the document is too large to be held.
        """
        self._line += 1
        if not line.strip(_BLANK):
            return []
        if self._is_lines is not False:
            entry = parse(line.strip("\ufeff"))
            if self._is_lines is None:
                self._is_lines = isinstance(entry, dict) and _is_epoch(entry)
            if self._is_lines:
                return self._read_line(entry)
        self._held += line.encode("utf-8", "surrogatepass")
        if len(self._held) > _LARGEST:
            raise LogError(f"{self._name} is too large for a JSON document.")
        return []

    def finish(self) -> Sequence[Row | Record]:
        """Return the epochs of the document, or its records.

        Raises:
            LogError: If it is no JSON, or none that holds a history.
        """
        if self._left_out > 1:
            self._warn(f"{self._name}: {self._left_out} such lines were left out.")
        if not self._held:
            return self._merged.finish()
        document = parse(self._held.decode("utf-8", "surrogatepass").strip("\ufeff"))
        if isinstance(document, str):  # encoded twice
            document = parse(document)
        self._held = bytearray()
        rows: list[Row | Record] = [*step_records(document)]
        rows = rows or [*history_rows(document)]
        if not rows:
            raise LogError(
                f"{self._name} must be a saved `History.history`, a list of epochs, "
                "JSON lines or a `trainer_state.json`. Received: something else, or "
                "damaged JSON.",
            )
        return rows

    def _read_line(self, read: object) -> list[Row | Record]:
        if not isinstance(read, dict):
            self._left_out += 1
            if self._left_out == 1:
                where = f"{self._name}, line {self._line}"
                self._warn(f"{where}: no JSON object; it was left out.")
            return []
        entry: dict[Any, Any] = flat(read)
        if self._tells_steps or tells_step(entry):
            return [*self._merged.finish(), *self._read_step(entry)]
        if self._is_first and _is_setting(entry):
            return []
        self._is_first = False
        return [*self._read_epoch(entry)]

    def _read_epoch(self, entry: dict[Any, Any]) -> list[Row]:
        """Return the epochs that are complete with a line that tells no steps."""
        side = side_of(entry)
        if side:
            entry = with_side(entry, side)
        epoch, values = epoch_of(entry), entry_values(entry)
        if epoch is None and self._makes_parts and self._merged.epoch is not None:
            return self._merged.add((self._merged.epoch, values))
        if epoch is None:
            self._counted += 1
        else:
            self._counted = self._first.zero_based(epoch)
        if side or self._merged.epoch == self._counted:
            self._makes_parts = True
        elif self._merged.epoch is not None and not self._makes_parts:
            self._makes_parts = False
        if self._makes_parts:
            return self._merged.add((self._counted, values))
        return [*self._merged.finish(), (self._counted, values)]

    def _read_step(self, entry: Mapping[Any, Any]) -> list[Row | Record]:
        """Return what a line of a log that tells steps holds."""
        is_first, self._tells_steps = not self._tells_steps, True
        record = self._entries.read(entry)
        is_next = record.epoch is not None and record.epoch != self._counted
        if is_first or record.epoch is not None:
            self._counted = record.epoch or 0
        # Whether lines make up an epoch, the second one tells: where each is an epoch
        # of its own, nobody waits for the next.
        if not is_first and self._makes_parts is None:
            self._makes_parts = (
                not is_next or "iter" in entry or side_of(entry) is not None
            )
        if self._makes_parts is False:
            self._counted += record.epoch is None
            return [(self._counted, record.values)]
        return [record]


def history_rows(document: object) -> Iterator[Row]:
    """Yield the epochs of a history in memory.

    Args:
        document: Dictionary from metric to its values, as `History.history`; a
            dictionary that holds one under `history`, or a list of entries under
            `log_history`; or a list of dictionaries, one an epoch. Anything else has
            no epochs.
    """
    plain = in_plain_form(document)
    if records := step_records(document):
        yield from on_axis(records)
    elif isinstance(plain, Mapping):
        yield from _column_rows(plain)
    elif isinstance(plain, list):
        first = FirstEpoch()
        for place, entry in enumerate(plain):
            if isinstance(entry, Mapping):
                epoch = epoch_of(entry)
                at = place if epoch is None else first.zero_based(epoch)
                yield at, entry_values(entry)


def step_records(document: object) -> list[Record]:
    """Return the records of entries that tell steps, as a Hugging Face trainer's do.

    Args:
        document: What `history_rows` takes. Anything else has no records.
    """
    held = document.get("log_history") if isinstance(document, Mapping) else document
    if not isinstance(held, list):
        return []
    if held is document and not any(map(tells_step, held)):
        return []
    entries = Entries(FirstEpoch())
    return [entries.read(each) for each in map(flat, held) if isinstance(each, Mapping)]


def _column_rows(history: Mapping[Any, Any]) -> Iterator[Row]:
    """Yield the epochs of columns; validation may have come every few epochs only."""
    columns: dict[str, Sequence[Any]] = {}
    for key, values in history.items():
        if is_column(values):
            listed = values.tolist() if hasattr(values, "tolist") else list(values)
            if isinstance(listed, list):
                columns[name_of(key)] = listed
    epochs = columns.pop("epoch", None)
    count = max((len(values) for values in columns.values()), default=0)
    names = metric_names(columns)
    logs: list[dict[str, Any]] = [{} for _ in range(count)]
    for key, values in columns.items():
        # `fit(validation_freq=3)` validates after epochs 3, 6, 9 ...
        every = count // len(values) if values else 0
        for number, value in enumerate(values, start=1):
            logs[number * every - 1][names[key]] = as_number(value)
    first = FirstEpoch()
    for place in range(count):
        at = epochs[place] if epochs is not None and place < len(epochs) else None
        epoch = epoch_of({"epoch": at})
        numbers = read_values(logs[place]).numbers
        yield place if epoch is None else first.zero_based(epoch), numbers


def _is_setting(entry: Mapping[Any, Any]) -> bool:
    """Whether an entry says with what is trained, as MMDetection's first line does."""
    has_words = any(isinstance(as_number(value), str) for value in entry.values())
    is_told = epoch_of(entry) is not None or any(map(is_metric_name, map(str, entry)))
    return has_words and not is_told


def _is_epoch(entry: Mapping[Any, Any]) -> bool:
    """Whether an object on one line is an epoch, not a whole history."""
    if not entry.keys().isdisjoint({"history", "log_history"}):
        return False
    if epoch_of(entry) is not None or tells_step(entry):
        return True
    return not any(isinstance(value, list | dict) for value in entry.values())
