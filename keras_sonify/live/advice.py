"""Trouble told in a sentence, with the command that helps on this system."""

import os
import re
import shutil
import socket
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

_NO_DEVICE = "no audio device could be played on"
_CHOICE = "`keras-sonify devices` lists the devices, `KERAS_SONIFY_DEVICE` chooses one."
_PULSE_PORT = 4713
_PATIENCE = 0.5  # seconds that a sound server may take to answer


def sound_advice(kind: str, detail: str = "") -> str:
    """Return one sentence or two: what is wrong, and the way out.

    Args:
        kind: What the loudspeaker's process reported: `"portaudio"` (library
            missing), `"module"` (that it cannot import), `"choice"` (no such device),
            `"none"` (no device at all), `"busy"`, `"format"` (no rate and channels
            that the device takes), `"device"` (it failed otherwise), `"lost"`,
            `"frozen"`, `"ended"`, `"muted"` or `"helper"` (it was not started).
        detail: The library's own words. Defaults to `""`.
    """
    told: dict[str, Callable[[], str]] = {
        "portaudio": lambda: f"the PortAudio library was not found. {_portaudio()}",
        "module": lambda: missing_module(detail),
        "helper": lambda: without_helper(detail),
        "choice": lambda: f"{detail or 'there is no such device'}. {_CHOICE}",
        "none": lambda: f"{_NO_DEVICE} ({detail}). {_way_to_a_device()}",
        "busy": lambda: (
            f"another program keeps the audio device for itself ({detail}). End that "
            f"one, or play on another device. {_CHOICE}"
        ),
        "format": lambda: (
            f"the audio device takes no sample rate and number of channels that were "
            f"tried ({detail}). Play on another device. {_CHOICE}"
        ),
        "device": lambda: f"{_NO_DEVICE} ({detail}). {_dead_server() or _CHOICE}",
        "lost": lambda: f"the audio device is gone ({detail}).",
        "frozen": lambda: "the audio device has stopped playing.",
        "ended": lambda: f"the loudspeaker's process ended ({detail}).",
        "muted": lambda: "somebody has ended the loudspeaker's process.",
    }
    begun = kind in ("lost", "frozen", "ended", "muted")
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
    command = _linux_command(1)
    if command is None:
        return "Install your system's `portaudio` package."
    return f"`{_sudo()}{command}` installs it."


def _linux_command(column: int) -> str | None:
    return next((row[column] for row in _LINUX if shutil.which(row[0])), None)


def _way_to_a_device() -> str:
    if not sys.platform.startswith("linux"):
        return "Connect one and start again."
    if dead := _dead_server():
        return dead
    if _sound_server() and not _has_bridge() and (command := _linux_command(2)):
        return f"A sound server is running: `{_sudo()}{command}` connects it."
    return "Listen to the WAV files on a machine that has one."


def _dead_server() -> str:
    """Return what to do about a sound server that does not answer; empty if it does."""
    server = _sound_server()
    if not server or _answers(server):
        return ""
    if os.environ.get("PULSE_SERVER"):
        return (
            f"The sound server at {server}, which `PULSE_SERVER` names, does not "
            "answer. Start it, or unset that variable."
        )
    return f"The sound server at {server} does not answer. Start it."


def _sound_server() -> str:
    """Return where a sound server is said to be; empty if nothing is."""
    if named := os.environ.get("PULSE_SERVER"):
        return named
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    default = Path(runtime, "pulse", "native") if runtime else None
    return f"unix:{default}" if default and default.exists() else ""


def _answers(server: str) -> bool:
    """Whether a PulseAudio or PipeWire server takes a connection.

    Args:
        server: As in `PULSE_SERVER`: `unix:PATH`, a path, `tcp:HOST:PORT` or a host;
            the first of several.
    """
    first = next(iter(server.split(maxsplit=1)), "")
    place = re.sub(r"^\{[^}]*\}", "", first)  # "{machine id}unix:..."
    try:
        if place.startswith(("unix:", "/")):
            with socket.socket(socket.AF_UNIX) as asked:
                asked.settimeout(_PATIENCE)
                asked.connect(place.removeprefix("unix:"))
            return True
        host, _, port = re.sub(r"^tcp[46]?:", "", place).partition(":")
        number = int(port) if port.isdecimal() else _PULSE_PORT
        socket.create_connection((host, number), _PATIENCE).close()
    except (OSError, ValueError, OverflowError, AttributeError):
        return False  # the last one: Python has no such sockets on Windows
    return True


def _has_bridge() -> bool:
    """Whether ALSA has what connects it to such a server."""
    given = os.environ.get("ALSA_PLUGIN_DIR")
    folders = [Path(given)] if given else _alsa_folders()
    return any(
        (folder / f"libasound_module_pcm_{server}.so").exists()
        for folder in folders
        for server in ("pulse", "pipewire")
    )


def _alsa_folders() -> list[Path]:
    return [
        path
        for libraries in ("lib", "lib64", "lib/*-linux-gnu*")
        for path in Path("/usr").glob(f"{libraries}/alsa-lib")
    ]


def _sudo() -> str:
    return "" if getattr(os, "geteuid", lambda: 1)() == 0 else "sudo "
