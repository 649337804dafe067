"""Logs in JSON: a saved history, JSON lines, Hugging Face's `trainer_state.json`."""

import ast
import gc
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keras_sonify.readers.first_epoch import FirstEpoch
from keras_sonify.readers.json_forms import as_number, in_plain_form, is_column
from keras_sonify.readers.merged import Merged
from keras_sonify.readers.rows import MOST_EPOCH, LogError, Row, Warn, metric_names
from keras_sonify.readers.sides import flat, side_of, with_side
from keras_sonify.training.values import read_scalar, read_values

# What a Hugging Face trainer notes besides metrics.
_NO_METRIC = frozenset(["epoch", "step", "iter"])
_NO_METRIC_ENDS = ("_flos", "_runtime", "_per_second")
_BLANK = "\ufeff\r\n\t "
_BEGIN = re.compile(r"""\{\s*(?:"|\}|$)|\[\s*(?:["{\[]|$)|"\{\\"|\{'[^']*': \[""")
_OBJECT = re.compile(r'\{\s*"')
_LONGEST_PRINTED = 2**20  # characters that Python is given to read
_NUMPY = re.compile(r"\b(?:np|numpy)\.float\d+\(([^()]*)\)")
_NO_NUMBER = re.compile(r"(?<![\w'])(nan|-?inf)(?![\w'])")
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

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return which line is JSON: the first one, or one that holds an epoch."""
        last = head[-1].strip(_BLANK)
        if any(line.strip(_BLANK) for line in head[:-1]):
            # What a program prints may hold any JSON, its settings, say.
            entry = _parse(last) if _OBJECT.match(last) else None
            is_json = isinstance(entry, dict) and _epoch(entry) is not None
        else:
            is_json = _begins_document(last)
        return len(head) - 1 if is_json else None

    def feed(self, line: str) -> list[Row]:
        """Take in one line; return the epochs that are complete now.

        Raises:
            LogError: If the document is too large to be held.
        """
        self._line += 1
        if not line.strip(_BLANK):
            return []
        if self._is_lines is not False:
            entry = _parse(line.strip("\ufeff"))
            if self._is_lines is None:
                self._is_lines = isinstance(entry, dict) and _is_epoch(entry)
            if self._is_lines:
                return self._read_entry(entry)
        self._held += line.encode("utf-8", "surrogatepass")
        if len(self._held) > _LARGEST:
            raise LogError(f"{self._name} is too large for a JSON document.")
        return []

    def finish(self) -> list[Row]:
        """Return the epochs of the document.

        Raises:
            LogError: If it is no JSON, or none that holds a history.
        """
        if self._left_out > 1:
            self._warn(f"{self._name}: {self._left_out} such lines were left out.")
        if not self._held:
            return self._merged.finish()
        document = _parse(self._held.decode("utf-8", "surrogatepass").strip("\ufeff"))
        if isinstance(document, str):  # encoded twice
            document = _parse(document)
        self._held = bytearray()
        rows = list(history_rows(document))
        if not rows:
            raise LogError(
                f"{self._name} must be a saved `History.history`, a list of epochs, "
                "JSON lines or a `trainer_state.json`. Received: something else, or "
                "damaged JSON.",
            )
        return rows

    def _read_entry(self, read: object) -> list[Row]:
        if not isinstance(read, dict):
            self._left_out += 1
            if self._left_out == 1:
                where = f"{self._name}, line {self._line}"
                self._warn(f"{where}: no JSON object; it was left out.")
            return []
        entry: dict[Any, Any] = flat(read)
        side = side_of(entry)
        if side:
            entry = with_side(entry, side)
        epoch, values = _epoch(entry), _values(entry)
        if epoch is None and self._makes_parts and self._merged.epoch is not None:
            return self._merged.add((self._merged.epoch, values))
        if epoch is None:
            self._counted += 1
        else:
            self._counted = self._first.zero_based(epoch)
        if side or "iter" in entry or self._merged.epoch == self._counted:
            self._makes_parts = True
        elif self._merged.epoch is not None and not self._makes_parts:
            self._makes_parts = False
        # Whether lines that have a step make up an epoch, the second one tells.
        if self._makes_parts or (self._makes_parts is None and "step" in entry):
            return self._merged.add((self._counted, values))
        return [*self._merged.finish(), (self._counted, values)]


def history_rows(document: object) -> Iterator[Row]:
    """Yield the epochs of a history in memory.

    Args:
        document: Dictionary from metric to its values, as `History.history`; a
            dictionary that holds one under `history`, or a list of entries under
            `log_history`; or a list of dictionaries, one an epoch. Anything else has
            no epochs.
    """
    entries = document.get("log_history") if isinstance(document, Mapping) else document
    plain = in_plain_form(document)
    if isinstance(entries, list) and (
        entries is not document or any(map(_is_trainers, entries))
    ):
        yield from _trainer_rows(entries)
    elif isinstance(plain, Mapping):
        yield from _column_rows(plain)
    elif isinstance(plain, list):
        first = FirstEpoch()
        for place, entry in enumerate(plain):
            if isinstance(entry, Mapping):
                epoch = _epoch(entry)
                at = place if epoch is None else first.zero_based(epoch)
                yield at, _values(entry)


def _column_rows(history: Mapping[Any, Any]) -> Iterator[Row]:
    """Yield the epochs of columns; validation may have come every few epochs only."""
    columns: dict[str, Sequence[Any]] = {}
    for key, values in history.items():
        if is_column(values):
            listed = values.tolist() if hasattr(values, "tolist") else list(values)
            if isinstance(listed, list):
                columns[_name(key)] = listed
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
        epoch = _epoch({"epoch": at})
        numbers = read_values(logs[place]).numbers
        yield place if epoch is None else first.zero_based(epoch), numbers


def _is_trainers(entry: object) -> bool:
    """Whether an entry is one of a Hugging Face trainer's, within an epoch."""
    if not isinstance(entry, Mapping) or "step" not in entry:
        return False
    at = entry.get("epoch")
    return isinstance(at, float) and not at.is_integer()


