"""Sound cards that take one sample rate or one number of channels and nothing else.

ALSA's own plugins are as choosy as hardware: `a52` takes 48 kHz alone, `multi` as many
channels as it is given. What is played goes into a pipe that is emptied as fast as
sound is played, and so comes back sample by sample.
"""

import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

_PAUSE = 0.005  # seconds between two looks at the pipe
_QUIET = 0.5  # seconds without anything, after which nobody plays


@dataclass(frozen=True, slots=True)
class Kind:
    """What a card takes.

    Attributes:
        pcm: Its definition in ALSA's terms.
        rate: Frames per second, in Hz.
        channels: Number of its channels.
        sample: NumPy's name of its samples.
        full_scale: Its loudest sample.
    """

    pcm: str
    rate: int
    channels: int
    sample: str = "<f4"
    full_scale: float = 1.0


def _multi(channels: int) -> str:
    parts = ["type multi"]
    for place in range(channels):
        parts.append(f'slaves.s{place} {{ pcm "null" channels 1 }}')
        parts.append(f"bindings.{place} {{ slave s{place} channel 0 }}")
    return " ".join(parts)


KINDS = {
    "48 kHz": Kind(
        'type a52 slavepcm "null" rate 48000 channels 2 bitrate 192',
        *(48_000, 2, "<i4", 2.0**31),
    ),
    "mono": Kind(_multi(1), 44_100, 1),
    "eight channels": Kind(_multi(8), 44_100, 8),
}


class OddCard:
    """A sound card that is choosy.

    Args:
        kind: What it takes.

    Attributes:
        env: Environment variables with which a child process plays on it.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.env: dict[str, str] = {}
        self._folder = Path()
        self._pipe = -1
        self._played = bytearray()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="card-"))
        pipe = self._folder / "pipe"
        os.mkfifo(pipe)
        # For writing, too: else whoever opens it would wait, or see it end.
        self._pipe = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        conf = self._folder / "alsa.conf"
        conf.write_text(
            "pcm.null { type null }\n"  # PortAudio passes over what has this name
            f"pcm.!default {{ type file slave.pcm {{ {self.kind.pcm} }} "
            f'file "{pipe}" format "raw" }}\n'
            "ctl.!default { type hw card 0 }\n"
        )
        self.env = {**os.environ, "ALSA_CONFIG_PATH": str(conf)}
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        os.close(self._pipe)
        shutil.rmtree(self._folder)

    def _play(self) -> None:
        """Take in what comes, no faster than it would be played."""
        second = self.kind.rate * self._frame_bytes
        last, room = time.monotonic(), 0.0
        while not self._is_over.wait(_PAUSE):
            now = time.monotonic()
            room = min(room + (now - last) * second, 0.1 * second)
            last = now
            try:
                block = os.read(self._pipe, int(room))
            except BlockingIOError:
                continue
            room -= len(block)
            self._played += block

    @property
    def _frame_bytes(self) -> int:
        return np.dtype(self.kind.sample).itemsize * self.kind.channels

    def wait_end(self, timeout: float = 10.0) -> None:
        """Wait until nobody plays any more, not even silence."""
        end = time.monotonic() + timeout
        known = -1
        while len(self._played) != known:
            if time.monotonic() > end:
                raise TimeoutError("Somebody goes on playing.")
            known = len(self._played)
            time.sleep(_QUIET)

    def samples(self) -> npt.NDArray[np.float64]:
        """Return what has been played, of shape `(frames, channels)`, full scale 1."""
        whole = len(self._played) // self._frame_bytes * self._frame_bytes
        samples = np.frombuffer(bytes(self._played[:whole]), self.kind.sample)
        frames = samples.reshape(-1, self.kind.channels).astype(np.float64)
        return frames / self.kind.full_scale
