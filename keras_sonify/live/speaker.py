"""The loudspeaker's process: `python -m keras_sonify.live.speaker`.

Each message with `cue` in it brings a whole cue, float32 in stereo at 44 100 Hz. It
answers `{"ready": ...}` when the device is open, `{"played": ...}` after each cue, or
`{"error": ..., "message": ..., "cues": ...}` if what was left could not be played of so
many that had come in; the next one is tried anew.
`{"open": True}` opens the device for a cue that is about to come.

It knows which runs are under way, and sounds an alarm if the training dies: it stays
when the device fails. It does not need NumPy, and starts in about a tenth of a second.
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from keras_sonify.live.device import (
    FRAME_BYTES,
    SAMPLE_RATE,
    Device,
    DeviceError,
    Stream,
    list_outputs,
)
from keras_sonify.live.messages import (
    Fields,
    answer,
    answer_import_error,
    messages,
)
from keras_sonify.live.python import find_what_the_trainer_finds
from keras_sonify.live.vigil import News, Vigil

IDLE_SECONDS = 60.0  # after so long without a sound, the device is let go

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
    if options.list:
        return _list()
    device = Device(options.device)
    while inbox.wait():
        try:
            with device.open() as stream:
                _play(stream, inbox)
        except DeviceError as error:
            _answer_fault(error, cues=inbox.drop())
    return 0


@dataclass(frozen=True, slots=True)
class _Sound:
    """What is to be played; `is_cue` if the training waits for it."""

    samples: bytes
    is_cue: bool


class _Inbox:
    """The sounds that have come in, and the end of this process after the last one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sounds: deque[_Sound] = deque()
        self._playing: _Sound | None = None
        self._cues = 0  # that have come in
        self._is_expecting = self._is_over = self._has_died = False

    def fill(self) -> None:
        """Take in what comes, and see to it that this process ends after it."""
        vigil = Vigil(self._alarm)
        for message in messages():
            if message is None:
                vigil.look()
            elif "cue" in message[0]:
                self._put(_Sound(message[1], is_cue=True))
            elif "open" in message[0]:
                self._expect()
            else:
                vigil.take(*message)
        vigil.end()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
            playing = [self._playing] if self._playing else []
            left = sum(len(each.samples) for each in [*playing, *self._sounds])
            opening = _OPENING if self._sounds else 0.0
        # A frozen device returns neither from being opened nor from a write: nothing
        # but this would end it.
        time.sleep(left / FRAME_BYTES / SAMPLE_RATE + opening + _PATIENCE)
        os._exit(1)

    def _alarm(self, news: News, _: str, given: Fields, samples: bytes) -> None:
        end = given["died_bytes"]
        if news == "died":
            with self._changed:
                self._has_died = True
                self._sounds = deque(each for each in self._sounds if not each.is_cue)
            self._put(_Sound(samples[:end], is_cue=False))
        elif news == "stalled":
            self._put(_Sound(samples[end:], is_cue=False))

    def _put(self, sound: _Sound) -> None:
        with self._changed:
            self._cues += sound.is_cue
            if sound.samples:
                self._sounds.append(sound)
            self._changed.notify_all()

    def _expect(self) -> None:
        with self._changed:
            self._is_expecting = True
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait until something is to be played, or soon will be; return whether."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._sounds or self._is_expecting or self._is_over
            )
            is_wanted = bool(self._sounds) or (self._is_expecting and not self._is_over)
            self._is_expecting = False
            return is_wanted

    def next(self, timeout: float) -> _Sound | None:
        """Return what is to be played now, if it comes in time."""
        with self._changed:
            self._playing = None
            self._changed.wait_for(lambda: self._sounds or self._is_over, timeout)
            if self._sounds:
                self._playing = self._sounds.popleft()
            return self._playing

    def drop(self) -> int:
        """Forget all that waits, which could not be played; return how many came."""
        with self._changed:
            self._playing = None
            self._sounds.clear()
            return self._cues

    def breaks_off(self) -> bool:
        """Whether what is being played is of no use any more: the training has died."""
        playing = self._playing
        return self._has_died and playing is not None and playing.is_cue

    @property
    def is_done(self) -> bool:
        """Whether all has been played that will ever come."""
        return self._is_over and not self._sounds


def _play(stream: Stream, inbox: _Inbox) -> None:
    """Play what comes, after a lead-in, until nothing has come for long."""
    answer(ready=stream.latency)
    stream.lead_in()
    last = time.monotonic()
    # Silence is played while there is no cue: a stream that starves stops with a
    # click on some devices, and Bluetooth and HDMI swallow what comes first.
    while time.monotonic() - last < IDLE_SECONDS and not inbox.is_done:
        sound = inbox.next(timeout=stream.surplus)
        if sound is None:
            stream.wait()
            continue
        is_dry = stream.play(sound.samples, inbox.breaks_off)
        if sound.is_cue:
            answer(played=len(sound.samples) // FRAME_BYTES, underflowed=is_dry)
        last = time.monotonic()
    answer(closed=True)
    stream.ring_out()


def _list() -> int:
    try:
        answer(devices=list_outputs())
    except DeviceError as error:
        _answer_fault(error)
        return 1
    return 0


def _answer_fault(error: DeviceError, **fields: object) -> None:
    if error.kind == "module":
        answer_import_error(error.cause)
    else:
        answer(error=error.kind, message=str(error), **fields)


if __name__ == "__main__":
    sys.exit(main())
