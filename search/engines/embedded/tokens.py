"""How common tokens are: the weight that a rare word has over a frequent one.

Counted now and then into a table, because counting at every question costs what the answer does. A
token that the table does not have is rare. Small indexes are counted at the question.

Invariant: the weights of the public scope know public rows alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from search.engines.base import Tokens
from search.engines.embedded import document_rows
from search.models import EmbeddedState, Entry, EntryPage, TokenCount

# Below this many rows everything is counted when it is asked.
LEAST_ROWS: Final = 5_000
RARE: Final = 2
OLD: Final = timedelta(hours=24)
CHANGED: Final = 0.05
_NAMES: Final = {False: "tokens-all", True: "tokens-public"}
_CHUNK: Final = 5_000


def total(*, public_only: bool) -> int | None:
    """How many rows were counted; None where counting has not been done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM search_embeddedstate WHERE name = %s", (_NAMES[public_only],)
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def rows_of(sequences: Collection[Tokens], *, public_only: bool) -> dict[Tokens, int]:
    """On how many rows each of these stands; of a longer one: at most, by its rarest token."""
    tokens = sorted({token for sequence in sequences for token in sequence})
    found = dict(
        TokenCount.objects.filter(public=public_only, token__in=tokens).values_list("token", "rows")
    )
    return {s: min((found.get(token, 1) for token in s), default=1) for s in sequences}


def weight(total: int, rows: int) -> float:
    """The inverse document frequency, as FTS5 reckons it."""
    return max(1e-6, math.log((total - rows + 0.5) / (rows + 0.5)))


def _rows_now(*, public: bool) -> int:
    if connection.vendor == "sqlite":
        entries = Entry.objects.filter(labels__label="public") if public else Entry.objects.all()
        return entries.count()
    pages = EntryPage.objects.filter(public=True) if public else EntryPage.objects.all()
    return pages.count()


def adjust() -> None:
    """Count again where much has changed, or a day has passed."""
    needed = connection.vendor == "postgresql" or document_rows.ready()
    for public, name in _NAMES.items():
        rows = _rows_now(public=public)
        state = EmbeddedState.objects.filter(name=name).first()
        if not needed or rows < LEAST_ROWS:
            forget(public=public)
        elif (
            state is None
            or abs(rows - state.number) > rows * CHANGED
            or timezone.now() - state.changed > OLD
        ):
            count(public=public)


def forget(*, public: bool) -> None:
    """Do without the table."""
    with transaction.atomic():
        EmbeddedState.objects.filter(name=_NAMES[public]).delete()
        TokenCount.objects.filter(public=public).delete()


def count(*, public: bool) -> None:
    """Count every token of the scope. Read first: writing holds the lock of SQLite's database."""
    if connection.vendor == "postgresql":
        counted, rows = _counted_in_vectors(public), _rows_now(public=public)
    else:
        counted, rows = _counted_in_rows(public), _rows_now(public=public)
    with transaction.atomic():
        TokenCount.objects.filter(public=public).delete()
        TokenCount.objects.bulk_create(
            (TokenCount(public=public, token=token[:64], rows=n) for token, n in counted),
            batch_size=_CHUNK,
            ignore_conflicts=True,
        )
        EmbeddedState.objects.update_or_create(name=_NAMES[public], defaults={"number": rows})


def _counted_in_vectors(public: bool) -> Iterable[tuple[str, int]]:
    inner = "SELECT vector FROM search_entrypage" + (" WHERE public" if public else "")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, ndoc FROM ts_stat(%s) WHERE ndoc > %s", (inner, RARE))
        return [(str(word), int(n)) for word, n in cursor.fetchall()]


def _counted_in_rows(public: bool) -> Iterable[tuple[str, int]]:
    table = document_rows.PUBLIC if public else document_rows.ALL
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_tokens"
            f" USING fts5vocab(main, {table}, row)"
        )
        cursor.execute(f"SELECT term, doc FROM temp.{table}_tokens WHERE doc > %s", (RARE,))  # noqa: S608
        counted = [(str(term), int(n)) for term, n in cursor.fetchall()]
        cursor.execute(f"DROP TABLE temp.{table}_tokens")
    return counted
