"""The device that plays, opened in whatever way it can be: in the helper process.

This is the only module that imports sounddevice, and it imports it late.
"""

import array
import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Literal

from keras_sonify.sound.lead_in import lead_in

SAMPLE_RATE = 44_100
CHANNELS = 2
FRAME_BYTES = 4 * CHANNELS
"""What is played comes as float32 in stereo at 44 100 Hz."""

# Seconds of sound that the device holds. PortAudio's "high" is 35 ms on ALSA and plays
# ragged while a training keeps all cores busy; with 0.1 s that was over.
_LATENCY = 0.2
# Seconds. While there is no cue the device is kept nearly empty, for a cue waits for
# what is in it; silence is given in blocks. PulseAudio tells what it holds in steps of
# 60 ms: with 35 ms it ran dry twelve times a second, with 70 ms never.
_WAITING, _SILENCE = 0.07, 0.01
_BLOCK = 0.05  # seconds of a cue between two looks at whether it is to break off
# On ALSA a write tells what was found during the one before it: with the first two of a
# sound that is what went before, silence for the most part.
_LATE = 2
_SILENT = 1e-4  # re full scale
_ANY_RATE = 48_000  # what a device takes that takes no other
_MOST_CHANNELS = 64  # some devices claim thousands

# PortAudio's words for what another rate or other channels may cure.
_INVALID_CHANNELS, _INVALID_RATE, _HOST_ERROR = -9998, -9997, -9999
_BUSY = -9985

Fault = Literal["portaudio", "module", "choice", "none", "busy", "format", "device"]


class DeviceError(Exception):
    """Why nothing can be played.

    Attributes:
        kind: What is wrong, as `sound_advice` takes it.
        cause: What it is due to.
    """

    def __init__(self, kind: Fault, cause: Exception) -> None:
        super().__init__(_brief(cause))
        self.kind = kind
        self.cause = cause


class Stream:
    """A device that is open, and is given what comes as it takes it.

    Args:
        raw: sounddevice's stream.

    Attributes:
        latency: Seconds from what is given to what is heard.
    """

    def __init__(self, raw: Any) -> None:  # noqa: ANN401 - sounddevice has no types
        self.latency: float = raw.latency
        self._raw = raw
        self._rate: int = round(raw.samplerate)
        self._channels: int = raw.channels
        self._room: int = raw.write_available

    @property
    def surplus(self) -> float:
        """Seconds for which nothing need be given."""
        held: int = self._room - self._raw.write_available
        return max(held / self._rate - _WAITING, 0.0)

    def play(self, sound: bytes, breaks_off: Callable[[], bool]) -> bool:
        """Play a sound to its end; return whether the device ran dry within it.

        Args:
            sound: What to play.
            breaks_off: Asked now and then whether to stop as soon as it is silent
                for a moment: no tone is cut.
        """
        return self._give(self._fit(sound), breaks_off)

    def _give(
        self, fitted: memoryview, breaks_off: Callable[[], bool] = lambda: False
    ) -> bool:
        """Play what fits the device; see `play`."""
        has_run_dry: list[bool] = []
        # In blocks: given a second at once, some of ALSA's plugins never begin to play.
        # First as much as the device holds: it has enough, then, should this process
        # not get its turn.
        seconds = max(self.latency, _BLOCK)
        while fitted:
            is_breaking_off = breaks_off()
            if is_breaking_off:
                seconds = _SILENCE
            size = max(round(seconds * self._rate), 1) * 4 * self._channels
            block, fitted = fitted[:size], fitted[size:]
            if is_breaking_off and _is_silent(block):
                break
            has_run_dry.append(bool(self._raw.write(block)))
            seconds = _BLOCK
        return any(has_run_dry[_LATE:])

    def lead_in(self) -> None:
        """Play next to nothing until the device, if it slept, is awake."""
        frames = ([sample] * self._channels for sample in lead_in(self._rate))
        samples = array.array("f", itertools.chain.from_iterable(frames))
        self._give(memoryview(samples.tobytes()))

    def wait(self, seconds: float = _SILENCE) -> None:
        """Play silence."""
        frames = round(seconds * self._rate)
        self._raw.write(bytes(frames * 4 * self._channels))

    def ring_out(self) -> None:
        """Let all that was given be heard."""
        # PortAudio drops what is still in the device's buffer when ALSA is stopped;
        # that is more than what it calls latency, by a part of it.
        self.wait(2.0 * self.latency)

    def _fit(self, sound: bytes) -> memoryview:
        if (self._rate, self._channels) == (SAMPLE_RATE, CHANNELS):
            return memoryview(sound)
        # NumPy takes longer to load than this process to start: few devices need it.
        import numpy as np

        from keras_sonify.sound.fitting import fit

        frames = np.frombuffer(sound, "<f4").reshape(-1, CHANNELS)
        channels = self._channels
        fitted = fit(frames, SAMPLE_RATE, to_rate=self._rate, channels=channels)
        return memoryview(fitted.astype("<f4").tobytes())


