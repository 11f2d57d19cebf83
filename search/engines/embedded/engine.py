"""The embedded engine: one statement per answer, plain rows and full-text rows per write.

Invariant: rows are prepared before the first statement of the write, because on SQLite a
write holds the lock of the whole database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from coalitions.access import PUBLIC
from coalitions.crash_points import reached
from search.engines.base import (
    MAX_PAGES,
    Access,
    Engine,
    FacetValue,
    Held,
    Hit,
    IndexDoc,
    Query,
    Results,
    SearchUnavailable,
    clamp,
    narrowing,
)
from search.engines.embedded.dialect import Dialect, PageRow, Sql
from search.engines.embedded.postgresql import PostgresqlDialect
from search.engines.embedded.sqlite import SqliteDialect
from search.engines.embedded.statement import Statement
from search.models import Entry, EntryFacet, EntryLabel

BATCH = 20
# A phrase may run over the end of a page: its last words and the next one's first stand together
# in the seam.
SEAM_BEFORE, SEAM_AFTER = 16, 8


def _dialect() -> Dialect:
    return PostgresqlDialect() if connection.vendor == "postgresql" else SqliteDialect()


def _page_rows(doc: IndexDoc) -> list[PageRow]:
    pages = list(doc.pages)[:MAX_PAGES]
    rows = []
    for place, page in enumerate(pages):
        seam: tuple[str, ...] = ()
        if place + 1 < len(pages):
            seam = (*page.body[-SEAM_BEFORE:], *pages[place + 1].body[:SEAM_AFTER])
        rows.append(
            PageRow(place, page.number, page.anchor, tuple(page.body), seam, tuple(page.parts))
        )
    return rows or [PageRow(0, 0, "", (), (), ())]


def _batches(docs: Iterable[IndexDoc]) -> Iterator[list[tuple[IndexDoc, list[PageRow]]]]:
    iterator = iter(docs)
    while batch := [(doc, _page_rows(doc)) for doc in islice(iterator, BATCH)]:
        yield batch


class EmbeddedEngine(Engine):
    """See `Engine`."""

    name = "embedded"

    def search(self, query: Query, access: Access) -> Results:
        """Words that must all be there first; any of them where that fills no page."""
        if not access.labels:
            return _read([], query, relaxed=False)
        try:
            found = self._ask(query, access, relaxed=False)
            if found.total < query.size and query.can_relax:
                found = self._ask(query, access, relaxed=True)
        except DatabaseError as error:
            raise SearchUnavailable("the database did not answer") from error
        return found

    def _ask(self, query: Query, access: Access, *, relaxed: bool) -> Results:
        offset = (max(query.page, 1) - 1) * query.size
        rows = self._rows(query, access, relaxed=relaxed, offset=min(offset, 10**9))
        total = next(row[3] for row in rows if row[0] == "total")
        page, _, _ = clamp(query, total)
        if page != query.page:
            rows = self._rows(query, access, relaxed=relaxed, offset=(page - 1) * query.size)
        return _read(rows, query, relaxed=relaxed)

    def _rows(self, query: Query, access: Access, *, relaxed: bool, offset: int) -> list[Any]:
        statement = Statement(_dialect(), query, access, relaxed=relaxed)
        sql: Sql = statement.build(offset, query.size)
        with connection.cursor() as cursor:
            cursor.execute(sql.text, sql.params)
            return list(cursor.fetchall())

    def index(self, docs: Iterable[IndexDoc]) -> int:
        """Write whole records, twenty to a transaction."""
        written = 0
        for batch in _batches(docs):
            with transaction.atomic():
                # One order for everybody, so that two writers never wait for each other.
                for doc, pages in sorted(batch, key=lambda pair: pair[0].ref):
                    written += self._write(doc, pages)
        return written

    def _write(self, doc: IndexDoc, pages: list[PageRow]) -> int:
        state = {
            "locale": doc.locale,
            "family": doc.family,
            "version": doc.version,
            "analyser": doc.analyser,
            "fingerprint": doc.fingerprint,
            "date": doc.date,
            "until": doc.until,
        }
        _, created = Entry.objects.get_or_create(ref=doc.ref, defaults=state)
        entry = Entry.objects.select_for_update().get(ref=doc.ref)
        if not created:
            if entry.version > doc.version:
                return 0
            Entry.objects.filter(pk=entry.pk).update(**state)
        self._forget([entry.pk])
        EntryLabel.objects.bulk_create(
            EntryLabel(entry=entry, label=label) for label in sorted(doc.labels)
        )
        EntryFacet.objects.bulk_create(
            EntryFacet(entry=entry, name=name, value=value)
            for name, values in sorted(narrowing(doc.facets, doc.labels).items())
            for value in sorted(set(values))
        )
        reached("indexing.half-written")
        _dialect().write(entry.pk, doc.title, pages, PUBLIC in doc.labels)
        return 1

    def _forget(self, entries: list[int]) -> None:
        EntryLabel.objects.filter(entry_id__in=entries).delete()
        EntryFacet.objects.filter(entry_id__in=entries).delete()
        _dialect().erase(entries)

    def delete(self, refs: Iterable[str], *, version: int | None = None) -> int:
        """Remove records with everything that was written for them."""
        with transaction.atomic():
            known = Entry.objects.select_for_update().filter(ref__in=list(refs)).order_by("ref")
            if version is not None:
                known = known.filter(version__lte=version)
            entries = list(known.values_list("pk", flat=True))
            self._forget(entries)
            Entry.objects.filter(pk__in=entries).delete()
        return len(entries)

    def relabel(self, ref: str, labels: Iterable[str], version: int) -> bool:
        """Change the labels of a record; a late call changes nothing."""
        new = frozenset(labels)
        with transaction.atomic():
            entry = Entry.objects.select_for_update().filter(ref=ref).first()
            if entry is None:
                return False
            if entry.version > version:
                return True
            held = frozenset(EntryLabel.objects.filter(entry=entry).values_list("label", flat=True))
            EntryLabel.objects.filter(entry=entry, label__in=held - new).delete()
            EntryLabel.objects.bulk_create(
                EntryLabel(entry=entry, label=label) for label in sorted(new - held)
            )
            EntryFacet.objects.filter(entry=entry, name="audience").delete()
            EntryFacet.objects.bulk_create(
                EntryFacet(entry=entry, name=name, value=value)
                for name, values in narrowing({}, new).items()
                for value in values
            )
            if (PUBLIC in held) != (PUBLIC in new):
                _dialect().publish(entry.pk, PUBLIC in new)
            Entry.objects.filter(pk=entry.pk).update(version=version)
        return True

    def count(self) -> int:
        """How many records are held."""
        return Entry.objects.count()

    def clear(self) -> None:
        """Forget everything."""
        with transaction.atomic():
            EntryLabel.objects.all().delete()
            EntryFacet.objects.all().delete()
            _dialect().clear()
            Entry.objects.all().delete()

    def held(self, refs: Collection[str] | None = None) -> Mapping[str, Held]:
        """What is held, in two queries."""
        entries = Entry.objects.all()
        return _held(entries if refs is None else entries.filter(ref__in=list(refs)))

    def held_of_family(self, family: str) -> Mapping[str, Held]:
        """What is held of one thing in all its languages, in two queries."""
        return _held(Entry.objects.filter(family=family))


def _held(entries: QuerySet[Entry]) -> dict[str, Held]:
    labels: dict[int, set[str]] = {}
    rows = EntryLabel.objects.filter(entry__in=entries).values_list("entry_id", "label")
    for pk, label in rows:
        labels.setdefault(pk, set()).add(label)
    return {
        e.ref: Held(e.version, e.analyser, e.fingerprint, frozenset(labels.get(e.pk, ())))
        for e in entries
    }


def _read(rows: list[Any], query: Query, *, relaxed: bool) -> Results:
    """Turn the statement's rows into an answer."""
    total, exact = 0, 0
    hits: dict[int, str] = {}
    best: dict[int, list[tuple[int, int]]] = {}
    counts: dict[str, dict[str, int]] = {}
    for part, name, value, number, extra, place in rows:
        if part == "total":
            total, exact = int(number), int(extra)
        elif part == "facet":
            counts.setdefault(name, {})[value] = int(number)
        elif part == "hit":
            hits[place] = name
        else:
            best.setdefault(place, []).append((int(extra), int(number)))
    for name, chosen in query.filters.items():
        for value in chosen:
            counts.setdefault(name, {}).setdefault(value, 0)
    facets = {
        name: tuple(
            FacetValue(value, n, value in query.filters.get(name, ()))
            for value, n in sorted(values.items(), key=lambda item: (-item[1], item[0]))
        )
        for name, values in counts.items()
    }
    page, pages, capped = clamp(query, total)
    return Results(
        hits=tuple(
            Hit(ref, tuple(number for _, number in sorted(best.get(place, ()))))
            for place, ref in sorted(hits.items())
        ),
        total=total,
        exact=exact,
        relaxed=relaxed and exact < total,
        page=page,
        pages=pages,
        capped=capped,
        facets=facets,
    )
