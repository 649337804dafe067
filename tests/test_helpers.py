"""Helper processes: started by a Python that is one, and never by a helper."""

import os
import sys
from pathlib import Path

import pytest
from ear import listen
from live_page import address_of, page_env, server_of
from programs import Program, children, run, sonify
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.live.python import MARK, no_helper

# What follows pretends to be something else before the first epoch.
_BODY = """
    import os, sys
    {pretend}
    for epoch in range(3):
        sonifier.epoch(epoch, logs(epoch))
        time.sleep(0.1)
    sonifier.drain(5.0)
    print("children", json.dumps(len(open(
        f"/proc/{{os.getpid()}}/task/{{os.getpid()}}/children").read().split())))
    sonifier.end()
"""

_FOREIGN = {
    "packed": "sys.frozen = True",
    "packed for macOS": "sys.frozen = 'macosx_app'",
    "compiled": "__compiled__ = object()",
    "empty": "sys.executable = ''",
    "none": "sys.executable = None",
    "bytes": "sys.executable = os.fsencode(sys.executable)",
    "a NUL": "sys.executable += chr(0)",
    "gone": "sys.executable = '/nowhere/python3'",
    "a directory": "os.mkdir('python3'); sys.executable = os.path.abspath('python3')",
    "R": "sys.executable = os.path.abspath('R')",
    "R by the name of python": "sys.executable = os.path.abspath('python')",
    "a helper's child": f"os.environ[{MARK!r}] = '[]'",
}


@pytest.mark.parametrize("pretend", _FOREIGN.values(), ids=_FOREIGN)
@pytest.mark.parametrize("player", ["auto", "speaker", "browser"])
def test_what_is_no_python_is_not_started(
    player: str, pretend: str, tmp_path: Path
) -> None:
    """Nothing is started, one warning says so with ways that work, and files hold."""
    (tmp_path / "R").write_text("#!/bin/sh\ntouch started\n")
    (tmp_path / "R").chmod(0o755)
    (tmp_path / "python").symlink_to("R")

    program = run(sonify(_BODY.format(pretend=pretend), player), tmp_path, page_env())

    assert program.status == 0
    assert program.told("children") == 0
    assert not (tmp_path / "started").exists()
    (warning,) = program.warnings
    assert warning.startswith(("No live sound: ", "No live page: "))
    assert "`keras-sonify listen`" in warning
    assert "browser" not in warning
    assert (tmp_path / "sound" / "loss.wav").exists()


@pytest.mark.parametrize(
    "name", ["python", "python3", "python3.13t", "python_d.exe", "Python", "pypy3"]
)
def test_pythons_are_known_by_their_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a Python is called on some system, it can be a helper's."""
    (tmp_path / name).write_text("")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / name))

    assert no_helper() is None


@pytest.mark.parametrize("name", ["Rterm.exe", "pythonista", "python-app", "uwsgi"])
def test_other_programs_are_known_by_their_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that embeds Python is not started, however close its name."""
    (tmp_path / name).write_text("")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / name))

    assert name in str(no_helper())


def test_a_python_without_a_name_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no `sys.executable` at all, there is no helper either."""
    monkeypatch.delattr(sys, "executable")

    assert no_helper() is not None


def test_a_helper_is_marked(card: VirtualCard, tmp_path: Path) -> None:
    """What a helper starts, whatever that is, is told that it must start none."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        sonifier.drain(10.0)
        print("ready")
        input()
    """)

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        environment = Path(f"/proc/{helper}/environ").read_bytes().split(b"\0")

    assert [each for each in environment if each.startswith(MARK.encode())]


def in_helpers(directory: Path, body: str) -> dict[str, str]:
    """Return variables with which helpers run some lines first."""
    # Python runs this file before all others.
    lines = body.replace("\n", "\n    ")
    (directory / "sitecustomize.py").write_text(
        f"import os, sys\nif {MARK!r} in os.environ:\n    {lines}\n"
    )
    paths = [str(directory), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths)}


def check_plays(card: VirtualCard, directory: Path, body: str) -> None:
    """Assert that a cue is heard, without a warning, though helpers run some lines."""
    env = {**card.env, **in_helpers(directory, body)}
    script = sonify("""
        sonifier.epoch(0, logs(0))
        sonifier.drain(10.0)
        sonifier.end()
    """)

    program = run(script, directory, env)
    card.wait_quiet()

    rows = read_table(directory / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    assert program.warnings == []


_BLIND = "sys.path[:] = [path for path in sys.path if 'site-packages' not in path]"


def test_a_helper_finds_what_the_training_finds(
    card: VirtualCard, tmp_path: Path
) -> None:
    """Libraries that only the training's own `sys.path` leads to are found."""
    check_plays(card, tmp_path, _BLIND)


_REFUSES = """
class Refuses:
    def find_spec(self, name, *_):
        if name in ("sounddevice", "sse_starlette"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Refuses())
"""


@pytest.mark.parametrize(
    ("player", "module"), [("speaker", "sounddevice"), ("browser", "sse_starlette")]
)
def test_a_module_that_is_missing_is_named(
    player: str, module: str, tmp_path: Path
) -> None:
    """Where a helper cannot import what it needs, which and the way out are told."""
    env = {**page_env(), **in_helpers(tmp_path, _REFUSES)}

    program = run(sonify(_BODY.format(pretend=""), player), tmp_path, env)

    (warning,) = program.warnings
    assert f"No module named '{module}'" in warning
    assert "PYTHONPATH" in warning
    assert program.status == 0


_CHATTER = """
for text in ("1", "null", "[]", "{", '"ready"', 100_000 * "[", "starting"):
    print(text)
sys.stdout.buffer.write(bytes(range(128, 256)) + b"\\n")
print("no end of line", end="")
"""


def test_chatter_of_a_speaker_is_passed_over(card: VirtualCard, tmp_path: Path) -> None:
    """What a `sitecustomize` prints is no answer, and does not hide one."""
    check_plays(card, tmp_path, _CHATTER)


def test_chatter_of_a_page_is_passed_over(tmp_path: Path) -> None:
    """The page's address comes at once, whatever else its process prints."""
    env = {**page_env(), **in_helpers(tmp_path, _CHATTER)}
    script = sonify("sonifier.begin()\ninput()", "browser")

    with Program(script, tmp_path, env) as program:
        assert address_of(program)
        assert server_of(program.pid)
        program.go_on()
        program.finish()

    assert program.warnings == []
