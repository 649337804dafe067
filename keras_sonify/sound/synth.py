"""From notes to frames: the one renderer, for the loudspeaker and for every file."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from keras_sonify.score.note import Note
from keras_sonify.score.partials import partials_of
from keras_sonify.sound.voice import spoken
from keras_sonify.sound.waves import FLUTTER_HZ, cosines, envelope, flutter, noise

Frames = npt.NDArray[np.floating]
"""Array of shape `(frames, channels)`."""

_BLOCK_NOTES = 16  # rendered together: enough to be fast, small enough for the cache


def render(
    notes: Sequence[Note],
    *,
    sample_rate: int,
    channels: int,
    fade: float,
) -> npt.NDArray[np.float32]:
    """Return the frames of a few notes, from time 0 to the last one's end.

    Args:
        notes: The notes, by start.
        sample_rate: Frames per second, in Hz.
        channels: 1, or 2 for stereo with the notes' pan.
        fade: Length of the raised-cosine fade at both ends of each note, in seconds.

    Returns:
        Array of shape `(frames, channels)`, float32, full scale 1.
    """
    blocks = list(
        render_blocks(notes, sample_rate=sample_rate, channels=channels, fade=fade),
    )
    if not blocks:
        return np.zeros((0, channels), np.float32)
    return np.concatenate(blocks).astype(np.float32, copy=False)


def render_blocks(
    notes: Iterable[Note],
    *,
    sample_rate: int,
    channels: int,
    fade: float,
    total: int = 0,
    full_scale: float = 1.0,
    exact: bool = False,
) -> Iterator[Frames]:
    """Yield the frames of any number of notes, block by block, in constant memory.

    Notes may leave gaps, and may overlap with the notes just after them.

    Args:
        notes: The notes, by start.
        sample_rate: Frames per second, in Hz.
        channels: 1, or 2 for stereo with the notes' pan.
        fade: Length of the raised-cosine fade at both ends of each note, in seconds.
            A note shorter than two fades has shorter ones.
        total: Frames to fill up to with silence at the end. Defaults to `0`.
        full_scale: What an amplitude of 1 becomes. Defaults to `1.0`.
        exact: Boolean. Whether cosines are computed in float64 from the unreduced
            phase, as `cos(2 * pi * f * t)` is commonly written. Slower; the default
            is float32, within 1e-6 of that. Defaults to `False`.

    Yields:
        Arrays of shape `(frames, channels)`.
    """
    pending = iter(notes)
    block = list(islice(pending, _BLOCK_NOTES))
    dtype = np.float64 if exact else np.float32
    at, tail = 0, np.zeros((0, channels), dtype)
    while block:
        following = list(islice(pending, _BLOCK_NOTES))
        end = max(
            _first(note, sample_rate) + _length(note, sample_rate) for note in block
        )
        frames = np.zeros((max(end - at, len(tail)), channels), dtype)
        frames[: len(tail)] += tail
        for alike, gains in _alike(block, sample_rate):
            sounds = _sounds(alike, gains, sample_rate, fade, full_scale, exact=exact)
            for note, sound in zip(alike, sounds, strict=True):
                start = _first(note, sample_rate) - at
                stretch = frames[start : start + len(sound)]
                for channel, gain in enumerate(_pan_gains(note.pan, channels)):
                    stretch[:, channel] += sound if gain == 1.0 else gain * sound
        # What the next notes may still overlap is held back.
        done = len(frames)
        if following:
            done = min(done, _first(following[0], sample_rate) - at)
        yield frames[:done]
        tail, at, block = frames[done:], at + done, following
    if total > at:
        yield np.zeros((total - at, channels), np.float32)


def _first(note: Note, sample_rate: int) -> int:
    return round(note.start * sample_rate)


def _length(note: Note, sample_rate: int) -> int:
    return round(note.duration * sample_rate)


def _alike(
    notes: Sequence[Note], sample_rate: int
) -> Iterable[tuple[list[Note], Frames]]:
    """Group notes that are computed as one array: of one length, and alike in sound.

    Yields:
        The notes, and the amplitudes of their fundamentals and partials, of shape
        `(notes, partials)`.
    """
    groups: dict[tuple[int, object, int], list[tuple[Note, tuple[float, ...]]]] = {}
    for note in notes:
        partials = partials_of(note.timbre, note.frequency_hz)
        alike = note.word or note.timbre == "noise"
        key = (_length(note, sample_rate), alike, len(partials))
        groups.setdefault(key, []).append((note, (1.0, *partials)))
    for pairs in groups.values():
        gains = np.array([gains for _, gains in pairs])
        yield [note for note, _ in pairs], gains


def _sounds(
    notes: Sequence[Note],
    gains: Frames,
    sample_rate: int,
    fade: float,
    full_scale: float,
    *,
    exact: bool,
) -> Frames:
    """Return notes that are alike as an array of shape `(notes, frames)`."""
    frames = _length(notes[0], sample_rate)
    if notes[0].timbre == "voice":
        return _words(notes, frames, sample_rate, full_scale)
    amplitudes = np.array([[note.amplitude * full_scale] for note in notes])
    pitches_hz = np.array([[note.frequency_hz] for note in notes])
    sounds: Frames
    if notes[0].timbre == "noise":
        sounds = amplitudes.astype(np.float32) * noise(frames, sample_rate)
    elif exact:
        seconds = np.arange(frames) * (1 / sample_rate)
        sounds = amplitudes * np.cos(2 * np.pi * pitches_hz * seconds)
        for place, gain in enumerate(gains.T[1:, :, None], start=2):
            partial_hz = place * pitches_hz
            sounds += amplitudes * gain * np.cos(2 * np.pi * partial_hz * seconds)
    else:
        sounds = cosines(pitches_hz / sample_rate, gains, frames)
        sounds *= amplitudes.astype(np.float32)
    fade_frames = min(round(fade * sample_rate), frames // 2)
    swings = round(FLUTTER_HZ * frames / sample_rate)
    for row, note in enumerate(notes):
        if note.flutter:  # a steady tone stays as it is, to the last bit
            swinging = flutter(frames, fade_frames, max(swings, 1), note.flutter)
            loudest = float(swinging.max()) * note.amplitude
            # Where a style is so loud that it would clip, it is softer.
            sounds[row] *= swinging / max(loudest / max(note.amplitude, 1.0), 1.0)
    faded = envelope(frames, fade_frames)
    if faded is not None:
        sounds *= faded.astype(sounds.dtype)
    return sounds


def _words(
    notes: Sequence[Note], frames: int, sample_rate: int, full_scale: float
) -> Frames:
    """Return a word, which fades by itself, at the level of each note."""
    word = np.zeros(frames, np.float32)
    voice = spoken(notes[0].word, sample_rate)[:frames]
    word[: len(voice)] = voice
    # Where a style is so loud that it would clip, it is softer.
    loudest = 1.0 / float(np.abs(word).max(initial=1e-9))
    gains = [min(note.amplitude, loudest) * full_scale for note in notes]
    return np.array(gains, np.float32)[:, None] * word


def _pan_gains(pan: float, channels: int) -> tuple[float, ...]:
    """Return the gain of each channel; constant power, so 0.71 each at the centre."""
    if channels == 1:
        return (1.0,)
    angle = (pan + 1.0) * math.pi / 4.0
    return math.cos(angle), math.sin(angle)
