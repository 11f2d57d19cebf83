"""Writing records: plain rows, full-text rows, and words for suggestions and corrections.

Invariant: rows are prepared before the first statement of the write, because on SQLite a
write holds the lock of the whole database; everything about a record changes in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db import connection

from coalitions.access import PUBLIC
from coalitions.crash_points import reached
from search.engines.base import MAX_PAGES
from search.engines.embedded import spellings, suggestions
from search.engines.embedded.databases import dialect
from search.engines.embedded.dialect import PageRow, RecordRows
from search.engines.embedded.inserting import insert
from search.engines.index_docs import IndexDoc, narrowing
from search.models import Entry, EntryFacet, EntryLabel, EntryTitle, EntryWords

BATCH = 20
# A phrase may run over the end of a page: its last words and the next one's first stand together
# in the seam.
SEAM_BEFORE, SEAM_AFTER = 16, 8
# The version of a record that this very transaction makes, until it is given its own.
_NEW: Final = -1
_STATE: Final = (
    "ref",
    "locale",
    "family",
    "version",
    "analyser",
    "fingerprint",
    "date",
    "until",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record whose rows are ready to be written."""

    doc: IndexDoc
    pages: list[PageRow]
    words: list[str]
    vocabulary: bytes


def _prepared(doc: IndexDoc) -> Prepared:
    words = spellings.fit(doc.vocabulary)
    return Prepared(doc, _page_rows(doc), words, spellings.pack(words))


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


def batches(docs: Iterable[IndexDoc]) -> Iterator[list[Prepared]]:
    """Records ready to be written, twenty at a time, in one order for everybody.

    Two writers never wait for each other then.
    """
    iterator = iter(docs)
    while batch := list(islice(iterator, BATCH)):
        yield sorted((_prepared(doc) for doc in batch), key=lambda prepared: prepared.doc.ref)


def write(batch: Sequence[Prepared]) -> int:
    """Write those that are not older than what is held; return how many."""
    # A record that comes twice is written twice, one after the other.
    firsts: dict[str, Prepared] = {}
    again = [p for p in batch if firsts.setdefault(p.doc.ref, p) is not p]
    written = _write(list(firsts.values()))
    return written + (write(again) if again else 0)


def _write(batch: Sequence[Prepared]) -> int:
    created, held = _entries([prepared.doc for prepared in batch])
    if held:
        forget(list(held.values()))
    keys = created | held
    ready = [(keys[p.doc.ref], p) for p in batch if p.doc.ref in keys]
    docs = [(entry, prepared.doc) for entry, prepared in ready]
    insert(
        EntryLabel,
        ("entry_id", "label"),
        [(entry, label) for entry, doc in docs for label in sorted(doc.labels)],
    )
    insert(
        EntryFacet,
        ("entry_id", "name", "value"),
        [
            (entry, name, value)
            for entry, doc in docs
            for name, values in sorted(narrowing(doc.facets, doc.labels).items())
            for value in sorted(set(values))
        ],
    )
    reached("indexing.half-written")
    insert(
        EntryTitle,
        ("entry_id", "key"),
        [(entry, key) for entry, doc in docs for key in sorted(set(doc.title_keys))],
    )
    insert(
        EntryWords,
        ("entry_id", "heads", "vocabulary"),
        [(entry, " ".join(p.doc.heads), p.vocabulary) for entry, p in ready],
    )
    suggestions.add((entry, doc.heads, doc.labels) for entry, doc in docs)
    dialect().write(
        [RecordRows(e, tuple(p.doc.title), p.pages, PUBLIC in p.doc.labels) for e, p in ready]
    )
    words_of: dict[str, set[str]] = {}
    for _, prepared in ready:
        for label in prepared.doc.labels:
            words_of.setdefault(label, set()).update(prepared.words)
    spellings.add(words_of)
    return len(ready)


