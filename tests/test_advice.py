"""Trouble is told with the command that helps on this system."""

import os
import sys
import warnings
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
    return tmp_path


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
def test_a_sound_server_without_a_bridge_is_connected(fedora: Path) -> None:
    """Where PulseAudio or PipeWire runs, the missing ALSA plugin is named."""
    (fedora / "pulse").mkdir()
    (fedora / "pulse" / "native").touch()

    advice = sound_advice("device", "Error querying device -1")

    assert "(Error querying device -1)" in advice
    assert _as_root("dnf install alsa-plugins-pulseaudio") in advice


@_linux
@pytest.mark.usefixtures("fedora")
def test_a_machine_without_sound_is_sent_to_the_files() -> None:
    """Without a sound server no package would help."""
    advice = sound_advice("device", "Error querying device -1")

    assert advice.endswith("Listen to the WAV files on a machine that has one.")


@pytest.mark.parametrize(
    ("kind", "detail", "told"),
    [
        ("choice", "No output device matching 'x'", "matching 'x'. `keras-sonify dev"),
        ("choice", "", "there is no such device. `keras-sonify devices`"),
        ("frozen", "", "the audio device has stopped playing."),
        ("ended", "exit status -9", "process ended (exit status -9)."),
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
