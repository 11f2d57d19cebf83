"""tsvector on PostgreSQL, one row per page, made from our own tokens, and one for all of a record.

Invariant: statistics are those of public pages alone when only those are asked. Which records
match, and how many, is always exact; where words are so common that weighing all of their pages
would take too long, those that hold the rarer ones or all of them are weighed, and the other
records follow.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection

from search.engines.base import Clause, Echo, Term, Tokens
from search.engines.embedded import ranks
from search.engines.embedded.dialect import RecordRows, Sql, terms_of
from search.engines.embedded.vectors import (
    LONG,
    SINGLE,
    any_of,
    expressions,
    part_of,
    split,
    vector,
    words_of,
)
from search.models import PAGE_BITS, EmbeddedState, EntryPage, EntryTokens

# A vector holds a megabyte; that a record needed several is remembered.
_MOST_BYTES = 1_000_000
_SPLIT = "split-tokens"


def _filled(tokens: Sequence[str]) -> list[list[str]]:
    """The tokens in as few vectors as hold them."""
    parts: list[list[str]] = [[]]
    size = 0
    for token in tokens:
        size += len(token.encode())
        if size > _MOST_BYTES:
            parts.append([])
            size = len(token.encode())
        parts[-1].append(token)
    return parts


def _every(record: RecordRows) -> list[str]:
    return sorted({*record.title, *(t for p in record.pages for t in (*p.body, *p.parts))})


class PostgresqlDialect:
    """See `Dialect`."""

    whole = False
    label = "l.label"
    listed = "json_array_elements_text(%s::json) AS listed(value)"
    age = "greatest(0, %s::date - (e.date AT TIME ZONE 'UTC')::date)"

    def among(self, column: str, values: Sequence[str]) -> Sql:
        return Sql(f"{column} = ANY(%s)", (list(values),))

    def matching(self, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool) -> Sql:
        scope = " AND public" if public_only else ""
        words, rest = split(terms)
        found = []
        if words:
            # A word of the seam is a word of this page or the next: of the record in any case.
            found.append(
                Sql(
                    f"SELECT entry_id << {PAGE_BITS} AS page FROM search_entrytokens"  # noqa: S608
                    f" WHERE vector @@ %s::tsquery{scope}",
                    (" | ".join(words),),
                )
            )
        if rest or echoes:
            found.append(
                Sql(
                    "SELECT id AS page FROM search_entrypage"  # noqa: S608
                    f" WHERE vector @@ %s::tsquery{scope}",
                    (any_of(rest, echoes),),
                )
            )
        return Sql(
            " UNION ALL ".join(part.text for part in found),
            tuple(p for part in found for p in part.params),
        )

    def together(self, clauses: Sequence[Clause], *, public_only: bool) -> Sql | None:
        words = [split(clause.terms) for clause in clauses]
        if any(rest for _, rest in words) or any(clause.echoes for clause in clauses):
            return None
        if EmbeddedState.objects.filter(name=_SPLIT).exists():
            return None
        scope = " AND public" if public_only else ""
        return Sql(
            f"SELECT entry_id AS entry FROM search_entrytokens WHERE vector @@ %s::tsquery{scope}",  # noqa: S608
            (" & ".join(f"({' | '.join(alternatives)})" for alternatives, _ in words),),
        )

    def crowded(self, clauses: Sequence[Clause], *, public_only: bool) -> bool:
        return bool(ranks.crowd(clauses, public_only=public_only))

    def scored(
        self,
        clauses: Sequence[Clause],
        pairs: Sequence[Tokens],
        *,
        public_only: bool,
        needed: bool,
    ) -> Sql:
        scope = " AND public" if public_only else ""
        within = " AND entry_id IN (SELECT entry FROM needed)"
        test = scope + (within if needed else "")
        score = ranks.score(clauses, pairs, public_only=public_only)
        crowd = ranks.crowd(clauses, public_only=public_only)
        if crowd:
            chosen = Sql(
                "id = ANY(ARRAY(SELECT id FROM search_entrypage"  # noqa: S608
                f" WHERE vector @@ %s::tsquery{test} LIMIT {ranks.MOST_PAGES}))",
                (crowd.together,),
            )
            if crowd.rare:
                chosen = Sql(
                    f"(vector @@ %s::tsquery OR {chosen.text})", (crowd.rare, *chosen.params)
                )
        else:
            anything = any_of(terms_of(clauses), [e for c in clauses for e in c.echoes])
            chosen = Sql("vector @@ %s::tsquery", (anything,))
        return Sql(
            f"SELECT id AS page, ({score.text}) AS score FROM search_entrypage"  # noqa: S608
            f" WHERE {chosen.text}{test}",
            (*score.params, *chosen.params),
        )

    def counted(
        self, sequences: Collection[Tokens], *, public_only: bool
    ) -> tuple[int, dict[Tokens, int]]:
        parts = {
            part_of(sequence, LONG if len(sequence) > 1 else SINGLE, own=False): sequence
            for sequence in sequences
        }
        total, held = ranks.counted(list(parts), public_only=public_only)
        return total, {parts[part]: n for part, n in held.items()}

    def standing(
        self, entry: int, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool
    ) -> Sql:
        scope = " AND public" if public_only else ""
        below = list(expressions(terms, own=True))
        for echo in dict.fromkeys(echoes):
            below.append(
                f"({' & '.join(words_of(echo))} & ({' | '.join(words_of(echo, own=True))}))"
            )
        return Sql(
            "SELECT id FROM search_entrypage"  # noqa: S608
            f" WHERE entry_id = %s AND vector @@ %s::tsquery{scope}",
            (entry, " | ".join(below)),
        )

    def write(self, records: Sequence[RecordRows]) -> None:
        pages = [
            (
                (r.entry << PAGE_BITS) + p.place,
                r.entry,
                p.number,
                p.anchor,
                r.public,
                vector(r.title, p),
            )
            for r in records
            for p in r.pages
        ]
        tokens = [
            (r.entry, r.public, " ".join(f"'{t}'" for t in part))
            for r in records
            for part in _filled(_every(r))
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_entrypage (id, entry_id, number, anchor, public, vector)"
                " VALUES (%s, %s, %s, %s, %s, %s::tsvector)",
                pages,
            )
            cursor.executemany(
                "INSERT INTO search_entrytokens (entry_id, public, vector)"
                " VALUES (%s, %s, %s::tsvector)",
                tokens,
            )
        if len(tokens) > len(records):
            EmbeddedState.objects.get_or_create(name=_SPLIT)

    def publish(self, entry: int, public: bool) -> None:
        for model in (EntryPage, EntryTokens):
            model._default_manager.filter(entry_id=entry).update(public=public)

    def erase(self, entries: Sequence[int]) -> None:
        for model in (EntryPage, EntryTokens):
            model._default_manager.filter(entry_id__in=entries).delete()

    def clear(self) -> None:
        for model in (EntryPage, EntryTokens):
            model._default_manager.all().delete()
