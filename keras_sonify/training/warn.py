"""Warnings that never raise."""

import logging
import warnings


def warn(message: str) -> None:
    """Warn the user, and never raise: under `-W error` a warning is an exception."""
    try:
        warnings.warn(message, stacklevel=2)
    except Warning:
        logging.getLogger(__name__).warning(message)
