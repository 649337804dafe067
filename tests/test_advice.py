"""Trouble is told with the command that helps on this system."""

import os
import socket
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_sonify.live.advice import sound_advice
from keras_sonify.training.warn import warn

_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="Package managers are Linux's.",
)


@pytest.fixture
def fedora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the runtime directory of a system that knows `dnf` and nothing else."""
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "dnf").write_text("#!/bin/sh\n")
    (commands / "dnf").chmod(0o755)
    monkeypatch.setenv("PATH", str(commands))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in ("CONDA_PREFIX", "PULSE_SERVER"):
        monkeypatch.delenv(name, raising=False)
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    monkeypatch.setenv("ALSA_PLUGIN_DIR", str(plugins))
    return tmp_path


@pytest.fixture
def sound_server(fedora: Path) -> Iterator[socket.socket]:
    """A sound server of that system, which takes connections."""
    (fedora / "pulse").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(fedora / "pulse" / "native"))
        server.listen()
        yield server


def _as_root(command: str) -> str:
    return f"`{'' if os.geteuid() == 0 else 'sudo '}{command}`"


@_linux
@pytest.mark.usefixtures("fedora")
def test_a_missing_library_comes_with_its_command() -> None:
    """The package manager that is there is named, as the user would call it."""
    advice = sound_advice("portaudio", "PortAudio library not found")

    assert "PortAudio library was not found" in advice
    assert f"{_as_root('dnf install portaudio')} installs it." in advice


@_linux
@pytest.mark.usefixtures("fedora")
def test_in_a_conda_environment_conda_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Conda's packages do not look at the system's libraries."""
    monkeypatch.setenv("CONDA_PREFIX", "/opt/conda")

    advice = sound_advice("portaudio")

    assert "`conda install -c conda-forge portaudio`" in advice
    assert "dnf" not in advice


@_linux
def test_without_a_known_package_manager_no_command_is_made_up(
    fedora: Path,
) -> None:
    """Then the package is named alone."""
    (fedora / "bin" / "dnf").unlink()

    advice = sound_advice("portaudio")

    assert advice.endswith("Install your system's `portaudio` package.")


@_linux
@pytest.mark.usefixtures("sound_server")
def test_a_sound_server_without_a_bridge_is_connected() -> None:
    """Where PulseAudio or PipeWire runs, the missing ALSA plugin is named."""
    advice = sound_advice("none", "Error querying device -1")

    assert "(Error querying device -1)" in advice
    assert _as_root("dnf install alsa-plugins-pulseaudio") in advice


@_linux
@pytest.mark.usefixtures("sound_server")
@pytest.mark.parametrize("server", ["pulse", "pipewire"])
def test_a_bridge_that_is_there_is_not_installed_again(
    server: str, fedora: Path
) -> None:
    """Where the ALSA plugin is, it is not what is missing."""
    (fedora / "plugins" / f"libasound_module_pcm_{server}.so").touch()

    assert "dnf" not in sound_advice("none", "Error querying device -1")


@_linux
@pytest.mark.usefixtures("sound_server")
def test_what_is_there_and_fails_needs_no_package() -> None:
    """A plugin is no remedy for a device that could be found."""
    advice = sound_advice("device", "Unanticipated host error")

    assert "dnf" not in advice
    assert advice.endswith("`KERAS_SONIFY_DEVICE` chooses one.")


@_linux
@pytest.mark.usefixtures("fedora")
@pytest.mark.parametrize("kind", ["none", "device"])
@pytest.mark.parametrize(
    "named",
    [
        "unix:/nowhere/PulseServer",
        "/nowhere/PulseServer",
        "{0123abc}unix:/nowhere/PulseServer",
        "tcp:127.0.0.1:1",
        "127.0.0.1:1",
        "127.0.0.1:99999",
        "unix:" + 200 * "x",
        " ",
        "\0",
    ],
)
def test_a_server_that_does_not_answer_is_told_as_such(
    named: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`PULSE_SERVER` of WSLg or a container may name one that is dead."""
    monkeypatch.setattr(os, "environ", {**os.environ, "PULSE_SERVER": named})

    advice = sound_advice(kind, "Error querying device -1")

    assert f"{named}, which `PULSE_SERVER` names, does not answer." in advice
    assert "dnf" not in advice


@_linux
def test_a_dead_server_of_the_system_is_told_as_such(
    sound_server: socket.socket, fedora: Path
) -> None:
    """A socket that a server has left behind is no server."""
    sound_server.close()

    advice = sound_advice("none", "Error querying device -1")

    assert f"unix:{fedora}/pulse/native does not answer." in advice


@_linux
@pytest.mark.usefixtures("fedora")
def test_a_machine_without_sound_is_sent_to_the_files() -> None:
    """Without a sound server no package would help."""
    advice = sound_advice("none", "Error querying device -1")

    assert advice.endswith("Listen to the WAV files on a machine that has one.")


@pytest.mark.parametrize(
    ("kind", "detail", "told"),
    [
        ("choice", "No output device matching 'x'", "matching 'x'. `keras-sonify dev"),
        ("choice", "", "there is no such device. `keras-sonify devices`"),
        ("frozen", "", "the audio device has stopped playing."),
        ("ended", "exit status -9", "process ended (exit status -9)."),
        ("muted", "", "somebody has ended the loudspeaker's process."),
        ("busy", "Device unavailable", "another program keeps the audio device"),
        ("format", "Invalid sample rate", "that were tried (Invalid sample rate)."),
    ],
)
def test_each_kind_of_trouble_has_its_words(kind: str, detail: str, told: str) -> None:
    """The library's own words come along where there are any."""
    advice = sound_advice(kind, detail)

    assert told in advice
    assert "live sound" in advice


def test_a_warning_is_given_to_the_caller() -> None:
    """It is an ordinary `UserWarning`, placed at the line that warns."""
    with pytest.warns(UserWarning, match="^no sound$") as caught:
        warn("no sound")

    assert caught[0].filename == __file__


def test_a_warning_never_raises(caplog: pytest.LogCaptureFixture) -> None:
    """Where warnings are made errors, it goes to the log instead."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn("no sound")

    assert caplog.messages == ["no sound"]
