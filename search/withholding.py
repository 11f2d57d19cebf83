"""Keeping from sight what the engine beside the database may still hold under wider labels.

Invariant: what is withheld from a viewer is decided by labels that were written with the change
that took sight away; those who may still see the record go on finding it, until it is over: the
embedded index knows when, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from django.utils import timezone

from coalitions.access import Viewer
from coalitions.documents.labels import labels_of_audience
from coalitions.documents.models import DocumentAudience
from search.engines.base import Access, SearchUnavailable
from search.indexed import ref_of
from search.models import Entry, Withheld

# Beyond this the list is no cheaper than the engine in the database, which knows by itself.
MOST: Final = 10_000


class TooManyWithheld(SearchUnavailable):
    """So much was taken away that the index has to catch up first: nothing is cut."""


def withhold(kind: str, key: str, left: Mapping[str, Collection[str]]) -> None:
    """Note, in the present transaction, who may still find each of these records of one thing."""
    Withheld.objects.bulk_create(
        Withheld(kind=kind, key=key, ref=ref, labels=" ".join(sorted(labels)))
        for ref, labels in sorted(left.items())
    )


def withhold_from_all(kind: str, refs: Mapping[str, str]) -> None:
    """Note of many things, by their keys, that nobody may find their records any more."""
    Withheld.objects.bulk_create(
        (Withheld(kind=kind, key=key, ref=ref, labels="") for key, ref in refs.items()),
        batch_size=100,
    )


def access_of(viewer: Viewer) -> Access:
    """The viewer's access, without documents whose wider audience has ended by its date.

    The index still has them under wider labels until the row that was written ahead is announced.
    Raises TooManyWithheld.
    """
    access = Access.for_labels(viewer.labels)
    begun = DocumentAudience.objects.in_force().filter(planned=True)
    # As a rule there are none, and a plain question is quicker told so.
    keys = list(begun.values_list("pk", flat=True)[: MOST + 1])
    if not keys:
        return access
    if len(keys) > MOST:
        raise TooManyWithheld
    rows = DocumentAudience.objects.filter(pk__in=keys).select_related(
        "document__owner", "document__workspace__coalition"
    )
    refs = frozenset(
        ref_of("document", row.document.uuid)
        for row in rows
        if not viewer.sees(labels_of_audience(row.document, row))
    )
    return replace(access, withheld=refs) if refs else access


def rows_of(kind: str, key: str) -> list[int]:
    """The rows that are there now; `release` them once a later state was written."""
    return list(Withheld.objects.filter(kind=kind, key=key).values_list("pk", flat=True))


def release(rows: Collection[int]) -> None:
    """The engine has learned what these rows say."""
    Withheld.objects.filter(pk__in=rows).delete()


def withheld_from(access: Access) -> Access:
    """The same access, without what was taken from it and may still stand in the index.

    Raises TooManyWithheld.
    """
    rows = list(Withheld.objects.values_list("ref", "labels")[: MOST + 1])
    if not rows:
        return access
    if len(rows) > MOST:
        raise TooManyWithheld
    ended = set(
        Entry.objects.filter(ref__in=Withheld.objects.values("ref"), until__lte=timezone.now())
        .order_by()
        .values_list("ref", flat=True)
    )
    refs = frozenset(
        ref for ref, labels in rows if ref in ended or access.labels.isdisjoint(labels.split())
    )
    return replace(access, withheld=access.withheld | refs) if refs else access
