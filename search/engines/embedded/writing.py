"""Writing records: plain rows, full-text rows, and words for suggestions and corrections.

Invariant: rows are prepared before the first statement of the write, because on SQLite a
write holds the lock of the whole database; everything about a record changes in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from coalitions.access import PUBLIC
from coalitions.crash_points import reached
from search.engines.base import MAX_PAGES, IndexDoc, narrowing
from search.engines.embedded import spellings, suggestions
from search.engines.embedded.databases import dialect
from search.engines.embedded.dialect import PageRow
from search.models import Entry, EntryFacet, EntryLabel, EntryTitle, EntryWords

BATCH = 20
# A phrase may run over the end of a page: its last words and the next one's first stand together
# in the seam.
SEAM_BEFORE, SEAM_AFTER = 16, 8


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record whose rows are ready to be written."""

    doc: IndexDoc
    pages: list[PageRow]
    vocabulary: bytes


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
        yield sorted(
            (Prepared(doc, _page_rows(doc), spellings.pack(doc.vocabulary)) for doc in batch),
            key=lambda prepared: prepared.doc.ref,
        )


def write(batch: list[Prepared]) -> int:
    """Write those that are not older than what is held; return how many."""
    written = [prepared for prepared in batch if _write(prepared)]
    words_of: dict[str, set[str]] = {}
    for prepared in written:
        for label in prepared.doc.labels:
            words_of.setdefault(label, set()).update(spellings.unpack(prepared.vocabulary))
    spellings.add(words_of)
    return len(written)


def _write(prepared: Prepared) -> bool:
    doc = prepared.doc
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
            return False
        Entry.objects.filter(pk=entry.pk).update(**state)
    forget([entry.pk])
    EntryLabel.objects.bulk_create(
        EntryLabel(entry=entry, label=label) for label in sorted(doc.labels)
    )
    EntryFacet.objects.bulk_create(
        EntryFacet(entry=entry, name=name, value=value)
        for name, values in sorted(narrowing(doc.facets, doc.labels).items())
        for value in sorted(set(values))
    )
    reached("indexing.half-written")
    EntryTitle.objects.bulk_create(
        EntryTitle(entry=entry, key=key) for key in sorted(set(doc.title_keys))
    )
    EntryWords.objects.create(
        entry=entry, heads=" ".join(doc.heads), vocabulary=prepared.vocabulary
    )
    suggestions.add(entry.pk, doc.heads, doc.labels)
    dialect().write(entry.pk, doc.title, prepared.pages, PUBLIC in doc.labels)
    return True


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
        suggestions.add(entry.pk, (heads or "").split(), added)
        spellings.add_labels(entry.pk, added)
    if (PUBLIC in held) != (PUBLIC in labels):
        dialect().publish(entry.pk, PUBLIC in labels)


def clear() -> None:
    """Remove everything."""
    for model in (EntryLabel, EntryFacet, EntryTitle, EntryWords):
        model._default_manager.all().delete()
    suggestions.clear()
    spellings.clear()
    dialect().clear()
    Entry.objects.all().delete()
