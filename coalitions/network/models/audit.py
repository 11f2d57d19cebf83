"""The audit: who did what, for which organisation, to which object, when.

Invariant: append-only. Neither the ORM nor the database lets a row be changed or deleted
(triggers on SQLite and PostgreSQL). UUIDs without foreign keys, so that the row outlives what
it speaks of; no titles, no text.
"""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class AuditIsAppendOnly(RuntimeError):
    """Something tried to change or delete an audit row."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Refuses every change."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("Audit rows are never changed.")

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly("Audit rows are never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("Audit rows are never changed.")


class AuditEntry(models.Model):
    """One act. `details` holds codes, numbers and uuids only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.UUIDField(null=True)
    acting_organisation = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_uuid = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["object_kind", "object_uuid"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second save is refused."""
        if not self._state.adding:
            raise AuditIsAppendOnly("Audit rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("Audit rows are never deleted.")
