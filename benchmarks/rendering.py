"""How fast notes become a 16-bit WAV file, against two yardsticks, measured in turns.

The blog's recipe: a growing array, one cosine after the other. The bound: one float32
cosine a sample, cast to 16 bit and written by soundfile; nothing can be faster that
computes each sample's cosine. Then the same for runs from 100 to 1 000 000 epochs,
with the memory that the longest takes.
"""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from scipy.interpolate import interp1d
from scipy.io import wavfile

from keras_sonify.score.note import Note
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import CLEAR, frames_in
from keras_sonify.score.tones import metric_notes
from keras_sonify.sound.synth import render_blocks
from keras_sonify.sound.wav import FULL_SCALE, to_pcm16, write_wav
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric

_EPOCHS, _ROUNDS = 1000, 7
_SLOT = frames_in(CLEAR.tone, CLEAR.sample_rate)
_BLOG_RATE = 22_050


def _values(epochs: int) -> Iterator[float]:
    return (0.5 + 0.5 * ((7919 * epoch) % 1009) / 1009 for epoch in range(epochs))


def _notes(epochs: int) -> Iterator[Note]:
    history = History()
    for epoch, value in enumerate(_values(epochs)):
        history.append(epoch, {"loss": value})
    points = history.points(epochs, is_full=True)
    return metric_notes(Metric.named("loss"), points, Span(0.0, 1.0), CLEAR)


def _ours(path: Path, notes: "list[Note] | Iterator[Note]", epochs: int) -> None:
    write_wav(
        path,
        render_blocks(
            notes,
            sample_rate=CLEAR.sample_rate,
            channels=1,
            fade=CLEAR.fade,
            total=epochs * _SLOT,
            full_scale=FULL_SCALE,
        ),
        frames=epochs * _SLOT,
        sample_rate=CLEAR.sample_rate,
        channels=1,
        dither=CLEAR.dither,
    )


def _frames(epochs: int) -> None:
    """Render without a file: a million epochs would be one of 13 GB."""
    for block in render_blocks(
        _notes(epochs),
        sample_rate=CLEAR.sample_rate,
        channels=1,
        fade=CLEAR.fade,
        full_scale=FULL_SCALE,
    ):
        to_pcm16(block, dither=CLEAR.dither)


def _blog(path: Path, sample_rate: int) -> None:
    values = np.array(list(_values(_EPOCHS)))
    pitch = interp1d([values.min(), values.max()], [1000, 3000])
    sound = np.array([])
    for value in values:
        t = np.arange(0, 0.15, 1 / sample_rate)
        sound = np.hstack((sound, 10000 * np.cos(2 * np.pi * float(pitch(value)) * t)))
    wavfile.write(path, sample_rate, sound.astype(np.int16))


def _bound(path: Path) -> None:
    phases = np.linspace(0, 2000, 16 * _SLOT, dtype=np.float32)
    with soundfile.SoundFile(path, "w", CLEAR.sample_rate, 1, "PCM_16") as file:
        for _ in range(_EPOCHS // 16):
            file.write((np.cos(phases) * np.float32(3000)).astype(np.int16))


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Print the figures."""
    notes = list(_notes(_EPOCHS))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "sound.wav"
        kinds: dict[str, Callable[[], None]] = {
            "ours, 44 100 Hz": lambda: _ours(path, notes, _EPOCHS),
            "blog, 22 050 Hz": lambda: _blog(path, _BLOG_RATE),
            "blog, 44 100 Hz": lambda: _blog(path, CLEAR.sample_rate),
            "bound, 44 100 Hz": lambda: _bound(path),
        }
        taken: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(_ROUNDS):
            for kind, work in kinds.items():
                taken[kind].append(_seconds(work))
        medians = {kind: statistics.median(times) for kind, times in taken.items()}
        ours = medians["ours, 44 100 Hz"]
        print(f"{_EPOCHS} notes to a WAV file, medians of {_ROUNDS} turns:")
        for kind, median in medians.items():
            print(f"  {kind}: {median * 1e3:.0f} ms, {median / ours:.2f} times ours")
        print("notes to 16-bit frames, without writing them:")
        for epochs in (100, 1_000, 10_000, 100_000, 1_000_000):
            seconds = _seconds(partial(_frames, epochs))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"  {epochs} epochs: {seconds:.2f} s, {seconds / epochs * 1e6:.0f} us "
                f"an epoch, peak memory {peak:.0f} MiB",
            )


if __name__ == "__main__":
    main()
