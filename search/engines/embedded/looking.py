"""Smaller questions than a search: whether words stand anywhere, and where in one record.

Invariant: as in a search, only what the asker's labels show is looked at and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.utils import timezone

from search.engines.base import Access, Query, Term
from search.engines.embedded.databases import dialect
from search.engines.embedded.dialect import Sql, terms_of
from search.engines.embedded.spellings import unpack
from search.models import PAGE_BITS

# So many words are asked for in one statement.
_AT_ONCE: Final = 50


def _seen(access: Access) -> Sql:
    """A test whether these labels show the record `e`."""
    tongue = dialect()
    mine = tongue.among(tongue.label, sorted(access.labels))
    test = f"EXISTS (SELECT 1 FROM search_entrylabel l WHERE l.entry_id = e.id AND {mine.text})"  # noqa: S608
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    params = [*mine.params, now]
    test += " AND (e.until IS NULL OR e.until > %s)"
    if access.withheld:
        withheld = tongue.among("e.ref", sorted(access.withheld))
        test += f" AND NOT {withheld.text}"
        params += withheld.params
    return Sql(test, tuple(params))


def present(terms: Sequence[Term], access: Access) -> frozenset[int]:
    """Which of these terms, by their places, stand in anything that these labels show."""
    if not terms or not access.labels:
        return frozenset()
    found: list[bool] = []
    for first in range(0, len(terms), _AT_ONCE):
        found += _present(terms[first : first + _AT_ONCE], access)
    return frozenset(place for place, there in enumerate(found) if there)


def _present(terms: Sequence[Term], access: Access) -> list[bool]:
    seen = _seen(access)
    tests, params = [], []
    for term in terms:
        pages = dialect().matching([term], (), public_only=access.public_only)
        tests.append(
            f"EXISTS (SELECT 1 FROM ({pages.text}) pages"  # noqa: S608
            f" JOIN search_entry e ON e.id = pages.page >> {PAGE_BITS} WHERE {seen.text})"
        )
        params += [*pages.params, *seen.params]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(tests)}", params)
        return [bool(there) for there in cursor.fetchone()]


def pages_within(ref: str, query: Query, access: Access, limit: int) -> list[int]:
    """Numbers of the record's pages whose own text holds a clause and no exclusion, in order.

    What stands in the title alone does not count: it stands above every page.
    """
    clauses = query.counted
    if not clauses or not access.labels:
        return []
    seen = _seen(access)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id FROM search_entry e WHERE e.ref = %s AND {seen.text}",  # noqa: S608
            (ref, *seen.params),
        )
        row = cursor.fetchone()
        if row is None:
            return []
        scope = access.public_only
        found = dialect().standing(row[0], terms_of(clauses), query.echoes, public_only=scope)
        params = list(found.params)
        without = ""
        if query.exclusions:
            excluded = dialect().standing(row[0], query.exclusions, (), public_only=scope)
            without = f" AND id NOT IN ({excluded.text})"
            params += excluded.params
        cursor.execute(
            f"SELECT DISTINCT number FROM search_entrypage WHERE id IN ({found.text}){without}"  # noqa: S608
            " AND number > 0 ORDER BY number LIMIT %s",
            (*params, limit),
        )
        return [row[0] for row in cursor.fetchall()]


def words_within(ref: str, access: Access) -> list[str]:
    """The folded words of one record that are worth correcting to."""
    if not access.labels:
        return []
    seen = _seen(access)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.vocabulary FROM search_entry e"  # noqa: S608
            " JOIN search_entrywords w ON w.entry_id = e.id"
            f" WHERE e.ref = %s AND {seen.text}",
            (ref, *seen.params),
        )
        row = cursor.fetchone()
    return unpack(row[0]) if row else []
