"""Titles that begin to be typed.

Invariant: rows are found by label and word together, so that titles which the asker may not see
take no time and show nothing, whatever words they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from search.engines.base import Access
from search.engines.embedded.databases import dialect
from search.engines.embedded.inserting import insert
from search.models import Head

# Of a beginning that very many titles share, no more than this are compared.
_MOST_ROWS: Final = 5_000
_LONGEST: Final = 64
_MOST_WORDS: Final = 8
_HIGHEST: Final = "\U0010ffff"


def add(records: Iterable[tuple[int, Sequence[str], Collection[str]]]) -> None:
    """Put the words of records' titles under labels: key of the record, words, labels."""
    rows = []
    for entry, heads, labels in records:
        words = {word[:_LONGEST]: place for place, word in reversed(list(enumerate(heads)))}
        rows += [
            (label, word, entry, min(place, 9_999))
            for label in labels
            for word, place in words.items()
        ]
    insert(Head, ("label", "word", "entry", "place"), sorted(rows), known=True)


def remove(entry: int, labels: Collection[str]) -> None:
    """Take a record's words away from these labels."""
    Head.objects.filter(entry=entry, label__in=list(labels)).delete()


def erase(entries: Sequence[int]) -> None:
    """Take away all words of these records."""
    Head.objects.filter(entry__in=entries).delete()


def clear() -> None:
    """Take away everything."""
    Head.objects.all().delete()


def suggest(words: Sequence[str], access: Access, limit: int, language: str = "") -> list[str]:
    """Refs of records with all these folded words in their titles, the last one as a beginning.

    Titles that begin with it come first; among alike ones those in `language`, then newer ones.
    """
    if not words or not words[-1] or not access.labels:
        return []
    tongue = dialect()
    mine = tongue.among("label", sorted(access.labels))
    whole = list(dict.fromkeys(word[:_LONGEST] for word in words[:-1]))[-_MOST_WORDS:]
    test = f" AND entry IN (SELECT entry FROM search_head WHERE {mine.text} AND word = %s)"  # noqa: S608
    start = words[-1][:_LONGEST]
    params: list[Any] = [*mine.params, start, start + _HIGHEST]
    for word in whole:
        params += [*mine.params, word]
    params.append(connection.ops.adapt_datetimefield_value(timezone.now()))
    kept = ""
    if access.withheld:
        withheld = tongue.among("e.ref", sorted(access.withheld))
        kept = f" AND NOT {withheld.text}"
        params += withheld.params
    foreign = ""
    if language:
        foreign = " e.locale <> %s,"
        params.append(language)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.ref FROM (SELECT entry, min(place) AS place FROM"  # noqa: S608
            f" (SELECT entry, place FROM search_head WHERE {mine.text} AND word >= %s"
            f" AND word < %s{test * len(whole)} LIMIT {_MOST_ROWS}) begun GROUP BY entry) best"
            " JOIN search_entry e ON e.id = best.entry"
            f" WHERE (e.until IS NULL OR e.until > %s){kept}"
            f" ORDER BY best.place > 0,{foreign} best.place, e.date IS NULL, e.date DESC, e.ref"
            " LIMIT %s",
            [*params, limit],
        )
        return [row[0] for row in cursor.fetchall()]
