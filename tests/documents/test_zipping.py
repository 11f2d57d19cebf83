"""A ZIP holds what one may see at the moment each file goes in, under names that are safe."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from coalitions.access import STRANGER
from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.documents.zipping import Entry, safe_name, zip_of
from coalitions.network.models import AuditEntry
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World


def entry_of(document: Document, *folders: str) -> Entry:
    return Entry(document.uuid, document.reference, document.title, folders)


def zipped(user: User, *entries: Entry, neutral: bool = False) -> zipfile.ZipFile:
    parts = zip_of(
        entries, viewer=lambda: viewer_for(user), actor=user, language="en", neutral=neutral
    )
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert archive.testzip() is None
    return archive


def add(world: World, name: str, data: bytes, title: str = "") -> Document:
    return services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
        title=title,
    )


def test_files_lie_in_their_folders_under_their_titles(world: World, document: Document) -> None:
    note = add(world, "note.txt", b"plain words " * 1000, title="Note")
    archive = zipped(world.reader, entry_of(document, "Reports", "2026"), entry_of(note))
    assert archive.namelist() == ["Reports/2026/Telltale title.pdf", "Note.txt"]
    assert archive.read("Note.txt") == b"plain words " * 1000
    with document.current_version.file.open() as kept:
        assert archive.read("Reports/2026/Telltale title.pdf") == kept.read()
    assert archive.getinfo("Note.txt").compress_size < 1000


def test_each_item_is_audited_with_its_archive(world: World, document: Document) -> None:
    note = add(world, "note.txt", b"words")
    zipped(world.reader, entry_of(document), entry_of(note))
    rows = AuditEntry.objects.filter(verb="document.downloaded", actor=world.reader.uuid)
    assert {row.details["document"] for row in rows} == {str(document.uuid), str(note.uuid)}
    assert len({row.details["archive"] for row in rows}) == 1
    assert {row.acting_organisation for row in rows} == {world.partner.uuid}


def test_the_audit_row_is_there_before_the_first_byte(world: World, document: Document) -> None:
    parts = zip_of(
        [entry_of(document)],
        viewer=lambda: viewer_for(world.reader),
        actor=world.reader,
        language="en",
    )
    while not next(parts):
        pass
    assert AuditEntry.objects.filter(verb="document.downloaded").count() == 1


def test_what_vanishes_meanwhile_is_left_out_and_named(world: World, document: Document) -> None:
    first = add(world, "first.txt", b"first words")
    gone = add(world, "gone.txt", b"gone words", title="Secret title")
    entries = [entry_of(first), entry_of(document), entry_of(gone)]

    def chosen() -> Iterator[Entry]:
        yield entries[0]
        services.share_document(acting_user=world.editor, document=gone, rung="organisation")
        yield from entries[1:]

    parts = zip_of(
        chosen(), viewer=lambda: viewer_for(world.reader), actor=world.reader, language="en"
    )
    data = b"".join(parts)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.namelist() == ["first.txt", "Telltale title.pdf", "Left out.txt"]
    said = archive.read("Left out.txt").decode()
    assert gone.reference in said
    assert b"Secret title" not in data
    assert b"gone words" not in data


def test_a_lost_place_ends_it_at_the_next_file(world: World, document: Document) -> None:
    second = add(world, "second.txt", b"second words")
    views = iter([viewer_for(world.reader), STRANGER])
    parts = zip_of(
        [entry_of(document), entry_of(second)],
        viewer=lambda: next(views),
        actor=world.reader,
        language="nl",
    )
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert len(archive.namelist()) == 2
    assert archive.read(archive.namelist()[1]).decode().count(second.reference) == 1


def test_a_file_that_is_missing_is_left_out(world: World, document: Document) -> None:
    lost = worlds.make_document(world.workspace, world.owner)
    archive = zipped(world.reader, entry_of(lost), entry_of(document))
    assert archive.namelist() == ["Telltale title.pdf", "Left out.txt"]
    assert lost.reference in archive.read("Left out.txt").decode()


def test_names_are_unique_whatever_the_capitals(world: World) -> None:
    titles = ["Note", "NOTE", "note.txt", "Left out", "Note (2)"]
    made = [add(world, "n.txt", title.encode() * 3, title=title) for title in titles]
    absent = Entry(world.workspace.uuid, "D-XXXX", "x")
    names = zipped(world.reader, *map(entry_of, made), absent).namelist()
    assert names[:3] == ["Note.txt", "NOTE (2).txt", "note (3).txt"]
    assert len({name.casefold() for name in names}) == len(names) == 6


def test_neutral_names_tell_nothing(world: World, document: Document) -> None:
    archive = zipped(world.reader, entry_of(document, "Reports"), neutral=True)
    assert archive.namelist() == [f"{document.reference}-1.pdf"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a/b\\c:d", "a b c d"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("...", "D-1"),
        ("", "D-1"),
        ("x\u202egnp", "x gnp"),
        ("تقرير عن حقوق الطفل", "تقرير عن حقوق الطفل"),
        ("é" * 300, "é" * 90),
        ("lone \ud800 half", "lone half"),
    ],
)
def test_safe_names(title: str, name: str) -> None:
    assert safe_name(title, "D-1") == name
