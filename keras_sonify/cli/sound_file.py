"""A single sound as a WAV file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keras_sonify.score.note import Note


def write_sound(path: Path, notes: "Sequence[Note]") -> None:
    """Write what events or examples sound like as a WAV file, whole or not at all.

    Args:
        path: Where; its directory is made if need be.
        notes: The sound.
    """
    from keras_sonify.files.atomic import whole_file
    from keras_sonify.score.style import CLEAR
    from keras_sonify.sound.synth import render_blocks
    from keras_sonify.sound.wav import FULL_SCALE, write_wav

    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = list(
        render_blocks(
            notes,
            sample_rate=CLEAR.sample_rate,
            channels=2,
            fade=CLEAR.fade,
            full_scale=FULL_SCALE,
        ),
    )
    with whole_file(path) as part:
        write_wav(
            part,
            blocks,
            frames=sum(map(len, blocks)),
            sample_rate=CLEAR.sample_rate,
            channels=2,
            dither=CLEAR.dither,
        )
