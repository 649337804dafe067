"""What is sent on is coded: through an e-mail's MP3, a meeting's Opus, a telephone."""

import io
import math
from typing import NamedTuple

import numpy as np
import pytest
import soundfile
from blind_listener import decode_metric
from ear import Sound
from rendered import RATE, Rendered, errors, expected
from scipy.signal import correlate, resample_poly


class _Codec(NamedTuple):
    """A way of coding; see `soundfile`.

    Attributes:
        rate: Frames a second that it is given.
        worst_cents: How far a pitch may be off: a telephone keeps less.
    """

    container: str
    subtype: str
    rate: int
    worst_cents: float


_CODECS = {
    "MP3": _Codec("MP3", "MPEG_LAYER_III", 44_100, 1.0),
    "Vorbis": _Codec("OGG", "VORBIS", 44_100, 1.0),
    "Opus": _Codec("OGG", "OPUS", 48_000, 1.0),
    "telephone": _Codec("WAV", "ULAW", 8_000, 1.0),
    "mobile telephone": _Codec("WAV", "GSM610", 8_000, 5.0),
}
_LATEST = 4410  # frames by which a decoder may be late


def _through(codec: _Codec, sound: Sound) -> Sound:
    """Return what is left of a sound, at the moment at which it was."""
    factor = math.gcd(RATE, codec.rate)
    up, down = codec.rate // factor, RATE // factor
    file = io.BytesIO()
    given = resample_poly(sound, up, down)
    soundfile.write(
        file, given, codec.rate, format=codec.container, subtype=codec.subtype
    )
    file.seek(0)
    coded, rate = soundfile.read(file)
    assert rate == codec.rate
    coded = resample_poly(coded, down, up)
    # Some decoders begin with what the coder looked ahead; by less than a tone.
    padded = np.pad(coded, (0, len(sound)))[: len(sound) + _LATEST]
    late = int(np.argmax(correlate(padded, sound, "valid", "fft")))
    kept: Sound = np.zeros(len(sound))
    found = coded[late : late + len(sound)]
    kept[: len(found)] = found
    return kept


@pytest.mark.parametrize("codec", _CODECS.values(), ids=_CODECS)
def test_pitches_survive_what_sound_is_sent_by(
    trainings: list[Rendered], codec: _Codec
) -> None:
    """In a run of each kind each epoch has its pitch, and what is noise stays noise."""
    for kind in ("converging", "overfitting", "stuck", "nan"):
        run = next(run for run in trainings if run.kind == kind)
        for name in ("loss", "val_loss"):
            heard = decode_metric(_through(codec, run.sound(name)), RATE)

            found = errors(heard, expected(run.rows(name)))
            assert max(found) <= codec.worst_cents, (kind, name)
