"""Live sound in a browser: the way to the live page's process."""

import os
import secrets
import threading
from functools import partial
from typing import Any
from urllib.parse import quote

from keras_sonify.live.advice import missing_module, without_helper
from keras_sonify.live.child import Answer, Child
from keras_sonify.live.kept_run import packed
from keras_sonify.live.messages import Fields, Message
from keras_sonify.live.python import NoHelperError
from keras_sonify.page.board import Pictured
from keras_sonify.page.greeting import Greeting
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.record import Snapshot
from keras_sonify.words.terminal import print_lines

PORT = 8765
PORT_VARIABLE = "KERAS_SONIFY_PORT"
"""Environment variable: port of the live page, instead of the first free from 8765."""
TOKEN_VARIABLE = "KERAS_SONIFY_TOKEN"  # noqa: S105 - a name
"""Environment variable: token of the live page, instead of a new one each time."""
STAY_VARIABLE = "KERAS_SONIFY_STAY"
"""Environment variable: seconds that the page outlives the program, instead of an hour.
"""

_STAY = 3600.0
_LONGEST_STAY = 1e7  # seconds: months
_OPENING = 10.0  # seconds that the server may take to start
_PATIENCE = 2.0  # seconds that it may take to read a message
_MOST_STARTS = 5  # of a server that keeps ending


class BrowserOutlet:
    """Serves the live page, for all runs of this process at one address.

    The server is a process of its own, which a listener may hold up without reaching
    the training. One that was killed is started again at once, at the same address.

    Attributes:
        trouble: Why there is no page, in a sentence; `None` if there is one.
        may_pass: Whether that may pass: then the next cue tries again.
        address: Where it is; empty until it is known.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.trouble: str | None = None
        self.may_pass = False
        self.address = self._told = ""
        self._token = os.environ.get(TOKEN_VARIABLE) or secrets.token_urlsafe(18)
        self._port = _asked_port()
        self._starts = 0
        self._child: Child | None = None
        # What pages are to know, also of a new server.
        self._lasting: dict[str, Message] = {}
        self._runs: dict[object, Fields] = {}  # that are under way
        self._changed = threading.Condition()
        self._lock = threading.Lock()
        with self._lock:
            self._start()

    def show(self, state: Pictured, run: Snapshot, hearing: Hearing) -> None:
        """Replace what the page shows, and have its process keep the run."""
        self._send_lasting("state", state, packed(run, hearing))

    def greet(self, greeting: Greeting) -> None:
        """Let this be heard first by whoever enables sound."""
        self._send_lasting("greeting", greeting)

    def cue(self, cue: dict[str, Any]) -> None:
        """Let a cue be heard now."""
        self._send({"cue": cue})

    def introduce(self, fields: Fields, payload: bytes) -> None:
        """Have the server know of a run that is under way; see `Way`."""
        self._runs[fields["begin"]] = fields
        self._send(fields)

    def pass_on(self, fields: Fields, timeout: float = 0.0) -> None:
        """Tell it what a run says, if it takes that in time."""
        if (child := self._child) is not None:
            child.tell(fields, timeout)

    def dismiss(self, fields: Fields, timeout: float) -> None:
        """Tell it that a run has ended; the next one will not know it."""
        with self._lock:
            self._runs.pop(fields["done"], None)
            self.pass_on(fields, timeout)

    def leave(self, run: Snapshot, hearing: Hearing) -> None:
        """Leave nothing: the page's process has the run, and makes its page."""

    def wait_open(self, timeout: float = _OPENING) -> None:
        """Wait until it is known where the page is."""
        with self._changed:
            self._changed.wait_for(lambda: self.address or self.trouble, timeout)

    def tell(self) -> None:
        """Print where the page is: once, and again should it have had to move."""
        if self.address != self._told:
            self._told = self.address
            # Whatever `verbose` says: nobody can guess it.
            print_lines([f"Hear this training at {self.address}"])

    def _send_lasting(self, kind: str, what: object, payload: bytes = b"") -> None:
        self._lasting[kind] = ({kind: what}, payload)
        self._send(*self._lasting[kind])

    def _send(self, message: Fields, payload: bytes = b"") -> None:
        self.tell()
        with self._lock:
            if self.pid != os.getpid():
                return
            if self.trouble is not None and self.may_pass and "cue" in message:
                self.trouble = None
                self._start()
            if self.trouble is not None:
                return
            try:
                if self._child is not None:
                    self._child.send(message, payload, timeout=_PATIENCE)
            except BrokenPipeError:
                self._start()
            except TimeoutError:  # it hangs: better a new one
                if self._child is not None:
                    self._child.kill()
                self._start()

    def _start(self) -> None:
        """Start the server, and give it what pages are to show."""
        self.may_pass = False
        self._starts += 1
        if self._starts > _MOST_STARTS:
            self.trouble = "No more live page: its process has ended again and again."
            return
        if self._child is not None:
            self._child.close()
        settings = {"port": self._port, "token": self._token, "stay": _asked_stay()}
        try:
            hear = partial(self._hear, self._starts)
            self._child = Child("keras_sonify.live.server", [], hear)
            self._child.send(settings, timeout=_PATIENCE)
            for message in list(self._lasting.values()):
                self._child.send(*message, timeout=_PATIENCE)
            for run in list(self._runs.values()):
                self._child.send(run, timeout=_PATIENCE)
        except BrokenPipeError:
            pass  # it has ended already, which is on its way to be heard of
        except NoHelperError as error:
            self.trouble = f"No live page: {without_helper(str(error))}"
        except (OSError, RuntimeError) as error:  # the latter when Python is ending
            self.trouble = f"No live page: its process did not start ({error})."
            self.may_pass = True

    def _hear(self, start: int, answer: Answer) -> None:
        with self._changed:
            if "ready" in answer:
                self._port = answer["ready"]
                token = quote(self._token, safe="")
                self.address = f"http://127.0.0.1:{self._port}/?token={token}"
            elif answer.get("error") == "module":
                self.trouble = f"No live page: {missing_module(answer['message'])}"
            elif "error" in answer:
                self.trouble = (
                    f"No live page: {answer['message']}. {PORT_VARIABLE} chooses "
                    "another port."
                )
            elif "ended" in answer and not self.address and not self.trouble:
                self.trouble = (
                    f"No live page: its process ended with status {answer['ended']}."
                )
            self._changed.notify_all()
        if "ended" in answer:
            self._revive(start)

    def _revive(self, start: int) -> None:
        """Start the server anew, unless that has been done or is of no use."""
        with self._lock:
            if start == self._starts and self.trouble is None:
                self._start()


def _asked_stay() -> float:
    try:
        seconds = float(os.environ.get(STAY_VARIABLE, ""))
    except ValueError:
        return _STAY
    return seconds if 0.0 <= seconds < _LONGEST_STAY else _STAY  # nor NaN


def _asked_port() -> int:
    asked = os.environ.get(PORT_VARIABLE, "")
    return int(asked) if asked.isdecimal() and int(asked) <= 65_535 else PORT  # noqa: PLR2004


_current: BrowserOutlet | None = None


def browser_outlet() -> BrowserOutlet:
    """Return this process's live page; where it is has been printed."""
    global _current  # noqa: PLW0603 - one page a process, whoever plays
    if _current is None or _current.pid != os.getpid() or _current.trouble:
        _current = BrowserOutlet()
        _current.wait_open()
        _current.tell()
    return _current
