"""Coalition: an alliance whose members are organisations. One of them leads."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.network.dated import Dated, DatedQuerySet
from coalitions.network.models.organisation import Organisation
from coalitions.network.names import local_name, name_language
from coalitions.network.querysets import CoalitionQuerySet


class OnLeaving(models.TextChoices):
    """What becomes of an organisation's documents in a coalition's workspaces when it leaves."""

    STAY = "stay", _("They stay in the workspaces")
    GO = "go", _("They go with the organisation")


class Coalition(models.Model):
    """Known to its members and the secretariat, unless it chooses to be listed.

    `on_leaving`: the rule for those who join from now on; see `CoalitionMembership`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("Short name"), max_length=80, unique=True)
    names = models.JSONField(_("Names by language"), default=dict)
    purpose = models.TextField(_("Purpose"), blank=True, max_length=2000)
    listed = models.BooleanField(_("Listed publicly"), default=False)
    on_leaving = models.CharField(
        _("Documents of an organisation that leaves"),
        max_length=8,
        choices=OnLeaving.choices,
        default=OnLeaving.STAY,
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = CoalitionQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("coalition")
        verbose_name_plural = _("coalitions")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return local_name(self.names, self.slug)

    @property
    def name_language(self) -> str:
        return name_language(self.names)


class CoalitionMembership(Dated):
    """An organisation in a coalition; `leads` on at most one row in force.

    `on_leaving`: the rule that was in force when the organisation joined. It holds for as long as
    it stays, whatever the coalition decides later, and whoever leads.
    """

    coalition = models.ForeignKey(Coalition, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="coalition_memberships"
    )
    leads = models.BooleanField(_("Leads"), default=False)
    on_leaving = models.CharField(
        max_length=8, choices=OnLeaving.choices, default=OnLeaving.STAY, editable=False
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coalition", "organisation"],
                condition=models.Q(until__isnull=True),
                name="network_one_open_coalition_membership",
            ),
            models.UniqueConstraint(
                fields=["coalition"],
                condition=models.Q(until__isnull=True, leads=True),
                name="network_one_open_lead",
            ),
        ]
