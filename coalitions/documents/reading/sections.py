"""Long texts without pages, cut into sections of a size that can be read and found."""

from collections.abc import Iterable, Iterator

from coalitions.documents.reading.limits import MAX_CHARACTERS, Unreadable

ENOUGH = 1500
LONG = 6000
# So many parts a workbook has at the most, besides its sheets: the longer it is, the longer they.
MOST_PARTS = 4000
Blocks = Iterable[tuple[str, bool]]


def sections(blocks: Blocks, longest: int = LONG, joint: str = "\n\n") -> Iterator[str]:
    """Yield sections made of `blocks`, which are (text, whether it is a heading).

    A heading begins a new section when there is enough before it; nothing is longer than `longest`.
    """
    current: list[str] = []
    size = 0
    for text, heading in _short(blocks, longest):
        if current and (size + len(text) > longest or (heading and size >= ENOUGH)):
            yield joint.join(current)
            current, size = [], 0
        current.append(text)
        size += len(text) + len(joint)
    if current:
        yield joint.join(current)


def sheets(named: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, str]]:
    """Yield (anchor, text) of sheets, given as a name and rows: one each while all are short.

    Once one is cut, between its rows, no number counts sheets: all are sections then, and each
    begins with the name of its sheet.
    """
    total = 0
    found: list[tuple[str, list[str]]] = []
    for name, rows in named:
        kept = []
        for row in rows:
            total += len(row) + 1
            if total > MAX_CHARACTERS:
                raise Unreadable("too-large")
            kept.append(row)
        found.append((name.strip(), kept))
    longest = max(LONG, 2 * total // MOST_PARTS)
    cut = [
        (name, list(sections(((r, False) for r in rows), longest, "\n"))) for name, rows in found
    ]
    anchor = "sheet" if all(len(parts) < 2 for _, parts in cut) else "section"
    for name, parts in cut:
        for part in parts or [""]:
            yield anchor, f"{name}\n{part}".strip()


def _short(blocks: Blocks, longest: int) -> Blocks:
    for block, heading in blocks:
        text = block.strip()
        while len(text) > longest:
            cut = max(text.rfind(mark, longest // 2, longest) for mark in ("\n", "\t", ". ", " "))
            cut = cut + 1 if cut > 0 else longest
            yield text[:cut].strip(), heading
            text, heading = text[cut:].strip(), False
        if text:
            yield text, heading
