"""Where on a page's picture the words of a query stand.

Invariant: words are found in the letters of the page as they are in its text, with the same
analysis; every box lies inside the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coalitions.documents.letters import UNIT, Box, Letters, page_letters
from coalitions.documents.models import DocumentVersion
from coalitions.language import spans

MAX_BOXES = 400
# Two letters of one line share half of their height and are no further apart than this many times
# it: the spaces of a justified line are wide, the space between two columns mostly wider.
SHARED = 0.5
APART = 1.5
# A box is a little larger than its letters.
MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class PictureMarks:
    """Boxes on a picture that is `width` wide and `height` high, in the order of the text."""

    height: int
    boxes: tuple[Box, ...]
    width: int = UNIT


def picture_marks(
    version: DocumentVersion, page: int, language: str, wanted: Sequence[Sequence[str]]
) -> PictureMarks | None:
    """Return the places of the wanted token sequences on the picture of page number `page`.

    None where the page's letters cannot be had: the page is shown without marks then.
    """
    letters = page_letters(version, page) if wanted else None
    if letters is None:
        return None
    return PictureMarks(letters.height, tuple(marked_boxes(letters, language, wanted)))


def marked_boxes(letters: Letters, language: str, wanted: Sequence[Sequence[str]]) -> list[Box]:
    """Return a box for each line's part of each place where a wanted sequence stands."""
    found: list[Box] = []
    for start, end in spans(letters.text, language, wanted):
        lines = along_lines(box for box in letters.boxes[start:end] if box)
        found += (_larger(line, letters.height) for line in lines)
        if len(found) >= MAX_BOXES:
            break
    return found[:MAX_BOXES]


def along_lines(boxes: Iterable[Box]) -> list[Box]:
    """Join the boxes of letters that follow each other on one line, upright or turned."""
    lines: list[Box] = []
    before: Box | None = None
    for box in boxes:
        if before and (_beside(lines[-1], box) or _beside(_turned(before), _turned(box))):
            line = lines[-1]
            lines[-1] = Box(
                min(line.left, box.left),
                min(line.top, box.top),
                max(line.right, box.right),
                max(line.bottom, box.bottom),
            )
        else:
            lines.append(box)
        before = box
    return lines


def _beside(one: Box, other: Box) -> bool:
    lower = min(one.height, other.height)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = max(one.left, other.left) - min(one.right, other.right)
    return shared >= SHARED * lower and apart <= APART * max(one.height, other.height)


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def _larger(box: Box, height: int) -> Box:
    margin = round(MARGIN * min(box.width, box.height))
    return Box(
        max(box.left - margin, 0),
        max(box.top - margin, 0),
        min(box.right + margin, UNIT),
        min(box.bottom + margin, height),
    )
