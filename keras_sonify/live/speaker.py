"""The loudspeaker's process: `python -m keras_sonify.live.speaker`.

Plays the PCM that comes in on its standard input: each message is a whole cue, float32
in stereo at 44 100 Hz. It answers `{"ready": ...}` when the device is open and
`{"played": ...}` after each cue, or `{"error": ..., "message": ...}` before it ends.

This is the only module that imports sounddevice, and it imports it late. It does not
need NumPy, and starts in about a tenth of a second.
"""

import argparse
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from keras_sonify.live.child import answer, answer_import_error, read_message
from keras_sonify.live.python import find_what_the_trainer_finds

SAMPLE_RATE = 44_100
CHANNELS = 2
FRAME_BYTES = 4 * CHANNELS
IDLE_SECONDS = 60.0  # after so long without a cue, the device is let go

# Seconds of sound that the device holds. PortAudio's "high" is 35 ms on ALSA and plays
# ragged while a training keeps all cores busy; with 0.1 s that was over.
_LATENCY = 0.2
# While there is no cue the device is kept nearly empty, for a cue waits for what is in
# it: 35 ms of silence, given in blocks of 10 ms.
_WAITING_FRAMES, _SILENCE_FRAMES = 1544, 441
_OPENING = 5.0  # seconds after which a device that does not open is given up
_PATIENCE = 2.0  # the same for one that does not play, at the end


def main(arguments: Sequence[str] | None = None) -> int:
    """Play what comes in, or list the devices."""
    parser = argparse.ArgumentParser(prog="python -m keras_sonify.live.speaker")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--device", default="")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox = _Inbox()
    if not options.list:  # first of all: a frozen device may hold up all that follows
        threading.Thread(target=inbox.fill, daemon=True).start()
    find_what_the_trainer_finds()
    try:
        import sounddevice
    except OSError as error:
        answer(error="portaudio", message=str(error))
        return 1
    except Exception as error:  # noqa: BLE001 - it may be damaged in any way
        answer_import_error(error)
        return 1
    if options.list:
        answer(devices=_outputs(sounddevice))
        return 0
    device = int(options.device) if options.device.isdigit() else options.device or None
    try:
        _play(sounddevice, device, inbox)
    except sounddevice.PortAudioError as error:
        answer(error="device", message=_brief(error))
        return 1
    except ValueError as error:  # no such device
        answer(error="choice", message=str(error))
        return 1
    return 0


class _Inbox:
    """The cues that have come in, and the end of this process after the last one."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self._cues: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._received = self._played = 0  # frames; each is one thread's alone

    def fill(self) -> None:
        """Take in what comes, and see to it that this process ends after it."""
        # A reader of its own: at exit Python would wait for one that all threads
        # share, and abort.
        with open(0, "rb", closefd=False) as source:
            while (cue := read_message(source)) is not None:
                self._received += len(cue) // FRAME_BYTES
                self._cues.put(cue)
        self._cues.put(None)
        # A frozen device returns neither from being opened nor from a write: nothing
        # but this would end it.
        if self.opened.wait(_OPENING):
            left = self._received - self._played
            time.sleep(left / SAMPLE_RATE + _PATIENCE)
        os._exit(1)

    def get(self, timeout: float) -> bytes | None:
        """Return the next cue, `None` after the last one.

        Raises:
            queue.Empty: If none has come in time.
        """
        return self._cues.get(timeout=timeout)

    def done(self, cue: bytes) -> None:
        """Note that a cue has been played."""
        self._played += len(cue) // FRAME_BYTES


def _play(sounddevice: Any, device: int | str | None, inbox: _Inbox) -> None:  # noqa: ANN401
    high = sounddevice.query_devices(device, "output")["default_high_output_latency"]
    # Raw: the same stream as `OutputStream`, for bytes instead of NumPy arrays.
    with sounddevice.RawOutputStream(
        samplerate=SAMPLE_RATE,
        channels=CHANNELS,
        dtype="float32",
        device=device,
        latency=max(high, _LATENCY),
    ) as stream:
        inbox.opened.set()
        answer(ready=stream.latency)
        silence = bytes(_SILENCE_FRAMES * FRAME_BYTES)
        room = stream.write_available
        last_cue = time.monotonic()
        # Silence is played while there is no cue: a stream that starves stops with
        # a click on some devices, and Bluetooth and HDMI swallow what comes first.
        while time.monotonic() - last_cue < IDLE_SECONDS:
            surplus = room - stream.write_available - _WAITING_FRAMES
            try:
                cue = inbox.get(timeout=max(surplus / SAMPLE_RATE, 0.0))
            except queue.Empty:
                stream.write(silence)
                continue
            if cue is None:
                break
            underflowed = bool(stream.write(cue))
            inbox.done(cue)
            answer(played=len(cue) // FRAME_BYTES, underflowed=underflowed)
            last_cue = time.monotonic()
        # PortAudio drops what is still in the device's buffer when ALSA is stopped;
        # that is more than what it calls latency, by a part of it.
        tail = round(2 * stream.latency * SAMPLE_RATE)
        stream.write(bytes(tail * FRAME_BYTES))


def _outputs(sounddevice: Any) -> list[dict[str, object]]:  # noqa: ANN401
    """Return the devices that can play."""
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


def _brief(error: Exception) -> str:
    """Return PortAudio's words without the host API's tail."""
    return str(error.args[0]) if error.args else str(error)


if __name__ == "__main__":
    sys.exit(main())
