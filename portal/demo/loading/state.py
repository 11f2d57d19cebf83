"""Whether a database is a demonstration: two rows of the audit say so.

Invariant: the mark is written to an empty database only, before anything else; being in the
audit, nobody can take it away or move it to a database with real people in it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Page

from coalitions.network import audit
from coalitions.network.models import AuditEntry, Organisation

BEGUN = "demonstration.begun"
COMPLETE = "demonstration.complete"


class NotADemonstration(Exception):
    """This database must not be filled with invented content; the message says why."""


def is_demonstration() -> bool:
    """Return whether the demonstration was begun in this database."""
    return AuditEntry.objects.filter(verb=BEGUN).exists()


def is_complete() -> bool:
    """Return whether the demonstration was loaded to its end."""
    return AuditEntry.objects.filter(verb=COMPLETE).exists()


@transaction.atomic
def require_demonstration() -> None:
    """Mark an empty database as a demonstration; refuse one that belongs to somebody."""
    if not settings.DEMO_MODE:
        raise NotADemonstration(
            "DEMO_MODE is off: these settings are not for a demonstration. Use portal.settings.dev."
        )
    if is_demonstration():
        return
    if get_user_model()._default_manager.exists() or Organisation.objects.exists():
        raise NotADemonstration(
            "This database holds people or organisations that are not a demonstration's. "
            "Give the demonstration a database of its own (DATABASE_URL)."
        )
    _mark(BEGUN)


def mark_complete() -> None:
    """Remember that everything was loaded."""
    if not is_complete():
        _mark(COMPLETE)


def _mark(verb: str) -> None:
    # The audit speaks of objects; the root of the page tree is there in every database.
    audit.record(verb, acting_user=None, thing=Page.objects.get(depth=1))
