"""The project's notebooks run from beginning to end, without a browser."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent.parent / "notebooks"
_NOTEBOOKS = sorted(path.name for path in _FOLDER.glob("*.ipynb"))
_TIMEOUT = 120  # seconds a cell may take
_LARGEST = 1_500_000  # bytes of a notebook with all its outputs


def _execute(name: str, directory: Path) -> Any:  # noqa: ANN401 - nbformat is untyped
    import nbformat  # these two take two seconds, which the quick tests can spare
    from nbclient import NotebookClient

    read: Any = nbformat.read
    notebook = read(_FOLDER / name, as_version=4)
    resources = {"metadata": {"path": str(directory)}}
    NotebookClient(notebook, timeout=_TIMEOUT, resources=resources).execute()
    return notebook


def _outputs(notebook: Any) -> list[Any]:  # noqa: ANN401
    return [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]


def _html(notebook: Any) -> list[str]:  # noqa: ANN401
    found = [
        output.get("data", {}).get("text/html", "") for output in _outputs(notebook)
    ]
    return [html for html in found if html]


def test_there_are_notebooks() -> None:
    """A first training, how to listen, and the experiment that started it all."""
    assert _NOTEBOOKS == [
        "blog_experiment.ipynb",
        "first_training.ipynb",
        "how_to_listen.ipynb",
    ]


@pytest.mark.parametrize("name", _NOTEBOOKS)
def test_notebooks_are_kept_without_outputs(name: str) -> None:
    """Outputs hold sound: in the repository they would be a megabyte a change."""
    notebook = json.loads((_FOLDER / name).read_text())

    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(code) > 3
    assert all(not cell["outputs"] for cell in code)
    assert all(cell["execution_count"] is None for cell in code)


def test_the_first_training_leaves_a_player(tmp_path: Path) -> None:
    """Executed headless it passes; below `fit` stays a player, below that the page."""
    notebook = _execute("first_training.ipynb", tmp_path)

    plain, page = _html(notebook)
    assert "<figure>" in plain
    assert "data:audio/flac;base64," in plain
    assert "12 epochs, 1 to 12." in plain
    assert page.startswith("<iframe srcdoc=")
    assert "Training finished after epoch 12" in page
    assert "widget-view" not in json.dumps(notebook)
    assert len(json.dumps(notebook)) < _LARGEST
    written = {
        path.name for path in (tmp_path / "sonification/first_training").iterdir()
    }
    assert {"training.wav", "loss.wav", "score.csv", "index.html"} <= written


def test_the_blog_s_recipe_is_the_classic_style(tmp_path: Path) -> None:
    """Its steps by hand and the library give the same samples, and both are played."""
    notebook = _execute("blog_experiment.ipynb", tmp_path)

    by_hand, page = _html(notebook)
    told = "".join(output.get("text", "") for output in _outputs(notebook))
    assert re.search(r"66160 samples, all equal", told)  # 20 epochs of 3308
    assert '<source src="data:audio/' in by_hand
    assert "Training finished after epoch 20" in page
    assert len(json.dumps(notebook)) < _LARGEST
    assert (tmp_path / "loss_by_hand.wav").stat().st_size > 100_000


def test_four_runs_are_heard_side_by_side(tmp_path: Path) -> None:
    """Each has a player and its verdict; a page and a picture follow, without Keras."""
    notebook = _execute("how_to_listen.ipynb", tmp_path)

    players, page = _html(notebook)
    told = "".join(output.get("text", "") for output in _outputs(notebook))
    verdicts = re.findall(r"</audio><p>(.*?)</p>", players)
    assert players.count('<audio controls src="data:audio/mp3;base64,') == 4
    for verdict, begins in zip(
        verdicts,
        ("It improved to the end", "It overfits", "The training loss", "It levelled"),
        strict=True,
    ):
        assert verdict.startswith(begins)
        assert verdict in told
    assert page.startswith("<iframe srcdoc=")
    assert any("image/png" in output.get("data", {}) for output in _outputs(notebook))
    assert "keras." not in "".join(cell.source for cell in notebook.cells)
    assert len(json.dumps(notebook)) < _LARGEST
