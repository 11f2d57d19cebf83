"""FTS5 in Django's own SQLite database.

Invariant: the rowid of a full-text row is the key of its page, and `search_text_public` holds
the pages of public records alone: its statistics know nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import connection

from search.engines.base import ECHO_WEIGHT, PAIR_WEIGHT, Clause, Echo, Term, Tokens
from search.engines.concepts import concepts_of
from search.engines.embedded import document_rows
from search.engines.embedded.dialect import (
    BODY,
    PARTS,
    SEAM,
    TITLE,
    RecordRows,
    Sql,
    in_parts,
    terms_of,
)
from search.engines.embedded.expressions import (
    alternative,
    below_title,
    columns_of,
    echo_of,
    every,
    expression,
    pair_expression,
)
from search.engines.embedded.inserting import insert
from search.engines.embedded.rarity import shares
from search.models import PAGE_BITS, EntryPage

ALL, PUBLIC = "search_text_all", "search_text_public"
LAST = (1 << PAGE_BITS) - 1


def _table(public_only: bool) -> str:
    return PUBLIC if public_only else ALL


def _added_up(
    typed: Sql,
    forms: Sequence[tuple[float, Sql]],
    pairs: Sql | None,
    concepts: Sequence[Sequence[Sql]],
) -> Sql:
    """What was typed, the neighbours among it, and the best label of each concept.

    bm25 adds up what stands in one expression: to weigh pairs, and to take the best of several
    labels, each is asked alone. `forms`: of what was typed, by how much less it counts.
    """
    added = [(-less, [form]) for less, form in forms]
    added += [(PAIR_WEIGHT, [pairs])] if pairs is not None else []
    added += [(ECHO_WEIGHT, [*labels]) for labels in concepts]
    if not added:
        return typed
    rows = [f"SELECT 0 AS part, page, score FROM ({typed.text})"]  # noqa: S608
    params = [*typed.params]
    for number, (weight, pieces) in enumerate(added, 1):
        for piece in pieces:
            rows.append(
                f"SELECT {number} AS part, page, {weight} * score AS score FROM ({piece.text})"  # noqa: S608
            )
            params += piece.params
    return Sql(
        "SELECT page, sum(score) AS score FROM (SELECT page, max(score) AS score"  # noqa: S608
        f" FROM ({' UNION ALL '.join(rows)}) GROUP BY page, part) GROUP BY page",
        tuple(params),
    )


def _text_rows(record: RecordRows) -> Iterator[tuple[int, str, str, str, str]]:
    first, title = record.entry << PAGE_BITS, " ".join(record.title)
    for p in record.pages:
        yield first + p.place, title, " ".join(p.body), " ".join(p.seam), " ".join(p.parts)


class SqliteDialect:
    """See `Dialect`."""

    whole = False
    # The plus keeps SQLite from looking for each of a viewer's labels in turn: a record has few
    # of them, a viewer many.
    label = "+l.label"
    listed = "json_each(%s)"
    age = "max(0, julianday(%s) - julianday(date(e.date)))"

    def among(self, column: str, values: Sequence[str]) -> Sql:
        return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (json.dumps(values),))  # noqa: S608

    def matching(self, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool) -> Sql:
        table = _table(public_only)
        return Sql(
            f"SELECT rowid AS page FROM {table} WHERE {table} MATCH %s",  # noqa: S608
            (expression(terms, echoes),),
        )

    def scored(
        self,
        clauses: Sequence[Clause],
        pairs: Sequence[Tokens],
        *,
        public_only: bool,
        needed: bool,
    ) -> Sql:
        table = _table(public_only)
        test = f" AND rowid >> {PAGE_BITS} IN (SELECT entry FROM needed)" if needed else ""  # noqa: S608
        typed = self._select(table, "rowid", (expression(terms_of(clauses)),), test)
        paired = self._select(table, "rowid", (pair_expression(pairs),), test) if pairs else None
        forms = self._rarer_forms(table, "rowid", test, clauses, public_only=public_only)
        echoed = [
            [self._select(table, "rowid", (echo_of(echo),), test) for echo in concept]
            for concept in concepts_of(clauses)
        ]
        return _added_up(typed, forms, paired, echoed)

    def _rarer_forms(
        self, table: str, key: str, test: str, clauses: Sequence[Clause], *, public_only: bool
    ) -> list[tuple[float, Sql]]:
        """The forms of words that must not weigh as rare words: by how much less, and where."""
        terms = terms_of(clauses)
        parted = {s for term in terms for s in term.sequences if in_parts(term, s)}
        rarer = shares(self, terms, public_only=public_only)

        def asked(sequence: Tokens) -> str:
            # The very words that `expression` asks: this takes from what they scored there.
            return alternative(sequence, columns_of(sequence, parts=sequence in parted))

        return [
            (1 - share, self._select(table, key, (asked(s),), test)) for s, share in rarer.items()
        ]

    def counted(
        self, sequences: Collection[Tokens], *, public_only: bool
    ) -> tuple[int, Mapping[Tokens, int]]:
        table = _table(public_only)
        one = f"(SELECT count(*) FROM {table} WHERE {table} MATCH %s)"  # noqa: S608
        asked = list(sequences)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (SELECT count(*) FROM {table}_docsize),"  # noqa: S608
                f" {', '.join([one] * len(asked))}",
                [alternative(s, columns_of(s, parts=True)) for s in asked],
            )
            total, *held = cursor.fetchall()[0]
        return int(total), dict(zip(asked, map(int, held), strict=True))

    def _select(self, table: str, key: str, params: tuple[str, ...], test: str) -> Sql:
        return Sql(
            f"SELECT {key} AS page, -bm25({table}, {TITLE}, {BODY}, {SEAM}, {PARTS}) AS score"  # noqa: S608
            f" FROM {table} WHERE {table} MATCH %s{test}",
            params,
        )

    def together(self, clauses: Sequence[Clause], *, public_only: bool) -> Sql | None:
        return None

    def crowded(self, clauses: Sequence[Clause], *, public_only: bool) -> bool:
        return False

    def standing(
        self, entry: int, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool
    ) -> Sql:
        first, table = entry << PAGE_BITS, _table(public_only)
        below = [f"({{body seam parts}} : ({expression(terms)}))"]
        below += [below_title(echo) for echo in dict.fromkeys(echoes)]
        return Sql(
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s AND rowid BETWEEN %s AND %s",  # noqa: S608
            (" OR ".join(below), first, first + LAST),
        )

    def write(self, records: Sequence[RecordRows]) -> None:
        insert(
            EntryPage,
            ("id", "entry_id", "number", "anchor", "public"),
            [
                ((r.entry << PAGE_BITS) + p.place, r.entry, p.number, p.anchor, r.public)
                for r in records
                for p in r.pages
            ],
        )
        public = [r for r in records if r.public]
        with connection.cursor() as cursor:
            for table, some in ((ALL, records), (PUBLIC, public)):
                cursor.executemany(
                    f"INSERT INTO {table} (rowid, title, body, seam, parts)"  # noqa: S608
                    " VALUES (%s, %s, %s, %s, %s)",
                    [row for record in some for row in _text_rows(record)],
                )
        document_rows.write([r.entry for r in records], [r.entry for r in public])

    def publish(self, entry: int, public: bool) -> None:
        first = entry << PAGE_BITS
        limits = (first, first + LAST)
        EntryPage.objects.filter(entry_id=entry).update(public=public)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {PUBLIC} WHERE rowid BETWEEN %s AND %s", limits)  # noqa: S608
            if public:
                cursor.execute(
                    f"INSERT INTO {PUBLIC} (rowid, title, body, seam, parts)"  # noqa: S608
                    f" SELECT rowid, title, body, seam, parts FROM {ALL}"
                    " WHERE rowid BETWEEN %s AND %s",
                    limits,
                )
        document_rows.publish(entry, public=public)

    def erase(self, entries: Sequence[int]) -> None:
        EntryPage.objects.filter(entry_id__in=entries).delete()
        with connection.cursor() as cursor:
            for table in (ALL, PUBLIC):
                cursor.executemany(
                    f"DELETE FROM {table} WHERE rowid BETWEEN %s AND %s",  # noqa: S608
                    [(e << PAGE_BITS, (e << PAGE_BITS) + LAST) for e in entries],
                )
        document_rows.erase(entries)

    def clear(self) -> None:
        EntryPage.objects.all().delete()
        with connection.cursor() as cursor:
            for table in (ALL, PUBLIC):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
                # FTS5 keeps deleted tokens in its segments until they are merged.
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
        document_rows.empty()


class SqliteRecords(SqliteDialect):
    """Matching and scoring by document rows. Labels of concepts are looked for page by page."""

    whole = True

    def matching(self, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool) -> Sql:
        table, found, params = _records(public_only), [], []
        if terms:
            found.append(
                f"SELECT rowid << {PAGE_BITS} AS page FROM {table} WHERE {table} MATCH %s"  # noqa: S608
            )
            params.append(expression(terms))
        if echoes:
            pages = super().matching((), echoes, public_only=public_only)
            found.append(pages.text)
            params += pages.params
        return Sql(" UNION ALL ".join(found), tuple(params))

    def together(self, clauses: Sequence[Clause], *, public_only: bool) -> Sql | None:
        if any(clause.echoes for clause in clauses):
            return None
        table = _records(public_only)
        return Sql(
            f"SELECT rowid AS entry FROM {table} WHERE {table} MATCH %s",  # noqa: S608
            (every(clauses),),
        )

    def scored(
        self,
        clauses: Sequence[Clause],
        pairs: Sequence[Tokens],
        *,
        public_only: bool,
        needed: bool,
    ) -> Sql:
        table, pages = _records(public_only), _table(public_only)
        # With the plus, because looking up each row by its number counts all words anew for it.
        test = " AND +rowid IN (SELECT entry FROM needed)" if needed else ""
        key = f"rowid << {PAGE_BITS}"
        whole = (
            f"{test} AND +rowid IN (SELECT rowid >> {PAGE_BITS} FROM {pages}"  # noqa: S608
            f" WHERE {pages} MATCH %s)"
        )
        typed = self._select(table, key, (expression(terms_of(clauses)),), test)
        paired = self._select(table, key, (pair_expression(pairs),), test) if pairs else None
        forms = self._rarer_forms(table, key, test, clauses, public_only=public_only)
        echoed = [
            [self._select(table, key, (echo_of(echo), echo_of(echo)), whole) for echo in concept]
            for concept in concepts_of(clauses)
        ]
        return _added_up(typed, forms, paired, echoed)


def _records(public_only: bool) -> str:
    return document_rows.PUBLIC if public_only else document_rows.ALL
