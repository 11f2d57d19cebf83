"""Making searches due that alert at once.

Invariant: it happens in the transaction of what woke them, so that a crash loses no alert; and one
search is run ten minutes apart at the least, however much happens meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from search.models import SavedSearch
from search.saved.times import DEBOUNCE


def wake(people: Iterable[Any] | None = None) -> int:
    """Let searches that alert at once be run soon; those of `people`, or of everybody.

    For the transaction in which the index, or somebody's sight, changed. Searches that are due
    soon anyway are left alone, so that a busy day costs one statement per change.
    """
    now = timezone.now()
    waiting = SavedSearch.objects.filter(
        frequency=SavedSearch.Frequency.AT_ONCE, paused=False, due__gt=now + DEBOUNCE
    )
    if people is not None:
        waiting = waiting.filter(owner__in=[person.pk for person in people])
    # One order of locks for everybody who takes several.
    rows = waiting.select_for_update().order_by("pk").values_list("pk", "last_run")
    rested: list[int] = []
    tired: list[int] = []
    for pk, last_run in rows:
        (tired if last_run and last_run > now - DEBOUNCE else rested).append(pk)
    if rested:
        SavedSearch.objects.filter(pk__in=rested).update(due=now)
    if tired:
        SavedSearch.objects.filter(pk__in=tired).update(due=now + DEBOUNCE)
    return len(rested) + len(tired)
