"""A history that is in memory, as the rows that its log would have had."""

from keras_sonify.readers.json_log import history_rows
from keras_sonify.readers.rows import Row


def rows_of(history: object) -> list[Row]:
    """Return the rows of a history: epochs, or steps.

    Args:
        history: What `model.fit` returned, its `history` dictionary, a pandas
            DataFrame with a column per metric, or a list of dictionaries, one an epoch,
            or one every few steps as a Hugging Face trainer's.

    Raises:
        ValueError: If it holds no epoch, or no number.
    """
    epochs = getattr(history, "epoch", None)
    columns = getattr(history, "history", history)
    if getattr(columns, "ndim", None) == 0 and hasattr(columns, "item"):
        columns = columns.item()  # as `numpy.load` returns it
    if hasattr(columns, "to_dict") and getattr(columns, "ndim", 2) > 1:
        columns = columns.to_dict("list")
    rows = list(history_rows(columns))
    if not any(values for _, values in rows):
        raise ValueError(
            "`history` must be what `fit` returned, a dictionary of lists, a "
            "DataFrame or a list of dictionaries, with numbers in it. Received: "
            f"{type(history)}{', without any number' if rows else ''}",
        )
    if isinstance(epochs, list) and len(epochs) == len(rows):
        return [
            (epoch, values) for epoch, (_, values) in zip(epochs, rows, strict=True)
        ]
    return rows
