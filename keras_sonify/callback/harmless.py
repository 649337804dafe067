"""A fault of ours never stops a training."""

import functools
import logging
from collections.abc import Callable
from typing import Any, ParamSpec

_P = ParamSpec("_P")
_log = logging.getLogger(__name__)


def harmless(hook: Callable[_P, None]) -> Callable[_P, None]:
    """Wrap a hook so that a fault of ours never stops a training.

    Keras calls hooks bare: an exception in a callback ends `fit`. The first one of a
    training is warned of; the other hooks, and the next epoch, go on as they can.
    KeyboardInterrupt and SystemExit are no `Exception` and pass through.
    """

    @functools.wraps(hook)
    def safe(*args: _P.args, **kwargs: _P.kwargs) -> None:
        callback: Any = args[0]
        try:
            hook(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - see above
            _log.debug("SonifyCallback.%s failed", hook.__name__, exc_info=True)
            callback._warn_once(  # noqa: SLF001 - its own hook
                f"SonifyCallback.{hook.__name__} failed: {error!r}. The training and "
                "its record go on.",
            )

    return safe
