"""Text, Markdown, CSV and HTML: in sections by heading and size."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from coalitions.documents.reading.archives import local
from coalitions.documents.reading.limits import MAX_CHARACTERS, Unreadable
from coalitions.documents.reading.sections import sections

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_HEADINGS = {"h1", "h2", "h3", "h4", "title", "caption"}
_SKIPPED = {
    "script", "style", "template", "noscript", "head", "svg", "object", "iframe", "nav",
}  # fmt: skip
_BLOCKS = _HEADINGS | {
    "p", "div", "li", "tr", "table", "section", "article", "header", "footer", "main",
    "aside", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "figure", "figcaption",
    "body", "h5", "h6", "form", "fieldset", "address", "hr", "br", "center",
}  # fmt: skip


def pages(source: Path, media_type: str) -> Iterator[tuple[str, str]]:
    """Yield ("section", text) of the file."""
    if source.stat().st_size > 4 * MAX_CHARACTERS:
        raise Unreadable("too-large")
    raw = source.read_bytes()
    if media_type == "text/html":
        blocks = _html(raw)
    elif media_type == "text/markdown":
        blocks = _markdown(decoded(raw))
    elif media_type == "text/csv":
        blocks = ((line, False) for line in _groups(decoded(raw)))
    else:
        blocks = ((part, False) for part in re.split(r"\n\s*\n", decoded(raw)))
    for text in sections(blocks):
        yield "section", text


def decoded(raw: bytes, named: str = "") -> str:
    """Return the bytes as text: by their mark, as UTF-8, as `named`, else as Western European."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(bom):
            return _lines(raw.decode(encoding, "replace"))
    for encoding in ("utf-8", named):
        try:
            return _lines(raw.decode(encoding)) if encoding else _lines(raw.decode("utf-8"))
        except (UnicodeDecodeError, LookupError):
            continue
    return _lines(raw.decode("cp1252", "replace"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _groups(text: str) -> Iterator[str]:
    """Yield forty lines at a time, so that a table is cut between its rows."""
    lines = text.split("\n")
    for start in range(0, len(lines), 40):
        yield "\n".join(lines[start : start + 40])


def _markdown(text: str) -> Iterator[tuple[str, bool]]:
    for part in re.split(r"\n\s*\n", text):
        yield part, part.lstrip().startswith("#")


def _html(raw: bytes) -> Iterator[tuple[str, bool]]:
    found = _CHARSET.search(raw[:4096])
    text = decoded(raw, found[1].decode("ascii") if found else "")
    parser = etree.HTMLParser(no_network=True, huge_tree=False)
    # An encoding declaration would contradict a text that is decoded already.
    root = etree.HTML(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).replace("\x00", ""), parser)
    if root is None:
        raise Unreadable("no-text")
    title = root.find(".//title")
    if title is not None and title.text:
        yield " ".join(title.text.split()), True
    blocks: list[tuple[list[str], bool]] = [([], False)]
    _collect(root, blocks)
    for words, heading in blocks:
        yield " ".join("".join(words).split()), heading


def _collect(element: Any, blocks: list[tuple[list[str], bool]]) -> None:
    name = local(element)
    if not name or name in _SKIPPED:
        return
    block = name in _BLOCKS
    if block:
        blocks.append(([], name in _HEADINGS))
    blocks[-1][0].append(element.text or "")
    for child in element:
        _collect(child, blocks)
        blocks[-1][0].append(child.tail or "")
    if block:
        blocks.append(([], False))
    elif name in {"td", "th"}:
        blocks[-1][0].append(" ")
