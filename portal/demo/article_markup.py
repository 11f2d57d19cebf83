"""The small Markdown subset of the demonstration articles, turned into body blocks.

Invariant: every line of a body becomes exactly one part of one block, or the reading fails with
the number of the line; nothing is dropped in silence, and text is escaped before it is marked up.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypedDict

import yaml

BlockKind = Literal["heading", "rich_text", "quotation", "legal_source", "key_message", "table"]
FENCES: frozenset[str] = frozenset({"legal-source", "key-message", "table"})


class Quotation(TypedDict):
    """Words of somebody, and who said them."""

    text: str
    attribution: str


class LegalSource(TypedDict):
    """One provision of one instrument; `url` is empty where no official page is linked."""

    instrument: str
    provision: str
    text: str
    url: str


class Table(TypedDict):
    """A caption and rows of equal length; the first row is the header."""

    caption: str
    rows: list[list[str]]


BlockValue = str | Quotation | LegalSource | Table
Block = tuple[BlockKind, BlockValue]


class MarkupError(ValueError):
    """A body that is not written in the subset; the message names the line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")


_LINK = re.compile(r"\[([^\]]+)\]\((https://[^\s()]+)\)")
_STRONG = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")
_EMPHASIS = re.compile(r"\*(\S(?:[^*]*\S)?)\*")


_SPACES = re.compile(r"[ \t\n]+")


def squeezed(text: str) -> str:
    """Runs of spaces and line ends become one space; French no-break spaces stay."""
    return _SPACES.sub(" ", text).strip()


def inline_html(text: str) -> str:
    """Escape `text` and mark up its links, **strong** and *emphasis*."""
    marked = _LINK.sub(r'<a href="\2">\1</a>', html.escape(text, quote=True))
    marked = _STRONG.sub(r"<b>\1</b>", marked)
    return _EMPHASIS.sub(r"<i>\1</i>", marked)


@dataclass
class _Reader:
    """Collects lines into blocks; paragraphs and lists that follow each other share one block."""

    blocks: list[Block] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def end_paragraph(self) -> None:
        if self.paragraph:
            self.rich.append(f"<p>{inline_html(' '.join(self.paragraph))}</p>")
            self.paragraph = []

    def end_list(self) -> None:
        if self.items:
            self.rich.append(
                f"<ul>{''.join(f'<li>{inline_html(i)}</li>' for i in self.items)}</ul>"
            )
            self.items = []

    def end_rich_text(self) -> None:
        self.end_paragraph()
        self.end_list()
        if self.rich:
            self.blocks.append(("rich_text", "".join(self.rich)))
            self.rich = []

    def add(self, kind: BlockKind, value: BlockValue) -> None:
        self.end_rich_text()
        self.blocks.append((kind, value))

    def text_line(self, line: str) -> None:
        """Take one line of a paragraph or list; an indented line goes on with the list item."""
        if not line.strip():
            self.end_paragraph()
            self.end_list()
        elif line.startswith("- "):
            self.end_paragraph()
            self.items.append(line[2:].strip())
        elif self.items and line.startswith("  "):
            self.items[-1] += " " + line.strip()
        else:
            self.end_list()
            self.paragraph.append(line.strip())


def parse_body(body: str, first_line: int = 1) -> list[Block]:
    """Turn a body into blocks; raise MarkupError, with line numbers from `first_line`."""
    reader = _Reader()
    lines = iter(enumerate(body.splitlines(), start=first_line))
    quoted: list[str] = []
    for number, line in lines:
        if line.startswith(">"):
            quoted.append(line[1:].strip())
            continue
        if quoted:
            reader.add("quotation", _quotation(quoted, number - 1))
            quoted = []
        if line.startswith("```"):
            reader.add(*_fenced(line[3:].strip(), number, lines))
        elif line.startswith("## "):
            reader.add("heading", line[3:].strip())
        elif line.startswith("#"):
            raise MarkupError(number, "only '## ' headings are allowed")
        else:
            reader.text_line(line)
    if quoted:
        reader.add("quotation", _quotation(quoted, first_line + len(body.splitlines()) - 1))
    reader.end_rich_text()
    return reader.blocks


def _quotation(quoted: list[str], number: int) -> Quotation:
    text = " ".join(part for part in quoted[:-1] if part)
    if not quoted[-1].startswith("— ") or not text:
        raise MarkupError(number, "a quotation needs text and a last line '> — attribution'")
    return Quotation(text=text, attribution=quoted[-1][2:].strip())


def _fenced(kind: str, opened: int, lines: Iterator[tuple[int, str]]) -> Block:
    if kind not in FENCES:
        raise MarkupError(opened, f"unknown block {kind!r}; use one of {', '.join(sorted(FENCES))}")
    content: list[str] = []
    for _number, line in lines:
        if line.startswith("```"):
            break
        content.append(line)
    else:
        raise MarkupError(opened, f"the block {kind!r} is not closed")
    if kind == "key-message":
        return "key_message", _key_message(content, opened)
    if kind == "table":
        return "table", _table(content, opened)
    return "legal_source", _legal_source(content, opened)


def _key_message(content: list[str], opened: int) -> str:
    text = " ".join(line.strip() for line in content if line.strip())
    if not text:
        raise MarkupError(opened, "a key message needs text")
    return text


def _table(content: list[str], opened: int) -> Table:
    lines = [line for line in content if line.strip()]
    if not lines or not lines[0].startswith("caption:"):
        raise MarkupError(opened, "a table starts with a line 'caption: …'")
    caption = lines[0].removeprefix("caption:").strip()
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines[1:], skipinitialspace=True)]
    if not caption or len(rows) < 2:
        raise MarkupError(opened, "a table needs a caption, a header row and at least one row")
    if len({len(row) for row in rows}) != 1 or not all(cell for row in rows for cell in row):
        raise MarkupError(opened, "all rows of a table have the same number of cells, none empty")
    return Table(caption=caption, rows=rows)


def _legal_source(content: list[str], opened: int) -> LegalSource:
    try:
        data = yaml.safe_load("\n".join(content))
    except yaml.YAMLError as error:
        raise MarkupError(opened, f"the legal source is not valid YAML: {error}") from error
    if not isinstance(data, dict) or set(data) - {"instrument", "provision", "text", "url"}:
        raise MarkupError(opened, "a legal source has the keys instrument, provision, text, url")
    values = {key: squeezed(str(value)) for key, value in data.items()}
    missing = [key for key in ("instrument", "provision", "text") if not values.get(key)]
    if missing:
        raise MarkupError(opened, f"a legal source needs {', '.join(missing)}")
    url = values.get("url", "")
    if url and not url.startswith("https://"):
        raise MarkupError(opened, "the url of a legal source starts with https://")
    return LegalSource(
        instrument=values["instrument"],
        provision=values["provision"],
        text=values["text"],
        url=url,
    )
