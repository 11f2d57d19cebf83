"""Text out of files, in a process apart: whole, broken and hostile ones."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from coalitions.documents import sandbox
from coalitions.documents.media_types import kind_of
from coalitions.documents.reading.limits import MAX_PAGES, Unreadable
from coalitions.documents.reading.sections import sheets
from coalitions.documents.sniffing import kind_of_file
from tests.documents import files


def read(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        kind = kind_of_file(file, path.name)
    return sandbox.run("text", kind.family, kind.media_type, path)


def read_bytes(tmp_path: Path, data: bytes, name: str) -> dict[str, object]:
    path = tmp_path / name
    path.write_bytes(data)
    return read(path)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (
            files.pdf("First page", "Second page"),
            "a.pdf",
            [["page", "First page"], ["page", "Second page"]],
        ),
        (files.pptx("One", notes="Said aloud"), "a.pptx", [["slide", "One\n\nSaid aloud"]]),
        (
            files.xlsx(Girls=[["x", 3]], Boys=[["y"]]),
            "a.xlsx",
            [["sheet", "Girls\nx\t3"], ["sheet", "Boys\ny"]],
        ),
        (files.docx("Alpha", "Beta"), "a.docx", [["section", "Alpha\n\nBeta"]]),
        (
            files.odf(
                "text",
                "<office:text><text:h>Head</text:h><text:p>Body<text:tab/>x</text:p></office:text>",
            ),
            "a.odt",
            [["section", "Head\n\nBody\tx"]],
        ),
        (
            files.odf(
                "presentation",
                "<draw:page><text:p>S1</text:p></draw:page><draw:page><text:p>S2</text:p></draw:page>",
            ),
            "a.odp",
            [["slide", "S1"], ["slide", "S2"]],
        ),
        (
            b"<html><head><title>T</title><script>no()</script></head>"
            b"<body><p>a &amp; <b>b</b></p><p>c</p></body>",
            "a.html",
            [["section", "T\n\na & b\n\nc"]],
        ),
        ("<meta charset=iso-8859-1><p>é".encode("latin-1"), "a.html", [["section", "é"]]),
        (b"one\r\n\r\ntwo", "a.txt", [["section", "one\n\ntwo"]]),
        (b"a,b\n1,2\n", "a.csv", [["section", "a,b\n1,2"]]),
        ("Œuvre".encode("utf-16"), "a.txt", [["section", "Œuvre"]]),
        ("naïf".encode("cp1252"), "a.txt", [["section", "naïf"]]),
    ],
)
def test_text_by_page_slide_sheet_and_section(
    tmp_path: Path, data: bytes, name: str, expected: object
) -> None:
    pages = read_bytes(tmp_path, data, name)["pages"]
    assert isinstance(pages, list)
    assert [[anchor, text.strip()] for anchor, text in pages] == expected


def test_a_long_text_becomes_sections_at_its_headings(tmp_path: Path) -> None:
    data = "\n\n".join(f"# Part {number}\n\n{'word ' * 400}" for number in range(4)).encode()
    pages = read_bytes(tmp_path, data, "a.md")["pages"]
    assert isinstance(pages, list)
    assert [text.split("\n")[0] for _, text in pages] == [f"# Part {number}" for number in range(4)]
    one_line = read_bytes(tmp_path, b"x" * 20_000, "b.txt")["pages"]
    assert isinstance(one_line, list)
    assert max(len(text) for _, text in one_line) <= 6000


def ods(**sheets: list[list[object]]) -> bytes:
    """Return an OpenDocument workbook with the named sheets."""
    tables = [
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell><text:p>{v}</text:p></table:table-cell>" for v in row)
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    ]
    return files.odf("spreadsheet", f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet>")


MANY_ROWS: list[list[object]] = [[f"place {number}", "a river in spring"] for number in range(900)]


@pytest.mark.parametrize(("make", "name"), [(files.xlsx, "a.xlsx"), (ods, "a.ods")])
def test_a_huge_sheet_is_cut_between_its_rows(
    tmp_path: Path, make: Callable[..., bytes], name: str
) -> None:
    """A word of its end leads to its end; each part says of which sheet it is; no row is lost."""
    pages = read_bytes(tmp_path, make(Few=[["x"]], Many=MANY_ROWS), name)["pages"]
    assert isinstance(pages, list)
    assert {anchor for anchor, _ in pages} == {"section"}
    texts = [text.split("\n") for _, text in pages]
    assert texts[0] == ["Few", "x"]
    assert all(lines[0] == "Many" and len("\n".join(lines)) <= 6010 for lines in texts[1:])
    rows = [line.rstrip("\t").split("\t") for lines in texts[1:] for line in lines[1:]]
    assert rows == MANY_ROWS
    assert len(texts) > 4
    short = read_bytes(tmp_path, make(Few=[["x"]], None_=[], Some=MANY_ROWS[:9]), name)["pages"]
    assert isinstance(short, list)
    assert [(anchor, text.split("\n")[0]) for anchor, text in short] == [
        ("sheet", "Few"), ("sheet", "None_"), ("sheet", "Some"),
    ]  # fmt: skip


def test_however_long_a_sheet_is_its_parts_can_be_kept() -> None:
    rows = ["x" * 5_000] * 7_900
    found = list(sheets([("A", rows)]))
    assert 1_000 < len(found) <= MAX_PAGES
    assert sum(text.count("x") for _, text in found) == 5_000 * 7_900
    assert max(len(text) for _, text in sheets([("A", ["word\t" * 4_000])])) <= 6_010
    with pytest.raises(Unreadable):
        list(sheets(("A", ["x" * 6_000] * 1_000) for _ in range(7)))


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (files.pdf(password="secret"), "a.pdf", "encrypted"),
        (b"%PDF-1.4 rubbish", "a.pdf", "broken"),
        (files.pdf()[:400], "a.pdf", "broken"),
        (None, "a.docx", "hostile"),
        (files.with_entities(), "a.docx", "hostile"),
        (files.odf("text", "", encrypted=True), "a.odt", "encrypted"),
        (files.docx()[:3000], "a.docx", "broken"),
        (files.pdf(""), "a.pdf", "no-text-layer"),
        (b"<html><script>x()</script></html>", "a.html", "no-text"),
        (b"\n \n", "a.txt", "no-text"),
        (
            files.archive({"[Content_Types].xml": "", "xl/workbook.xml": "<broken"}),
            "a.xlsx",
            "broken",
        ),
        (b"<html>" + b"<div>" * 100_000 + b"deep", "a.html", "no-text"),
    ],
)
def test_unreadable_files_say_why(
    tmp_path: Path, data: bytes | None, name: str, reason: str
) -> None:
    assert read_bytes(tmp_path, data or files.office_bomb(), name).get("reason") == reason


def test_memory_and_time_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coalitions.documents.reading import limits

    source = tmp_path / "a.txt"
    source.write_bytes(b"x")
    hog = tmp_path / "hog.py"
    hog.write_text(
        "from coalitions.documents.reading.limits import restrain\n"
        "restrain()\nx = bytearray(3 << 30)\n"
    )
    import subprocess
    import sys

    ended = subprocess.run(
        [sys.executable, str(hog)], env={"PYTHONPATH": "."}, capture_output=True, check=False
    )
    assert b"MemoryError" in ended.stderr
    monkeypatch.setattr(limits, "WALL_SECONDS", -5)
    assert sandbox.run("text", "text", "text/plain", source) == {"reason": "too-slow"}


def test_the_process_has_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    seen: dict[str, object] = {}

    def fake(command: list[str], **options: object) -> object:
        seen.update(options)
        raise InterruptedError

    monkeypatch.setattr(sandbox.subprocess, "Popen", fake)
    with pytest.raises(InterruptedError):
        sandbox.run("text", "text", "text/plain", tmp_path)
    assert "do not tell" not in json.dumps(seen["env"])


REAL = files.real_files()


@pytest.mark.skipif(not REAL, reason="the real files are not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_files_are_read_or_say_why(path: Path) -> None:
    result = read(path)
    if path.name.startswith("scan-"):
        assert (result["reason"], result["page_count"]) == ("no-text-layer", 1)
        return
    assert "reason" not in result
    pages = result["pages"]
    assert isinstance(pages, list)
    assert result["page_count"] == len(pages)
    assert sum(len(text) for _, text in pages) > 400


def test_every_kind_has_a_reader() -> None:
    assert kind_of("application/unknown").family == "text"
