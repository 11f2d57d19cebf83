"""ApiToken: a key of an organisation, for its own programs.

Invariant: the key itself is shown once and never kept; what is kept cannot be turned back into
it, nor compared with a guess without SECRET_KEY. A token carries no person's sight.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Organisation

NAME_LIMIT = 80


class ApiTokenQuerySet(models.QuerySet[Any]):
    """Tokens."""

    def usable(self, at: datetime | None = None) -> Self:
        """Return those neither revoked nor expired at `at` (now, when None)."""
        return self.filter(Q(revoked__isnull=True), expires__gt=at or timezone.now())


class ApiToken(models.Model):
    """`hint`: the last characters of the key, by which its holder recognises it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="api_tokens"
    )
    name = models.CharField(_("Name"), max_length=NAME_LIMIT)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    scopes = models.JSONField(_("What it may read"), default=list)
    created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="api_tokens_created",
    )
    expires = models.DateTimeField(_("Expires"))
    revoked = models.DateTimeField(null=True, blank=True)
    last_used = models.DateField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return str(self.uuid)

    def is_usable(self, at: datetime | None = None) -> bool:
        """Return whether the key opens anything at `at` (now, when None)."""
        return self.revoked is None and self.expires > (at or timezone.now())