class Device:
    """The device that was asked for, opened as often as need be.

    Args:
        asked: Its index or a part of its name; empty for the default one.
    """

    def __init__(self, asked: str) -> None:
        self._asked = int(asked) if asked.isdigit() else asked or None
        self._has_been_open = False

    @contextlib.contextmanager
    def open(self) -> Iterator[Stream]:
        """Open it.

        Raises:
            DeviceError: If it cannot be opened, or fails while it plays.
        """
        sounddevice = load_sounddevice()
        try:
            if self._has_been_open:  # else devices that came since are not known
                sounddevice._terminate()  # noqa: SLF001 - there is no public way
                sounddevice._initialize()  # noqa: SLF001
            self._has_been_open = True
            with _open_stream(sounddevice, self._asked) as raw:
                yield Stream(raw)
        except sounddevice.PortAudioError as error:
            raise DeviceError(_kind(sounddevice, error), error) from error
        except ValueError as error:  # no such device
            raise DeviceError("choice", error) from error


def load_sounddevice() -> Any:  # noqa: ANN401 - it has no types
    """Import sounddevice.

    Raises:
        DeviceError: If it, or the PortAudio library, cannot be loaded.
    """
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError("portaudio", error) from error
    except Exception as error:  # it may be damaged in any way
        raise DeviceError("module", error) from error
    return sounddevice


def list_outputs() -> list[dict[str, object]]:
    """Return the devices that can play.

    Raises:
        DeviceError: If nobody can be asked.
    """
    sounddevice = load_sounddevice()
    default = sounddevice.default.device[1]
    return [
        {
            "index": index,
            "name": device["name"],
            "channels": device["max_output_channels"],
            "sample_rate_hz": device["default_samplerate"],
            "is_default": index == default,
        }
        for index, device in enumerate(sounddevice.query_devices())
        if device["max_output_channels"] > 0
    ]


def _open_stream(sounddevice: Any, asked: int | str | None) -> Any:  # noqa: ANN401
    """Return a stream of the kind that we play, or else of one that can be had."""
    device = sounddevice.query_devices(asked, "output")
    most = min(device["max_output_channels"], _MOST_CHANNELS)
    own_rate = round(device["default_samplerate"])
    refused: Exception | None = None
    for channels, rate in itertools.product(
        dict.fromkeys([min(CHANNELS, most), most]),
        dict.fromkeys([SAMPLE_RATE, own_rate, _ANY_RATE]),
    ):
        try:
            # Raw: the same stream as `OutputStream`, for bytes instead of arrays.
            return sounddevice.RawOutputStream(
                samplerate=rate,
                channels=channels,
                dtype="float32",
                device=asked,
                latency=max(device["default_high_output_latency"], _LATENCY),
            )
        except sounddevice.PortAudioError as error:
            if _code(error) not in (_INVALID_CHANNELS, _INVALID_RATE, _HOST_ERROR):
                raise
            refused = refused or error
    raise refused or AssertionError


def _kind(sounddevice: Any, error: Exception) -> Fault:  # noqa: ANN401
    code = _code(error)
    if code == _BUSY:
        return "busy"
    if code in (_INVALID_CHANNELS, _INVALID_RATE):
        return "format"
    with contextlib.suppress(Exception):
        if not any(d["max_output_channels"] for d in sounddevice.query_devices()):
            return "none"
    return "device"


def _code(error: Exception) -> object:
    return error.args[1] if len(error.args) > 1 else None


def _brief(error: Exception) -> str:
    """Return PortAudio's words without the host API's tail."""
    return str(error.args[0]) if error.args else str(error)


def _is_silent(block: memoryview) -> bool:
    samples = array.array("f", bytes(block))
    return max(map(abs, samples), default=0.0) < _SILENT
