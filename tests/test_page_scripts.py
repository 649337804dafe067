"""The scripts of the pages, before any browser has seen them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from keras_sonify.page.assets import (
    LEARN_SCRIPT,
    LIVE_SCRIPT,
    REPORT_SCRIPT,
    WIDGET_SCRIPT,
    asset,
)


@pytest.mark.parametrize(
    "files", [REPORT_SCRIPT, LIVE_SCRIPT, WIDGET_SCRIPT, LEARN_SCRIPT]
)
def test_a_script_is_a_module(files: tuple[str, ...], tmp_path: Path) -> None:
    """Its files, one after the other, are one module that declares no name twice."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("The scripts are checked by Node: apt-get install nodejs")
    script = tmp_path / "script.mjs"
    script.write_text(asset(*files), encoding="utf-8")

    done = subprocess.run(
        [node, "--check", script], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
