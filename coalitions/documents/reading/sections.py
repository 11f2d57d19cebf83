"""Long texts without pages, cut into sections of a size that can be read and found."""

from collections.abc import Iterable, Iterator

ENOUGH = 1500
LONG = 6000


def sections(blocks: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Yield sections made of `blocks`, which are (text, whether it is a heading).

    A heading begins a new section when there is enough before it; nothing is longer than LONG.
    """
    current: list[str] = []
    size = 0
    for text, heading in _short(blocks):
        if current and (size + len(text) > LONG or (heading and size >= ENOUGH)):
            yield "\n\n".join(current)
            current, size = [], 0
        current.append(text)
        size += len(text) + 2
    if current:
        yield "\n\n".join(current)


def _short(blocks: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    for block, heading in blocks:
        text = block.strip()
        while len(text) > LONG:
            cut = max(text.rfind(mark, LONG // 2, LONG) for mark in ("\n", ". ", " "))
            cut = cut + 1 if cut > 0 else LONG
            yield text[:cut].strip(), heading
            text, heading = text[cut:].strip(), False
        if text:
            yield text, heading
