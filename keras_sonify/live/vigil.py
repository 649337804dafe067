"""The runs that are under way, as a helper process knows them: done, dead or hung."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from keras_sonify.live.messages import Fields
from keras_sonify.live.terminal import Terminal
from keras_sonify.rules.stall import Stall

News = Literal["died", "stalled", "goes_on"]

_GOES_ON = "Training goes on."


@dataclass(slots=True)
class _Run:
    """A run under way: what it gave along, and what is to be told if it dies."""

    given: Fields
    payload: bytes
    terminal: Terminal
    last_words: str
    stall: Stall = field(default_factory=Stall)
    is_resting: bool = False
    is_stalled: bool = False


class Vigil:
    """Tells how runs fare whose own process cannot tell it.

    It takes in messages, of which `{"begin": run}` says that a run is under way,
    `{"beat": run}` that an epoch has ended, or goes on if `within`, `{"rest": run}`
    that none is under way for now, `{"wake": run}` that one is again, and `{"done":
    run}` that it has ended in whatever way.

    Args:
        tell: Called with the news, in a sentence, and what the run gave along when it
            began: fields and bytes.
        clock: Tells the time, in seconds. Defaults to the monotonic clock.
    """

    def __init__(
        self,
        tell: Callable[[News, str, Fields, bytes], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._runs: dict[object, _Run] = {}

    def take(self, fields: Fields, payload: bytes = b"") -> None:
        """Take in a message; one that is about something else is passed over."""
        if "begin" in fields:
            terminal = Terminal(fields.get("terminal", ""))
            run = _Run(fields, payload, terminal, fields["died"])
            run.stall.begin(self._clock())
            self._forget(fields["begin"])
            self._runs[fields["begin"]] = run
        elif "done" in fields:
            self._forget(fields["done"])
        elif "rest" in fields and (known := self._runs.get(fields["rest"])):
            known.is_resting = True
        elif "wake" in fields and (known := self._runs.get(fields["wake"])):
            known.is_resting = False
            known.stall.begin(self._clock())
        elif "beat" in fields and (known := self._runs.get(fields["beat"])):
            self._hear(known, is_within=fields.get("within") is True)
            known.last_words = fields["died"]

    def _hear(self, run: _Run, *, is_within: bool) -> None:
        if run.is_stalled:
            self._say("goes_on", _GOES_ON, run)
        run.is_resting = run.is_stalled = False
        run.stall.heard(self._clock(), is_within=is_within)

    def look(self) -> None:
        """Tell of runs from which nothing has come for long."""
        for run in self._runs.values():
            if not run.is_resting and (told := run.stall.check(self._clock())):
                run.is_stalled = True
                self._say("stalled", told, run)

    def end(self) -> None:
        """The training's process is gone: what is under way has died."""
        for number, run in list(self._runs.items()):
            if not run.is_resting:
                self._say("died", run.last_words, run)
            self._forget(number)

    def _say(self, news: News, sentence: str, run: _Run) -> None:
        run.terminal.say(sentence)
        self._tell(news, sentence, run.given, run.payload)

    def _forget(self, number: object) -> None:
        if run := self._runs.pop(number, None):
            run.terminal.close()
