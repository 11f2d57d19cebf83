"""Keeping who looked at a document, for its owner.

Invariant: a row per person, version and hour; a look that cannot be kept hides no document.
"""

from typing import Any

from django.utils import timezone

from coalitions.documents.acting import organisation_acting
from coalitions.documents.models import DocumentVersion, DocumentView


def record_view(*, acting_user: Any, version: DocumentVersion) -> None:
    """Keep that `acting_user` looked at `version`, once an hour; strangers leave no trace."""
    if not acting_user.is_authenticated:
        return
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    known = DocumentView.objects.filter(person=acting_user, version=version, hour=hour)
    if known.exists():
        return
    # Two looks at one moment: the second is the same look.
    DocumentView.objects.bulk_create(
        [
            DocumentView(
                document_id=version.document_id,
                version=version,
                person=acting_user,
                organisation=organisation_acting(acting_user, version.document.workspace),
                at=now,
                hour=hour,
            )
        ],
        ignore_conflicts=True,
    )
