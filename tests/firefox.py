"""A real Firefox for tests, driven by its own Marionette: no driver stands between."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

from browser import until
from marionette_driver.by import By
from marionette_driver.marionette import Marionette

_STARTING = 60.0  # seconds that it may take on a busy machine


class Firefox:
    """Firefox without a window on any screen.

    Args:
        env: Its environment variables: those of a virtual card to be heard there.
        folder: An empty one, for its profile.
    """

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self._env = {**env, "HOME": str(folder)}
        self._profile = folder

    def __enter__(self) -> Self:
        port = self._profile / "MarionetteActivePort"
        (self._profile / "user.js").write_text('user_pref("marionette.port", 0);\n')
        name = shutil.which("firefox-esr") or "firefox"
        self._process = subprocess.Popen(
            [
                *(name, "--headless", "--marionette", "--no-remote"),
                *("--profile", str(self._profile), "about:blank"),
            ],
            env=self._env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal is not for it
        )
        try:
            until(lambda: port.exists() and port.read_text(), _STARTING)
            self._page = Marionette("127.0.0.1", port=int(port.read_text()))
            self._page.start_session()
        except BaseException:
            self._end()
            raise
        self.version = f"Firefox {self._page.session_capabilities['browserVersion']}"
        return self

    def __exit__(self, *_: object) -> None:
        self._page.delete_session()
        self._end()

    def _end(self) -> None:
        self._process.terminate()  # it ends those that it has started
        self._process.wait()

    def open(self, address: str) -> None:
        """Open an address and wait until it is there."""
        self._page.switch_to_frame()
        self._page.navigate(address)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run a function's body in the page, and return what it returns."""
        return self._page.execute_script(script, arguments, new_sandbox=False)

    def click(self, selector: str) -> None:
        """Click on a part of the page, which is a user's gesture."""
        self._page.find_element(By.CSS_SELECTOR, selector).click()

    def press(self, keys: str) -> None:
        """Press keys, one after the other, which is a user's gesture."""
        self._page.actions.sequence("key", "keyboard").send_keys(keys).perform()

    def enter(self, selector: str) -> None:
        """Go on in a frame of the page; `open` leaves it."""
        self._page.switch_to_frame(self._page.find_element(By.CSS_SELECTOR, selector))
