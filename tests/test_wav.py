"""WAV files are whole, readable by anybody, and rounded as they should be."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from keras_sonify.files.atomic import whole_file
from keras_sonify.sound.synth import Frames
from keras_sonify.sound.wav import FULL_SCALE, to_pcm16, write_wav

_RATE = 22_050


def _sine(frames: int, amplitude: float) -> npt.NDArray[np.float32]:
    turns = 0.0199 * np.arange(frames)
    wave_form: npt.NDArray[np.float64] = amplitude * np.sin(2 * np.pi * turns)
    return wave_form.astype(np.float32).reshape(-1, 1)


def _write(path: Path, *blocks: Frames, channels: int = 1) -> None:
    frames = sum(len(block) for block in blocks)
    with whole_file(path) as part:
        write_wav(
            part,
            blocks,
            frames=frames,
            sample_rate=_RATE,
            channels=channels,
            dither=False,
        )


@pytest.mark.parametrize("channels", [1, 2])
def test_soundfile_and_the_standard_library_read_it(
    tmp_path: Path,
    channels: int,
) -> None:
    """Both readers find 16-bit PCM of the given rate, length and samples."""
    path = tmp_path / "loss.wav"
    samples = np.repeat(_sine(1000, 9000.0), channels, axis=1)
    samples[:, -1] /= 2
    expected = samples.astype(np.int16)

    _write(path, samples[:300], samples[300:], channels=channels)

    info = soundfile.info(path)
    assert (info.format, info.subtype) == ("WAV", "PCM_16")
    assert (info.samplerate, info.channels, info.frames) == (_RATE, channels, 1000)
    assert np.array_equal(
        soundfile.read(path, dtype="int16", always_2d=True)[0],
        expected,
    )
    with wave.open(str(path)) as reader:
        assert (reader.getframerate(), reader.getsampwidth()) == (_RATE, 2)
        assert (reader.getnchannels(), reader.getnframes()) == (channels, 1000)
        assert reader.readframes(1000) == expected.astype("<i2").tobytes()


def test_the_header_is_the_plain_one_of_44_bytes(tmp_path: Path) -> None:
    """RIFF size, data size and the file's own size agree."""
    path = tmp_path / "loss.wav"

    _write(path, _sine(1000, 9000.0))

    data = path.read_bytes()
    assert (data[:4], data[8:16], data[36:40]) == (b"RIFF", b"WAVEfmt ", b"data")
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert int.from_bytes(data[40:44], "little") == len(data) - 44 == 2000


def test_no_blocks_are_a_valid_empty_file(tmp_path: Path) -> None:
    """A file without frames can be read too."""
    path = tmp_path / "loss.wav"

    _write(path)

    assert soundfile.info(path).frames == 0


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """If rendering raises midway, the file that stood there is unharmed."""
    path = tmp_path / "loss.wav"
    _write(path, _sine(1000, 9000.0))
    before = path.read_bytes()

    def failing() -> Iterator[Frames]:
        yield _sine(50_000, 1.0)
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"), whole_file(path) as part:
        write_wav(
            part,
            failing(),
            frames=100_000,
            sample_rate=_RATE,
            channels=1,
            dither=True,
        )

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_too_few_frames_are_an_error(tmp_path: Path) -> None:
    """A file that turns out shorter than announced, as on a full disk, is no file."""
    path = tmp_path / "loss.wav"

    with (
        pytest.raises(OSError, match=r"Could not write .*loss\.wav"),
        whole_file(path) as part,
    ):
        write_wav(
            part,
            [_sine(10, 1.0)],
            frames=11,
            sample_rate=_RATE,
            channels=1,
            dither=True,
        )

    assert list(tmp_path.iterdir()) == []


def test_a_directory_in_its_place_is_an_error(tmp_path: Path) -> None:
    """Where a directory has the file's name, it stays and nothing is left over."""
    path = tmp_path / "loss.wav"
    (path / "inside").mkdir(parents=True)

    with pytest.raises(OSError, match=r"loss\.wav"):
        _write(path, _sine(10, 1.0))

    assert list(tmp_path.iterdir()) == [path]
    assert (path / "inside").is_dir()


def test_a_missing_directory_is_an_oserror(tmp_path: Path) -> None:
    """Whoever writes expects `OSError`: exceptions of libsndfile never get out."""
    with pytest.raises(OSError, match=r"loss\.wav"):
        _write(tmp_path / "gone" / "loss.wav", _sine(10, 1.0))


def test_without_dither_samples_are_cut_off() -> None:
    """Undithered, the result is that of a cast: towards zero on both sides."""
    values = np.array([[-2.9, -0.9, 0.0, 0.9, 2.9, 32766.99]])

    assert to_pcm16(values, dither=False).tolist() == [[-2, 0, 0, 0, 2, 32766]]


@pytest.mark.parametrize("dither", [True, False])
def test_silence_stays_silence(dither: bool) -> None:
    """Where the signal is exactly 0, so is the file, dithered or not."""
    signal = np.concatenate([np.zeros((5000, 2)), np.full((5000, 2), 100.0)])

    pcm = to_pcm16(signal.astype(np.float32), dither=dither)

    assert pcm.dtype == np.int16
    assert not pcm[:5000].any()
    assert pcm[5000:].all()


@pytest.mark.parametrize("amplitude", [0.4, 3.3, 2000.0])
def test_the_error_of_dither_is_noise(amplitude: float) -> None:
    """It has no mean (0.005 steps), no correlation (0.01), and the power of TPDF.

    Triangular dither and rounding together have a variance of 1/4 step squared.
    """
    signal = _sine(440_000, amplitude)
    signal[signal == 0] = 1e-3

    error = to_pcm16(signal, dither=True) - signal.astype(np.float64)

    correlation = np.corrcoef(error[:, 0], signal[:, 0])[0, 1]
    assert abs(error.mean()) < 0.005
    assert abs(correlation) < 0.01
    assert error.var() == pytest.approx(0.25, rel=0.02)


def test_cutting_off_would_be_found() -> None:
    """The measure above tells dither from a cast, whose error follows the signal."""
    signal = _sine(440_000, 3.3)

    error = to_pcm16(signal, dither=False) - signal.astype(np.float64)

    assert abs(np.corrcoef(error[:, 0], signal[:, 0])[0, 1]) > 0.1


@pytest.mark.parametrize("dither", [True, False])
def test_too_loud_samples_are_clipped(dither: bool) -> None:
    """Beyond full scale the extreme sample stands, never one of the other sign."""
    loud = np.array([[FULL_SCALE + 0.6, 1.5 * FULL_SCALE, -1.5 * FULL_SCALE]])

    pcm = to_pcm16(loud.repeat(1000, axis=0), dither=dither)

    assert (pcm[:, :2] >= 32_765).all()
    assert (pcm[:, 2] <= -32_765).all()


def test_the_frames_are_not_changed() -> None:
    """What is converted keeps its own values."""
    signal = _sine(100, 3.3)
    before = signal.copy()

    to_pcm16(signal, dither=True)

    assert np.array_equal(signal, before)
