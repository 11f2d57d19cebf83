"""A collection in which every concept is written about in one language only, and who asks for it.

Each document is made of a sentence around a label of its concept, an alternative one where there
is one, and inflected in every second; the documents of all other concepts distract from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge.services.thesaurus import ConceptSource, read_concepts
from search.concepts import Thesaurus
from search.engines.base import Engine, Results, SearchUnavailable
from search.engines.index_docs import IndexDoc
from search.query import parse
from tests.search.contract import PUBLIC, document

LANGUAGES = ("en", "nl", "fr", "es", "ar")
FRAMES = {
    "en": (
        "In three regions the report of last year describes {} and what was done since.",
        "The ministry of justice answered questions of parliament about this subject in spring.",
    ),
    "nl": (
        "In drie regio's beschrijft het rapport van vorig jaar {} en wat er sindsdien is gedaan.",
        "Het ministerie van justitie beantwoordde dit voorjaar Kamervragen over dit onderwerp.",
    ),
    "fr": (
        "Dans trois régions le rapport de l'année dernière décrit {} et ce qui a été fait depuis.",
        "Le ministère de la justice a répondu au printemps aux questions du parlement à ce sujet.",
    ),
    "es": (
        "En tres regiones el informe del año pasado describe {} y lo que se ha hecho después.",
        "El ministerio de justicia respondió en primavera a las preguntas del parlamento.",
    ),
    "ar": (
        "يصف تقرير العام الماضي في ثلاث مناطق {} وما تم إنجازه منذ ذلك الحين.",
        "أجابت وزارة العدل في الربيع عن أسئلة البرلمان حول هذا الموضوع.",
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A label typed in one language, and the one document, in another, that is about it."""

    text: str
    spoken: str
    ref: str
    written: str


@cache
def sources_read() -> list[ConceptSource]:
    """The concepts that come with the portal."""
    return read_concepts()


def as_thesaurus(sources: list[ConceptSource]) -> Thesaurus:
    return Thesaurus(
        (source.code, language, text, place == 0)
        for source in sources
        for language, texts in source.labels.items()
        for place, text in enumerate(texts)
    )


_ENDINGS = {
    "en": ((r"[^sxy]", "s"),),
    "nl": ((r"(?<![aeiou]{2})[bdfgklmnprt]", "en"),),
    "fr": ((r"[^sxz]", "s"),),
    "es": ((r"[aeiou]", "s"), (r"[dlnr]", "es")),
}


def inflected(label: str, language: str) -> str:
    """The label with a plural's ending, or with the Arabic "and" before it."""
    if language == "ar":
        return f"و{label}"
    for before, ending in _ENDINGS[language]:
        if label.islower() and re.search(f"(?:{before})$", label):
            return label + ending
    return label


def documents(sources: list[ConceptSource]) -> Iterator[IndexDoc]:
    for number, source in enumerate(sources):
        language = LANGUAGES[number % len(LANGUAGES)]
        about, other = FRAMES[language]
        label = source.labels[language][-1]
        if number % 2:
            label = inflected(label, language)
        text = f"{about.format(label)} {other}"
        yield document(source.code, f"{number}", [text], locale=language)


def questions(sources: list[ConceptSource]) -> Iterator[Question]:
    for number, source in enumerate(sources):
        written = LANGUAGES[number % len(LANGUAGES)]
        for spoken in LANGUAGES:
            if spoken != written:
                yield Question(source.labels[spoken][0], spoken, source.code, written)


def _ask(engine: Engine, concepts: Thesaurus | None, text: str, tries: int) -> Results:
    """An answer; what is found is measured here, and not how fast a busy machine is."""
    query = parse(text, concepts=concepts).query
    for _ in range(tries - 1):
        try:
            return engine.search(query, PUBLIC)
        except SearchUnavailable:
            continue
    return engine.search(query, PUBLIC)


def recall(
    engine: Engine, concepts: Thesaurus | None, asked: list[Question], tries: int = 5
) -> dict[tuple[str, str], float]:
    """The share of questions whose document is among the first ten, by pair of languages."""
    found: dict[tuple[str, str], list[bool]] = {}
    for question in asked:
        results = _ask(engine, concepts, question.text, tries)
        pair = (question.spoken, question.written)
        found.setdefault(pair, []).append(question.ref in {hit.ref for hit in results.hits})
    return {pair: sum(hits) / len(hits) for pair, hits in sorted(found.items())}
