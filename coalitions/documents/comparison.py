"""The texts of two versions of a document beside each other.

Invariant: both versions are of one document that the caller found among what the viewer may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from coalitions.documents.checked import closed_in_words, why_closed
from coalitions.documents.comparing import Line, Row, bounded, compare, lines_of, without_sameness
from coalitions.documents.marking import unwrapped
from coalitions.documents.media_types import ODS, XLSX, has_page_images, kind_of
from coalitions.documents.models import DocumentPage, DocumentVersion, TextExtraction
from coalitions.documents.reasons import reason_in_words


class Side:
    """One version's text as lines, or why there are none."""

    def __init__(self, version: DocumentVersion) -> None:
        self.version = version
        job: TextExtraction | None = getattr(version, "extraction", None)
        self.is_waiting = job is None or job.state == TextExtraction.State.WAITING
        self.reason = reason_in_words(job.reason) if job and job.reason else ""
        self.closed = why_closed(version)
        if self.closed:
            self.is_waiting, self.reason = False, closed_in_words(self.closed)
        self.anchor = ""
        self.lines, self.is_whole = bounded(self._lines())

    @property
    def last_page(self) -> int:
        """The number of the last page that is compared."""
        return self.lines[-1].page if self.lines else 0

    def _lines(self) -> Iterator[Line]:
        pages = DocumentPage.objects.readable().filter(version=self.version).order_by("number")
        paged = has_page_images(self.version.media_type)
        sheets = kind_of(self.version.media_type) in (XLSX, ODS)
        name = ""
        for page in pages.iterator(chunk_size=50):
            self.anchor = self.anchor or page.anchor
            text = unwrapped(page.text) if paged else page.text
            if sheets:
                before, (name, _, rows) = name, text.partition("\n")
                # Each part of a sheet that was cut begins with its name, which stands there once.
                text = rows if name == before else text
            yield from lines_of(page.number, text, page.language)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is shown; `page`: the newer version's page, where it begins with this row."""

    row: Row
    page: int | None


class Comparison:
    """What changed from the text of `old` to the text of `new`."""

    def __init__(self, old: DocumentVersion, new: DocumentVersion) -> None:
        self.old, self.new = Side(old), Side(new)
        self.sides = (self.old, self.new)
        self.same_file = old.sha256 == new.sha256

    @cached_property
    def rows(self) -> list[Row]:
        """The rows, with gaps for what is the same; none when nothing changed."""
        return without_sameness(self._all)

    @cached_property
    def _all(self) -> list[Row]:
        return compare(self.old.lines, self.new.lines)

    @property
    def can_compare(self) -> bool:
        """Whether both versions have a text."""
        return bool(self.old.lines and self.new.lines)

    @property
    def is_whole(self) -> bool:
        """Whether both texts were compared to their ends."""
        return self.old.is_whole and self.new.is_whole

    def count(self, kind: str) -> int:
        """Return how many lines have that fate."""
        return sum(row.kind == kind for row in self.rows)


def with_pages(rows: Sequence[Row]) -> list[Shown]:
    """Return the rows with the page that begins at each."""
    shown: list[Shown] = []
    last = 0
    for row in rows:
        page = row.new.page if row.new else 0
        begins = page not in (0, last)
        last = page or last
        shown.append(Shown(row, page if begins else None))
    return shown
