"""Fixtures that several tests share."""

import inspect
import os
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from browser import Browser, chromium_path
from patience import played_again
from virtual_card import VirtualCard, missing_packages

if TYPE_CHECKING:
    from rendered import Rendered
    from window import Window

# These need browsers and packages of their own: `make browsers` names them.
collect_ignore = ["browsers", "firefox.py", "webkit.py"]

# What starts a program, a browser or Keras: helpers of the tests, and packages. And
# what renders all of the project's trainings, which a quick check can do without.
_SLOW = {
    *("browser", "command", "lab", "live_page", "live_page_listener"),
    *("live_page_seen", "programs", "rendered"),
    *("tiny_network", "virtual_card", "keras", "nbclient", "subprocess"),
}
# A browser that is short of time leaves holes in what it plays on a sound card. What a
# test file itself takes the time of depends on what else the machine does.
_HEARD_IN_A_BROWSER = ({"Browser"}, {"virtual_card"})
_CLOCKS = {
    *("monotonic", "perf_counter", "process_time"),
    *("exit_seconds", "pipe_seconds"),
}


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark tests by what they use, themselves or by fixtures.

    As slow what starts a program, a browser or Keras: `make quick` leaves it out. As
    timed what looks at a clock: `make test` runs two at a time, which mostly wait. As
    alone what is heard in a browser: nothing runs beside it.
    """
    for item in items:
        if isinstance(item, pytest.Function):
            fixtures = item._fixtureinfo.name2fixturedefs.values()
            parts = [item.function, *(one.func for all_ in fixtures for one in all_)]
            home = item.module.__name__
            if _use(_SLOW, parts):
                item.add_marker("slow")
            if all(_use(each, parts) for each in _HEARD_IN_A_BROWSER):
                item.add_marker("alone")
            elif _use(_CLOCKS, parts, within=home):
                item.add_marker("timed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was played again, which hides how often it goes wrong."""
    if played_again:
        terminalreporter.section("recordings that were damaged and played again")
        terminalreporter.write_line("\n".join(played_again))


def _use(
    wanted: AbstractSet[str],
    parts: Iterable[Callable[..., object]],
    within: str | None = None,
) -> bool:
    """Whether functions name something, or other functions that do.

    Args:
        wanted: What: names, and modules where things come from.
        parts: The functions.
        within: The only module whose functions are looked at. Defaults to all.
    """
    seen: set[object] = set()
    left = list(parts)
    while left:
        function = inspect.unwrap(left.pop())
        if not inspect.isfunction(function) or function in seen:
            continue
        if within not in (None, function.__module__):
            continue
        seen.add(function)
        names = _names(function.__code__)
        used = [function.__globals__.get(name) for name in names]
        if not wanted.isdisjoint([*names, *map(_home, used)]):
            return True
        left += [thing for thing in used if callable(thing)]
    return False


def _names(code: CodeType) -> set[str]:
    """Return all names that code uses, also in the functions inside it."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return {*code.co_names}.union(*map(_names, inner))


def _home(thing: Any) -> str:  # noqa: ANN401
    """Return the top-level module that a thing is, or comes from."""
    is_module = isinstance(thing, ModuleType)
    name = thing.__name__ if is_module else getattr(thing, "__module__", None)
    return (name or "").partition(".")[0]


def _lack(message: str) -> NoReturn:
    """Skip a test for what this machine lacks; fail it where it must not lack it."""
    if os.environ.get("KERAS_SONIFY_REQUIRE_CARD") == "1" or os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> "list[Rendered]":
    """All trainings of the project, rendered."""
    from rendered import render_all

    return render_all(tmp_path_factory.getbasetemp() / "trainings")


@pytest.fixture(scope="module")
def model() -> Any:  # noqa: ANN401 - Keras has no types
    """A network that learns in milliseconds; the trainings of a file go on with it."""
    from tiny_training import tiny_network

    return tiny_network()


@pytest.fixture(scope="session")
def card_parts() -> None:
    """See to it that the virtual sound card can run; where it must, fail without it."""
    if missing := missing_packages():
        _lack(f"The virtual sound card needs: apt-get install {' '.join(missing)}")


@pytest.fixture
def card(card_parts: None) -> Iterator[VirtualCard]:  # noqa: ARG001 - must come first
    """A sound card of the test's own, which records what is played on it."""
    with VirtualCard() as virtual_card:
        yield virtual_card


@pytest.fixture
def browser(card: VirtualCard) -> Iterator[Browser]:
    """Chromium, heard on the test's own sound card."""
    if chromium_path() is None:
        _lack("The pages are opened in a browser: apt-get install chromium")
    with Browser(card.env) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def ear(card_parts: None) -> Iterator[VirtualCard]:  # noqa: ARG001 - must come first
    """A sound card for all tests of a file."""
    with VirtualCard() as virtual_card:
        yield virtual_card


@pytest.fixture(scope="module", params=["Firefox", "WebKit"])
def window(
    request: pytest.FixtureRequest,
    ear: VirtualCard,
    tmp_path_factory: pytest.TempPathFactory,
) -> "Iterator[Window]":
    """The window of a browser beside Chromium, for all tests of a file."""
    from firefox import Firefox
    from webkit import WebKit

    kinds: dict[str, type[Firefox | WebKit]]
    kinds = {"Firefox": Firefox, "WebKit": WebKit}
    with kinds[request.param](ear.env, tmp_path_factory.mktemp("browser")) as opened:
        print(f"In {opened.version}.")  # noqa: T201 - shown by `pytest -s`
        yield opened
