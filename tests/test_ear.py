import numpy as np
import numpy.typing as npt
import pytest
from ear import Heard, cents, listen

RATE = 44_100


def fade(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sound with raised-cosine fades of 10 ms."""
    count = RATE // 100
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / count)
    envelope = np.ones(len(sound))
    envelope[:count], envelope[-count:] = ramp, ramp[::-1]
    return sound * envelope


def tone(pitch_hz: float, seconds: float, harmonics: float) -> npt.NDArray[np.float64]:
    """Return a tone of a tenth of full scale with some third and fifth harmonic."""
    phase = 2 * np.pi * pitch_hz * np.arange(round(seconds * RATE)) / RATE
    odd = np.cos(3 * phase) + np.cos(5 * phase)
    return fade(0.1 * (np.cos(phase) + harmonics * odd))


def noise(seconds: float) -> npt.NDArray[np.float64]:
    """Return noise from 300 to 4000 Hz."""
    count = round(seconds * RATE)
    spectrum = np.exp(2j * np.pi * np.random.default_rng(3).random(count // 2 + 1))
    frequencies_hz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(frequencies_hz < 300) | (frequencies_hz > 4000)] = 0
    sound = np.fft.irfft(spectrum, count)
    return fade(0.05 * sound / np.std(sound))


def silence(seconds: float) -> npt.NDArray[np.float64]:
    """Return silence."""
    return np.zeros(round(seconds * RATE))


@pytest.mark.parametrize("seconds", [0.06, 0.08, 0.15])
@pytest.mark.parametrize("harmonics", [0.0, 0.03])
def test_pitch_is_right_to_a_hundredth_of_a_cent(
    seconds: float,
    harmonics: float,
) -> None:
    """A short tone's pitch is told far better than any test asks for."""
    pitches_hz = np.geomspace(220.0, 1760.0, 50)

    heard = [listen(tone(hz, seconds, harmonics), RATE)[0] for hz in pitches_hz]

    errors = [
        cents(note.pitch_hz, hz) for note, hz in zip(heard, pitches_hz, strict=True)
    ]
    assert np.abs(errors).max() < 0.01


@pytest.mark.parametrize("pan", [-1.0, -0.6, 0.0, 0.25, 0.6, 1.0])
def test_pan_is_told_from_the_channels(pan: float) -> None:
    """The place between the loudspeakers follows from the levels of the channels."""
    angle = (pan + 1) * np.pi / 4
    sound = np.outer(tone(500.0, 0.1, 0.0), [np.cos(angle), np.sin(angle)])

    (heard,) = listen(sound, RATE)

    assert heard.pan == pytest.approx(pan, abs=1e-6)


def test_level_is_that_of_a_sine_in_dbfs() -> None:
    """A sine of a tenth of full scale has -20 dBFS."""
    sound = tone(1000.0, 0.15, 0.0)

    (heard,) = listen(sound, RATE)

    assert heard.level_db == pytest.approx(-20.0, abs=0.05)


def test_onsets_and_durations_are_told() -> None:
    """Tones are found where they are, also where only their fades part them."""
    sounds = [silence(0.5), tone(220.0, 0.15, 0.0), tone(1760.0, 0.15, 0.0)]

    heard = listen(np.concatenate([*sounds, silence(0.02), sounds[1]]), RATE)

    assert [note.onset for note in heard] == pytest.approx([0.5, 0.65, 0.82], abs=2e-3)
    assert [note.duration for note in heard] == pytest.approx([0.15] * 3, abs=4e-3)


def test_noise_is_no_tone() -> None:
    """A burst of noise among tones is one noise, without a pitch."""
    sounds = [tone(300.0, 0.08, 0.03), noise(0.15), tone(1500.0, 0.15, 0.03)]

    heard = listen(np.concatenate(sounds), RATE)

    assert [note.is_noise for note in heard] == [False, True, False]
    assert np.isnan(heard[1].pitch_hz)


def test_a_dropout_is_heard() -> None:
    """Two milliseconds that are missing from a tone make two stretches of it."""
    sound = tone(440.0, 0.15, 0.0)
    sound[3000:3088] = 0.0

    heard = listen(sound, RATE)

    assert len(heard) == 2


def test_silence_holds_nothing() -> None:
    """Nothing is heard in silence."""
    heard: list[Heard] = listen(silence(0.3), RATE)

    assert heard == []


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_the_rest_of_a_tone_has_no_pitch(count: int) -> None:
    """A recording may begin with a tone's last frames: they are heard all the same."""
    rest = tone(440.0, 0.15, 0.0)[3000 : 3000 + count]

    heard = listen(np.stack([rest, rest], axis=1), RATE)

    assert len(heard) == 1
    assert np.isnan(heard[0].pitch_hz)
    assert heard[0].pan == pytest.approx(0.0, abs=1e-6)
