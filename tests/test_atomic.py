"""Files appear whole or not at all, under names that every file system bears."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from keras_sonify.files.atomic import file_stem, remove_stale_parts, whole_file

_LONGEST_FILE_NAME = 255  # bytes, on most file systems


def test_a_file_appears_when_its_block_ends(tmp_path: Path) -> None:
    """Within the block the path does not exist; after it the content is there."""
    path = tmp_path / "score.csv"

    with whole_file(path) as part:
        part.write_text("whole")
        early = path.exists()

    assert not early
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt])
def test_a_raising_block_leaves_the_old_file(
    tmp_path: Path,
    error: type[BaseException],
) -> None:
    """What stood there before stays, and nothing half written is left."""
    path = tmp_path / "score.csv"
    path.write_text("old")

    def write_half() -> None:
        with whole_file(path) as part:
            part.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


class _InUse(type(Path())):  # type: ignore[misc] # a system's own class
    """A file that is refused its place as Windows does, as often as it is told to."""

    refusals = 0
    number = 32

    def replace(self, target: Any) -> Any:  # noqa: ANN401 - as `Path` has it
        """Refuse, or do it."""
        if _InUse.refusals > 0:
            _InUse.refusals -= 1
            error = PermissionError("It is used by another process.")
            error.winerror = self.number  # type: ignore[attr-defined]
            raise error
        return super().replace(target)


def test_a_file_that_somebody_reads_is_replaced_a_moment_later(tmp_path: Path) -> None:
    """On Windows it is refused meanwhile, and tried again; not where it never may."""
    path = _InUse(tmp_path / "log.csv")
    path.write_text("old")

    _InUse.refusals = 2
    with whole_file(path) as part:
        part.write_text("new")
    assert (path.read_text(), _InUse.refusals) == ("new", 0)

    _InUse.refusals, _InUse.number = 2, 1
    with pytest.raises(PermissionError), whole_file(path):
        pass
    assert (path.read_text(), _InUse.refusals) == ("new", 1)


def test_only_old_parts_are_swept_away(tmp_path: Path) -> None:
    """A part that a killed process left goes; fresh parts and other files stay."""
    names = [".loss.wav.1.part", ".auc.wav.2.part", "mine.part", "loss.wav"]
    old, fresh, other, whole = (tmp_path / name for name in names)
    long_ago = time.time() - 3600
    for path in (old, fresh, other, whole):
        path.touch()
        if path != fresh:
            os.utime(path, (long_ago, long_ago))

    remove_stale_parts(tmp_path)

    assert set(tmp_path.iterdir()) == {fresh, other, whole}


def test_a_planted_link_is_swept_away(tmp_path: Path) -> None:
    """It is not taken for the file that it leads to, which stays."""
    victim, link = tmp_path / "victim", tmp_path / ".loss.wav.1.part"
    victim.touch()
    link.symlink_to(victim)
    long_ago = time.time() - 3600
    os.utime(link, (long_ago, long_ago), follow_symlinks=False)

    remove_stale_parts(tmp_path)

    assert list(tmp_path.iterdir()) == [victim]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("loss", "loss"),
        ("val_top-k.5", "val_top-k.5"),
        ("précision µ", "précision_µ"),
        ("精度", "精度"),
        ("<img onerror=alert(1)>", "img_onerror_alert_1"),
        ("../../x", "x"),
        ("/etc/passwd", "etc_passwd"),
        ("C:\\x", "C_x"),
        ("a\nb\0c", "a_b_c"),
        (".hidden", "hidden"),
        ("..", "metric"),
        ("", "metric"),
        ("🔥", "metric"),
        ("con", "con_"),
        ("NUL.txt", "NUL_.txt"),
        ("com1", "com1_"),
        ("console", "console"),
        ("falcon.x", "falcon.x"),
        ("com1.x.y", "com1_.x.y"),
        ("COM¹", "COM¹_"),
        ("lpt².log", "lpt²_.log"),
        ("nul. x", "nul_._x"),
        ("con .", "con_"),
        ("CONIN$", "CONIN"),
        ("-2+3", "2_3"),
        ("e\u0301", "é"),
        ("नमस्ते", "नमस्ते"),
        ("lo\u3164ss\u200b", "lo_ss"),
    ],
    ids=repr,
)
def test_any_name_becomes_a_safe_stem(name: str, stem: str) -> None:
    """Letters of any script stay; what a file system or a shell minds does not."""
    assert file_stem(name, set()) == stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [("val_точность_accuracy", "val_accuracy"), ("损失", "metric"), ("loss", "loss")],
)
def test_where_file_names_are_ascii_a_stem_is(name: str, stem: str) -> None:
    """What such a file system cannot write is left out; others may take the rest."""
    assert file_stem(name, set(), "ascii") == stem
    assert file_stem(name, {stem}, "ascii") == f"{stem}-2"


def test_a_stem_that_was_cut_ends_in_no_dot() -> None:
    """It may name a directory, and Windows takes a dot at the end of one away."""
    assert not file_stem("x" * 119 + ".yz", set()).endswith(".")


def test_a_part_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    """As the user's mask says; whoever may read the file's directory may read it."""
    (tmp_path / "any").touch()

    with whole_file(tmp_path / "score.csv") as part:
        part.write_text("whole")

    rights = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(rights) == 1


def test_nobody_can_know_the_name_of_a_part(tmp_path: Path) -> None:
    """So that no link can be planted there, to be written through."""
    names = set()
    for _ in range(20):
        with whole_file(tmp_path / "score.csv") as part:
            names.add(part.name)

    assert len(names) == 20


@pytest.mark.parametrize("letter", ["x", "µ", "精", "𠀀"])
def test_a_long_name_still_fits(tmp_path: Path, letter: str) -> None:
    """Of 300 letters of any script a file, and its part, can still be written."""
    path = tmp_path / f"{file_stem(300 * letter, set())}.wav"

    with whole_file(path) as part:
        part.write_bytes(b"")
        longest = len(os.fsencode(part.name))

    assert path.exists()
    assert longest <= _LONGEST_FILE_NAME


def test_stems_never_collide() -> None:
    """Names that some file system holds for one get different stems."""
    taken: set[str] = set()
    names = ["loss", "LOSS", "Loss", "loss-2", "loss!", "", "?", "con", "CON", "con_"]

    stems = [file_stem(name, taken) for name in names]

    assert len({stem.lower() for stem in stems}) == len(names)
    assert {stem.lower() for stem in stems} == taken


def test_long_names_that_begin_alike_get_stems_of_their_own() -> None:
    """What differs beyond the longest stem is told apart by a number."""
    taken: set[str] = set()

    first, second = (file_stem(300 * "x" + end, taken) for end in "ab")

    assert first != second


def test_a_name_cannot_take_a_file_of_the_run() -> None:
    """A metric called as another file of the run gets a number."""
    taken = {"training", "score"}

    assert file_stem("Training", taken) == "Training-2"