def _entries(docs: Sequence[IndexDoc]) -> tuple[dict[str, int], dict[str, int]]:
    """Keys by ref: of the records that are new, and of those held in no newer version.

    All of them, late ones too, are ours until the transaction ends, taken in one statement and in
    the order of the batch: of two writers one waits, whether a record is new or held or going.
    """
    created: dict[str, int] = {}
    held: dict[str, int] = {}
    row = f"({', '.join(['%s'] * len(_STATE))})"
    rows = ", ".join([row] * len(docs))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry ({', '.join(_STATE)}) VALUES {rows}"  # noqa: S608
            " ON CONFLICT (ref) DO UPDATE SET ref = excluded.ref RETURNING ref, id, version",
            [value for doc in docs for value in _state(doc, _NEW)],
        )
        found = {ref: (entry, version) for ref, entry, version in cursor.fetchall()}
    for doc in docs:
        entry, version = found[doc.ref]
        if version == _NEW:
            created[doc.ref] = entry
        elif version <= doc.version:
            held[doc.ref] = entry
    keys = created | held
    _renew([(keys[doc.ref], doc) for doc in docs if doc.ref in keys])
    return created, held


def _renew(docs: Sequence[tuple[int, IndexDoc]]) -> None:
    if docs:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE search_entry SET {', '.join(f'{name} = %s' for name in _STATE)}"  # noqa: S608
                " WHERE id = %s",
                [(*_state(doc, doc.version), entry) for entry, doc in docs],
            )


def _state(doc: IndexDoc, version: int) -> tuple[Any, ...]:
    times = (connection.ops.adapt_datetimefield_value(t) for t in (doc.date, doc.until))
    return (doc.ref, doc.locale, doc.family, version, doc.analyser, doc.fingerprint, *times)


def forget(entries: list[int]) -> None:
    """Remove all rows of these records but the records themselves."""
    for model in (EntryLabel, EntryFacet, EntryTitle, EntryWords):
        model._default_manager.filter(entry_id__in=entries).delete()
    suggestions.erase(entries)
    dialect().erase(entries)


def relabel(entry: Entry, labels: frozenset[str]) -> None:
    """Change who finds a record, and in whose suggestions and corrections it plays a part."""
    held = frozenset(EntryLabel.objects.filter(entry=entry).values_list("label", flat=True))
    added, removed = labels - held, held - labels
    EntryLabel.objects.filter(entry=entry, label__in=removed).delete()
    EntryLabel.objects.bulk_create(EntryLabel(entry=entry, label=label) for label in sorted(added))
    EntryFacet.objects.filter(entry=entry, name="audience").delete()
    EntryFacet.objects.bulk_create(
        EntryFacet(entry=entry, name=name, value=value)
        for name, values in narrowing({}, labels).items()
        for value in values
    )
    suggestions.remove(entry.pk, removed)
    if added:
        heads = EntryWords.objects.filter(pk=entry.pk).values_list("heads", flat=True).first()
        suggestions.add([(entry.pk, (heads or "").split(), added)])
        spellings.add_labels(entry.pk, added)
    if (PUBLIC in held) != (PUBLIC in labels):
        dialect().publish(entry.pk, PUBLIC in labels)


def hide(entries: Sequence[int]) -> None:
    """Let nobody find these records, nor meet their words in suggestions."""
    held = EntryLabel.objects.filter(entry__in=entries)
    public = list(held.filter(label=PUBLIC).values_list("entry_id", flat=True))
    held.delete()
    EntryFacet.objects.filter(entry__in=entries, name="audience").delete()
    suggestions.erase(entries)
    for entry in public:
        dialect().publish(entry, public=False)


def clear() -> None:
    """Remove everything."""
    for model in (EntryLabel, EntryFacet, EntryTitle, EntryWords):
        model._default_manager.all().delete()
    suggestions.clear()
    spellings.clear()
    dialect().clear()
    Entry.objects.all().delete()
