"""Running what is due, and writing the alerts that are owed.

Invariant: what was told and the mail that tells it are written in one transaction, so that a crash
neither loses nor doubles an alert. A worker takes a person's due searches for the length of a
lease; one that dies gives them back when it ends. People are told apart from each other: one
mail per person and run.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.network.viewers import viewer_for
from search.models import SavedSearch, SavedSearchFind, SearchAlert
from search.saved.present import present_refs
from search.saved.question import question_of
from search.saved.times import DEBOUNCE, PACE, next_due
from search.service import SearchUnavailable, TooManyLabels
from search.signals import alert_owed

logger = logging.getLogger(__name__)

# Longer than DEBOUNCE, so that a change of the index during a run makes it due again.
LEASE: Final = timedelta(minutes=15)
TRY_AGAIN: Final = timedelta(minutes=5)
RUN_SECONDS: Final = 300


@dataclass(frozen=True)
class Run:
    """A person's due searches in this worker's hands, and what each finds."""

    lease: datetime
    found: dict[int, list[str]]


def run_due(seconds: float = RUN_SECONDS) -> int:
    """Run the due searches of one person after the other; return how many alerts are owed."""
    started, owed = time.monotonic(), 0
    while time.monotonic() - started < seconds:
        owner = (
            SavedSearch.objects.alerting()
            .filter(due__lte=timezone.now())
            .order_by("due")
            .values_list("owner_id", flat=True)
            .first()
        )
        if owner is None:
            break
        try:
            owed += run_for(owner) is not None
        except Exception:
            # One person's trouble must not stop the others; the lease gives the searches back.
            logger.exception("The saved searches of person %s were not run", owner)
    return owed


def run_for(owner_pk: int) -> SearchAlert | None:
    """Run this person's due searches; return the alert, when there is anything to tell."""
    taken, lease = _take(owner_pk)
    reached("saved.taken")
    person = get_user_model()._default_manager.filter(pk=owner_pk).first()
    if person is None or not taken:
        return None
    started = timezone.now()
    viewer = viewer_for(person)
    found = {}
    for saved in taken:
        try:
            found[saved.pk] = present_refs(viewer, question_of(saved))
        except (SearchUnavailable, TooManyLabels) as error:
            logger.warning("Saved search %s waits: %s", saved.uuid, type(error).__name__)
            again = SavedSearch.objects.filter(pk=saved.pk, due=lease)
            again.update(due=timezone.now() + TRY_AGAIN)
    reached("saved.searched")
    alert = _write(person, Run(lease, found), started)
    reached("saved.committed")
    return alert


def _take(owner_pk: int) -> tuple[list[SavedSearch], datetime]:
    """Take what is due into this worker's hands. Only one of two workers changes a row."""
    now = timezone.now()
    lease = now + LEASE
    with transaction.atomic():
        due = SavedSearch.objects.alerting().filter(owner=owner_pk, due__lte=now)
        taken = list(due.select_for_update(of=("self",)).order_by("pk"))
        SavedSearch.objects.filter(pk__in=[saved.pk for saved in taken]).update(due=lease)
    return taken, lease


@transaction.atomic
def _write(person: Any, run: Run, started: datetime) -> SearchAlert | None:
    """Write what is new, the alert and the next run: all or nothing."""
    searches = SavedSearch.objects.select_for_update().filter(pk__in=run.found).order_by("pk")
    alert: SearchAlert | None = None
    for saved in searches:
        if saved.paused or saved.frequency == SavedSearch.Frequency.NEVER:
            continue
        new = _untold(saved, run.found[saved.pk])
        if new:
            alert = alert or SearchAlert.objects.create(person=person)
            _tell(saved, new, alert)
        saved.last_run = started
        if saved.due == run.lease:
            saved.due = next_due(saved.frequency, started)
        elif saved.due is not None:
            # The index changed meanwhile: the search is to be run again soon, but not sooner.
            saved.due = max(saved.due, started + (DEBOUNCE if new else PACE))
        saved.save(update_fields=["last_run", "due"])
    reached("saved.half-written")
    if alert is not None:
        alert_owed.send(sender=SearchAlert, alert=alert)
    reached("saved.written")
    return alert


def _untold(saved: SavedSearch, refs: list[str]) -> list[str]:
    told = SavedSearchFind.objects.filter(saved_search=saved, told=True)
    known = set(told.values_list("ref", flat=True))
    return [ref for ref in refs if ref not in known]


def _tell(saved: SavedSearch, refs: list[str], alert: SearchAlert) -> None:
    shown = SavedSearchFind.objects.filter(saved_search=saved, told=False)
    # What the feed showed first keeps the moment at which it did.
    in_feed = set(shown.values_list("ref", flat=True)) & set(refs)
    pks = [pk for pk, ref in shown.values_list("pk", "ref") if ref in in_feed]
    for start in range(0, len(pks), 500):
        some = SavedSearchFind.objects.filter(pk__in=pks[start : start + 500])
        some.update(told=True, alert=alert)
    SavedSearchFind.objects.bulk_create(
        SavedSearchFind(saved_search=saved, ref=ref, told=True, alert=alert)
        for ref in reversed(refs)
        if ref not in in_feed
    )
