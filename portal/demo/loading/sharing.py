"""What was asked and answered about sharing in the demonstration, and who has looked at what.

Invariant: found again by its document and person, so that loading again adds nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.utils import timezone

from coalitions.documents.models import ChildDataLift, Document, ShareRequest
from coalitions.documents.services import (
    ask_to_share,
    propose_lift,
    refuse_request,
    share_document,
)
from coalitions.documents.services.viewing import record_view
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from portal.demo.loading.documents import document_called


class _Asked(NamedTuple):
    """Somebody asks; `refused` holds who said no, and why."""

    slug: str
    person: str
    rung: str
    reason: str
    refused: tuple[str, str] | None = None


ASKED: Final = (
    _Asked(
        "practice-cards-handbook",
        "researcher@andesinfancia.example",
        "network",
        "Sections in three countries ask us for these cards. We would send them here.",
    ),
    _Asked(
        "safe-roads-budget",
        "researcher@andesinfancia.example",
        "coalition",
        "Our board wants to see how the work in the terminals is paid for.",
        (
            "administrator@harbourlight.example",
            "It shows what single people earn. The proposal has the totals, and you can see that.",
        ),
    ),
)
# Until the day on which the yearly figures are replaced it is shared with the whole coalition.
FOR_A_TIME: Final = ("rapport-annuel-sahel", "workspace", "coalition", timedelta(days=90))
LIFT: Final = (
    "composite-case-notes",
    "fieldworker@tidewater.example",
    "Every note is put together from many, and each was read by two of us. Nobody is in it.",
)
VIEWED: Final = ("practice-cards-handbook", "safe-roads-budget", "steering-group-notes-march")


def load_sharing() -> None:
    """Ask, answer and look, as far as it was not done yet."""
    for asked in ASKED:
        _ask(asked)
    _for_a_time()
    _lift()
    for slug in VIEWED:
        _look(slug)


def _ask(asked: _Asked) -> None:
    document, person = document_called(asked.slug), User.objects.get(email=asked.person)
    if ShareRequest.objects.filter(document=document, person=person).exists():
        return
    with transaction.atomic():
        request = ask_to_share(
            acting_user=person, document=document, rung=asked.rung, reason=asked.reason
        )
        if asked.refused is not None:
            decider, note = asked.refused
            refuse_request(acting_user=User.objects.get(email=decider), request=request, note=note)


def _for_a_time() -> None:
    slug, before, rung, lasting = FOR_A_TIME
    document = document_called(slug)
    if document.audiences.count() > 1:
        return
    with transaction.atomic():
        person = document.created_by
        share_document(acting_user=person, document=document, rung=before)
        share_document(
            acting_user=person, document=document, rung=rung, until=timezone.now() + lasting
        )


def _lift() -> None:
    slug, who, reason = LIFT
    document = document_called(slug)
    if not ChildDataLift.objects.filter(document=document).exists():
        propose_lift(acting_user=User.objects.get(email=who), document=document, reason=reason)


def _look(slug: str) -> None:
    """Let the first people who see it have looked at it."""
    document = document_called(slug)
    if document.views.exists() or document.current_version is None:
        return
    for person in User.objects.filter(is_active=True).order_by("pk"):
        if Document.objects.visible_to(viewer_for(person)).filter(pk=document.pk).exists():
            record_view(acting_user=person, version=document.current_version)
