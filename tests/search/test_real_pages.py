"""Words from a page of a real PDF, as somebody who remembers it would type them, lead back to it.

For pages of every PDF that has text: some words in a row, without quotation marks. The page has
to be the first hit's first page in 95 of 100 cases.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pytest

from coalitions.access import PUBLIC
from coalitions.language import clean
from search.engines.base import Access, Engine
from search.evaluation.apart import elasticsearch_apart, embedded_apart
from search.query import parse
from search.records import PageText, Record, Words
from tests.documents.files import real_files
from tests.search.phrases import FIRST_WORDS, bare, says_something
from tests.search.test_elasticsearch import URL

PDFS = [path for path in real_files() if path.suffix == ".pdf"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PDFS, reason="the real files are not here"),
]
# Of twelve pages of each file, which is harder than of one.
WORDS, MAX_PAGES, LEAST = 8, 12, 0.95
READER = Access.for_labels({PUBLIC})


class Question(NamedTuple):
    """Words, and where they come from."""

    text: str
    ref: str
    page: int


def _language(name: str) -> str:
    with (PDFS[0].parent / "manifest.csv").open(encoding="utf-8") as file:
        return next(row["language"] for row in csv.DictReader(file) if row["file"] == name)


def _record(path: Path) -> Record:
    language = _language(path.name)
    with pdfium.PdfDocument(path) as pdf:
        texts = [clean(page.get_textpage().get_text_range()) for page in pdf]
    return Record(
        ref=f"file:{path.name}",
        locale=language,
        family=path.name[:64],
        labels=frozenset((PUBLIC,)),
        facets={},
        date=None,
        titles=(Words(path.stem.replace("-", " "), language),),
        pages=tuple(PageText(n, text, language) for n, text in enumerate(texts, 1)),
    )


@cache
def records() -> tuple[Record, ...]:
    return tuple(_record(path) for path in PDFS)


@cache
def questions() -> tuple[Question, ...]:
    """Of every PDF as many pages as are asked about, spread over it."""
    whole = {(r.ref, p.number): bare(p.text) for r in records() for p in r.pages}
    found = []
    for record in records():
        mine = [q for page in record.pages for q in _question(record.ref, page, whole)]
        found += mine[:: max(1, len(mine) // MAX_PAGES)][:MAX_PAGES]
    return tuple(found)


def _question(ref: str, page: PageText, whole: dict[tuple[str, int], str]) -> Iterator[Question]:
    """The first words in the middle of the page that stand on no other page in this row."""
    words = bare(page.text).split()
    middle = len(words) // 2
    for start in range(max(middle, FIRST_WORDS), len(words) - WORDS):
        text = " ".join(words[start : start + WORDS])
        unique = sum(text in other for other in whole.values()) == 1
        if unique and says_something(words[start : start + WORDS]):
            yield Question(text, ref, page.number)
            return


def share_found(engine: Engine) -> float:
    """The share of questions whose page comes first. The others are printed with `-s`."""
    engine.index(record.analysed(1) for record in records())
    right = 0
    for question in questions():
        hits = engine.search(parse(question.text).query, READER).hits
        first = (hits[0].ref, hits[0].page) if hits else ("", 0)
        if first == (question.ref, question.page):
            right += 1
        else:
            sys.stdout.write(f"\n{question} → {first}")
    sys.stdout.write(f"\n{engine.name}: {right} of {len(questions())} pages come first\n")
    return right / len(questions())


def test_every_pdf_with_text_is_asked_about() -> None:
    asked = {question.ref for question in questions()}
    scans = {r.ref for r in records() if not any(page.text.strip() for page in r.pages)}
    assert asked | scans == {record.ref for record in records()}
    assert len(questions()) > 50


def test_the_page_comes_first() -> None:
    with embedded_apart() as engine:
        assert share_found(engine) >= LEAST


@pytest.mark.services
@pytest.mark.skipif(not URL, reason="ELASTICSEARCH_URL names no server")
def test_the_page_comes_first_from_the_server(settings: pytest.FixtureRequest) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": URL}  # type: ignore[attr-defined]
    with elasticsearch_apart() as engine:
        assert share_found(engine) >= LEAST
