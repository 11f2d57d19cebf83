"""The small Markdown of the demonstration documents, as blocks that every renderer understands.

Pure. Known: headings (two to four hashes), paragraphs, bullets, numbered lists, quotations, tables
with a header row, a page break (three hyphens), and bold and italic inside a text. Anything else is
plain text: nothing in a source is markup for a renderer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 opens a section, a slide or a sheet."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Quotation:
    """A passage set apart."""

    text: str


@dataclass(frozen=True)
class ListBlock:
    """A list of items, numbered or with bullets."""

    items: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True)
class Table:
    """A table with a header row; every row has as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PageBreak:
    """The next block stands on a new page."""


Block: TypeAlias = Heading | Paragraph | Quotation | ListBlock | Table | PageBreak

_STYLED = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|\*(?P<italic>[^*\s][^*]*)\*")
_NUMBERED = re.compile(r"\d+\. +")
_CHUNK = re.compile(r"\n[ \t]*\n+")


def parse_blocks(body: str) -> tuple[Block, ...]:
    """Read the body of a source; blocks are parted by empty lines."""
    return tuple(_block(chunk.strip("\n")) for chunk in _CHUNK.split(body.strip()) if chunk.strip())


def _block(chunk: str) -> Block:
    lines = chunk.splitlines()
    first = lines[0]
    if first == "---":
        return PageBreak()
    if first.startswith(("## ", "### ", "#### ")):
        hashes, text = first.split(" ", 1)
        return Heading(level=len(hashes) - 1, text=text.strip())
    if first.startswith("|"):
        return _table(lines)
    if first.startswith("> "):
        return Quotation(" ".join(line.removeprefix(">").strip() for line in lines))
    if first.startswith("- "):
        return ListBlock(tuple(_items(lines, re.compile(r"- +"))), numbered=False)
    if _NUMBERED.match(first):
        return ListBlock(tuple(_items(lines, _NUMBERED)), numbered=True)
    return Paragraph(" ".join(line.strip() for line in lines))


def _items(lines: list[str], mark: re.Pattern[str]) -> Iterator[str]:
    item = ""
    for line in lines:
        if found := mark.match(line):
            if item:
                yield item
            item = line[found.end() :].strip()
        else:
            item = f"{item} {line.strip()}"
    yield item


def _table(lines: list[str]) -> Table:
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    if len({len(row) for row in rows}) != 1 or len(rows) < 2:
        raise ValueError(f"a table has a header, rows, and as many cells in each: {lines[0]}")
    return Table(header=rows[0], rows=tuple(rows[1:]))


def runs(text: str) -> list[Run]:
    """Split a text into stretches of one style."""
    result: list[Run] = []
    position = 0
    for found in _STYLED.finditer(text):
        if found.start() > position:
            result.append(Run(text[position : found.start()]))
        bold, italic = found["bold"], found["italic"]
        result.append(Run(bold or italic, bold=bool(bold), italic=bool(italic)))
        position = found.end()
    if position < len(text):
        result.append(Run(text[position:]))
    return result


def plain(text: str) -> str:
    """The text without its styles."""
    return "".join(run.text for run in runs(text))


def sections(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """The blocks by top heading: slides and sheets. What stands before the first has no name."""
    result: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            result.append((block.text, []))
        else:
            result[-1][1].append(block)
    return result if result[0][1] else result[1:]
