"""A sound card for tests: what programs play on it comes back as an array.

A private PulseAudio daemon holds a sink without hardware that consumes sound in real
time; ALSA's `default` device, which PortAudio opens, leads to it; a recorder listens
to what it plays. All of it lives in one temporary folder, and only processes that
were started here are ever signalled.
"""

import ctypes.util
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 44_100
CHANNELS = 2
_FRAME_BYTES = 4 * CHANNELS
_STARTING = 10.0  # seconds that the daemon may take to start
_SILENCE = 1e-4  # re full scale: below is silence
_FAINTEST = 0.002  # re full scale: what is heard is louder, a lead-in is not


def missing_packages() -> list[str]:
    """Return the Debian packages that the card needs and this machine lacks."""
    plugins = Path("/usr").glob("lib*/**/alsa-lib/libasound_module_pcm_pulse.so")
    found = {
        "libportaudio2": ctypes.util.find_library("portaudio"),
        "libasound2-plugins": next(plugins, None),
        "pulseaudio": shutil.which("pulseaudio"),
        "pulseaudio-utils": shutil.which("parec"),
    }
    return [package for package, place in found.items() if not place]


class VirtualCard:
    """A sound card with its loudspeakers' sound on record.

    Attributes:
        env: Environment variables with which a child process plays on it.
    """

    def __init__(self) -> None:
        self.env: dict[str, str] = {}
        self._folder = Path()
        self._private: dict[str, str] = {}
        self._daemon: subprocess.Popen[bytes]
        self._processes: list[subprocess.Popen[bytes]] = []
        self._recorded = bytearray()
        self._recorders: list[threading.Thread] = []

    def __enter__(self) -> Self:
        # Not `tmp_path`: the name of a socket has 107 characters at most.
        self._folder = Path(tempfile.mkdtemp(prefix="card-", dir="/tmp"))
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes and remove the folder."""
        for process in self._processes:
            process.kill()  # also ends one that is frozen
            process.wait()
        for recorder in self._recorders:
            recorder.join()
        shutil.rmtree(self._folder)

    def _start(self) -> None:
        folder, server = self._folder, f"unix:{self._folder}/native"
        # With a cookie of its own libpulse leaves the user's home alone.
        (folder / "cookie").write_bytes(os.urandom(256))
        (folder / "client.conf").write_text("autospawn = no\n")
        # Replaces ALSA's whole configuration: there is no other device. Without
        # `handle_underrun` the plugin plays silence and no underflow is reported.
        (folder / "alsa.conf").write_text(
            f'pcm.!default {{ type pulse server "{server}" handle_underrun 1 }}\n'
            f'ctl.!default {{ type pulse server "{server}" }}\n',
        )
        pulse = {
            "PULSE_COOKIE": f"{folder}/cookie",
            "PULSE_CLIENTCONFIG": f"{folder}/client.conf",
        }
        self.env = {
            **os.environ,
            **pulse,
            "ALSA_CONFIG_PATH": f"{folder}/alsa.conf",  # for PortAudio
            "PULSE_SERVER": server,  # for Chromium
        }
        self._private = {
            **pulse,
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": f"{folder}/run",
            "PULSE_STATE_PATH": f"{folder}/state",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        self.plug_in()

    def plug_in(self) -> None:
        """Let the device be there, for the first time or again."""
        folder, server = self._folder, f"unix:{self._folder}/native"
        (folder / "native").unlink(missing_ok=True)
        already = len(self._recorded)
        sound = f"format=float32le rate={SAMPLE_RATE} channels={CHANNELS}"
        self._daemon = self._run(
            self._private,
            "pulseaudio -n --daemonize=no --use-pid-file=no --disable-shm=yes "
            # The daemon ends by itself should nobody be left to end it.
            "--exit-idle-time=10 --realtime=no --high-priority=no --log-level=error",
            # With rewinds an idle sink would have played two seconds ahead.
            f"-Lmodule-null-sink sink_name=card norewinds=1 {sound}",
            f"-Lmodule-native-protocol-unix socket={folder}/native auth-anonymous=1 "
            f"auth-cookie={folder}/cookie",
        )
        self._wait((folder / "native").exists, _STARTING)
        recorder = self._run(
            self._private,
            f"parec --server={server} --device=card.monitor --raw --format=float32le "
            f"--rate={SAMPLE_RATE} --channels={CHANNELS} --latency-msec=5",
            stdout=subprocess.PIPE,
        )
        assert recorder.stdout is not None
        thread = threading.Thread(target=self._record, args=(recorder.stdout,))
        thread.start()
        self._recorders.append(thread)
        self._wait(lambda: len(self._recorded) > already, _STARTING)

    def _run(
        self,
        env: dict[str, str],
        command: str,
        *arguments: str,
        stdout: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*command.split(), *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal is not for it
        )
        self._processes.append(process)
        return process

    def _record(self, output: IO[bytes]) -> None:
        with output:
            while block := os.read(output.fileno(), 1 << 16):
                self._recorded += block

    def _wait(self, until: Callable[[], bool], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError("The virtual sound card does not respond.")
            time.sleep(0.01)

    def samples(self, start: int = 0) -> npt.NDArray[np.float32]:
        """Return what has been played from a frame on, of shape `(frames, 2)`."""
        recorded = bytes(self._recorded[start * _FRAME_BYTES :])
        whole = len(recorded) // _FRAME_BYTES * _FRAME_BYTES
        return np.frombuffer(recorded[:whole], "<f4").reshape(-1, CHANNELS)

    @property
    def frames(self) -> int:
        """How many frames have been played."""
        return len(self._recorded) // _FRAME_BYTES

    def wait_sound(self, timeout: float = 60.0) -> None:
        """Wait until something is heard that was not played before this call.

        A lead-in is not: what follows it is.
        """
        begun = self.frames
        self._wait(
            lambda: bool((np.abs(self.samples(begun)) > _FAINTEST).any()), timeout
        )

    def wait_quiet(self, seconds: float = 0.4, timeout: float = 30.0) -> None:
        """Wait until from now on nothing has been heard for some seconds."""
        begun = self.frames
        count = round(seconds * SAMPLE_RATE)

        def is_quiet() -> bool:
            last = self.samples(max(begun, self.frames - count))
            return len(last) >= count and bool((np.abs(last) < _SILENCE).all())

        self._wait(is_quiet, timeout)

    def unplug(self) -> None:
        """Take the device away."""
        self._daemon.kill()
        self._daemon.wait()

    def freeze(self) -> None:
        """Let the device consume nothing any more, as a driver that hangs does."""
        self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the device go on."""
        self._daemon.send_signal(signal.SIGCONT)
