"""Every real file is found by a phrase of its own, on the right page, or says why it cannot be.

With `-s` the table is printed: file, type, pages, phrase, the page it was found on or the reason.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.core.files.base import File

from coalitions.access import STRANGER
from coalitions.documents import services
from coalitions.documents.extraction import read_waiting
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentVersion
from coalitions.documents.reasons import reason_in_words
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from search import outbox
from search.service import find
from tests.documents.conftest import World, _own_folders, world  # noqa: F401
from tests.documents.files import real_files
from tests.search.phrases import Phrase, bare, own_phrases

REAL = real_files()
SCANS = {"scan-en.pdf", "scan-fr.pdf"}
pytestmark = pytest.mark.skipif(not REAL, reason="the real files are not here")


@dataclass(frozen=True)
class Row:
    """What became of one file. `page`: where its phrase was found, 0 where it was not."""

    version: DocumentVersion
    phrase: Phrase | None
    page: int
    others: int

    @property
    def ok(self) -> bool:
        """Whether it was found, alone and on its page; a scan: whether it says why not."""
        if self.phrase is None:
            reason = self.version.extraction.reason
            return self.version.name in SCANS and reason == "no-text-layer"
        return self.page == self.phrase.page and not self.others

    def line(self) -> str:
        """The row of the table."""
        extraction = self.version.extraction
        kind = kind_of(self.version.media_type).name
        result = f"{self.page}" if self.page else reason_in_words(extraction.reason)
        phrase = self.phrase.text if self.phrase else "—"
        return f"| {self.version.name} | {kind} | {extraction.page_count} | {phrase} | {result} |"


def manifest() -> dict[str, dict[str, str]]:
    with (REAL[0].parent / "manifest.csv").open(encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def add(path: Path, title: str, world: World) -> None:  # noqa: F811
    with path.open("rb") as opened:
        services.add_document(
            acting_user=world.contributor,
            workspace=world.workspace,
            content=File(opened),
            name=path.name,
            title=title,
        )


def look_for(version: DocumentVersion, phrase: Phrase | None, reader: User) -> Row:
    """Ask for the phrase as a member of the workspace."""
    if phrase is None:
        return Row(version, None, 0, 0)
    items = find(viewer_for(reader), f'"{phrase.text}"').items
    mine = [item for item in items if item.uuid == version.document.uuid]
    assert all(item.page_url.startswith(f"{item.url}?page={item.page}&") for item in mine)
    return Row(version, phrase, mine[0].page if mine else 0, len(items) - len(mine))


def stands_in_pdf(path: Path, phrase: Phrase) -> bool:
    """Whether the file itself, opened here, has the phrase on that page."""
    with pdfium.PdfDocument(path) as pdf:
        return bare(phrase.text) in bare(pdf[phrase.page - 1].get_textpage().get_text_range())


def test_each_is_found_on_its_page_by_members_alone(world: World) -> None:  # noqa: F811
    listed = manifest()
    assert {path.name for path in REAL} == set(listed)
    for path in REAL:
        add(path, listed[path.name]["title"], world)
    assert read_waiting() == len(REAL)
    outbox.drain()

    versions = list(
        DocumentVersion.objects.select_related("document", "extraction").order_by("name")
    )
    phrases = own_phrases(versions)
    rows = [look_for(version, phrases.get(version.pk), world.reader) for version in versions]
    sys.stdout.write("\n| File | Type | Pages | Phrase | Found on page |\n|---|---|---|---|---|\n")
    sys.stdout.write("".join(f"{row.line()}\n" for row in rows))
    assert [row.line() for row in rows if not row.ok] == []

    found = {row.version.name: row.phrase for row in rows if row.phrase}
    pdfs = [path for path in REAL if path.suffix == ".pdf" and path.name in found]
    assert [path.name for path in pdfs if not stands_in_pdf(path, found[path.name])] == []

    strangers = (STRANGER, viewer_for(world.stranger))
    for phrase in phrases.values():
        for viewer in strangers:
            assert find(viewer, f'"{phrase.text}"').total == 0
