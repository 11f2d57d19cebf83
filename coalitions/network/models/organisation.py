"""Organisation: the tenant. And its suspensions, which are dated like everything about access."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.network.dated import Dated, DatedQuerySet
from coalitions.network.models.vocabulary import Country
from coalitions.network.names import local_name, name_language
from coalitions.network.querysets import OrganisationQuerySet


class Organisation(models.Model):
    """A section, member, affiliate, secretariat or partner of the network."""

    class Kind(models.TextChoices):
        DCI_SECTION = "dci_section", _("Section of Defence for Children International")
        ECPAT_MEMBER = "ecpat_member", _("Member of ECPAT")
        ECPAT_AFFILIATE = "ecpat_affiliate", _("Affiliate of ECPAT")
        SECRETARIAT = "secretariat", _("Secretariat")
        PARTNER = "partner", _("Partner")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("Short name in addresses"), max_length=80, unique=True)
    names = models.JSONField(_("Names by language"), default=dict)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    in_dci = models.BooleanField(_("In the network of Defence for Children"), default=False)
    in_ecpat = models.BooleanField(_("In the network of ECPAT"), default=False)
    countries = models.ManyToManyField(Country, related_name="organisations", blank=True)
    languages = models.JSONField(_("Languages"), default=list, blank=True)
    website = models.URLField(_("Website"), blank=True)
    source = models.CharField(_("Source of these facts"), max_length=500, blank=True)
    listed = models.BooleanField(_("Listed in the public directory"), default=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language, else in English, else in any."""
        return local_name(self.names, self.slug)

    @property
    def name_language(self) -> str:
        return name_language(self.names)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks it belongs to: "dci", "ecpat"."""
        return tuple(
            name for name, member in (("dci", self.in_dci), ("ecpat", self.in_ecpat)) if member
        )

    def is_suspended(self, at: datetime | None = None) -> bool:
        """Return whether a suspension is in force; asks the database."""
        return self.suspensions.in_force(at).exists()

    @property
    def status(self) -> str:
        """ "active" or "suspended"; asks the database."""
        return "suspended" if self.is_suspended() else "active"


class Suspension(Dated):
    """While it is in force, the organisation's people and tokens hold `public` only."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="suspensions"
    )

    objects = DatedQuerySet.as_manager()
