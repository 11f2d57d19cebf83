"""The embedded engine: one statement per answer, plain rows and full-text rows per write.

Invariant: every change is one transaction; trouble of the database is `SearchUnavailable`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from search.engines.base import Access, Engine, Query, Results, SearchUnavailable, Term, Tokens
from search.engines.embedded import (
    answering,
    document_rows,
    explaining,
    expunging,
    looking,
    rarity,
    spellings,
    suggestions,
    tokens,
    writing,
)
from search.engines.embedded.databases import dialect
from search.engines.index_docs import Held, IndexDoc
from search.models import Entry, EntryLabel


class EmbeddedEngine(Engine):
    """See `Engine`."""

    name = "embedded"

    def search(self, query: Query, access: Access) -> Results:
        """Words that must all be there first; any of them where that fills no page."""
        with _answering():
            return answering.answer(query, access)

    def scores(
        self, query: Query, access: Access, refs: Collection[str], *, relaxed: bool = False
    ) -> Mapping[str, float]:
        """The scores of the statement, or of the best pages where those decide the order."""
        with _answering():
            return explaining.scores(query, access, refs, relaxed=relaxed)

    def index(self, docs: Iterable[IndexDoc]) -> int:
        """Write whole records, twenty to a transaction."""
        written = 0
        for batch in writing.batches(docs):
            with transaction.atomic():
                written += writing.write(batch)
        return written

    def delete(self, refs: Iterable[str], *, version: int | None = None) -> int:
        """Remove records with everything that was written for them."""
        with transaction.atomic():
            known = Entry.objects.select_for_update().filter(ref__in=list(refs)).order_by("ref")
            if version is not None:
                known = known.filter(version__lte=version)
            entries = list(known.values_list("pk", flat=True))
            writing.forget(entries)
            Entry.objects.filter(pk__in=entries).delete()
        return len(entries)

    def relabel(self, ref: str, labels: Iterable[str], version: int) -> bool:
        """Change the labels of a record; a late call changes nothing."""
        with transaction.atomic():
            entry = Entry.objects.select_for_update().filter(ref=ref).first()
            if entry is None:
                return False
            if entry.version <= version:
                writing.relabel(entry, frozenset(labels))
                Entry.objects.filter(pk=entry.pk).update(version=version)
        return True

    def hide(self, refs: Iterable[str], version: int) -> None:
        """Take away all labels of these records at once: nobody finds them."""
        with transaction.atomic():
            known = Entry.objects.select_for_update().filter(ref__in=list(refs)).order_by("ref")
            entries = list(known.values_list("pk", flat=True))
            writing.hide(entries)
            Entry.objects.filter(pk__in=entries).update(
                version=Greatest(F("version"), Value(version))
            )

    def end(self, ref: str, until: datetime, version: int) -> None:
        """Let nobody find a record from an earlier moment on; a later one changes nothing.

        Its fingerprint goes, so that the worker writes what is so then, even the former end.
        """
        with transaction.atomic():
            later = Q(until__isnull=True) | Q(until__gt=until)
            Entry.objects.filter(later, ref=ref).update(
                until=until, fingerprint="", version=Greatest(F("version"), Value(version))
            )

    def count(self) -> int:
        """How many records are held."""
        return Entry.objects.count()

    def clear(self) -> None:
        """Forget everything."""
        with transaction.atomic():
            writing.clear()

    def held(self, refs: Collection[str] | None = None) -> Mapping[str, Held]:
        """What is held, in two queries."""
        entries = Entry.objects.all()
        return _held(entries if refs is None else entries.filter(ref__in=list(refs)))

    def held_of_family(self, family: str) -> Mapping[str, Held]:
        """What is held of one thing in all its languages, in two queries."""
        return _held(Entry.objects.filter(family=family))

    # Beside searching: what is asked of these tables whichever engine answers searches. --------
    def suggest(
        self, words: Sequence[str], access: Access, limit: int, language: str = ""
    ) -> list[str]:
        """Refs of records whose titles hold these folded words, the last one as a beginning.

        Among titles of alike worth those in `language` come first.
        """
        with _answering():
            return suggestions.suggest(words, access, limit, language)

    def spellings(self, word: str, access: Access) -> list[str]:
        """Words close to a folded one that these labels may have seen, closest first.

        One that only deleted records held may be among them: show none that is not `present`.
        """
        with _answering():
            return spellings.candidates(word, access)

    def begun(self, starts: Sequence[str], access: Access) -> list[list[str]]:
        """For each beginning some folded words that these labels may have seen."""
        with _answering():
            return spellings.begun(starts, access)

    def present(self, terms: Sequence[Term], access: Access) -> frozenset[int]:
        """Which of these terms, by their places, stand in anything that these labels show."""
        with _answering():
            return looking.present(terms, access)

    def shares(self, terms: Sequence[Term], access: Access) -> Mapping[Tokens, float]:
        """By which share of its own weight a form of a word counts, where not by the whole.

        A form that few texts hold, because few are in its language, is no rare word.
        """
        with _answering():
            return rarity.shares(dialect(), terms, public_only=access.public_only)

    def pages_within(self, ref: str, query: Query, access: Access, limit: int) -> list[int]:
        """Numbers of one record's pages whose text holds something asked for, in order."""
        with _answering():
            return looking.pages_within(ref, query, access, limit)

    def words_within(self, ref: str, access: Access) -> list[str]:
        """The folded words of one record that are worth correcting to."""
        with _answering():
            return looking.words_within(ref, access)

    def tidy(self) -> None:
        """What is done now and then, in the background, beside searching and writing.

        Words that nothing holds are forgotten, document rows built or dropped as the number of
        records demands, tokens counted where much has changed, and what was deleted for good is
        wiped out.
        """
        spellings.adjust()
        document_rows.adjust()
        tokens.adjust()
        expunging.adjust()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise SearchUnavailable("the database did not answer") from error


def _held(entries: QuerySet[Entry]) -> dict[str, Held]:
    labels: dict[int, set[str]] = {}
    rows = EntryLabel.objects.filter(entry__in=entries).values_list("entry_id", "label")
    for pk, label in rows:
        labels.setdefault(pk, set()).add(label)
    return {
        e.ref: Held(e.version, e.analyser, e.fingerprint, frozenset(labels.get(e.pk, ())))
        for e in entries
    }