def _trainer_rows(entries: Sequence[object]) -> Iterator[Row]:
    """Merge a Hugging Face trainer's entries, which come every few steps, by epoch."""
    epochs: dict[int, dict[str, float]] = {}
    for entry in entries:
        if isinstance(entry, Mapping):
            at = read_values(entry).numbers.get("epoch", math.nan)
            if abs(at) <= MOST_EPOCH:
                # An epoch of 0.4 is in the middle of the first one.
                epoch = epochs.setdefault(max(math.ceil(at) - 1, 0), {})
                # `train_loss`, at the end, is the mean of the whole training.
                epoch.update(
                    _values({k: v for k, v in entry.items() if k != "train_loss"}),
                )
    yield from sorted(epochs.items())


def _values(entry: Mapping[Any, Any]) -> dict[str, float]:
    values = read_values(
        {
            _name(key): as_number(value)
            for key, value in entry.items()
            if key not in _NO_METRIC and not str(key).endswith(_NO_METRIC_ENDS)
        },
    ).numbers
    names = metric_names(values)
    return {names[key]: value for key, value in values.items()}


def _name(key: object) -> str:
    """Return a key as it can be written: JSON may hold halves of surrogate pairs."""
    return str(key).encode("utf-8", "replace").decode()


def _epoch(entry: Mapping[Any, Any]) -> int | None:
    at = read_scalar(entry.get("epoch"))
    return int(at) if at is not None and abs(at) <= MOST_EPOCH else None


def _is_epoch(entry: Mapping[Any, Any]) -> bool:
    """Whether an object on one line is an epoch, not a whole history."""
    if not entry.keys().isdisjoint({"history", "log_history"}):
        return False
    if _epoch(entry) is not None:
        return True
    return not any(isinstance(value, list | dict) for value in entry.values())


def _begins_document(line: str) -> bool:
    """Whether a log that begins with this line is JSON, be it whole or damaged."""
    if _BEGIN.match(line):
        return True
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        return line[:1] == "[" and error.pos >= len(line)
    except (ValueError, RecursionError):
        return False
    return line[:1] == "["


def _parse(text: str) -> object:
    # Of millions of lists the collector would look at all again and again, and a Ctrl-C
    # waits for the end.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _parse_printed(text) if text[:2] == "{'" else None
    finally:
        if is_collecting:
            gc.enable()


def _parse_printed(text: str) -> object:
    """Return a dictionary that Python printed: `str(history.history)`."""
    if len(text) > _LONGEST_PRINTED:
        return None
    text = _NO_NUMBER.sub(r"'\1'", _NUMPY.sub(r"\1", text))
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
