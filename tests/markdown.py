"""What stands in the project's Markdown files: code blocks and tables."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def section(file: str, title: str = "") -> str:
    """Return what stands below a heading, to the next one as high; else all.

    Args:
        file: Name of the file.
        title: The heading. Defaults to the whole file.
    """
    text = (ROOT / file).read_text(encoding="utf-8")
    if not title:
        return text
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.MULTILINE)
    assert found, f"{file} has no heading {title!r}"
    # What begins with one # may be a comment in code.
    end = re.compile(rf"^#{{2,{len(found[1])}}} ", re.MULTILINE)
    return end.split(text[found.end() :], maxsplit=1)[0]


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(text: str, first: str) -> list[list[str]]:
    """Return the cells of the table whose first column has this name, row by row."""
    _, found, rest = text.partition(f"| {first} |")
    assert found, f"no table begins with {first!r}"
    lines = rest.splitlines()[2:]
    table = []
    for line in lines:
        if not line.startswith("|"):
            break
        # A pipe in a cell is written with a backslash before it.
        cells = re.split(r"(?<!\\)\|", line.strip("|"))
        table.append([cell.strip() for cell in cells])
    return table


def code_in(cell: str) -> list[str]:
    """Return what stands in code in a cell."""
    return re.findall(r"`([^`]+)`", cell)
