"""Writing an index without an engine: what indexing is measured against.

Two baselines. `SameRows` inserts exactly the rows that the embedded engine has to write, made
before the clock starts, table by table in the same transactions of twenty records: nothing is
looked up, compared, refused or replaced. That is the plain bulk of this index, against which the
engine's own work shows. `full_text_alone` writes a smaller index, without titles to suggest, words
to correct to and keys of titles: it shows what those tables cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, transaction

from search.engines.embedded import spellings
from search.engines.embedded.writing import BATCH
from search.engines.index_docs import IndexDoc
from search.models import PAGE_BITS

# Columns by which a row is known to belong to a record.
_OF_RECORDS: Final = {
    "search_entry": "id",
    "search_entrylabel": "entry_id",
    "search_entryfacet": "entry_id",
    "search_entrytitle": "entry_id",
    "search_entrywords": "entry_id",
    "search_head": "entry",
    "search_entrypage": "entry_id",
    "search_text_all": f"rowid >> {PAGE_BITS}",
    "search_text_public": f"rowid >> {PAGE_BITS}",
}
_TEXT: Final = "rowid, title, body, seam, parts"
Rows = dict[str, list[tuple[Any, ...]]]


class SameRows:
    """The rows of an index that has just been written, batch by batch."""

    def __init__(self, docs: Sequence[IndexDoc]) -> None:
        """Read them from the tables that an engine wrote these documents into."""
        self.columns: dict[str, str] = {}
        self.batches: list[Rows] = []
        batch_of: dict[str, int] = {doc.ref: n // BATCH for n, doc in enumerate(docs)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, ref FROM search_entry")
            entries = {entry: batch_of[ref] for entry, ref in cursor.fetchall()}
        for _ in range(0, len(docs), BATCH):
            self.batches.append(defaultdict(list))
        for table, key in _OF_RECORDS.items():
            columns = _TEXT if table.startswith("search_text") else "*"
            for of, *row in self._read(table, f"{key} AS of_record, {columns}"):
                self.batches[entries[of]][table].append(tuple(row))
        self._read_words(docs)

    def _read(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            self.columns[table] = ", ".join(name for name in names if name != "of_record")
            return list(cursor.fetchall())

    def _read_words(self, docs: Sequence[IndexDoc]) -> None:
        """A word's rows belong to the batch that brings it first."""
        first: dict[str, int] = {}
        first_under: dict[tuple[str, str], int] = {}
        for n, doc in enumerate(docs):
            for word in spellings.fit(doc.vocabulary):
                first.setdefault(word, n // BATCH)
                for label in doc.labels:
                    first_under.setdefault((word, label), n // BATCH)
        for row in self._read("search_spelling", "cut, word"):
            self.batches[first[row[1]]]["search_spelling"].append(row)
        for row in self._read("search_labelword", "word, label"):
            self.batches[first_under[row[0], row[1]]]["search_labelword"].append(row)

    def write(self) -> None:
        """Insert them into empty tables of the same kind."""
        for batch in self.batches:
            with transaction.atomic(), connection.cursor() as cursor:
                for table, rows in batch.items():
                    places = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(
                        f"INSERT INTO {table} ({self.columns[table]}) VALUES ({places})",  # noqa: S608
                        rows,
                    )


def full_text_alone(docs: Sequence[IndexDoc]) -> None:
    """One full-text table, one of public things, labels and facets; no looking."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE plain USING fts5(title, body, seam, parts, tokenize='ascii')"
        )
        cursor.execute("CREATE VIRTUAL TABLE plain_public USING fts5(title, body, seam, parts)")
        cursor.execute("CREATE TABLE plain_entry (id INTEGER PRIMARY KEY, ref TEXT UNIQUE)")
        cursor.execute("CREATE TABLE plain_value (entry INT, name TEXT, value TEXT)")
        cursor.execute("CREATE INDEX plain_values ON plain_value (name, value, entry)")
    for first in range(0, len(docs), BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            for n, doc in enumerate(docs[first : first + BATCH], first):
                cursor.execute("INSERT INTO plain_entry VALUES (%s, %s)", (n, doc.ref))
                pages = [(" ".join(doc.title), " ".join(p.body), "", "") for p in doc.pages]
                for table in ("plain", "plain_public") if "public" in doc.labels else ("plain",):
                    cursor.executemany(
                        f"INSERT INTO {table} VALUES (%s, %s, %s, %s)",  # noqa: S608
                        pages,
                    )
                values = [(n, "label", label) for label in doc.labels]
                values += [(n, name, v) for name, held in doc.facets.items() for v in held]
                cursor.executemany("INSERT INTO plain_value VALUES (%s, %s, %s)", values)
