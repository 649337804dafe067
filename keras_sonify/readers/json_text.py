"""Text that is JSON, or was to be: damaged, encoded twice, or printed by Python."""

import ast
import gc
import json
import re

_BEGIN = re.compile(r"""\{\s*(?:"|\}|$)|\[\s*(?:["{\[]|$)|"\{\\"|\{'[^']*': \[""")
_LONGEST_PRINTED = 2**20  # characters that Python is given to read
_NUMPY = re.compile(r"\b(?:np|numpy)\.float\d+\(([^()]*)\)")
_NO_NUMBER = re.compile(r"(?<![\w'])(nan|-?inf)(?![\w'])")


def begins_document(line: str) -> bool:
    """Whether a log that begins with this line is JSON, be it whole or damaged."""
    if _BEGIN.match(line):
        return True
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        return line[:1] == "[" and error.pos >= len(line)
    except (ValueError, RecursionError):
        return False
    return line[:1] == "["


def parse(text: str) -> object:
    """Return what a text holds; `None` if it is neither JSON nor a dictionary."""
    # Of millions of lists the collector would look at all again and again, and a Ctrl-C
    # waits for the end.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _parse_printed(text) if text[:2] == "{'" else None
    finally:
        if is_collecting:
            gc.enable()


def _parse_printed(text: str) -> object:
    """Return a dictionary that Python printed: `str(history.history)`."""
    if len(text) > _LONGEST_PRINTED:
        return None
    text = _NO_NUMBER.sub(r"'\1'", _NUMPY.sub(r"\1", text))
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
