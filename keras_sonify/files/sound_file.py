"""A sound file, written from notes as they are rendered."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from keras_sonify.score.note import Note
from keras_sonify.score.style import Style


def write_sound(
    path: Path,
    notes: Iterable[Note],
    style: Style,
    *,
    frames: int,
    channels: int,
    step: Callable[[], object] = lambda: None,
) -> None:
    """Write notes as a WAV file in place; for a path that `whole_file` gave.

    Args:
        path: Where to write.
        notes: The notes, by start.
        style: How they sound.
        frames: How long the file is.
        channels: 1, or 2 for stereo with the notes' pan.
        step: Called again and again while it gets on. Defaults to nothing.

    Raises:
        OSError: If the file could not be written in full.
    """
    # NumPy costs 0.15 s to load: nobody waits for it before the first file.
    from keras_sonify.sound.synth import Frames, render_blocks
    from keras_sonify.sound.wav import FULL_SCALE, write_wav

    def blocks() -> Iterator[Frames]:
        for block in render_blocks(
            notes,
            sample_rate=style.sample_rate,
            channels=channels,
            fade=style.fade,
            total=frames,
            full_scale=FULL_SCALE,
            exact=not style.dither,
        ):
            yield block
            step()

    write_wav(
        path,
        blocks(),
        frames=frames,
        sample_rate=style.sample_rate,
        channels=channels,
        dither=style.dither,
    )
