"""Space: what is noted about the room for files of one workspace or one organisation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Organisation, Workspace


class Space(models.Model):
    """Of a workspace or of an organisation, never both; without a row the usual limit holds.

    Invariant: what is used is never written here, but counted from the files that are there
    (`coalitions.documents.space`). `limit`: in bytes; None where it is the usual one. `told`: when
    those who look after it were told that it is nearly used up; None where they were not.
    """

    workspace = models.OneToOneField(
        Workspace, null=True, blank=True, on_delete=models.CASCADE, related_name="space"
    )
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="space"
    )
    limit = models.PositiveBigIntegerField(_("Limit in bytes"), null=True, blank=True)
    told = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        constraints = [
            models.CheckConstraint(
                condition=Q(workspace__isnull=True) ^ Q(organisation__isnull=True),
                name="documents_space_has_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"space {self.pk}"
