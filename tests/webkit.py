"""A real WebKitGTK for tests: what is in Safari, too, with GStreamer for its sound."""

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from selenium.webdriver.webkitgtk.webdriver import WebDriver


class WebKit:
    """The small browser that comes with WebKitGTK, on a screen that nobody sees.

    Args:
        env: Its environment variables: those of a virtual card to be heard there.
        folder: An empty one, for all that it keeps.
    """

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self._env = {
            **env,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "NO_AT_BRIDGE": "1",
        }
        self._started = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:
            self._env["DISPLAY"] = started.enter_context(Screen()).name
            self._driver = WebDriver(Options(), Service(env=self._env))
            started.callback(self._driver.quit)
            self.version = f"WebKitGTK {self._driver.capabilities['browserVersion']}"
            self._started = started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    def open(self, address: str) -> None:
        """Open an address and wait until it is there."""
        self._driver.switch_to.default_content()
        self._driver.get(address)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run a function's body in the page, and return what it returns."""
        return self._driver.execute_script(script, *arguments)

    def click(self, selector: str) -> None:
        """Click on a part of the page, which is a user's gesture."""
        self._driver.find_element(By.CSS_SELECTOR, selector).click()

    def press(self, keys: str) -> None:
        """Press keys, one after the other, which is a user's gesture."""
        ActionChains(self._driver).send_keys(keys).perform()

    def enter(self, selector: str) -> None:
        """Go on in a frame of the page; `open` leaves it."""
        frame = self._driver.find_element(By.CSS_SELECTOR, selector)
        self._driver.switch_to.frame(frame)


class Screen:
    """A screen without hardware.

    Attributes:
        name: What programs know it by.
    """

    def __enter__(self) -> Self:
        told, tell = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tell), "-nolisten", "tcp"],
            pass_fds=[tell],
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal is not for it
        )
        os.close(tell)
        with os.fdopen(told) as answer:
            self.name = f":{answer.readline().strip()}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
