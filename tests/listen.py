"""Measures what is heard of real trainings: `python tests/listen.py [FOLDER]`.

A table of the project's own trainings and, if FOLDER exists, of every log in it: what
the blind listener makes of the files, how exact the pitches are, and what the cues
show live (see `live.py`), against the bars. Takes about a minute for forty logs.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile
from blind_listener import decode_metric, to_cents
from foreign import longest_runs
from live import Epoch, Shown, listen_live, shares, what_to_ask
from rendered import as_epochs, read_trainings
from table import read_table
from verdict_ear import OF_ONE, judge

from keras_sonify import Sonifier

_BARS = (0.98, 0.99, 1.00)
_HEAD = (
    f"{'log':40} {'epochs':>6} {'heard':20} {'pitch error in cents':>20} "
    f"{'improved':>13} {'worsened':>13} {'same':>13}"
)


def main(arguments: Sequence[str]) -> int:
    """Print the tables; return whether a bar was missed."""
    own = {name: as_epochs(log) for name, log in read_trainings().items()}
    missed = table("The project's trainings", own)
    folder = Path(arguments[0]) if arguments else None
    if folder and folder.is_dir():
        missed |= table(
            f"The longest run of each log in {folder}", longest_runs(folder)
        )
    return int(missed)


def table(title: str, logs: Mapping[str, Sequence[Epoch]]) -> bool:
    """Print one table; return whether a bar was missed."""
    _say(f"{title}\n\n{_HEAD}")
    total = Shown()
    for name, epochs in logs.items():
        asked = what_to_ask(epochs)
        verdict, errors = _listen_to_files(epochs, asked)
        shown = listen_live(epochs, asked)
        total.add(shown)
        counts = " ".join(f"{hits:6}/{of:6}" for hits, of in shown.counts)
        worst = f"max {max(errors):.3f} p95 {np.quantile(errors, 0.95):.3f}"
        mark = " <" if _is_missed(shown) else ""
        _say(f"{name:40} {len(epochs):6} {verdict:20} {worst:>20} {counts}{mark}")
    found = ", ".join(
        f"{share:.4f} (bar {bar})"
        for share, bar in zip(shares(total), _BARS, strict=True)
    )
    counts = ", ".join(f"{hits}/{of}" for hits, of in total.counts)
    _say(
        f"\nImproved, worsened, same: {found}; {counts}. "
        f"Pitches of cues: max {max(total.errors):.3f} cents.\n"
    )
    return _is_missed(total)


def _listen_to_files(
    epochs: Sequence[Epoch],
    asked: list[str] | None,
) -> tuple[str, list[float]]:
    """Return the verdict, and the errors of all pitches in the files in cents."""
    with tempfile.TemporaryDirectory() as directory:
        sonifier = Sonifier(asked, directory, player=None)
        for epoch, values in enumerate(epochs):
            sonifier.epoch(epoch, values)
        sonifier.end()
        return _verdict(Path(directory)), list(_file_errors(Path(directory)))


def _verdict(directory: Path) -> str:
    """Return what `loss.wav` and `val_loss.wav` tell, in words."""
    if not (directory / "loss.wav").exists():
        return "no loss"
    train = decode_metric(*soundfile.read(directory / "loss.wav"))
    validation: list[float | None] = [None] * len(train)
    if (directory / "val_loss.wav").exists():
        validation = decode_metric(*soundfile.read(directory / "val_loss.wav"))
    verdict = judge(train, validation, OF_ONE)
    return f"{verdict.kind} {verdict.epoch or ''}".strip()


def _file_errors(directory: Path) -> Iterator[float]:
    """Yield the error of each pitch in the metrics' files; 0 for noise as meant."""
    for path in directory.glob("*.wav"):
        if path.name == "training.wav":
            continue
        heard = decode_metric(*soundfile.read(path))
        slots = (pitch for pitch in heard if pitch is not None)
        rows = read_table(directory, path.name)
        for pitch, row in zip(slots, rows, strict=True):
            meant = to_cents(row.frequency_hz)
            is_right = np.isnan(pitch) and np.isnan(meant)
            yield (
                0.0 if is_right else float(np.nan_to_num(abs(pitch - meant), nan=9999))
            )


def _is_missed(shown: Shown) -> bool:
    return any(share < bar for share, bar in zip(shares(shown), _BARS, strict=True))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
