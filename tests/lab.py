"""A real JupyterLab for tests, in folders of its own, on 127.0.0.1."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Page

_STARTING = 60.0  # seconds that the server may take


def notebook(*cells: str) -> dict[str, Any]:
    """Return a notebook of code cells."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {
                "name": "python3",
                "display_name": "Python 3",
                "language": "python",
            },
        },
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "source": cell,
                "execution_count": None,
                "outputs": [],
            }
            for number, cell in enumerate(cells)
        ],
    }


class Lab:
    """JupyterLab, serving a folder.

    Args:
        folder: What it serves; its settings go there too.
        env: Environment variables besides the test's own. Defaults to none.
    """

    def __init__(self, folder: Path, env: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._env = env or {}
        self._token = secrets.token_hex(8)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    def __enter__(self) -> Self:
        own = self._folder / "jupyter"
        places = {
            name: str(own / name.lower())
            for name in (
                "JUPYTER_CONFIG_DIR",
                "JUPYTER_DATA_DIR",
                "JUPYTER_RUNTIME_DIR",
                "JUPYTERLAB_SETTINGS_DIR",
                "JUPYTERLAB_WORKSPACES_DIR",
                "IPYTHONDIR",
            )
        }
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser"),
                *("--ip=127.0.0.1", f"--port={self._port}", "--allow-root"),
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={self._token}",
                f"--ServerApp.root_dir={self._folder}",
                "--LabApp.news_url=",
            ],
            env={**os.environ, **self._env, **places, "HOME": str(own)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + _STARTING
        while not self._answers():
            assert time.monotonic() < deadline, "JupyterLab does not start"
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # takes its kernels along
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def address(self, name: str) -> str:
        """Return where a notebook of the folder is opened."""
        return (
            f"http://127.0.0.1:{self._port}/lab/tree/{name}?token={self._token}&reset"
        )

    def api(self, what: str) -> str:
        """Return an address of the server's own interface."""
        return f"http://127.0.0.1:{self._port}/api/{what}?token={self._token}"

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """Put a notebook into the folder."""
        path = self._folder / name
        path.write_text(json.dumps(notebook(*cells)))
        return path

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.api("status"), timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def run_cell(page: Page, text: str) -> None:
    """Run the cell that holds a text, by keyboard, and go to the next one.

    JupyterLab shows a kernel as idle before its socket is up; what is run then is lost
    without a word. So it is run again until the cell has been taken.
    """
    cell = page.locator(".jp-CodeCell", has_text=text).first
    for _ in range(20):
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        for _ in range(20):
            prompt = cell.locator(".jp-InputPrompt").inner_text()
            if prompt.strip() not in ("[ ]:", ""):
                return
            page.wait_for_timeout(100)
    raise AssertionError("The cell does not run.")
