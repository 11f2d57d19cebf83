"""Asking a collection's questions of an engine that holds its texts and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Final

from coalitions.access import PUBLIC
from coalitions.language import language_code
from search.concepts import Thesaurus
from search.engines.base import Access, Engine, Query, Results, SearchUnavailable
from search.engines.index_docs import IndexDoc
from search.evaluation.apart import elasticsearch_apart, embedded_apart
from search.evaluation.collections import Collection
from search.evaluation.measures import DEPTH, Figures, figures
from search.query import parse
from search.records import PageText, Record, Words

ENGINES: Final[Mapping[str, Callable[[], AbstractContextManager[Engine]]]] = {
    "embedded": embedded_apart,
    "elasticsearch": elasticsearch_apart,
}
# A server that was just fed may miss its time limit once.
TRIES: Final = 5


def evaluate(collection: Collection, engine: str, concepts: Thesaurus | None = None) -> Figures:
    """The figures of one engine on one collection, with these concepts."""
    queries = [
        parse(question.text, size=DEPTH, concepts=concepts).query
        for question in collection.questions
    ]
    reader = Access.for_labels({PUBLIC})
    answers = []
    with ENGINES[engine]() as apart:
        ids = dict(_index(collection, apart))
        for question, query in zip(collection.questions, queries, strict=True):
            found = _ask(apart, query, reader)
            answers.append(([ids[hit.ref] for hit in found.hits], question.grades))
    return figures(answers)


def _ask(engine: Engine, query: Query, reader: Access) -> Results:
    for _ in range(TRIES - 1):
        with suppress(SearchUnavailable):
            return engine.search(query, reader)
    return engine.search(query, reader)


def _index(collection: Collection, engine: Engine) -> Iterator[tuple[str, str]]:
    """Index the texts as records that everybody may see; gives each ref with the text's id."""
    language = language_code(collection.language) or collection.language[:12]
    refs: dict[str, str] = {}

    def docs() -> Iterator[IndexDoc]:
        for number, text in enumerate(collection.texts, 1):
            record = Record(
                ref=f"text:{number}",
                locale=language,
                family=f"text-{number}",
                labels=frozenset({PUBLIC}),
                facets={"kind": ("document",)},
                date=None,
                titles=(Words(text.title, language),),
                pages=(PageText(1, text.body, language),),
            )
            refs[record.ref] = text.id
            yield record.analysed(1)

    engine.index(docs())
    yield from refs.items()
