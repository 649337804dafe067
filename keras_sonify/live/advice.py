"""Trouble told in a sentence, with the command that helps on this system."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

# Package managers by their command, with what installs PortAudio and what connects
# ALSA, which PortAudio speaks on Linux, to a running PulseAudio or PipeWire.
_LINUX = (
    ("apt-get", "apt-get install libportaudio2", "apt-get install libasound2-plugins"),
    ("dnf", "dnf install portaudio", "dnf install alsa-plugins-pulseaudio"),
    ("pacman", "pacman -S portaudio", "pacman -S alsa-plugins pulseaudio-alsa"),
    ("zypper", "zypper install portaudio", "zypper install alsa-plugins-pulse"),
    ("apk", "apk add portaudio", "apk add alsa-plugins-pulse"),
)


def sound_advice(kind: str, detail: str = "") -> str:
    """Return one sentence or two: what is wrong, and the way out.

    Args:
        kind: What the loudspeaker's process reported: `"portaudio"` (library
            missing), `"device"` (none, or it failed), `"choice"` (no such device),
            `"lost"`, `"frozen"`, `"ended"`,
            `"module"` (that it cannot import) or `"helper"` (it was not started).
        detail: The library's own words. Defaults to `""`.
    """
    told: dict[str, Callable[[], str]] = {
        "portaudio": lambda: f"the PortAudio library was not found. {_portaudio()}",
        "module": lambda: missing_module(detail),
        "helper": lambda: without_helper(detail),
        "choice": lambda: (
            f"{detail or 'there is no such device'}. "
            "`keras-sonify devices` lists the devices."
        ),
        "lost": lambda: f"the audio device is gone ({detail}).",
        "frozen": lambda: "the audio device has stopped playing.",
        "ended": lambda: f"the loudspeaker's process ended ({detail}).",
        "device": lambda: f"no audio device could be played on ({detail}). {_device()}",
    }
    begun = kind in ("lost", "frozen", "ended")
    return f"{'No more' if begun else 'No'} live sound: {told[kind]()}"


def missing_module(detail: str) -> str:
    """Return what to do where a helper process cannot import what it needs.

    Args:
        detail: Python's own words, which name the module.
    """
    return (
        f"its helper process cannot import what it needs ({detail}). Install that for "
        f"`{sys.executable}`, or name the directory that holds it in `PYTHONPATH`."
    )


def without_helper(why: str) -> str:
    """Return how to hear a training that can start no helper process.

    Args:
        why: The reason, as a clause.
    """
    return (
        f"{why}. `keras-sonify listen`, run by a Python elsewhere, plays the training "
        "from its directory while it runs; its files hold every epoch."
    )


def other_ways(*, is_notebook: bool) -> str:
    """Return one sentence or two: how to hear a training that has no sound here.

    Args:
        is_notebook: Boolean. Whether this is the kernel of a notebook.
    """
    here = (
        "`pip install 'keras_sonify[notebook]'` plays it in this notebook. "
        if is_notebook
        else ""
    )
    return (
        f"{here}Elsewhere it is heard with `player='browser'` (a page, also through "
        "`ssh -L`), with `keras-sonify listen` from its log, or from the files."
    )


def _portaudio() -> str:
    if not sys.platform.startswith("linux"):
        return "`pip install --force-reinstall sounddevice` brings it."
    if "CONDA_PREFIX" in os.environ:
        return "`conda install -c conda-forge portaudio` installs it."
    command = next((row[1] for row in _LINUX if shutil.which(row[0])), None)
    if command is None:
        return "Install your system's `portaudio` package."
    return f"`{_sudo()}{command}` installs it."


def _device() -> str:
    if not sys.platform.startswith("linux"):
        return "Connect one and start again."
    command = next((row[2] for row in _LINUX if shutil.which(row[0])), None)
    if command and _sound_server_runs():
        return f"A sound server is running: `{_sudo()}{command}` connects it."
    return "Listen to the WAV files on a machine that has one."


def _sound_server_runs() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return "PULSE_SERVER" in os.environ or (
        bool(runtime) and Path(runtime, "pulse", "native").exists()
    )


def _sudo() -> str:
    return "" if getattr(os, "geteuid", lambda: 1)() == 0 else "sudo "
