"""Making searches due that alert at once.

Invariant: it happens in the transaction of what woke them, so that a crash loses no alert. After a
mail that told something a search rests, so that what comes meanwhile is gathered in the next one;
one that found nothing new rests for a moment only, however much is indexed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from search.models import SavedSearch, SavedSearchFind
from search.saved.times import DEBOUNCE, PACE


def wake(people: Iterable[Any] | None = None) -> int:
    """Let searches that alert at once be run soon; those of `people`, or of everybody.

    For the transaction in which the index, or somebody's sight, changed. Searches that are due
    soon anyway are left alone, so that a busy day costs one statement per change.
    """
    now = timezone.now()
    waiting = SavedSearch.objects.filter(
        frequency=SavedSearch.Frequency.AT_ONCE, paused=False, due__gt=now + PACE
    )
    if people is not None:
        waiting = waiting.filter(owner__in=[person.pk for person in people])
    told = SavedSearchFind.objects.filter(
        saved_search=OuterRef("pk"), alert__made__gt=now - DEBOUNCE
    )
    waiting = waiting.annotate(told=Exists(told))
    waiting = waiting.exclude(told=True, due__lte=now + DEBOUNCE)
    # One order of locks for everybody who takes several.
    rows = waiting.select_for_update().order_by("pk").values_list("pk", "last_run", "told")
    by_rest: dict[timedelta, list[int]] = {}
    for pk, last_run, resting in rows:
        rest = DEBOUNCE if resting else PACE
        over = last_run is None or last_run <= now - rest
        by_rest.setdefault(timedelta(0) if over else rest, []).append(pk)
    for rest, pks in by_rest.items():
        due = F("last_run") + rest if rest else now
        SavedSearch.objects.filter(pk__in=pks).update(due=due)
    return sum(len(pks) for pks in by_rest.values())
