"""Trainings that die, and the alarm that tells of it, as it is heard."""

import time
from pathlib import Path

import pytest
from ear import Heard, listen
from programs import Program, children, sonify, wait_end
from virtual_card import SAMPLE_RATE, VirtualCard

_ONSETS = (0.0, 0.09, 0.18, 0.27, 0.36)
_DURATIONS = (0.06,) * 5
_LATEST = 4.0  # seconds; later than that nothing is heard

DEATHS = {
    "SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)",
    "SIGTERM": "os.kill(os.getpid(), signal.SIGTERM)",
    "os._exit": "os._exit(0)",
    "segmentation fault": "ctypes.string_at(0)",
    # As the kernel does it: from without, while memory is being taken.
    "out of memory": (
        "subprocess.Popen(['sh', '-c', f'sleep 0.1; kill -9 {os.getpid()}']); "
        "taken = []\nwhile True:\n    taken.append(bytearray(b'x') * 1_000_000)\n"
        "    time.sleep(0.001)"
    ),
}
"""How a training dies, in Python."""

DYING = """
    import ctypes, os, resource, signal, subprocess, sys
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for epoch in range(3):
        sonifier.epoch(epoch, logs(epoch))
        if epoch < 2:
            sonifier.drain(10.0)
    print("ready")
    input()
    exec(sys.argv[1])
"""


WELL = {
    "end": "sonifier.end()",
    "end, then a kill": "sonifier.end(); os.kill(os.getpid(), signal.SIGKILL)",
    "close, then os._exit": "sonifier.close(); os._exit(0)",
    "no end": "",
    "sys.exit": "sys.exit(3)",
    "an exception": "raise RuntimeError('mine')",
    "Ctrl-C": "signal.raise_signal(signal.SIGINT)",
    "a fork that ends at once": (
        "pid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0)\n"
        "    sonifier.end()"
    ),
    "a fork that is killed": (
        "pid = os.fork()\nif not pid: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    os.waitpid(pid, 0)\nsonifier.end()"
    ),
    "a copy": "import copy; copy.deepcopy(sonifier); sonifier.end(); os._exit(0)",
    "rest, then os._exit": "sonifier.rest(); os._exit(0)",
    "a second run": (
        "sonifier.end(); sonifier.epoch(0, logs(0)); sonifier.end(); os._exit(0)"
    ),
}
"""How a training ends well, or by an exception of its own, in Python."""

WHATEVER = """
    import os, signal, sys
    sonifier.epoch(0, logs(0))
    sonifier.drain(10.0)
    print("ready")
    input()
    exec(sys.argv[1])
"""


def find_alarm(heard: list[Heard]) -> float | None:
    """Return when the alarm begins, in seconds; `None` if it is not heard."""
    for place in range(len(heard) - len(_ONSETS) + 1):
        five = heard[place : place + len(_ONSETS)]
        onsets = [note.onset - five[0].onset for note in five]
        durations = [note.duration for note in five]
        if onsets == pytest.approx(_ONSETS, abs=0.006) and (
            durations == pytest.approx(_DURATIONS, abs=0.012)
        ):
            return five[0].onset
    return None


class Death:
    """A training that has died in some way, and what came of it.

    Args:
        how: See `DEATHS`.
        card: Where it is heard.
        directory: Where it runs.

    Attributes:
        alarm: After how many seconds the alarm began; `None` if it was not heard.
        helper_is_gone: Whether no helper was left.
        gone: After how many seconds it was gone.
        output: What stands on its terminal.
    """

    def __init__(self, how: str, card: VirtualCard, directory: Path) -> None:
        script = sonify(DYING)
        with Program(script, directory, card.env, (how,)) as program:
            program.read_until("ready")
            (helper,) = children(program.pid)
            program.go_on()
            program.wait()
            begun, died = card.frames, time.monotonic()
            self.helper_is_gone = wait_end(helper, _LATEST)
            self.gone = time.monotonic() - died
            program.finish()
        card.wait_quiet()
        self.alarm = find_alarm(listen(card.samples(begun), SAMPLE_RATE))
        self.output = program.output


class Ending:
    """A training that has ended well in some way, and what came of it.

    Args:
        how: See `WELL`.
        card: Where it is heard.
        directory: Where it runs.

    Attributes:
        has_alarmed: Whether it was said to have died.
        helper_is_gone: Whether no helper was left.
    """

    def __init__(self, how: str, card: VirtualCard, directory: Path) -> None:
        with Program(sonify(WHATEVER), directory, card.env, (how,)) as program:
            program.read_until("ready")
            (helper,) = children(program.pid)
            program.go_on()
            program.finish()
        self.helper_is_gone = wait_end(helper, _LATEST)
        alarm = find_alarm(listen(card.samples(), SAMPLE_RATE))
        self.has_alarmed = alarm is not None or "died" in program.output
