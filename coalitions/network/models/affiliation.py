"""Affiliation: a person in an organisation, with a role, from a day on and until a day."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.network.dated import Dated
from coalitions.network.models.organisation import Organisation
from coalitions.network.querysets import AffiliationQuerySet


class Affiliation(Dated):
    """A changed role is a new row; the old one is ended at the same instant."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        EDITOR = "editor", _("Editor")
        MEMBER = "member", _("Member")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affiliations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations"
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, default=Role.MEMBER)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=models.Q(until__isnull=True),
                name="network_one_open_affiliation",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="network_affiliation_ends_after_start",
            ),
        ]
