"""The demonstration documents: enough of them, consistent, readable, and the same every time."""

from __future__ import annotations

import functools
import io
import re
import time
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdfium2
import pytest

from coalitions.documents.reading import office
from portal.demo.document_markup import Heading, ListBlock, PageBreak, parse_blocks, plain
from portal.demo.documents import DemoDocument, read_documents, render
from portal.demo.fields import DemoContentError
from portal.demo.network import read_network

HANDBOOK = "practice-cards-handbook"
PHRASE = "the blue key stays on the hook until two people have signed"
FRONT = """---
title: A trial
language: en
format: pdf
type: report
themes: [education]
articles: [28]
countries: [KE]
workspace: {workspace}
owner: {owner}
audience: {audience}
uploader: {uploader}
date: 2026-01-02
note: First
---
Text.
"""


@functools.cache
def documents() -> tuple[DemoDocument, ...]:
    return tuple(read_documents())


@functools.cache
def rendered(slug: str) -> bytes:
    return render(next(d for d in documents() if d.slug == slug))


def of(kind: str) -> list[str]:
    return [d.slug for d in documents() if d.format == kind]


def pdf_pages(data: bytes) -> list[str]:
    file = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in file]
    finally:
        file.close()


def test_there_are_enough_of_every_kind() -> None:
    assert len(documents()) >= 30
    formats = Counter(d.format for d in documents())
    assert all(formats[kind] >= 5 for kind in ("pdf", "docx", "pptx", "xlsx"))
    assert {d.language for d in documents()} == {"en", "nl", "fr", "es", "ar"}
    assert {d.audience for d in documents()} == {
        "members", "organisation", "workspace", "coalition", "network", "public",
    }  # fmt: skip
    assert {d.workspace for d in documents()} == {w.slug for w in read_network().workspaces}
    assert sum(d.child_data for d in documents()) == 1


def test_titles_are_told_apart() -> None:
    titles = [d.title for d in documents()]
    assert len(titles) == len(set(titles))


def test_only_latin_scripts_are_laid_out_as_pdf() -> None:
    assert all(d.language != "ar" for d in documents() if d.format == "pdf")


@pytest.mark.parametrize("slug", of("pdf"))
def test_a_pdf_has_pages_with_text_and_its_title(slug: str) -> None:
    document = next(d for d in documents() if d.slug == slug)
    pages = pdf_pages(rendered(slug))
    assert len(pages) >= 3
    assert all(len(page.split()) > 40 for page in pages)
    assert document.title in pages[0]
    assert not re.search("[\ufffd\ufffe\x00]", " ".join(pages))


def test_accents_survive_in_the_text_layer() -> None:
    french = " ".join(pdf_pages(rendered("protocole-ecoute-gares")))
    assert "À qui s’adresse ce protocole" in french
    spanish = " ".join(pdf_pages(rendered("linea-base-terminales")))
    assert "niños ni niñas" in spanish


def test_page_37_of_the_handbook_holds_the_phrase() -> None:
    pages = pdf_pages(rendered(HANDBOOK))
    assert len(pages) >= 40
    assert [number for number, page in enumerate(pages, start=1) if PHRASE in page] == [37]


@pytest.mark.parametrize("slug", [*of("docx"), *of("pptx"), *of("xlsx")])
def test_the_portal_reads_at_least_three_pages(slug: str, tmp_path: Path) -> None:
    document = next(d for d in documents() if d.slug == slug)
    stored = tmp_path / "without-an-ending"
    stored.write_bytes(rendered(slug))
    pages = list(office.pages(stored, document.media_type))
    assert len(pages) >= 3
    assert all(text.strip() for _anchor, text in pages)


@pytest.mark.parametrize("slug", of("docx"))
def test_a_word_file_has_sections_and_its_title(slug: str) -> None:
    document = next(d for d in documents() if d.slug == slug)
    word = docx.Document(io.BytesIO(rendered(slug)))
    assert word.paragraphs[0].text == document.title
    headings = [p for p in word.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert len(headings) >= 3
    assert sum(len(p.text.split()) for p in word.paragraphs) > 350


def test_arabic_runs_from_right_to_left() -> None:
    word = docx.Document(io.BytesIO(rendered("dalil-qabul-altullab")))
    xml = word.element.xml
    assert "<w:bidi/>" in xml
    assert "<w:rtl/>" in xml


@pytest.mark.parametrize("slug", of("pptx"))
def test_a_presentation_has_slides_with_notes(slug: str) -> None:
    deck = pptx.Presentation(io.BytesIO(rendered(slug)))
    slides = list(deck.slides)
    assert len(slides) >= 6
    assert all(slide.shapes.title is not None for slide in slides)
    assert all(slide.has_notes_slide for slide in slides[1:])


@pytest.mark.parametrize("slug", of("xlsx"))
def test_a_workbook_holds_formulas_and_their_values(slug: str) -> None:
    data = rendered(slug)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert len(values.worksheets) >= 3
    found = 0
    for sheet, computed in zip(formulas.worksheets, values.worksheets, strict=True):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    found += 1
                    assert isinstance(computed[cell.coordinate].value, int | float)
    assert found >= 5


def test_the_sums_of_the_budget_are_right() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered("safe-roads-budget")), data_only=True)
    rows = {row[0]: row[1:6] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    assert rows["Total cost"][0] == 386000 + 88000 + 84000 + 48000 + 56000
    assert rows["Asked from the fund"][4] == rows["Total cost"][4] - 400000
    assert 0 < rows["Share spent in the corridors"][4] < 1


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "xlsx"])
def test_the_same_document_gives_the_same_bytes(kind: str) -> None:
    document = next(d for d in documents() if d.format == kind)
    assert render(document) == rendered(document.slug)


def test_rendering_everything_is_quick() -> None:
    start = time.perf_counter()
    for document in documents():
        render(document)
    assert time.perf_counter() - start < 15


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"owner": "a-real-one"}, "real ones own no content"),
        ({"owner": "northwind-legal-aid"}, "takes no part"),
        ({"audience": "members"}, "audience is one of organisation, workspace"),
        ({"uploader": "researcher@andesinfancia.example"}, "cannot upload"),
        ({"workspace": "nowhere"}, "no workspace"),
        (
            {"workspace": "harbour-light-office", "audience": "coalition"},
            "audience is one of organisation, workspace, network",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_the_file_named(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    fields = {
        "workspace": "safe-roads-programme",
        "owner": "harbour-light",
        "audience": "coalition",
        "uploader": "programmes@harbourlight.example",
    } | change
    (tmp_path / "trial.md").write_text(FRONT.format(**fields), encoding="utf-8")
    with pytest.raises(DemoContentError, match=message) as caught:
        read_documents(folder=tmp_path)
    assert "trial" in str(caught.value)


def test_the_markup_knows_what_it_says_it_knows() -> None:
    source = "## One\n\n1. first\n   goes on\n2. second\n\n---\n\n| a | b |\n|--|--|\n| 1 | 2 |"
    blocks = parse_blocks(source)
    assert blocks[0] == Heading(1, "One")
    assert blocks[1] == ListBlock(("first goes on", "second"), numbered=True)
    assert blocks[2] == PageBreak()
    assert plain("**bold** and *slanted* and 2 * 3") == "bold and slanted and 2 * 3"
