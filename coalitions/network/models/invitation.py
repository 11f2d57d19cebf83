"""Invitation: an address asked into an organisation, by mail, with a link that works once."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.network.models.affiliation import Affiliation
from coalitions.network.models.organisation import Organisation
from coalitions.network.models.workspace import Workspace, WorkspaceMembership


class Invitation(models.Model):
    """Gives no sight until it is accepted. Accepted, revoked or expired ones are dead."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("E-mail address"))
    language = models.CharField(_("Language"), max_length=8, default="en")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(_("Role"), max_length=20, choices=Affiliation.Role.choices)
    workspace = models.ForeignKey(Workspace, null=True, blank=True, on_delete=models.PROTECT)
    workspace_role = models.CharField(
        max_length=20, choices=WorkspaceMembership.Role.choices, blank=True
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_sent"
    )
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    def is_open(self, at: datetime | None = None) -> bool:
        """Return whether the link still works at `at` (now, when None)."""
        moment = at or timezone.now()
        return self.accepted is None and self.revoked is None and moment < self.expires
