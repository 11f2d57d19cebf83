"""What a file is, told from its content alone."""

import io

import pytest

from coalitions.documents.refusals import FileRefused
from coalitions.documents.sniffing import kind_of_file, name_for
from tests.documents import files

RIFF = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\0" * 40


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (files.pdf(), "x.bin", "application/pdf"),
        (files.docx(), "x", files.OOXML + "wordprocessingml.document"),
        (files.pptx(), "x.zip", files.OOXML + "presentationml.presentation"),
        (files.xlsx(), "x.pdf", files.OOXML + "spreadsheetml.sheet"),
        (files.odf("text", ""), "x", "application/vnd.oasis.opendocument.text"),
        (files.odf("presentation", ""), "x", "application/vnd.oasis.opendocument.presentation"),
        (files.odf("spreadsheet", ""), "x", "application/vnd.oasis.opendocument.spreadsheet"),
        (files.encrypted_office(), "x.docx", "application/x-encrypted-office"),
        (b"Plain words.", "x.txt", "text/plain"),
        (b"Plain words.", "x.exe", "text/plain"),
        ("Mots accentués".encode("latin-1"), "x.txt", "text/plain"),
        ("Words".encode("utf-16"), "x.txt", "text/plain"),
        (b"# Title", "x.md", "text/markdown"),
        (b"<meta charset=utf-8>\n# Title", "x.md", "text/markdown"),
        (b"a,b\n1,2", "x.csv", "text/csv"),
        (b"<!DOCTYPE html><title>x</title>", "x.txt", "text/html"),
        (b"<!-- c --><HTML>", "x.md", "text/html"),
        (b"<?xml version='1.0'?><!doctype html><html>", "x", "text/html"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "x.pdf", "image/jpeg"),
        (files.png(), "x.pdf", "image/png"),
        (RIFF, "x", "image/webp"),
        (b"%PDF-1.7 and then nothing", "x.pdf", "application/pdf"),
        (files.docx()[:2000], "x.docx", files.OOXML + "wordprocessingml.document"),
    ],
)
def test_the_content_decides(data: bytes, name: str, expected: str) -> None:
    assert kind_of_file(io.BytesIO(data), name).media_type == expected


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "x.pdf", "empty"),
        (b"Not a PDF at all.", "x.pdf", "mismatch"),
        (b"Not a picture", "x.png", "mismatch"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 90, "x.pdf", "type"),
        (b"\0" * 100, "x.txt", "type"),
        (b"GIF89a" + b"\0" * 20, "x.gif", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.html", "type"),
        (b"<?xml version='1.0'?><svg/>", "x.txt", "type"),
        (b"<?xml version='1.0'?><data/>", "x.txt", "type"),
        (b"{\\rtf1 }", "x.txt", "type"),
        (files.archive({"a.txt": "x"}), "x.docx", "archive"),
        (b"PK\x03\x04" + b"rubbish" * 10, "x.docx", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "x.doc", "old-office"),
        (
            files.archive(
                {"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": ""}
            ),
            "x.docx",
            "macros",
        ),
        (
            files.archive(
                {"[Content_Types].xml": "ms-word.document.macroEnabled.main", "word/x": ""}
            ),
            "x.docx",
            "macros",
        ),
    ],
)
def test_what_is_refused_and_why(data: bytes, name: str, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        kind_of_file(io.BytesIO(data), name)
    assert refused.value.code == code
    assert "%(" not in refused.value.message


def test_a_misleading_ending_is_followed_by_the_right_one() -> None:
    kind = kind_of_file(io.BytesIO(files.pdf()), "bill.exe")
    assert name_for("bill.exe", kind) == "bill.exe.pdf"
    assert name_for("bill.PDF", kind) == "bill.PDF"
    assert len(name_for("x" * 255, kind)) == 255
