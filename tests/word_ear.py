"""Understands the words of events, from the sound alone: pocketsphinx, by a grammar.

It knows which words there are, and English; what made the sound it does not know.
"""

import math
from functools import cache

import numpy as np
import numpy.typing as npt
from earcon_ear import hear_figures
from pocketsphinx import Decoder
from scipy.signal import resample_poly

Sound = npt.NDArray[np.floating]

WORDS = (
    *("not a number", "diverging", "crashed", "the program died", "overfitting"),
    *("oscillating", "stuck", "levelled off", "stalled", "new best", "spike"),
    *("learning rate", "finished", "stopped early", "interrupted"),
    *("ahead", "behind", "better", "worse", "alarm"),
)
"""The words that tell of events, as docs/sounds.md names them."""

COUNTING = (
    *("run", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "level", "better"),
)
"""The words that are said where runs are compared."""

_RATE = 16_000  # Hz: what its model was trained with
_AROUND = 0.2  # seconds of silence around a word
_PEAK = 0.5  # re full scale
_LONGEST = 1.3  # seconds from a figure's end to that of its word
_BEFORE = 0.12  # seconds of the pause between the two that are certainly silent


def understand(sound: Sound, sample_rate: int, words: tuple[str, ...] = WORDS) -> str:
    """Return the word that is spoken in a sound; empty if none is understood.

    Args:
        sound: Array of shape `(frames,)` or `(frames, channels)`.
        sample_rate: Frames per second, in Hz.
        words: Those that it may be. Defaults to those of events.
    """
    mono = np.asarray(sound, np.float64).reshape(len(sound), -1).mean(axis=1)
    shared = math.gcd(_RATE, sample_rate)
    mono = resample_poly(mono, _RATE // shared, sample_rate // shared)
    mono = np.pad(mono, round(_AROUND * _RATE))
    mono *= _PEAK / max(np.abs(mono).max(), 1e-9)
    decoder = _decoder(words)
    decoder.start_utt()
    decoder.process_raw((mono * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return str(hypothesis.hypstr) if hypothesis else ""


def name_events(sound: Sound, sample_rate: int) -> list[tuple[str, str]]:
    """Return all figures heard, in order, each with the word that follows it."""
    figures = hear_figures(sound, sample_rate)
    ends = [figure.start for figure in figures[1:]] + [math.inf]
    return [
        (
            figure.figure,
            understand(_after(sound, sample_rate, figure.end, following), sample_rate),
        )
        for figure, following in zip(figures, ends, strict=True)
    ]


def _after(sound: Sound, sample_rate: int, end: float, following: float) -> Sound:
    """Return what sounds after a figure, until what is next."""
    first = round((end + _BEFORE) * sample_rate)
    last = round(min(end + _LONGEST, following) * sample_rate)
    return sound[first:last]


@cache
def _decoder(words: tuple[str, ...]) -> Decoder:
    decoder = Decoder(samprate=_RATE, loglevel="FATAL", bestpath=False)
    # The only one that its dictionary lacks.
    decoder.add_word("overfitting", "OW V ER F IH T IH NG", update=True)
    grammar = f"#JSGF V1.0; grammar words; public <word> = {' | '.join(words)};"
    decoder.add_jsgf_string("words", grammar)
    decoder.activate_search("words")
    return decoder
