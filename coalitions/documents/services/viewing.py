"""Keeping who looked at a document, for its owner.

Invariant: a row per person or link, version and hour; a look that cannot be kept hides no document.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from coalitions.documents.acting import organisation_acting
from coalitions.documents.models import DocumentLink, DocumentVersion, DocumentView


def record_view(*, acting_user: Any, version: DocumentVersion) -> None:
    """Keep that `acting_user` looked at `version`, once an hour; strangers leave no trace."""
    if not acting_user.is_authenticated:
        return
    now, hour = _moment()
    if DocumentView.objects.filter(person=acting_user, version=version, hour=hour).exists():
        return
    organisation = organisation_acting(acting_user, version.document.workspace)
    _keep(version, now, hour, person=acting_user, organisation=organisation)


def record_view_by_link(*, link: DocumentLink, version: DocumentVersion) -> None:
    """Keep that whoever holds `link` looked at `version`, once an hour."""
    _keep(version, *_moment(), link=link)


def _moment() -> tuple[datetime, datetime]:
    now = timezone.now()
    return now, now.replace(minute=0, second=0, microsecond=0)


def _keep(version: DocumentVersion, now: datetime, hour: datetime, **by: Any) -> None:
    # Two looks at one moment: the second is the same look.
    DocumentView.objects.bulk_create(
        [
            DocumentView(
                document_id=version.document_id,
                version=version,
                at=now,
                hour=hour,
                **by,
            )
        ],
        ignore_conflicts=True,
    )
