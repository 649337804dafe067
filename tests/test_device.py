"""What a device that is open is given, and what it tells about that."""

import numpy as np
import pyloudnorm
import pytest
from first_second import LOUDEST_LEAD_IN

from keras_sonify.live.device import CHANNELS, FRAME_BYTES, SAMPLE_RATE, Stream

LATENCY = 0.2  # seconds
SOUND = bytes(SAMPLE_RATE * FRAME_BYTES)  # a second


class AlsaStream:
    """A stream as PortAudio has it on ALSA: a write tells what the last one found.

    Args:
        runs_dry: Before which writes the device runs dry.
    """

    samplerate, channels, latency = SAMPLE_RATE, CHANNELS, LATENCY
    write_available = SAMPLE_RATE // 4

    def __init__(self, runs_dry: set[int]) -> None:
        self.blocks: list[bytes] = []
        self._runs_dry = runs_dry
        self._is_found = False

    def write(self, block: bytes) -> bool:
        """Take what is to be played; return whether it was known to have run dry."""
        told, self._is_found = self._is_found, len(self.blocks) in self._runs_dry
        self.blocks.append(bytes(block))
        return told


def does_not_break_off() -> bool:
    """Let a sound be played to its end."""
    return False


def test_what_ran_dry_before_a_sound_is_not_its() -> None:
    """Silence that was missing in silence is not counted, however late it is told."""
    raw = AlsaStream(runs_dry={0, 1})
    stream = Stream(raw)

    stream.wait()
    is_dry = stream.play(SOUND, does_not_break_off)

    assert not is_dry
    assert b"".join(raw.blocks[1:]) == SOUND


@pytest.mark.parametrize("write", [1, 2, 9])
def test_what_ran_dry_within_a_sound_is_counted(write: int) -> None:
    """A gap within a sound is told, wherever it is."""
    assert Stream(AlsaStream({write})).play(SOUND, does_not_break_off)


def test_a_sound_begins_with_all_that_the_device_holds() -> None:
    """A helper that is held up right after it began leaves the device enough."""
    raw = AlsaStream(set())

    Stream(raw).play(SOUND, does_not_break_off)

    assert len(raw.blocks[0]) == LATENCY * SAMPLE_RATE * FRAME_BYTES
    assert max(map(len, raw.blocks[1:])) < len(raw.blocks[0])


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1), (8_000, 8)])
def test_a_lead_in_is_next_to_nothing(rate: int, channels: int) -> None:
    """A second at most, never digital silence for 10 ms, alike on all channels."""
    raw = AlsaStream(set())
    raw.samplerate, raw.channels = rate, channels

    Stream(raw).lead_in()

    frames = np.frombuffer(b"".join(raw.blocks), "<f4").reshape(-1, channels)
    steps = np.rint(frames[:, 0] * 2**15)  # as a device of 16 bits is given them
    assert len(frames) == rate
    assert (frames == frames[:, :1]).all()
    assert all(part.any() for part in np.array_split(steps, 100))
    assert np.abs(frames).max() < LOUDEST_LEAD_IN


def test_a_lead_in_is_hardly_heard() -> None:
    """It is below -50 LUFS at any moment: a cue has -23."""
    raw = AlsaStream(set())

    Stream(raw).lead_in()

    frames = np.frombuffer(b"".join(raw.blocks), "<f4").reshape(-1, CHANNELS)
    momentary = pyloudnorm.Meter(SAMPLE_RATE, block_size=0.4)
    power = momentary.integrated_loudness(1000.0 * frames) - 60.0  # it gates at -70
    assert -70.0 < power < -50.0
