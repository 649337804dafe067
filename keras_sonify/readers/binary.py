"""What a file is that is no text, by its first bytes, and what to do with it."""

_HISTORY = "`Sonifier.from_history({})`"
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "is compressed: gunzip it first."),
    (b"BZh", "is compressed: bunzip2 it first."),
    (b"\xfd7zXZ", "is compressed: unxz it first."),
    (
        b"\x93NUMPY",
        "is an array of NumPy's, which may hold a pickle; opening one can run code. If "
        "it is yours: "
        + _HISTORY.format("numpy.load({path!r}, allow_pickle=True).item()"),
    ),
    (
        b"PK\x03\x04",
        "is an Excel file or an archive. Save the sheet as CSV, or: "
        + _HISTORY.format("pandas.read_excel({path!r})"),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "is an Excel file. Save the sheet as CSV, or: "
        + _HISTORY.format("pandas.read_excel({path!r})"),
    ),
    (b"PAR1", "is a Parquet file: " + _HISTORY.format("pandas.read_parquet({path!r})")),
    (b"\x89HDF", "is an HDF5 file: a saved model, it seems, not a log."),
    (b"\x89PNG", "is no text, but a picture."),
    (b"%PDF", "is no text, but a PDF."),
)
_PICKLE = (
    "is a pickle, and opening one can run code. If it is yours: "
    + _HISTORY.format("pickle.load(open({path!r}, 'rb'))")
)
_PICKLE_FORMS = frozenset(range(2, 6))  # the protocols that say which they are


def binary_kind(name: str, begin: bytes) -> str | None:
    """Return a sentence about a file that is no text; `None` if it may be one.

    Args:
        name: What to call the file.
        begin: Its first bytes.
    """
    for mark, sentence in _KINDS:
        if begin.startswith(mark):
            return f"{name} {sentence.format(path=name)}"
    if begin[:1] == b"\x80" and begin[1:2] and begin[1] in _PICKLE_FORMS:
        return f"{name} {_PICKLE.format(path=name)}"
    return None
