"""What files say about people is found, and is gone from every byte when it is taken out."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from coalitions.documents.reading import traces
from coalitions.documents.reading.limits import Unreadable
from tests.documents import files, telling

FAMILIES = {"a.pdf": "pdf", "a.docx": "docx", "a.pptx": "pptx", "a.xlsx": "xlsx", "a.odt": "odf"}
each = pytest.mark.parametrize("name", telling.MADE)


def found_in(tmp_path: Path, name: str, data: bytes) -> dict[str, Any]:
    source = tmp_path / f"found-{name}"
    source.write_bytes(data)
    return traces.find(FAMILIES[name], source)


def removed(tmp_path: Path, name: str, data: bytes) -> bytes:
    source, target = tmp_path / f"from-{name}", tmp_path / f"to-{name}"
    source.write_bytes(data)
    traces.remove(FAMILIES[name], source, target)
    return target.read_bytes()


def codes(answer: dict[str, Any]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for code, text, _times in answer["found"]:
        told.setdefault(code, set()).add(text)
    return told


def with_part(name: str, content: bytes) -> bytes:
    return telling.changed(telling.docx(), {}, {name: content})


def test_what_a_pdf_says(tmp_path: Path) -> None:
    told = codes(found_in(tmp_path, "a.pdf", telling.pdf()))
    assert told["author"] == {telling.PERSON}
    assert told["company"] == {"Telltale Company"}
    assert told["commenter"] == {telling.PERSON}
    assert told["custom"] == {"SourceModified: D:2026 Telltale"}
    assert {"camera", "private", "program"} <= told.keys()


def test_what_a_word_file_says(tmp_path: Path) -> None:
    told = codes(found_in(tmp_path, "a.docx", telling.docx()))
    assert told["author"] == {telling.PERSON}
    assert told["editor"] == {"Last Telltale"}
    assert told["manager"] == {"Boss Telltale"}
    assert told["custom"] == {"Checked by: Checker Telltale"}
    assert {telling.PERSON, "AT", "S::amina@Telltale::1"} <= told["commenter"]
    assert told["path"] == {"file:///C:/Users/Telltale/own.dotm"}
    assert {"camera", "changes", "program"} <= told.keys()


def test_what_slides_and_sheets_and_opendocument_say(tmp_path: Path) -> None:
    for name in ("a.pptx", "a.xlsx", "a.odt"):
        told = codes(found_in(tmp_path, name, telling.MADE[name]()))
        assert telling.PERSON in told["author"] | told.get("editor", set())
        assert telling.PERSON in told["commenter"]
    assert codes(found_in(tmp_path, "a.xlsx", telling.xlsx()))["path"] == {"C:\\Users\\Telltale\\"}
    assert codes(found_in(tmp_path, "a.odt", telling.odt()))["custom"] == {"By: Checker Telltale"}


@each
def test_nothing_of_it_stays_in_any_byte(tmp_path: Path, name: str) -> None:
    data = telling.MADE[name]()
    assert telling.MARK in telling.everything_in(data)
    left = removed(tmp_path, name, data)
    assert telling.MARK not in telling.everything_in(left)
    assert not codes(found_in(tmp_path, name, left)).keys() - traces.NAMELESS
    assert removed(tmp_path, name, data) == left


@each
def test_the_text_stays(tmp_path: Path, name: str) -> None:
    from coalitions.documents.media_types import ENDINGS
    from coalitions.documents.reading.__main__ import read_text

    kind = ENDINGS[Path(name).suffix]
    data = telling.MADE[name]()
    texts = []
    for content in (data, removed(tmp_path, name, data)):
        source = tmp_path / name
        source.write_bytes(content)
        texts.append(read_text(kind.family, kind.media_type, source)["pages"])
    assert texts[0] == texts[1]
    assert "Lights of the harbour" in str(texts[0])


def test_programs_open_what_is_left(tmp_path: Path) -> None:
    from docx import Document
    from openpyxl import load_workbook
    from pptx import Presentation

    document = Document(io.BytesIO(removed(tmp_path, "a.docx", telling.docx())))
    assert document.core_properties.author == ""
    assert [comment.author for comment in document.comments] == ["Author"]
    show = Presentation(io.BytesIO(removed(tmp_path, "a.pptx", telling.pptx())))
    assert show.core_properties.author == ""
    book = load_workbook(io.BytesIO(removed(tmp_path, "a.xlsx", telling.xlsx())))
    assert book.active["A1"].comment.author == "Author"


def test_what_was_saved_before_is_gone_too(tmp_path: Path) -> None:
    data = telling.pdf(saved_twice=True)
    assert codes(found_in(tmp_path, "a.pdf", data))["author"] >= {"Somebody Telltale Else"}
    left = removed(tmp_path, "a.pdf", data)
    assert telling.MARK not in telling.everything_in(left)
    with pikepdf.open(io.BytesIO(left)) as pdf:
        assert len(pdf.pages) == 1


def test_titles_and_fields_of_forms_stay(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(removed(tmp_path, "a.pdf", telling.pdf()))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Lights"
        assert "/Author" not in pdf.docinfo
        assert "/Metadata" not in pdf.Root


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", telling.pdf(signed=True), "signed"),
        ("a.pdf", telling.pdf(password="open me"), "encrypted"),
        ("a.pdf", b"%PDF-1.7 and nothing", "broken"),
        ("a.docx", with_part("_xmlsignatures/s.xml", b"<s/>"), "signed"),
        ("a.docx", files.office_bomb(), "hostile"),
        ("a.docx", files.with_entities(), "hostile"),
        ("a.docx", telling.docx()[:3000], "broken"),
        ("a.docx", with_part("docProps/core.xml", b"<creator>"), "broken"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        removed(tmp_path, name, data)
    assert refused.value.reason == reason


def test_properties_under_another_name_are_found(tmp_path: Path) -> None:
    whole = telling.docx()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        core = archive.read("docProps/core.xml")
    moved = telling.changed(
        whole, {}, {"docProps/core.xml": b"<a/>", "package/core-properties/1.psmdcp": core}
    )
    assert telling.PERSON in codes(found_in(tmp_path, "a.docx", moved))["author"]
    assert telling.MARK not in telling.everything_in(removed(tmp_path, "a.docx", moved))


def test_two_entries_of_one_name_are_both_looked_at(tmp_path: Path) -> None:
    out = io.BytesIO(telling.docx())
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(out, "a") as archive,
    ):
        archive.writestr("docProps/custom.xml", telling.custom())
    assert telling.MARK not in telling.everything_in(removed(tmp_path, "a.docx", out.getvalue()))


REAL = [path for path in files.real_files() if path.suffix in {".pdf", ".docx", ".pptx"}]


@pytest.mark.skipif(not REAL, reason="the real files are not here")
def test_real_files(tmp_path: Path) -> None:
    done, refused = 0, set()
    for path in REAL:
        name = f"a{path.suffix}"
        try:
            left = removed(tmp_path, name, path.read_bytes())
        except Unreadable as error:
            refused.add((path.name, error.reason))
            continue
        done += 1
        assert not codes(found_in(tmp_path, name, left)).keys() - traces.NAMELESS
    assert {reason for _name, reason in refused} <= {"encrypted", "signed"}, refused
    assert done > len(REAL) / 2
