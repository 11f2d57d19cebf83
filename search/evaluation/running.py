"""Asking a collection's questions of an engine that holds its texts and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Final

from coalitions.access import PUBLIC
from coalitions.language import language_code
from search.engines.base import Access, Engine, IndexDoc, Query
from search.evaluation.apart import embedded_apart
from search.evaluation.collections import Collection
from search.evaluation.measures import DEPTH, Figures, figures
from search.query import parse
from search.records import PageText, Record, Words

ENGINES: Final[Mapping[str, Callable[[], AbstractContextManager[Engine]]]] = {
    "embedded": embedded_apart,
}


def evaluate(collection: Collection, engine: str, *, concepts: bool = True) -> Figures:
    """The figures of one engine on one collection."""
    # Concepts are read where they live, before anything is asked apart.
    queries = [_query(question.text, concepts=concepts) for question in collection.questions]
    reader = Access.for_labels({PUBLIC})
    answers = []
    with ENGINES[engine]() as apart:
        ids = dict(_index(collection, apart))
        for question, query in zip(collection.questions, queries, strict=True):
            found = [ids[hit.ref] for hit in apart.search(query, reader).hits]
            answers.append((found, question.grades))
    return figures(answers)


def _query(text: str, *, concepts: bool) -> Query:
    return parse(text, size=DEPTH).query


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
