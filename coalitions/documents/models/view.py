"""DocumentView: somebody looked at a version. What its owner is shown, and everybody is told of."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from coalitions.network.models import Organisation


class ViewIsKept(RuntimeError):
    """Something tried to change or delete a view."""


class DocumentViewQuerySet(models.QuerySet["DocumentView"]):
    """Refuses every change."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ViewIsKept("Views are never changed.")


class DocumentView(models.Model):
    """Invariant: of a person or through a link, once per version and hour, and never changed.

    `organisation`: that which the person acted for. Strangers, who have no name here, leave none.
    """

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="views"
    )
    version = models.ForeignKey(
        "documents.DocumentVersion", on_delete=models.CASCADE, related_name="views"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="document_views",
    )
    link = models.ForeignKey(
        "documents.DocumentLink", null=True, on_delete=models.CASCADE, related_name="views"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    hour = models.DateTimeField()

    objects = DocumentViewQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["document", "-at"], name="documents_views_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version", "hour"], name="documents_view_once_an_hour"
            ),
            models.UniqueConstraint(
                fields=["link", "version", "hour"], name="documents_view_by_link_once_an_hour"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) ^ models.Q(link__isnull=False),
                name="documents_view_of_a_person_or_a_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.version_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second save is refused."""
        if not self._state.adding:
            raise ViewIsKept("Views are never changed.")
        super().save(*args, **kwargs)
